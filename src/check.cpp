#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "engine/graph/analyse.hpp"
#include "engine/model/load.hpp"
#include "src/command.hpp"

namespace zoneval::command {

namespace {

int explain_finding(const std::string& wanted) {
    const auto kind = kind_of(wanted);
    if (!kind) throw CLI::ValidationError("--explain", fmt::format("there is no finding `{}`; codes look like ZV103", wanted));
    std::cout << explanation(*kind);
    return Exit::fine;
}

bool only_notes(const Diagnostics& found) {
    return std::all_of(found.all().begin(), found.all().end(), [](const Diagnostic& d) { return severity(d.kind) == Severity::note; });
}

}  // namespace

void add_check(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(app, global, "check", "Finds mistakes in rule files, all of them at once.",
                           "  zoneval check rules/hightech-zones-14fyp/pack.yaml\n"
                           "  zoneval check --format json my-rules.yaml\n"
                           "  zoneval check --explain ZV321");
    auto files = std::make_shared<std::vector<std::string>>();
    auto wanted = std::make_shared<std::string>();
    sub->add_option("rules", *files, "rule files; each is checked with what it imports");
    sub->add_option("--explain", *wanted, "explain a finding by its code, e.g. ZV103");
    sub->callback([&global, &action, files, wanted] {
        if (files->empty() && wanted->empty()) throw CLI::RequiredError("rules");
        action = [&global, files, wanted] {
            if (!wanted->empty()) return explain_finding(*wanted);
            Diagnostics all;
            std::string summary;
            for (const auto& file : *files) {
                Diagnostics found;
                auto rules = std::make_shared<const model::RuleSet>(model::load_ruleset(file, model::read_file_from_disk, found));
                if (!rules->files.empty()) {
                    const auto graph = graph::build_graph(rules, found);
                    if (!found.has_errors()) graph::analyse(graph, found);
                }
                summary += fmt::format("{}: {} inputs, {} parameters, {} measures, {} scores, {} decisions, {} targets, {} tests\n",
                                       file, rules->inputs.size(), rules->parameters.size(), rules->measures.size(),
                                       rules->scores.size(), rules->decisions.size(), rules->targets.size(), rules->tests.size());
                all.append(std::move(found));
            }
            all.sort();
            report(all, global);
            if (all.has_errors()) return static_cast<int>(Exit::bad_input);
            if (!global.json()) std::cout << summary << (only_notes(all) ? "no findings\n" : "");
            return static_cast<int>(only_notes(all) ? Exit::fine : Exit::findings);
        };
    });
}

}  // namespace zoneval::command
