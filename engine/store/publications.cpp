// What was published, and by whom.
#include "engine/store/impl.hpp"

namespace zoneval::store {

std::string publication_hash(const Publication& publication, const std::string& run_hash,
                             const std::string& last_ruling_hash) {
    Sha256 hash;
    hash.field("zoneval publication, form 1");
    hash.field(publication.previous_hash);
    hash.field(run_hash);
    hash.field(std::to_string(publication.run));
    hash.field(std::to_string(publication.supersedes));
    for (const auto* text : {&publication.author, &publication.approver, &publication.reason}) hash.field(*text);
    hash.field(std::to_string(publication.last_ruling));
    hash.field(last_ruling_hash);
    hash.field(publication.root);
    hash.field(publication.created_at);
    return hash.hex();
}

std::string to_string(Standing::State state) {
    switch (state) {
        case Standing::State::draft: return "draft";
        case Standing::State::published: return "published";
        case Standing::State::superseded: return "superseded";
    }
    return "";
}

namespace {

std::string last_publication_hash(const Database& database) {
    Statement last(database, "SELECT hash FROM publication ORDER BY id DESC LIMIT 1");
    return last.step() ? std::string(last.text(0)) : "";
}

std::string author_of(const Database& database, std::int64_t run) {
    Statement author(database, "SELECT created_by FROM run WHERE id = ?");
    return author.bind(1, run).step() ? std::string(author.text(0)) : "";
}

std::string hash_of(const Database& database, const Publication& publication) {
    return publication_hash(publication, hash_of_run(database, publication.run),
                            hash_of_ruling(database, publication.last_ruling));
}

}  // namespace

void Store::save(Publication& publication) {
    auto& database = impl_->database;
    Transaction transaction(database);
    Publication saved = publication;
    saved.author = author_of(database, saved.run);
    saved.previous_hash = last_publication_hash(database);
    saved.last_ruling = last_ruling();
    saved.created_at = now_utc();
    saved.created_by = user_name();
    saved.hash = hash_of(database, saved);
    Statement insert(
        database,
        "INSERT INTO publication (run, supersedes, author, approver, reason, last_ruling, root, created_at, "
        "created_by, previous_hash, hash) VALUES (?, nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(1, saved.run).bind(2, saved.supersedes).bind(6, saved.last_ruling);
    int column = 3;
    for (const auto* text : {&saved.author, &saved.approver, &saved.reason}) insert.bind(column++, *text);
    column = 7;
    for (const auto* text : {&saved.root, &saved.created_at, &saved.created_by, &saved.previous_hash, &saved.hash})
        insert.bind(column++, *text);
    insert.run();
    saved.id = database.last_insert_id();
    enter(database, "publication", saved.id);
    transaction.commit();
    publication = std::move(saved);
}

std::vector<Publication> Store::publications() const {
    std::vector<Publication> out;
    Statement row(impl_->database,
                  "SELECT id, run, supersedes, author, approver, reason, last_ruling, root, created_at, created_by, "
                  "previous_hash, hash FROM publication ORDER BY id");
    while (row.step()) {
        const auto text = [&](int column) { return std::string(row.text(column)); };
        auto& one = out.emplace_back();
        one.id = row.integer(0);
        one.run = row.integer(1);
        one.supersedes = row.integer(2);  // SQLite reads NULL as 0
        one.author = text(3);
        one.approver = text(4);
        one.reason = text(5);
        one.last_ruling = row.integer(6);
        one.root = text(7);
        one.created_at = text(8);
        one.created_by = text(9);
        one.previous_hash = text(10);
        one.hash = text(11);
    }
    return out;
}

std::optional<std::int64_t> Store::first_broken_publication() const {
    const auto& database = impl_->database;
    return first_broken_link(database, "publication", publications(), [&](const Publication& publication) {
        return publication.hash == hash_of(database, publication) &&
               publication.author == author_of(database, publication.run);
    });
}

}  // namespace zoneval::store
