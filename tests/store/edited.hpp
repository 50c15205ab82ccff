// A store changed behind zoneval's back.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/store/database.hpp"
#include "engine/store/store.hpp"

namespace zoneval::testing {

inline std::vector<std::string> list(const std::string& path, const std::string& sql) {
    store::Database database(path, store::Database::Create::no);
    store::Statement rows(database, sql);
    std::vector<std::string> out;
    while (rows.step()) out.emplace_back(rows.text(0));
    return out;
}

/// Changes a copy as somebody would who knows SQLite and covers the traces: triggers are as they were afterwards. False
/// when SQLite itself does not let it be done.
inline bool edited(const std::string& path, const std::string& copy, const std::string& sql) {
    std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
    const auto names = list(path, "SELECT name FROM sqlite_schema WHERE type = 'trigger'"),
               texts = list(path, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'");
    store::Database database(copy, store::Database::Create::no);
    database.execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF");
    for (const auto& name : names) database.execute("DROP TRIGGER " + name);
    try {
        database.execute(sql);
    } catch (const store::StoreError&) {
        return false;
    }
    for (const auto& text : texts) database.execute(text);
    return true;
}

}  // namespace zoneval::testing
