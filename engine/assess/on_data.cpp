#include "engine/assess/on_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/exec/reference/evaluate.hpp"
#include "engine/exec/results/no_history.hpp"

namespace zoneval::assess {

namespace {

bool has_column(const io::ImportedRows& file, const std::string& name) {
    return std::any_of(file.columns.begin(), file.columns.end(), [&](const Column& c) { return c.name() == name; });
}

}  // namespace

std::map<std::int32_t, Table> tables_of(const graph::Graph& graph, const std::vector<io::ImportedRows>& files) {
    auto inputs = model::input_columns(*graph.rules);
    for (auto& input : inputs)
        if (std::none_of(files.begin(), files.end(),
                         [&](const io::ImportedRows& file) { return has_column(file, input.name); }))
            input.no_row = feel::Missing::not_reported;
    std::map<std::int32_t, Table> out;
    for (const auto& file : files)
        for (std::size_t i = 0; i < file.records.size(); ++i) {
            auto& table = out[file.years[i]];
            if (table.columns.empty()) {
                table.year = file.years[i];
                for (const auto& input : inputs) table.columns.emplace_back(input.name, input.type);
            }
            if (!table.row(file.records[i])) {
                table.append_record(std::string(file.records[i]), {});
                for (std::size_t c = 0; c < inputs.size(); ++c) table.columns[c].append_blank(inputs[c].no_row);
            }
            const auto row = *table.row(file.records[i]);
            for (const auto& column : file.columns) {
                const auto place = std::find_if(table.columns.begin(), table.columns.end(),
                                                [&](const Column& c) { return c.name() == column.name(); });
                if (place == table.columns.end()) continue;
                if (column.blank(i)) {
                    if (place->blank(row)) place->set_missing(row, column.missing(i));
                } else if (column.missing(i) == feel::Missing::none)
                    place->set(row, column.at(i));
                else
                    place->set_missing(row, column.missing(i));
            }
        }
    return out;
}

std::vector<DecisionOnData> count_on_data(const graph::Graph& graph, const std::vector<io::ImportedRows>& rows) {
    std::map<graph::NodeId, DecisionOnData> counted;
    for (const auto& [year, table] : tables_of(graph, rows)) {
        const auto evaluation = exec::evaluate(graph, table, exec::NoHistory());
        for (const auto id : evaluation.decisions) {
            auto& out = counted[id];
            out.decision = graph.node(id).name;
            for (std::size_t i = 0; i < evaluation.size(); ++i) {
                const auto o = evaluation.outcome(id, i);
                ++out.records;
                const bool gap = std::holds_alternative<exec::Outcome::NothingFired>(o.ending);
                const auto example = fmt::format("{} in {}", evaluation.record(i), year);
                if (gap && out.gaps++ == 0) out.gap_example = example;
                if (o.conflict() && out.overlaps++ == 0) out.overlap_example = example;
                if (o.open()) ++out.undetermined;
            }
        }
    }
    std::vector<DecisionOnData> out;
    for (auto& [id, decision] : counted) out.push_back(std::move(decision));
    return out;
}

}  // namespace zoneval::assess
