#include "engine/assess/on_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/exec/evaluate.hpp"

namespace zoneval::assess {

namespace {

class NoHistory : public exec::History {
  public:
    std::optional<feel::Value> value(const graph::Node&, const std::string&, std::int32_t) const override { return std::nullopt; }
};

/// One table for each year; what no file has is what a blank means.
std::map<std::int32_t, Table> tables_of(const graph::Graph& graph, const std::vector<io::ImportedRows>& files) {
    const auto inputs = model::input_columns(*graph.rules);
    std::map<std::int32_t, Table> out;
    for (const auto& file : files)
        for (std::size_t i = 0; i < file.records.size(); ++i) {
            auto& table = out[file.years[i]];
            if (table.columns.empty()) {
                table.year = file.years[i];
                for (const auto& input : inputs) table.columns.emplace_back(input.name, input.type);
            }
            if (!table.row(file.records[i])) {
                table.append_record(file.records[i], {});
                for (std::size_t c = 0; c < inputs.size(); ++c) table.columns[c].append_missing(inputs[c].blank);
            }
            const auto row = *table.row(file.records[i]);
            for (const auto& column : file.columns) {
                const auto place = std::find_if(table.columns.begin(), table.columns.end(), [&](const Column& c) { return c.name() == column.name(); });
                if (place == table.columns.end() || column.blank(i)) continue;
                if (column.missing(i) == feel::Missing::none)
                    place->set(row, column.at(i));
                else
                    place->set_missing(row, column.missing(i));
            }
        }
    return out;
}

}  // namespace

std::vector<DecisionOnData> count_on_data(const graph::Graph& graph, const std::vector<io::ImportedRows>& rows) {
    std::map<graph::NodeId, DecisionOnData> counted;
    for (const auto& [year, table] : tables_of(graph, rows)) {
        const auto evaluation = exec::evaluate(graph, table, NoHistory());
        for (const auto id : evaluation.decisions) {
            auto& out = counted[id];
            out.decision = graph.node(id).name;
            for (std::size_t i = 0; i < evaluation.size(); ++i) {
                const auto o = evaluation.outcome(id, i);
                ++out.records;
                const bool conflict = o.undetermined && !o.because.empty();
                const bool gap = !o.undetermined && o.rule == exec::Outcome::none && evaluation.value(id, i).is_null();
                const auto example = fmt::format("{} in {}", evaluation.record(i), year);
                if (gap && out.gaps++ == 0) out.gap_example = example;
                if (conflict && out.overlaps++ == 0) out.overlap_example = example;
                if (o.undetermined && !conflict) ++out.undetermined;
            }
        }
    }
    std::vector<DecisionOnData> out;
    for (auto& [id, decision] : counted) out.push_back(std::move(decision));
    return out;
}

}  // namespace zoneval::assess
