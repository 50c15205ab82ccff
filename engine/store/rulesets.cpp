#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "engine/store/impl.hpp"

namespace zoneval::store {

namespace fs = std::filesystem;

std::string RuleSetText::hash() const {
    const auto folder = fs::path(entry).parent_path();
    const auto relative = [&](const std::string& path) {
        return folder.empty() ? path : fs::path(path).lexically_relative(folder).generic_string();
    };
    std::vector<std::pair<std::string, const std::string*>> sorted;
    for (const auto& file : files) sorted.emplace_back(relative(file.path), &file.text);
    std::sort(sorted.begin(), sorted.end());
    Sha256 hash;
    hash.field(relative(entry));
    for (const auto& [path, text] : sorted) {
        hash.field(path);
        hash.field(*text);
    }
    return hash.hex();
}

void Store::save(const RuleSetText& text) {
    const auto hash = text.hash();
    auto& database = impl_->database;
    Transaction transaction(database);
    Statement known(database, "SELECT 1 FROM ruleset WHERE hash = ?");
    if (known.bind(1, hash).step()) return;
    Statement(database, "INSERT INTO ruleset (hash, id, entry) VALUES (?, ?, ?)")
        .bind(1, hash)
        .bind(2, text.id)
        .bind(3, text.entry)
        .run();
    Statement insert(database, "INSERT INTO ruleset_file (ruleset_hash, position, path, text) VALUES (?, ?, ?, ?)");
    for (std::size_t i = 0; i < text.files.size(); ++i)
        insert.bind(1, hash)
            .bind(2, static_cast<std::int64_t>(i))
            .bind(3, text.files[i].path)
            .bind(4, text.files[i].text)
            .run();
    known.reset();
    transaction.commit();
}

std::optional<RuleSetText> ruleset_if_there(const Database& database, const std::string& hash) {
    RuleSetText out;
    Statement head(database, "SELECT id, entry FROM ruleset WHERE hash = ?");
    if (!head.bind(1, hash).step()) return std::nullopt;
    out.id = head.text(0);
    out.entry = head.text(1);
    Statement files(database, "SELECT path, text FROM ruleset_file WHERE ruleset_hash = ? ORDER BY position");
    files.bind(1, hash);
    while (files.step()) out.files.push_back({std::string(files.text(0)), std::string(files.text(1))});
    return out;
}

RuleSetText Store::ruleset(const std::string& hash) const {
    const auto reading = read();
    auto out = ruleset_if_there(impl_->database, hash);
    if (!out)
        refuse_store(Kind::no_run, impl_->database.path(),
                     fmt::format("the store holds no rule set with the hash {}", hash), "");
    return std::move(*out);
}

}  // namespace zoneval::store
