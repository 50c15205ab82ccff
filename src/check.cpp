#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/assess/on_data.hpp"
#include "engine/assess/other_rules.hpp"
#include "engine/graph/compile.hpp"
#include "engine/io/reading/table_file.hpp"
#include "src/command.hpp"
#include "src/profile.hpp"

namespace zoneval::command {

namespace {

std::string_view severity_name(Kind kind) {
    switch (severity(kind)) {
        case Severity::error: return "error";
        case Severity::warning: return "warning";
        default: return "note";
    }
}

int explain_finding(const std::string& wanted, const Global& global) {
    const auto kind = kind_of(wanted);
    if (!kind) {
        auto code = wanted;
        std::transform(code.begin(), code.end(), code.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        throw CLI::ValidationError("--explain", fmt::format("there is no finding `{}`; {}", wanted,
                                                            kind_of(code) ? fmt::format("did you mean `{}`?", code)
                                                                          : "codes look like ZV103"));
    }
    if (global.json())
        std::cout << nlohmann::ordered_json{{"code", code(*kind)},
                                            {"title", title(*kind)},
                                            {"severity", severity_name(*kind)},
                                            {"text", explanation(*kind)}}
                         .dump(2)
                  << '\n';
    else
        std::cout << explanation(*kind);
    return Exit::fine;
}

/// How many real records fall into the gaps and overlaps.
int check_on_data(const std::string& rules, const std::vector<std::string>& files, const std::string& dataset,
                  bool profile, const Global& global) {
    const ProfiledCommand profiled(profile, rules);
    Diagnostics found;
    const auto graph = [&] {
        const TimedStage stage("reading the rules");
        return load_rules(rules, found);
    }();
    const auto rows = [&] {
        const TimedStage stage("reading the data");
        return assess::read_files(files, dataset_named(*graph->rules, dataset), {}, found);
    }();
    const TimedStage stage("evaluating");
    bool clean = true;
    auto json = nlohmann::ordered_json::array();
    for (const auto& d : assess::count_on_data(*graph, rows)) {
        clean = clean && d.gaps == 0 && d.overlaps == 0;
        json.push_back({{"decision", d.decision},
                        {"records", d.records},
                        {"gaps", d.gaps},
                        {"overlaps", d.overlaps},
                        {"undetermined", d.undetermined}});
        if (global.json()) continue;
        std::cout << fmt::format(
            "{}: {} records, {} that no rule speaks of{}, {} on which rules contradict each other{}, {} undetermined\n",
            d.decision, d.records, d.gaps, d.gaps ? " (first: " + d.gap_example + ")" : "", d.overlaps,
            d.overlaps ? " (first: " + d.overlap_example + ")" : "", d.undetermined);
    }
    if (global.json()) std::cout << json.dump(2) << '\n';
    return clean ? Exit::fine : Exit::findings;
}

bool only_notes(const Diagnostics& found) {
    return std::all_of(found.all().begin(), found.all().end(),
                       [](const Diagnostic& d) { return severity(d.kind) == Severity::note; });
}

}  // namespace

void add_check(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(
        app, global, "check", "Finds mistakes in rule files, all of them at once.",
        "  zoneval check rules/hightech-zones-14fyp/pack.yaml\n"
        "  zoneval check --format json rules/wb-income/pack.yaml\n"
        "  zoneval check examples/hightech-zones/assessment.yaml --data examples/hightech-zones/zones-2023.csv\n"
        "  zoneval check --explain ZV321");
    auto files = std::make_shared<std::vector<std::string>>();
    auto wanted = std::make_shared<std::string>();
    sub->add_option("rules", *files, "rule files; each is checked with what it imports");
    sub->add_option("--explain", *wanted, "explain a finding by its code, e.g. ZV103");
    auto data = std::make_shared<std::vector<std::string>>();
    auto dataset = std::make_shared<std::string>();
    sub->add_option("--data", *data, "count gaps and overlaps on the records of this file (repeatable)")
        ->allow_extra_args(false);
    sub->add_option("--dataset", *dataset, "which of the rule set's datasets the files are");
    auto profile = std::make_shared<bool>(false);
    sub->add_flag("--profile", *profile, "with --data: say on standard error where the time went");
    sub->add_option("--lang", global.language, "language of what each finding is: en, zh or ja")->capture_default_str();
    auto store = std::make_shared<std::string>();
    sub->add_option("--store", *store, "also look at the rulings of this store: were they made under these rules?");
    sub->callback([&global, &action, files, wanted, data, dataset, profile, store] {
        if (files->empty() && wanted->empty()) throw CLI::RequiredError("rules");
        action = [&global, files, wanted, data, dataset, profile, store] {
            if (!wanted->empty()) return explain_finding(*wanted, global);
            if (!data->empty()) return check_on_data(files->front(), *data, *dataset, *profile, global);
            Diagnostics all;
            std::string summary;
            for (const auto& file : *files) {
                auto [rules, graph, found] = graph::compile(file, io::read_text_or_sheet, graph::Findings::all);
                summary += fmt::format(
                    "{}: {} inputs, {} parameters, {} measures, {} scores, {} decisions, {} targets, {} tests\n", file,
                    rules->inputs.size(), rules->parameters.size(), rules->measures.size(), rules->scores.size(),
                    rules->decisions.size(), rules->targets.size(), rules->tests.size());
                if (!store->empty() && graph && !found.has_errors())
                    assess::find_rulings_under_other_rules(*graph, {*store, store::Store::Mode::to_read}, found);
                all.append(std::move(found));
            }
            all.sort();
            report(all, global);
            if (all.has_errors()) return static_cast<int>(Exit::bad_input);
            if (!global.json())
                std::cout << summary
                          << (all.empty()       ? "no findings\n"
                              : only_notes(all) ? "no errors and no warnings\n"
                                                : "");
            return static_cast<int>(only_notes(all) ? Exit::fine : Exit::findings);
        };
    });
}

}  // namespace zoneval::command
