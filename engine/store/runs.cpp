#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "engine/store/impl.hpp"
#include "engine/store/packed_numbers.hpp"
#include "engine/store/torn.hpp"

namespace zoneval::store {

std::string hash_of_run(const Database& database, std::int64_t id) {
    Statement statement(database, "SELECT hash FROM run WHERE id = ?");
    return statement.bind(1, id).step() ? std::string(statement.text(0)) : "";
}

namespace {

std::string last_run_hash(const Database& database) {
    Statement statement(database, "SELECT hash FROM run ORDER BY id DESC LIMIT 1");
    return statement.step() ? std::string(statement.text(0)) : "";
}

std::int64_t insert_head(Database& database, const Run& run) {
    Statement(
        database,
        "INSERT INTO run (ruleset, ruleset_hash, year, snapshot_revision, snapshot_hash, engine_version, created_at, "
        "created_by, record_count, previous_hash, hash, last_ruling) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(1, run.ruleset)
        .bind(2, run.ruleset_hash)
        .bind(3, run.year)
        .bind(4, run.snapshot.revision)
        .bind(5, run.snapshot.hash)
        .bind(6, run.engine_version)
        .bind(7, run.created_at)
        .bind(8, run.created_by)
        .bind(9, static_cast<std::int64_t>(run.records.size()))
        .bind(10, run.previous_hash)
        .bind(11, run.hash)
        .bind(12, run.last_ruling)
        .run();
    return database.last_insert_id();
}

void insert_parts(Database& database, std::int64_t run, std::int64_t position, const std::string& packed,
                  std::size_t records) {
    Statement insert(database, "INSERT INTO run_published_part (run, position, part, cells) VALUES (?, ?, ?, ?)");
    std::int64_t part = 0;
    for (const auto cells : parts_of(packed, records))
        insert.bind(1, run).bind(2, position).bind(3, part++).bind_bytes(4, cells).run();
}

void insert_body(Database& database, const Run& run, const RunTexts& texts) {
    Statement built_on(database, "INSERT INTO run_built_on (run, position, earlier) VALUES (?, ?, ?)");
    std::int64_t position = 0;
    for (const auto earlier : run.built_on) built_on.bind(1, run.id).bind(2, position++).bind(3, earlier).run();

    Statement(database, "INSERT INTO run_cohort (run, records) VALUES (?, ?)")
        .bind(1, run.id)
        .bind(2, texts.records)
        .run();
    Statement decision(database,
                       "INSERT INTO run_decision (run, position, name, outcomes, cells) VALUES (?, ?, ?, ?, ?)");
    position = 0;
    for (const auto& d : texts.decisions)
        decision.bind(1, run.id).bind(2, position++).bind(3, d.name).bind(4, d.outcomes).bind(5, d.cells).run();
    Statement measure(database, "INSERT INTO run_measure (run, position, name, cells) VALUES (?, ?, ?, ?)");
    position = 0;
    for (const auto& m : texts.measures)
        measure.bind(1, run.id).bind(2, position++).bind(3, m.name).bind(4, m.cells).run();
    Statement published(
        database, "INSERT INTO run_published (run, position, name, unit, decimals, cells) VALUES (?, ?, ?, ?, ?, ?)");
    position = 0;
    for (const auto& p : run.published) {
        const auto decimals = decimals_text(p);
        published.bind(1, run.id)
            .bind(2, position++)
            .bind(3, p.name)
            .bind(4, p.unit)
            .bind(5, decimals)
            .bind(6, p.cells);
        published.run();
        insert_parts(database, run.id, position - 1, p.packed, run.records.size());
    }
}

constexpr std::string_view head_columns =
    "SELECT id, ruleset, ruleset_hash, year, snapshot_revision, snapshot_hash, engine_version, created_at, created_by, "
    "previous_hash, hash, record_count, last_ruling FROM run ";

Run read_run_head(const Database& database, const Statement& row) {
    Run out;
    out.id = row.integer(0);
    out.ruleset = row.text(1);
    out.ruleset_hash = row.text(2);
    out.year = static_cast<std::int32_t>(row.integer(3));
    out.snapshot = {row.integer(4), std::string(row.text(5))};
    out.engine_version = row.text(6);
    out.created_at = row.text(7);
    out.created_by = row.text(8);
    out.previous_hash = row.text(9);
    out.hash = row.text(10);
    out.last_ruling = row.integer(12);
    out.libraries = libraries_of_run(database, out.id);
    Statement built_on(database, "SELECT earlier FROM run_built_on WHERE run = ? ORDER BY position");
    built_on.bind(1, out.id);
    while (built_on.step()) out.built_on.push_back(built_on.integer(0));
    Statement state(database,
                    "SELECT p.approver, p.created_at, s.id IS NULL FROM publication p LEFT JOIN publication s ON "
                    "s.supersedes = p.run WHERE p.run = ?");
    if (state.bind(1, out.id).step()) {
        using State = Standing::State;
        out.standing = {state.integer(2) != 0 ? State::published : State::superseded, std::string(state.text(0)),
                        std::string(state.text(1))};
    }
    return out;
}

/// The texts of a run's columns, and what it says of how many records it is.
struct Body {
    explicit Body(const Database& database, std::int64_t run)
        : cohort(database, "SELECT records, record_count FROM run_cohort JOIN run ON id = run WHERE run = ?"),
          decisions(database, "SELECT name, outcomes, cells FROM run_decision WHERE run = ? ORDER BY position"),
          measures(database, "SELECT name, cells FROM run_measure WHERE run = ? ORDER BY position") {
        for (auto* all : {&cohort, &decisions, &measures}) all->bind(1, run);
    }
    Statement cohort, decisions, measures;
};

void read_body(const Database& database, Run& run) {
    Body body(database, run.id);
    if (body.cohort.step()) run.records = read_records(body.cohort.text(0));
    auto& decisions = body.decisions;
    while (decisions.step())
        run.decisions.push_back(
            read_decision(std::string(decisions.text(0)), decisions.text(1), decisions.text(2), run.records.size()));
    while (body.measures.step())
        run.measured.emplace_back(std::string(body.measures.text(0))).cells = body.measures.text(1);
}

/// What is altered may say that it is of any number.
constexpr std::int64_t most_records_left = 100'000'000;

/// As much of it as can be read.
void read_body_left(const Database& database, Run& run) {
    Body body(database, run.id);
    const auto note = [&](const std::string& of, std::vector<std::size_t> records) {
        if (!records.empty()) run.torn.push_back({of, std::move(records)});
    };
    if (body.cohort.step()) {
        try {
            run.records = read_records(body.cohort.text(0));
        } catch (const std::runtime_error&) {
            const auto said = std::clamp(body.cohort.integer(1), std::int64_t{0}, most_records_left);
            note("", read_records_left(body.cohort.text(0), static_cast<std::size_t>(said), run.records));
        }
    }
    const auto size = run.records.size();
    while (body.decisions.step()) {
        std::string name(body.decisions.text(0));
        try {
            run.decisions.push_back(read_decision(name, body.decisions.text(1), body.decisions.text(2), size));
        } catch (const std::runtime_error&) {
            auto& left = run.decisions.emplace_back(name);
            note(name, read_decision_left(body.decisions.text(1), body.decisions.text(2), size, left));
        }
    }
    while (body.measures.step()) {
        auto& measured = run.measured.emplace_back(std::string(body.measures.text(0)));
        measured.cells = body.measures.text(1);
        if (auto left = measured_left(measured.cells, size)) {
            measured.cells = std::move(left->text);
            note(measured.name, std::move(left->torn));
        }
    }
}

}  // namespace

void Store::save(Run& run) {
    auto& database = impl_->database;
    Run saved = std::move(run);
    try {
        const auto texts = texts_of(saved);
        Transaction transaction(database);
        saved.previous_hash = last_run_hash(database);
        std::vector<std::string> built_on;
        for (const auto id : saved.built_on) built_on.push_back(hash_of_run(database, id));
        saved.hash = run_hash(saved, texts, built_on, store::hash_of_ruling(database, saved.last_ruling));
        saved.created_at = now_utc();
        if (saved.created_by.empty()) saved.created_by = user_name();
        saved.id = insert_head(database, saved);
        insert_body(database, saved, texts);
        enter(database, "run", saved.id, saved.libraries);
        transaction.commit();
    } catch (...) {
        run = std::move(saved);
        run.id = 0;
        run.hash.clear();
        run.previous_hash.clear();
        throw;
    }
    run = std::move(saved);
}

std::optional<Run> Store::latest_run(const std::string& ruleset, std::int32_t year) const {
    Statement standing(impl_->database, "SELECT run FROM standing_run WHERE ruleset = ? AND year = ?");
    standing.bind(1, ruleset).bind(2, year);
    return standing.step() ? run(standing.integer(0)) : std::nullopt;
}

std::optional<Run> Store::run(std::int64_t id) const {
    Statement head(impl_->database, std::string(head_columns) + "WHERE id = ?");
    if (!head.bind(1, id).step()) return std::nullopt;
    auto out = read_run_head(impl_->database, head);
    if (impl_->as_it_stands) {
        read_body_left(impl_->database, out);
        return out;
    }
    try {
        read_body(impl_->database, out);
    } catch (const std::runtime_error& error) {
        refuse_store(Kind::store_error, impl_->database.path(),
                     fmt::format("run {} of the store has been altered or is damaged ({})", id, error.what()),
                     "restore the file from a copy");
    }
    return out;
}

namespace {

/// nullopt: none, or what nobody wrote here.
std::optional<int> decimals_of(std::string_view text) {
    int out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

}  // namespace

std::vector<Published> Store::published(std::int64_t run) const {
    std::vector<Published> out;
    Statement rows(impl_->database,
                   "SELECT name, unit, decimals, cells FROM run_published WHERE run = ? ORDER BY position");
    rows.bind(1, run);
    Statement parts(impl_->database,
                    "SELECT cells FROM run_published_part WHERE run = ? AND position = ? ORDER BY part");
    while (rows.step()) {
        auto& column = out.emplace_back(Published{std::string(rows.text(0)), std::string(rows.text(1)),
                                                  decimals_of(rows.text(2)), std::string(rows.text(3))});
        parts.bind(1, run).bind(2, static_cast<std::int64_t>(out.size()) - 1);
        while (parts.step()) column.packed += parts.bytes(0);
        parts.reset();
    }
    return out;
}

std::vector<Run> Store::runs() const {
    std::vector<Run> out;
    Statement heads(impl_->database, std::string(head_columns) + "ORDER BY id");
    while (heads.step()) out.push_back(read_run_head(impl_->database, heads));
    return out;
}

}  // namespace zoneval::store
