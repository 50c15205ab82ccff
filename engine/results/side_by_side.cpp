#include "engine/results/side_by_side.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/assess/as_ruled.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/table/row_finder.hpp"
#include "engine/wording/pages.hpp"

namespace zoneval::results {

namespace {

constexpr std::uint32_t absent = UINT32_MAX;

/// The column with its cells where `rows` says; `absent`: there is none.
Column moved(const Column& from, const std::vector<std::uint32_t>& rows) {
    Column out = from;
    out.whys = {};
    out.known.clear();
    const auto pick = [&](auto& cells, const auto& old) {
        cells.clear();
        for (const auto row : rows)
            cells.push_back(row == absent ? typename std::decay_t<decltype(old)>::value_type{} : old[row]);
    };
    for (const auto row : rows) out.known.push_back(row != absent && from.known[row]);
    std::visit(
        [&](auto& cells) {
            using Cells = std::decay_t<decltype(cells)>;
            const auto& old = std::get<Cells>(from.cells);
            if constexpr (requires { cells.codes; })
                pick(cells.codes, old.codes);
            else if constexpr (requires { cells.days; })
                pick(cells.days, old.days);
            else
                pick(cells.values, old.values);
        },
        out.cells);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] == absent || from.known[rows[i]]) continue;
        const auto why = from.why(rows[i]);
        if (why.empty()) continue;
        const auto place = std::find(out.whys.dictionary.begin(), out.whys.dictionary.end(), why);
        out.whys.records.push_back(static_cast<std::uint32_t>(i));
        out.whys.codes.push_back(static_cast<std::uint32_t>(place - out.whys.dictionary.begin()));
        if (place == out.whys.dictionary.end()) out.whys.dictionary.push_back(why);
    }
    return out;
}

/// Where each of the records stands in a list; `absent`: nowhere.
template <class Names>
std::vector<std::uint32_t> rows_in(const Names& list, const std::vector<std::string>& records) {
    const RowFinder finder(list);
    std::vector<std::uint32_t> out;
    out.reserve(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) out.push_back(finder.find(records[i], i).value_or(absent));
    return out;
}

Column named(const Table& table, const std::string& name, std::int32_t year) {
    Column out;
    const auto* node = table.graph->find(name);
    out.name = fmt::format("{} {}", name, year);
    out.title = out.name;
    out.of = node;
    out.year = year;
    if (node) {
        out.unit = node->unit;
        out.decimals = node->decimals;
    }
    return out;
}

}  // namespace

void add_earlier(Table& table, const store::Run& earlier, bool score, wording::Language language) {
    const auto rows = rows_in(earlier.records, table.records);
    if (const auto* by_rules = earlier.decision(table.decision)) {
        const auto decisions = assess::as_ruled(earlier, *by_rules, table.rulings);
        auto column = named(table, table.decision, earlier.year);
        if (column.of) column.labels = exec::labels_in(*table.graph, *column.of, code(language));
        Column::Texts cells;
        for (const auto& outcome : decisions.outcomes)
            cells.dictionary.push_back(outcome.value.empty() ? "" : list_text(feel::from_feel(outcome.value)));
        column.whys.dictionary = {wording::say(wording::Page::undetermined, language)};
        for (std::size_t i = 0; i < table.size(); ++i) {
            const auto row = rows[i];
            const auto* outcome = row == absent ? nullptr : &decisions.of(row);
            column.known.push_back(outcome && !outcome->value.empty());
            cells.codes.push_back(row == absent ? 0 : static_cast<std::int32_t>(decisions.codes[row]));
            using enum store::Outcome::Ending;
            if (!outcome || (outcome->ending != open && outcome->ending != conflict)) continue;
            column.whys.records.push_back(static_cast<std::uint32_t>(i));
            column.whys.codes.push_back(0);
        }
        column.cells = std::move(cells);
        table.columns.push_back(std::move(column));
    }
    const auto measured = std::find_if(earlier.measured.begin(), earlier.measured.end(),
                                       [&](const store::Measured& m) { return m.name == table.score; });
    if (!score || measured == earlier.measured.end()) return;
    std::vector<std::optional<feel::Decimal>> values;
    store::MeasuredReader reader(measured->cells);
    while (const auto cell = reader.next())
        values.push_back(cell->is_value ? feel::Decimal::parse(cell->text) : std::nullopt);
    auto column = named(table, table.score, earlier.year);
    Column::Numbers cells;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto row = rows[i];
        const auto value = row == absent || row >= values.size() ? std::nullopt : values[row];
        column.known.push_back(value.has_value());
        cells.values.push_back(value.value_or(feel::Decimal()));
    }
    column.cells = std::move(cells);
    table.columns.push_back(std::move(column));
}

Table side_by_side(const std::vector<Table>& tables) {
    const auto& newest = tables.back();
    Table out;
    out.graph = newest.graph;
    out.year = newest.year;
    out.run = newest.run;
    out.seal = newest.seal;
    out.standing = newest.standing;
    out.revision = newest.revision;
    out.records = newest.records;
    out.decision = newest.decision;
    out.score = newest.score;
    for (const auto& table : tables) out.of_other_runs.push_back(table.graph);
    for (auto table = tables.rbegin() + 1; table != tables.rend(); ++table) {
        const auto known = rows_in(out.records, table->records);
        for (std::size_t i = 0; i < known.size(); ++i)
            if (known[i] == absent) out.records.push_back(table->records[i]);
    }
    std::vector<std::vector<std::uint32_t>> rows;
    for (const auto& table : tables) rows.push_back(rows_in(table.records, out.records));
    for (const auto& column : newest.columns)
        if (column.part == Column::Part::record) {
            auto copy = column;
            auto& cells = std::get<Column::Texts>(copy.cells);
            for (std::size_t i = newest.size(); i < out.size(); ++i) {
                copy.known.push_back(1);
                cells.codes.push_back(static_cast<std::int32_t>(i));
                cells.dictionary.push_back(out.records[i]);
            }
            out.columns.push_back(std::move(copy));
        } else if (column.part == Column::Part::label) {
            out.columns.push_back(moved(column, rows.back()));
        }
    for (std::size_t t = 0; t < tables.size(); ++t)
        for (const auto& column : tables[t].columns) {
            using enum Column::Part;
            if (column.part == record || column.part == label || column.part == rank) continue;
            auto beside = moved(column, rows[t]);
            const bool twice = std::count_if(tables.begin(), tables.end(),
                                             [&](const Table& o) { return o.year == tables[t].year; }) > 1;
            const auto when =
                twice ? fmt::format("{} run {}", tables[t].year, tables[t].run) : std::to_string(tables[t].year);
            beside.name = fmt::format("{} {}", column.name, when);
            beside.title = fmt::format("{} {}", column.title, when);
            beside.year = tables[t].year;
            out.columns.push_back(std::move(beside));
        }
    return out;
}

}  // namespace zoneval::results
