// What a run's hash covers: of a run as it is written, and of one as it is stored.
#include "engine/store/impl.hpp"
#include "engine/store/packed_numbers.hpp"

namespace zoneval::store {

std::string snapshot_hash(const std::vector<std::string>& batch_hashes) {
    Sha256 hash;
    for (const auto& batch : batch_hashes) hash.field(batch);
    return hash.hex();
}

namespace {

/// What a run's hash covers, in this order: the head, then `body` adds the columns. A run that publishes nothing has
/// the form of those before version 8.
template <class Body>
std::string hash_of(const Run& head, std::size_t records, bool publishes,
                    const std::vector<std::string>& built_on_hashes, const std::string& last_ruling_hash,
                    const Body& body) {
    Sha256 hash;
    const auto number = [&](auto value) { hash.field(std::to_string(value)); };
    hash.field(publishes               ? "zoneval run, form 4"
               : head.last_ruling == 0 ? "zoneval run, form 2"
                                       : "zoneval run, form 3");
    hash.field(head.previous_hash);
    hash.field(head.ruleset);
    hash.field(head.ruleset_hash);
    number(head.year);
    number(head.snapshot.revision);
    hash.field(head.snapshot.hash);
    hash.field(head.engine_version);
    number(built_on_hashes.size());
    for (const auto& earlier : built_on_hashes) hash.field(earlier);
    if (head.last_ruling != 0 || publishes) {
        number(head.last_ruling);
        hash.field(last_ruling_hash);
    }
    number(records);
    body(hash);
    return hash.hex();
}

void add_published(const Database& database, std::int64_t run, Sha256& hash) {
    Statement columns(
        database, "SELECT name, unit, decimals, cells, position FROM run_published WHERE run = ? ORDER BY position");
    Statement parts(database, "SELECT cells FROM run_published_part WHERE run = ? AND position = ? ORDER BY part");
    columns.bind(1, run);
    while (columns.step()) {
        for (int i = 0; i < 4; ++i) hash.field(columns.text(i));
        parts.bind(1, run).bind(2, columns.integer(4));
        while (parts.step()) hash.field(parts.bytes(0));
        parts.reset();
    }
}

}  // namespace

/// Who took part, what was decided and measured.
void add_contents(const Database& database, std::int64_t run, Sha256& hash) {
    const auto fields = [&](std::string_view sql, int columns) {
        Statement rows(database, sql);
        rows.bind(1, run);
        while (rows.step())
            for (int i = 0; i < columns; ++i) hash.field(rows.text(i));
    };
    fields("SELECT records FROM run_cohort WHERE run = ?", 1);
    fields("SELECT name, outcomes, cells FROM run_decision WHERE run = ? ORDER BY position", 3);
    fields("SELECT name, cells FROM run_measure WHERE run = ? ORDER BY position", 2);
}

std::string stored_run_hash(const Database& database, const Run& head,
                            const std::vector<std::string>& built_on_hashes) {
    Statement counted(
        database,
        "SELECT record_count, (SELECT count(*) FROM run_decision WHERE run = id), (SELECT count(*) FROM run_measure "
        "WHERE run = id), (SELECT count(*) FROM run_published WHERE run = id) FROM run WHERE id = ?");
    if (!counted.bind(1, head.id).step()) return "";
    const auto last_ruling_hash = hash_of_ruling(database, head.last_ruling);
    const auto published = counted.integer(3);
    return hash_of(head, static_cast<std::size_t>(counted.integer(0)), published > 0, built_on_hashes, last_ruling_hash,
                   [&](Sha256& hash) {
                       for (const int i : {1, 2}) hash.field(std::to_string(counted.integer(i)));
                       add_contents(database, head.id, hash);
                       if (published == 0) return;
                       hash.field(std::to_string(published));
                       add_published(database, head.id, hash);
                   });
}

std::string run_hash(const Run& run, const RunTexts& texts, const std::vector<std::string>& built_on_hashes,
                     const std::string& last_ruling_hash) {
    const bool publishes = !run.published.empty();
    return hash_of(run, run.records.size(), publishes, built_on_hashes, last_ruling_hash, [&](Sha256& hash) {
        hash.field(std::to_string(texts.decisions.size()));
        hash.field(std::to_string(texts.measures.size()));
        hash.field(texts.records);
        for (const auto& d : texts.decisions)
            for (const auto* text : {&d.name, &d.outcomes, &d.cells}) hash.field(*text);
        for (const auto& m : texts.measures)
            for (const auto* text : {&m.name, &m.cells}) hash.field(*text);
        if (publishes) hash.field(std::to_string(run.published.size()));
        for (const auto& p : run.published) {
            const auto decimals = decimals_text(p);
            for (const auto* text : {&p.name, &p.unit, &decimals, &p.cells}) hash.field(*text);
            for (const auto part : parts_of(p.packed, run.records.size())) hash.field(part);
        }
    });
}

std::string decimals_text(const Published& published) {
    return published.decimals ? std::to_string(*published.decimals) : "";
}

std::string Store::content_hash(std::int64_t run) const {
    Sha256 hash;
    add_contents(impl_->database, run, hash);
    return hash.hex();
}

}  // namespace zoneval::store
