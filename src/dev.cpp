#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>

#include "engine/assess/on_data.hpp"
#include "engine/exec/listing/listing.hpp"
#include "src/command.hpp"

namespace zoneval::command {

namespace {

struct DevOptions {
    std::string what, rules, of, dataset, record;
    std::vector<std::string> data;
    std::int32_t year = 0;
};

exec::Wanted wanted(const graph::Graph& graph, const std::string& name) {
    if (name.empty()) return {};
    const auto named =
        std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](const graph::Node& n) { return n.name == name; });
    if (named != graph.nodes.end()) return {named->id};
    throw InputError(Diagnostic{Kind::unknown_name,
                                fmt::format("the rule set has no definition `{}`", name),
                                {},
                                "a name that `zoneval dev types` lists",
                                did_you_mean(name, graph.visible_names())});
}

/// The year's records of the files.
Table year_of(const graph::Graph& graph, const DevOptions& options, Diagnostics& found) {
    if (options.data.empty())
        throw CLI::ValidationError("--data", fmt::format("`{}` reads records: give a file of them", options.what));
    const auto rows = assess::read_files(options.data, dataset_named(*graph.rules, options.dataset), {}, found);
    auto tables = assess::tables_of(graph, rows);
    const auto year = options.year == 0 && !tables.empty() ? tables.rbegin()->first : options.year;
    if (const auto table = tables.find(year); table != tables.end()) return std::move(table->second);
    std::vector<std::int32_t> years;
    years.reserve(tables.size());
    for (const auto& [there, table] : tables) years.push_back(there);
    throw InputError(Diagnostic{Kind::no_run,
                                fmt::format("the files have no records of {}", year),
                                {},
                                fmt::format("one of the years {}", fmt::join(years, ", ")),
                                ""});
}

std::string trace(const graph::Graph& graph, const DevOptions& options, exec::ListingFormat form, Diagnostics& found) {
    if (options.record.empty()) throw CLI::ValidationError("--record", "`trace` shows one record: give its id");
    const auto table = year_of(graph, options, found);
    if (auto text = exec::list_trace(graph, table, options.record, wanted(graph, options.of), form)) return *text;
    throw InputError(Diagnostic{Kind::no_run,
                                fmt::format("`{}` takes no part in {}", options.record, table.year),
                                {},
                                fmt::format("the id of a {}", graph.rules->record),
                                did_you_mean(options.record, table.records)});
}

int run(const DevOptions& options, const Global& global) {
    Diagnostics found;
    const auto graph = load_rules(options.rules, found);
    const auto form = global.json() ? exec::ListingFormat::json : exec::ListingFormat::text;
    if (global.format == "dot" && options.what != "graph")
        throw CLI::ValidationError("--format", "only `graph` is drawn: dot is for `zoneval dev graph`");
    std::string text;
    if (options.what == "ast")
        text = exec::list_trees(*graph, wanted(*graph, options.of), form);
    else if (options.what == "types")
        text = exec::list_types(*graph, wanted(*graph, options.of), form);
    else if (options.what == "graph")
        text = global.format == "dot" ? exec::graph_as_dot(*graph) : exec::list_graph(*graph, form);
    else if (options.what == "plan")
        text = exec::list_plan(*graph, year_of(*graph, options, found), form);
    else
        text = trace(*graph, options, form, found);
    if (!global.json()) report(found, global);
    std::cout << text;
    return Exit::fine;
}

}  // namespace

void add_dev(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(
        app, global, "dev", "Shows what zoneval makes of a rule set, for those who work on zoneval.",
        "  zoneval dev ast rules/wb-income/pack.yaml --of 'income class'\n"
        "  zoneval dev types examples/hightech-zones/assessment.yaml\n"
        "  zoneval dev graph --format dot rules/wb-income/pack.yaml > build/graph.dot\n"
        "  zoneval dev plan examples/hightech-zones/assessment.yaml --data examples/hightech-zones/zones-2023.csv\n"
        "  zoneval dev trace examples/hightech-zones/assessment.yaml --data examples/hightech-zones/zones-2023.csv "
        "--record Invented-W06\n"
        "ast: the syntax trees of formulas. types: types, units and declared values. graph: stages and dependencies.\n"
        "plan: the programs of the column machine, their bounds, and what has no kernel. trace: one record's values,\n"
        "by columns and by reference. plan and trace read data as a first year: nothing has a prior value.");
    sub->remove_option(sub->get_option("--format"));
    sub->add_option("--format", global.format, "text for people, json for programs, dot (of graph) for Graphviz")
        ->check(CLI::IsMember({"text", "json", "dot"}))
        ->capture_default_str();
    auto o = std::make_shared<DevOptions>();
    sub->add_option("what", o->what, "ast, types, graph, plan or trace")
        ->required()
        ->check(CLI::IsMember({"ast", "types", "graph", "plan", "trace"}));
    sub->add_option("rules", o->rules, "the rule set's file")->required();
    sub->add_option("--of", o->of, "only this definition (ast, types, trace)");
    sub->add_option("--data", o->data, "a file of records (plan, trace; repeatable)")->allow_extra_args(false);
    sub->add_option("--dataset", o->dataset, "which of the rule set's datasets the files are");
    sub->add_option("--year", o->year, "the year of the records (default: the last in the files)");
    sub->add_option("--record", o->record, "id of the record (trace)");
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
