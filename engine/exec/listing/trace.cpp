#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/exec/columns/node_columns.hpp"
#include "engine/exec/listing/listing.hpp"
#include "engine/exec/reference/evaluate.hpp"
#include "engine/exec/results/no_history.hpp"
#include "engine/feel/value/cause.hpp"

namespace zoneval::exec {

using Json = nlohmann::ordered_json;

namespace {

std::string kinds_text(Mask mask) {
    std::vector<std::string> kinds;
    if (mask & mask_failed) kinds.emplace_back("failed");
    for (unsigned kind = 1; kind <= static_cast<unsigned>(feel::Missing::late); ++kind)
        if (mask >> kind & 1) kinds.emplace_back(to_string(static_cast<feel::Missing>(kind)));
    return kinds.empty() ? "null" : fmt::format("null ({})", fmt::join(kinds, ", "));
}

std::string value_text(const feel::Value& value) {
    return value.is_null() ? kinds_text(mask_of(value)) : value.to_feel();
}

/// What stands in a column for a record: of an inexact one the double and how far the decimal can be from it.
std::string column_text(const NodeColumn& column, std::size_t record, const StringCodes& strings) {
    if (!column.masks.empty() && column.masks[record] != 0) return kinds_text(column.masks[record]);
    if (column.shape != Shape::number || column.bound.exact()) return value_text(value_in(column, record, strings));
    const auto k = column.numbers[record];
    return fmt::format("{:.17g} / 10^{} within {:.3g}", k, column.bound.scale,
                       column.bound.absolute + column.bound.relative * std::abs(k));
}

std::string outcome_text(const graph::Node& node, const Outcome& outcome) {
    if (const auto rule = outcome.rule()) return "rule " + graph::decision_of(node)->rules[*rule].id;
    if (const auto* open = outcome.open())
        return fmt::format("open, waits for {}", open->waiting_for.empty()
                                                     ? "nothing"
                                                     : fmt::format("{}", fmt::join(open->waiting_for, ", ")));
    return outcome.conflict() ? "conflict" : outcome.is_default() ? "otherwise" : "no rule holds";
}

std::string told(const Evaluation& evaluation, const graph::Node& node, std::size_t record) {
    auto out = value_text(evaluation.value(node.id, record));
    if (graph::decision_of(node)) out += ": " + outcome_text(node, evaluation.outcome(node.id, record));
    return out;
}

}  // namespace

std::optional<std::string> list_trace(const graph::Graph& graph, const Table& table, std::string_view id,
                                      const Wanted& wanted, ListingFormat form) {
    const NoHistory history;
    const auto by_reference = evaluate(graph, table, history);
    const auto found = by_reference.find(id);
    if (!found) return std::nullopt;
    const auto record = *found;
    std::map<graph::NodeId, std::string> in_columns;
    bool in_doubt = false;
    ColumnOptions options;
    options.every_definition = true;
    options.watch = [&](const ColumnStage& stage) {
        in_doubt = in_doubt || std::ranges::binary_search(stage.in_doubt, record) ||
                   std::ranges::binary_search(stage.again, record);
        for (const auto node : stage.written) in_columns[node] = column_text(stage.column(node), record, stage.strings);
    };
    const auto by_columns = evaluate_columns(graph, table, history, options);
    auto rows = Json::array();
    for (const auto node_id : graph.order) {
        if (!is_wanted(graph, wanted, node_id)) continue;
        const auto& node = graph.node(node_id);
        const auto column = in_columns.find(node_id);
        Json row{{"name", node.name}, {"kind", graph::to_string(node.kind)}};
        row["by_columns"] = column != in_columns.end() ? column->second
                            : graph::decision_of(node) ? told(by_columns, node, record)
                                                       : "no column";
        row["by_reference"] = told(by_reference, node, record);
        rows.push_back(std::move(row));
    }
    if (form == ListingFormat::json)
        return Json{{"record", by_columns.record(record)}, {"in_doubt", in_doubt}, {"definitions", std::move(rows)}}
                   .dump(2) +
               "\n";
    auto out =
        fmt::format("{} in {}{}\n", by_columns.record(record), by_columns.year, in_doubt ? ", left to decimals" : "");
    for (const auto& row : rows) {
        const auto a = row["by_columns"].get<std::string>(), b = row["by_reference"].get<std::string>();
        out += fmt::format("  {} ({})\n    by columns:   {}\n    by reference: {}\n", row["name"].get<std::string>(),
                           row["kind"].get<std::string>(), a, b);
    }
    return out;
}

}  // namespace zoneval::exec
