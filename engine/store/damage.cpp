// All that is not as it was recorded, for whoever asks about the store itself.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "engine/store/impl.hpp"
#include "engine/store/stored_cells.hpp"

namespace zoneval::store {

namespace {

using Found = std::vector<Damage>;
using Part = Damage::Part;

Damage of_file(std::string detail) {
    Damage out{Part::file};
    out.detail = std::move(detail);
    return out;
}

Damage of_import(const Batch& batch, std::string detail) {
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
        found.push_back(of_file(fmt::format("the file: {}", file.text(0))));
    }
    Statement keys(database, "PRAGMA foreign_key_check");
    while (keys.step())
        found.push_back(
            of_file(fmt::format("{}: a row belongs to a {} that is not there", keys.text(0), keys.text(2))));
}

/// What stands beside the hashed texts for readers with SQL.
void look_beside(const Database& database, const BatchHead& head, Found& found) {
    const auto revision = head.batch.revision;
    const auto differs = [&](std::string what) { found.push_back(of_import(head.batch, std::move(what))); };
    std::map<std::int32_t, std::int64_t> years, listed;
    std::int64_t count = 0;
    Statement rows(database, "SELECT rows, row_count FROM batch WHERE revision = ?");
    if (!rows.bind(1, revision).step()) return differs("its rows are gone");
    if (head.withdraws == 0) {
        StoredRows all(rows.text(0));
        for (auto row = all.next(); row; row = all.next()) ++years[row->year], ++count;
    }
    for (const auto year : head.years) years[year];
    if (rows.integer(1) != count) differs(fmt::format("`row_count` is {}, and it has {} rows", rows.integer(1), count));
    Statement by_year(database, "SELECT year, row_count FROM batch_year WHERE revision = ?");
    by_year.bind(1, revision);
    while (by_year.step()) listed[static_cast<std::int32_t>(by_year.integer(0))] = by_year.integer(1);
    if (listed != years) differs("`batch_year` does not say of which years it has how many rows");
    Statement withdrawn(database, "SELECT withdrawn FROM batch_withdrawal WHERE revision = ?");
    const auto of = withdrawn.bind(1, revision).step() ? withdrawn.integer(0) : 0;
    if (of != head.withdraws) differs("`batch_withdrawal` does not say what it withdraws");
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
        found.push_back(of_file(
            fmt::format("run_published_part: the parts of column {} of run {} have a gap, or none asks for them",
                        loose.text(1), loose.text(0))));
    for (const auto& [table, of] : numbered) {
        Statement gaps(database,
                       fmt::format("SELECT {1} FROM {0} GROUP BY {1} HAVING min(position) <> 0 OR max(position) <> "
                                   "count(*) - 1 OR count(DISTINCT position) <> count(*)",
                                   table, of));
        while (gaps.step())
            found.push_back(of_file(fmt::format("{}: the positions of {} {} have a gap", table, of, gaps.text(0))));
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

/// The columns of an import whose cells are others; with the hash of its file where that is as recorded.
void look_at_cells(const Database& database, const BatchHead& head, Found& found) {
    for (const auto& column : head.columns) {
        Statement cells(database, "SELECT cells FROM batch_column WHERE rowid = ?");
        const auto now = cells.bind(1, column.row).step() ? sha256(cells.text(0)) : std::string();
        if (now != column.hash)
            found.push_back({Part::data, head.batch.revision, head.batch.file,
                             head.damage.empty() ? head.batch.sha256 : "", column.name, column.hash, now});
    }
}

}  // namespace

std::string Damage::told() const {
    switch (part) {
        case Part::data:
            if (number == 0) return detail;
            if (file.empty()) return fmt::format("revision {} is gone", number);
            return fmt::format(
                "revision {} ({}): {}", number, file,
                detail.empty() ? fmt::format("its cells of `{}` are not those imported", column) : detail);
        case Part::rules:
            return found.empty() ? fmt::format("rule set {} is gone", recorded)
                                 : fmt::format("rule set {}: its files are not those it was recorded with", recorded);
        case Part::runs: return fmt::format("run {} is not what was recorded", number);
        case Part::rulings: return fmt::format("ruling {} is not what was recorded", number);
        case Part::publications: return fmt::format("publication {} is not what was recorded", number);
        case Part::file:
        case Part::logbook: return detail;
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
        for (const auto& finding : error.diagnostics.all()) found.push_back(of_file(finding.message));
    }
    return found;
}

void Store::look_at_what_is_recorded(Found& found) const {
    const auto& database = impl_->database;
    if (const auto foreign = foreign_structure(database); !foreign.empty()) found.push_back(of_file(foreign));
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
        if (!head.damage.empty() && !one_is_gone) found.push_back(of_import(head.batch, head.damage));
        look_at_cells(database, head, found);
    }
    if (const auto given = last_id_given(database, "batch");
        given != (impl_->heads().empty() ? 0 : impl_->heads().back().batch.revision)) {
        auto& gone = found.emplace_back(Damage{Part::data});
        gone.detail = fmt::format("the newest imports are gone: {} were made", given);
    }
    look_at_positions(database, found);
    look_at_rulesets(database, found);
    if (const auto broken = first_broken_ruling()) found.push_back(of_number(Part::rulings, *broken));
    if (const auto broken = first_broken_publication()) found.push_back(of_number(Part::publications, *broken));
    const bool told = std::any_of(found.begin(), found.end(), [](const Damage& damage) {
        return damage.part == Part::data || damage.part == Part::rules;  // and with them the runs that rest on it
    });
    if (const auto broken = first_broken_run(told)) found.push_back(of_number(Part::runs, *broken));
    if (const auto wrong = wrong_in_logbook(database); !wrong.empty()) {
        auto& otherwise = found.emplace_back(Damage{Part::logbook});
        otherwise.detail = wrong;
    }
}

}  // namespace zoneval::store
