#include "engine/assess/kind_records.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/assess/successions.hpp"

namespace zoneval::assess {

namespace {

std::int32_t stored_year(const model::RecordKind& kind, std::int32_t year) {
    return kind.dated.empty() ? year : model::year_of_dated;
}

Table load(const model::RecordKind& kind, const store::Store& store, const store::Snapshot& snapshot, std::int32_t year,
           const Work& work) {
    return store.load(kind.name, stored_year(kind, year), snapshot, model::input_columns(*kind.rules), work);
}

/// The names under which a record goes on at the end of a year; itself where it does.
std::vector<std::string> names_now(const Successions& successions, const std::string& name, std::int32_t year,
                                   std::size_t steps) {
    const auto later = steps == 0 ? std::vector<std::string>() : successions.later(name, year);  // a name may come back
    if (later.empty()) return {name};
    std::vector<std::string> out;
    for (const auto& next : later)
        for (auto& last : names_now(successions, next, year, steps - 1)) out.push_back(std::move(last));
    return out;
}

void copy_row(Table& table, std::size_t from, const std::string& id) {
    table.append_record(id, table.row_origin(from));
    for (auto& column : table.columns)
        if (column.missing(from) == feel::Missing::none)
            column.append(column.at(from));
        else
            column.append_missing(column.missing(from));
}

/// Nobody sheds an act by a new name or a merger: what was done about a record is done about those it goes on as.
void follow_successions(const model::RuleSet& rules, const model::RecordKind& kind, std::int32_t year, Table& table) {
    const auto key = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const Column& column) { return column.name() == kind.key; });
    if (rules.successions.empty() || kind.dated.empty() || key == table.columns.end()) return;
    const Successions successions(rules);
    const auto place = static_cast<std::size_t>(key - table.columns.begin());
    const auto rows = table.records.size();
    for (std::size_t row = 0; row < rows; ++row) {
        if (table.columns[place].missing(row) != feel::Missing::none) continue;
        const auto name = *table.columns[place].at(row).string();
        const auto now = names_now(successions, name, year, rules.successions.size());
        for (std::size_t i = 0; i < now.size(); ++i) {
            auto at = row;
            if (i > 0) {
                at = table.records.size();
                copy_row(table, row, fmt::format("{} ({})", table.records[row], now[i]));
            }
            if (now[i] != name || i > 0) table.columns[place].set(at, now[i]);
        }
    }
}

}  // namespace

std::vector<exec::KindRecords> kind_records(const graph::Graph& graph, const store::Store& store,
                                            const store::Snapshot& snapshot, std::int32_t year, const Work& work) {
    std::vector<exec::KindRecords> out;
    for (const auto& [kind, own, reads] : graph.kinds) {
        exec::KindRecords one{load(*kind, store, snapshot, year, work), false};
        one.supplied = !one.table.records.empty();
        if (kind->of.empty()) follow_successions(*graph.rules, *kind, year, one.table);
        one.below = kind_records(*own, store, snapshot, year, work);
        out.push_back(std::move(one));
    }
    return out;
}

void note_kinds(const graph::Graph& graph, const exec::Kinds& kinds, std::vector<Note>& out) {
    using wording::Remark;
    constexpr std::size_t shown = 5;
    for (std::size_t k = 0; k < graph.kinds.size(); ++k) {
        const auto& kind = *graph.kinds[k].kind;
        auto names = kinds.strangers(k);
        const auto& table = *kinds.evaluation(k).table;
        if (!kinds.supplied(k))
            out.emplace_back(
                wording::Noted{Remark::kind_not_supplied, {{"kind", kind.name}, {"year", std::int64_t{table.year}}}});
        if (!names.empty()) {
            const auto more = names.size() - std::min(names.size(), shown);
            names.resize(names.size() - more);
            out.emplace_back(wording::Noted{more == 0 ? Remark::kind_of_strangers : Remark::kind_of_many_strangers,
                                            {{"kind", kind.name},
                                             {"year", std::int64_t{table.year}},
                                             {"names", fmt::format("{}", fmt::join(names, ", "))},
                                             {"n", static_cast<std::int64_t>(more)}}});
        }
        if (const auto* below = kinds.below(k)) note_kinds(*graph.kinds[k].graph, *below, out);
    }
}

bool differ(const model::RecordKind& kind, const store::Store& store, std::int32_t year, const store::Snapshot& before,
            const store::Snapshot& after) {
    if (store.last_revision(kind.name, stored_year(kind, year), before.revision) == 0) return false;
    if (kind.dated.empty()) return true;
    // Of records without a year those that count at the end of it are compared.
    const auto was = load(kind, store, before, year, {}), is = load(kind, store, after, year, {});
    const feel::Date last{year, 12, 31};
    const auto counted = [&](const Table& table, std::size_t row) {
        const auto* days = table.column(kind.dated);
        const auto day = days ? days->at(row) : feel::Value();
        return day.date() && *day.date() <= last;
    };
    const auto said_otherwise = [&](const Table& one, const Table& other) {
        for (std::size_t row = 0; row < one.records.size(); ++row) {
            if (!counted(one, row)) continue;
            const auto there = other.row(one.records[row]);
            if (!there || !counted(other, *there)) return true;
            for (std::size_t c = 0; c < one.columns.size(); ++c)
                if (one.columns[c].missing(row) != other.columns[c].missing(*there) ||
                    !feel::identical(one.columns[c].at(row), other.columns[c].at(*there)))
                    return true;
        }
        return false;
    };
    return said_otherwise(was, is) || said_otherwise(is, was);
}

}  // namespace zoneval::assess
