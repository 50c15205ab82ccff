// All that is not as it was recorded, for whoever asks about the store itself.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include "engine/store/impl.hpp"
#include "engine/store/stored_cells.hpp"
#include "engine/store/torn.hpp"

namespace zoneval::store {

namespace {

using Found = std::vector<Damage>;
using Part = Damage::Part;
using wording::Fault;
using wording::Flaw;

Damage of_file(Fault detail) {
    Damage out{Part::file};
    out.detail = std::move(detail);
    return out;
}

Damage of_import(const Batch& batch, Fault detail) {
    Damage out{Part::data, batch.revision, batch.file};
    out.detail = std::move(detail);
    return out;
}

Damage of_number(Part part, std::int64_t number) { return {part, number}; }

/// The file as SQLite sees it: pages, and indexes against their tables.
void look_at_file(const Database& database, Found& found) {
    Statement file(database, "PRAGMA integrity_check(20)");
    while (file.step()) {
        if (file.text(0) == "ok") continue;
        refuse_if_no_memory(file.text(0));
        found.push_back(of_file({Flaw::sqlite_finds, {{"said", std::string(file.text(0))}}}));
    }
    Statement keys(database, "PRAGMA foreign_key_check");
    while (keys.step())
        found.push_back(
            of_file({Flaw::row_of_nothing, {{"table", std::string(keys.text(0))}, {"of", std::string(keys.text(2))}}}));
}

/// What stands beside the hashed texts for readers with SQL.
void look_beside(const Database& database, const BatchHead& head, Found& found) {
    const auto revision = head.batch.revision;
    const auto differs = [&](Fault what) { found.push_back(of_import(head.batch, std::move(what))); };
    std::map<std::int32_t, std::int64_t> years, listed;
    std::int64_t count = 0;
    Statement rows(database, "SELECT rows, row_count FROM batch WHERE revision = ?");
    if (!rows.bind(1, revision).step()) return differs({Flaw::rows_gone});
    if (head.withdraws == 0) {
        StoredRows all(rows.text(0));
        for (auto row = all.next(); row; row = all.next()) ++years[row->year], ++count;
    }
    for (const auto year : head.years) years[year];
    if (rows.integer(1) != count) differs({Flaw::row_count_differs, {{"said", rows.integer(1)}, {"n", count}}});
    Statement by_year(database, "SELECT year, row_count FROM batch_year WHERE revision = ?");
    by_year.bind(1, revision);
    while (by_year.step()) listed[static_cast<std::int32_t>(by_year.integer(0))] = by_year.integer(1);
    if (listed != years) differs({Flaw::years_differ});
    Statement withdrawn(database, "SELECT withdrawn FROM batch_withdrawal WHERE revision = ?");
    const auto of = withdrawn.bind(1, revision).step() ? withdrawn.integer(0) : 0;
    if (of != head.withdraws) differs({Flaw::withdrawal_differs});
}

/// Columns, decisions and measures are numbered 0, 1, 2 …
void look_at_positions(const Database& database, Found& found) {
    constexpr std::array numbered = {
        std::pair{"batch_column", "revision"}, std::pair{"ruleset_file", "ruleset_hash"},
        std::pair{"run_built_on", "run"},      std::pair{"run_decision", "run"},
        std::pair{"run_measure", "run"},       std::pair{"run_published", "run"},
    };
    Statement loose(
        database,
        "SELECT run, position FROM run_published_part GROUP BY run, position HAVING min(part) <> 0 OR "
        "max(part) <> count(*) - 1 OR position NOT IN (SELECT p.position FROM run_published p WHERE p.run = "
        "run_published_part.run)");
    while (loose.step())
        found.push_back(of_file({Flaw::parts_have_a_gap, {{"position", loose.integer(1)}, {"n", loose.integer(0)}}}));
    for (const auto& [table, of] : numbered) {
        Statement gaps(database,
                       fmt::format("SELECT {1} FROM {0} GROUP BY {1} HAVING min(position) <> 0 OR max(position) <> "
                                   "count(*) - 1 OR count(DISTINCT position) <> count(*)",
                                   table, of));
        while (gaps.step())
            found.push_back(of_file(
                {Flaw::positions_have_a_gap, {{"table", table}, {"of", of}, {"n", std::string(gaps.text(0))}}}));
    }
}

void look_at_rulesets(const Database& database, Found& found) {
    Statement all(database, "SELECT hash FROM ruleset");
    while (all.step()) {
        const auto text = ruleset_if_there(database, std::string(all.text(0)));
        if (!text || text->hash() != all.text(0))
            found.push_back({Part::rules, 0, {}, {}, {}, std::string(all.text(0)), text ? text->hash() : ""});
    }
    Statement gone(database,
                   "SELECT DISTINCT ruleset_hash FROM run WHERE ruleset_hash NOT IN (SELECT hash FROM ruleset)");
    while (gone.step()) found.push_back({Part::rules, 0, {}, {}, {}, std::string(gone.text(0)), ""});
}

/// Which cells of a column cannot be read.
void look_for_tears(const Database& database, const BatchHead& head, std::string_view type, std::string_view cells,
                    Damage& found) {
    Statement rows(database, "SELECT rows FROM batch WHERE revision = ?");
    if (!rows.bind(1, head.batch.revision).step()) return;
    std::vector<Damage::Cell> all;
    try {
        StoredRows stored(rows.text(0));
        while (const auto row = stored.next()) all.push_back({std::string(row->record), row->year, row->line});
    } catch (const std::runtime_error&) {
        return;  // told of the rows
    }
    const auto left = cells_left(cells, type, all.size());
    if (!left) return;
    found.unreadable_in_all = left->torn.size();
    for (std::size_t i = 0; i < std::min(left->torn.size(), Damage::most_unreadable); ++i)
        found.unreadable.push_back(std::move(all[left->torn[i]]));
}

/// The columns of an import whose cells are others; with the hash of its file where that is as recorded.
void look_at_cells(const Database& database, const BatchHead& head, Found& found) {
    for (const auto& column : head.columns) {
        Statement cells(database, "SELECT cells, type FROM batch_column WHERE rowid = ?");
        const bool there = cells.bind(1, column.row).step();
        const auto now = there ? sha256(cells.text(0)) : std::string();
        if (now == column.hash) continue;
        found.push_back({Part::data, head.batch.revision, head.batch.file, head.damage ? "" : head.batch.sha256,
                         column.name, column.hash, now});
        if (there) look_for_tears(database, head, cells.text(1), cells.text(0), found.back());
    }
}

}  // namespace

std::string Damage::told() const {
    const auto said = detail ? say(*detail, wording::Language::en) : error;
    switch (part) {
        case Part::data:
            if (number == 0) return said;
            if (file.empty()) return fmt::format("revision {} is gone", number);
            return fmt::format("revision {} ({}): {}", number, file,
                               detail ? said : fmt::format("its cells of `{}` are not those imported", column));
        case Part::rules:
            return found.empty() ? fmt::format("rule set {} is gone", recorded)
                                 : fmt::format("rule set {}: its files are not those it was recorded with", recorded);
        case Part::runs: return fmt::format("run {} is not what was recorded", number);
        case Part::rulings: return fmt::format("ruling {} is not what was recorded", number);
        case Part::publications: return fmt::format("publication {} is not what was recorded", number);
        case Part::file:
        case Part::logbook: return said;
    }
    return "";
}

std::vector<Damage> Store::damage() const {
    const auto reading = read();
    Found found;
    try {
        look_at_file(impl_->database, found);
        look_at_what_is_recorded(found);
    } catch (const StoreError& error) {
        for (const auto& finding : error.diagnostics.all())
            found.push_back({.part = Part::file, .error = finding.message});
    }
    return found;
}

void Store::look_at_what_is_recorded(Found& found) const {
    const auto& database = impl_->database;
    if (const auto foreign = foreign_structure(database)) found.push_back(of_file(*foreign));
    std::int64_t last = 0;
    for (const auto& head : impl_->heads()) {
        const auto revision = head.batch.revision;
        for (auto gone = last + 1; gone < revision; ++gone) found.push_back(of_number(Part::data, gone));
        const bool one_is_gone = last + 1 < revision;  // which is all that the head says then, if it says anything
        last = revision;
        if (impl_->is_sound(head)) {
            look_beside(database, head, found);
            continue;
        }
        if (head.damage && !one_is_gone) found.push_back(of_import(head.batch, *head.damage));
        look_at_cells(database, head, found);
    }
    if (const auto given = last_id_given(database, "batch");
        given != (impl_->heads().empty() ? 0 : impl_->heads().back().batch.revision)) {
        auto& gone = found.emplace_back(Damage{Part::data});
        gone.detail = {Flaw::newest_gone, {{"n", given}}};
    }
    look_at_positions(database, found);
    look_at_rulesets(database, found);
    if (const auto broken = first_broken_ruling()) found.push_back(of_number(Part::rulings, *broken));
    if (const auto broken = first_broken_publication()) found.push_back(of_number(Part::publications, *broken));
    const bool told = std::any_of(found.begin(), found.end(), [](const Damage& damage) {
        return damage.part == Part::data || damage.part == Part::rules;  // and with them the runs that rest on it
    });
    if (const auto broken = first_broken_run(told)) found.push_back(of_number(Part::runs, *broken));
    if (const auto wrong = wrong_in_logbook(database)) found.push_back({.part = Part::logbook, .detail = *wrong});
}

}  // namespace zoneval::store
