#include "src/stored_runs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/audit/explain.hpp"

namespace zoneval::command {

namespace {

/// "one of 3 (2023), 4 (2024)": the newest of many.
std::string runs_of(const store::Store& store) {
    constexpr std::size_t shown = 12;
    const auto runs = store.runs();
    if (runs.empty()) return "a store after `zoneval assess`";
    std::string out;
    for (std::size_t i = runs.size() - std::min(runs.size(), shown); i < runs.size(); ++i)
        out += fmt::format("{}{} ({})", out.empty() ? "" : ", ", runs[i].id, runs[i].year);
    return (runs.size() > shown ? "the number of a run, the newest are " : "one of ") + out;
}

[[noreturn]] void refuse(const store::Store& store, const audit::NoRun& none, const audit::RunWanted& wanted) {
    using Why = audit::NoRun::Why;
    Diagnostic out{Kind::no_run, "", {}, "", ""};
    switch (none.why) {
        case Why::no_such_number:
            out.message = fmt::format("the store has no run {}", wanted.id);
            out.expected = runs_of(store);
            break;
        case Why::nothing_assessed:
            out.message = "the store holds no assessment";
            out.expected = "a store after `zoneval assess`";
            break;
        case Why::several_rulesets:
            out.message = "the store holds assessments by several rule sets";
            out.expected = fmt::format("--ruleset with one of {}", fmt::join(none.rulesets, ", "));
            break;
        case Why::not_assessed:
            out.message = fmt::format("the store holds no assessment of {} by `{}`", wanted.year, none.ruleset);
            out.expected = fmt::format("one of the years assessed: {}", fmt::join(none.years, ", "));
            out.hint = did_you_mean(none.ruleset, none.rulesets);
            break;
    }
    throw InputError(std::move(out));
}

}  // namespace

store::Run stored_run(const store::Store& store, const audit::RunWanted& wanted) {
    auto found = audit::find_run(store, wanted);
    if (const auto* none = std::get_if<audit::NoRun>(&found)) refuse(store, *none, wanted);
    return std::move(std::get<store::Run>(found));
}

const graph::Node& find_decision(const graph::Graph& graph, const std::string& name) {
    if (const auto* node = audit::decision_to_explain(graph, name)) return *node;
    std::vector<std::string> names;
    for (const auto& decision : graph.rules->decisions) names.push_back(decision.name);
    throw InputError(Diagnostic{Kind::unknown_name,
                                fmt::format("the rule set has no decision `{}`", name),
                                {},
                                fmt::format("one of {}", fmt::join(names, ", ")),
                                did_you_mean(name, names)});
}

}  // namespace zoneval::command
