#include <fmt/format.h>

#include <iostream>

#include "engine/model/load.hpp"
#include "src/command.hpp"

namespace zoneval::command {

void add_check(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(app, global, "check", "Finds mistakes in rule files, all of them at once.",
                           "  zoneval check rules/hightech-zones-14fyp/pack.yaml\n"
                           "  zoneval check --format json my-rules.yaml");
    auto files = std::make_shared<std::vector<std::string>>();
    sub->add_option("rules", *files, "rule files; each is checked with what it imports")->required();
    sub->callback([&global, &action, files] {
        action = [&global, files] {
            Diagnostics all;
            std::string summary;
            for (const auto& file : *files) {
                Diagnostics found;
                auto rules = std::make_shared<const model::RuleSet>(model::load_ruleset(file, model::read_file_from_disk, found));
                if (!rules->files.empty()) graph::build_graph(rules, found);
                summary += fmt::format("{}: {} inputs, {} parameters, {} measures, {} scores, {} decisions, {} targets, {} tests\n",
                                       file, rules->inputs.size(), rules->parameters.size(), rules->measures.size(),
                                       rules->scores.size(), rules->decisions.size(), rules->targets.size(), rules->tests.size());
                all.append(std::move(found));
            }
            all.sort();
            report(all, global);
            if (all.has_errors()) return static_cast<int>(Exit::bad_input);
            if (!global.json()) std::cout << summary << (all.empty() ? "no findings\n" : "");
            return static_cast<int>(all.empty() ? Exit::fine : Exit::findings);
        };
    });
}

}  // namespace zoneval::command
