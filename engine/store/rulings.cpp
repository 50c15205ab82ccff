// What people decide beside the rules.
#include <fmt/format.h>

#include "engine/store/impl.hpp"

namespace zoneval::store {

std::string hash_of_ruling(const Database& database, std::int64_t id) {
    Statement statement(database, "SELECT hash FROM ruling WHERE id = ?");
    return statement.bind(1, id).step() ? std::string(statement.text(0)) : "";
}

std::string ruling_hash(const Ruling& ruling, const std::string& run_hash) {
    Sha256 hash;
    hash.field("zoneval ruling, form 1");
    hash.field(ruling.previous_hash);
    hash.field(run_hash);
    hash.field(ruling.ruleset);
    hash.field(ruling.ruleset_hash);
    hash.field(std::to_string(ruling.year));
    for (const auto* text : {&ruling.record, &ruling.decision, &ruling.outcome, &ruling.by_rules, &ruling.possible})
        hash.field(*text);
    hash.field(ruling.over_rules ? "1" : "0");
    for (const auto* text : {&ruling.by, &ruling.reason, &ruling.document, &ruling.document_sha256, &ruling.created_at})
        hash.field(*text);
    return hash.hex();
}

namespace {

constexpr std::string_view columns =
    "id, run, ruleset, ruleset_hash, year, record, decision, outcome, by_rules, possible, over_rules, ruled_by, "
    "reason, "
    "document, document_sha256, created_at, created_by, previous_hash, hash";

Ruling read(const Statement& row) {
    const auto text = [&](int column) { return std::string(row.text(column)); };
    Ruling out;
    out.id = row.integer(0);
    out.run = row.integer(1);
    out.ruleset = text(2);
    out.ruleset_hash = text(3);
    out.year = static_cast<std::int32_t>(row.integer(4));
    out.record = text(5);
    out.decision = text(6);
    out.outcome = text(7);
    out.by_rules = text(8);
    out.possible = text(9);
    out.over_rules = row.integer(10) != 0;
    out.by = text(11);
    out.reason = text(12);
    out.document = text(13);
    out.document_sha256 = text(14);
    out.created_at = text(15);
    out.created_by = text(16);
    out.previous_hash = text(17);
    out.hash = text(18);
    return out;
}

std::vector<Ruling> all(const Database& database) {
    std::vector<Ruling> out;
    Statement rows(database, fmt::format("SELECT {} FROM ruling ORDER BY id", columns));
    while (rows.step()) out.push_back(read(rows));
    return out;
}

}  // namespace

void Store::save(Ruling& ruling) {
    auto& database = impl_->database;
    Transaction transaction(database);
    Ruling saved = ruling;
    saved.previous_hash = store::hash_of_ruling(database, last_ruling());
    saved.created_at = now_utc();
    saved.created_by = user_name();
    saved.hash = ruling_hash(saved, hash_of_run(database, saved.run));
    Statement insert(
        database,
        "INSERT INTO ruling (run, ruleset, ruleset_hash, year, record, decision, outcome, by_rules, possible, "
        "over_rules, ruled_by, reason, document, document_sha256, created_at, created_by, previous_hash, hash) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(1, saved.run).bind(2, saved.ruleset).bind(3, saved.ruleset_hash).bind(4, saved.year);
    insert.bind(10, saved.over_rules ? 1 : 0);
    int column = 5;
    for (const auto* text : {&saved.record, &saved.decision, &saved.outcome, &saved.by_rules, &saved.possible})
        insert.bind(column++, *text);
    column = 11;
    for (const auto* text : {&saved.by, &saved.reason, &saved.document, &saved.document_sha256, &saved.created_at,
                             &saved.created_by, &saved.previous_hash, &saved.hash})
        insert.bind(column++, *text);
    insert.run();
    saved.id = database.last_insert_id();
    enter(database, "ruling", saved.id);
    transaction.commit();
    ruling = std::move(saved);
}

std::vector<Ruling> Store::rulings(const std::string& ruleset, std::int64_t up_to) const {
    auto out = all(impl_->database);
    std::erase_if(out, [&](const Ruling& r) { return r.ruleset != ruleset || r.id > up_to; });
    return out;
}

std::int64_t Store::last_ruling() const {
    Statement last(impl_->database, "SELECT max(id) FROM ruling");
    return last.step() ? last.integer(0) : 0;
}

std::string Store::hash_of_ruling(std::int64_t id) const { return store::hash_of_ruling(impl_->database, id); }

std::optional<std::int64_t> Store::first_broken_ruling() const {
    const auto& database = impl_->database;
    return first_broken_link(database, "ruling", all(database), [&](const Ruling& ruling) {
        return ruling.hash == ruling_hash(ruling, hash_of_run(database, ruling.run));
    });
}

}  // namespace zoneval::store
