#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/exec/listing/listing.hpp"

namespace zoneval::exec {

using Json = nlohmann::ordered_json;

namespace {

Json texts(const std::vector<feel::Value>& values) {
    auto out = Json::array();
    for (const auto& v : values) out.push_back(v.to_feel());
    return out;
}

void add_range(Json& to, const std::optional<feel::Decimal>& low, const std::optional<feel::Decimal>& high) {
    if (low) to["low"] = low->to_string();
    if (high) to["high"] = high->to_string();
}

/// What a definition's values can be, as far as it is declared or shows in what it is lowered to.
void add_values(Json& to, const graph::Node& node) {
    if (const auto* input = std::get_if<graph::InputForm>(&node.form)) {
        if (!input->input->values.empty()) to["values"] = input->input->values;
        add_range(to, input->input->min, input->input->max);
    } else if (const auto* parameter = std::get_if<graph::ParameterForm>(&node.form)) {
        std::vector<feel::Value> values;
        for (const auto& dated : parameter->parameter->values) values.push_back(dated.value);
        to["values"] = texts(values);
    } else if (const auto* decision = graph::decision_of(node); decision && !decision->values.empty()) {
        to["values"] = texts(decision->values);
        if (!decision->adverse.empty()) to["adverse"] = texts(decision->adverse);
    } else {
        add_range(to, node.low, node.high);
    }
}

std::string joined(const Json& texts) {
    return fmt::format("{}", fmt::join(texts.get<std::vector<std::string>>(), ", "));
}

std::string row_text(const Json& row) {
    const auto text = [&](const char* key) { return row.contains(key) ? row[key].get<std::string>() : std::string(); };
    auto out = fmt::format("{} ({}): {}", text("name"), text("kind"), text("type"));
    if (row.contains("unit")) out += ", in " + text("unit");
    if (row.contains("decimals")) out += fmt::format(", decimals: {}", row["decimals"].get<int>());
    if (row.contains("values")) out += ", one of " + joined(row["values"]);
    if (row.contains("adverse")) out += ", adverse " + joined(row["adverse"]);
    if (row.contains("low") || row.contains("high")) out += fmt::format(", {}..{}", text("low"), text("high"));
    return out + "\n";
}

/// Of each node: one more than the cohort functions on the longest way to it.
std::vector<int> stages_of(const graph::Graph& graph) {
    std::vector<int> out(graph.nodes.size(), 1);
    for (const auto id : graph.order)
        for (const auto used : graph.node(id).uses) {
            const bool waits = std::holds_alternative<graph::CohortForm>(graph.node(used).form);
            auto& mine = out[static_cast<std::size_t>(id)];
            mine = std::max(mine, out[static_cast<std::size_t>(used)] + (waits ? 1 : 0));
        }
    return out;
}

Json graph_rows(const graph::Graph& graph) {
    const auto stages = stages_of(graph);
    auto out = Json::array();
    for (const auto id : graph.order) {
        if (id == graph.tested) continue;
        const auto& node = graph.node(id);
        auto uses = Json::array();
        for (const auto used : node.uses) uses.push_back(graph.node(used).name);
        Json row{{"name", node.name},
                 {"kind", graph::to_string(node.kind)},
                 {"stage", stages[static_cast<std::size_t>(id)]},
                 {"reads", std::move(uses)}};
        if (const auto* history = std::get_if<graph::HistoryForm>(&node.form)) {
            row["looks_back_at"] = graph.node(history->of).name;
            row["years"] = history->years_back();
        }
        out.push_back(std::move(row));
    }
    return out;
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return out + "\"";
}

}  // namespace

std::string list_types(const graph::Graph& graph, const Wanted& wanted, ListingFormat form) {
    auto all = Json::array();
    for (const auto id : graph.order) {
        if (!is_wanted(graph, wanted, id)) continue;
        const auto& node = graph.node(id);
        Json row{{"name", node.name},
                 {"kind", graph::to_string(node.kind)},
                 {"type", node.type ? node.type->to_string() : "Any"}};
        if (!node.unit.empty()) row["unit"] = node.unit;
        if (node.decimals) row["decimals"] = *node.decimals;
        add_values(row, node);
        all.push_back(std::move(row));
    }
    if (form == ListingFormat::json) return all.dump(2) + "\n";
    std::string out;
    for (const auto& row : all) out += row_text(row);
    return out;
}

std::string list_graph(const graph::Graph& graph, ListingFormat form) {
    auto rows = graph_rows(graph);
    if (form == ListingFormat::json) return rows.dump(2) + "\n";
    std::stable_sort(rows.begin(), rows.end(), [](const Json& a, const Json& b) { return a["stage"] < b["stage"]; });
    std::string out;
    int stage = 0;
    for (const auto& row : rows) {
        if (row["stage"] != stage) out += fmt::format("stage {}\n", stage = row["stage"].get<int>());
        out += fmt::format("  {} ({})", row["name"].get<std::string>(), row["kind"].get<std::string>());
        if (!row["reads"].empty()) out += " reads " + joined(row["reads"]);
        if (row.contains("looks_back_at"))
            out += fmt::format(" looks back {} years at {}", fmt::join(row["years"].get<std::vector<int>>(), ", "),
                               row["looks_back_at"].get<std::string>());
        out += '\n';
    }
    return out;
}

std::string graph_as_dot(const graph::Graph& graph) {
    const auto stages = stages_of(graph);
    std::map<int, std::string> nodes;  // by stage
    std::string arrows;
    for (const auto id : graph.order) {
        if (id == graph.tested) continue;
        const auto& node = graph.node(id);
        nodes[stages[static_cast<std::size_t>(id)]] += fmt::format("    n{} [label={}];\n", id, quoted(node.name));
        for (const auto used : node.uses) arrows += fmt::format("  n{} -> n{};\n", used, id);
        if (const auto* history = std::get_if<graph::HistoryForm>(&node.form))
            arrows += fmt::format("  n{} -> n{} [style=dashed];\n", history->of, id);
    }
    std::string out = "digraph rules {\n  rankdir=LR;\n  node [shape=box];\n";
    for (const auto& [stage, inside] : nodes)
        out += fmt::format("  subgraph cluster_{0} {{\n    label=\"stage {0}\";\n{1}  }}\n", stage, inside);
    return out + arrows + "}\n";
}

}  // namespace zoneval::exec
