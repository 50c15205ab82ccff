#include "engine/io/sources/sqlite_table.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <new>

#include "engine/io/bytes/text.hpp"

namespace zoneval::io {

namespace {

using namespace std::string_view_literals;

struct Trouble {
    std::string message, hint;
};

struct CloseStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, CloseStatement>;

/// The bytes as a database of their own, which nobody can change.
class Memory {
  public:
    explicit Memory(std::string_view bytes) {
        if (const int code = sqlite3_open_v2(":memory:", &handle_, SQLITE_OPEN_READWRITE, nullptr); code != SQLITE_OK)
            fail(code);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        auto* copy = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size()));
        if (!copy) throw std::bad_alloc();
        std::memcpy(copy, bytes.data(), bytes.size());
        // A file that is written through a log beside it says so here; a copy in memory has no log.
        constexpr std::size_t write_version = 18, read_version = 19;
        if (bytes.size() > read_version) copy[write_version] = copy[read_version] = 1;
        const auto size = static_cast<sqlite3_int64>(bytes.size());
        if (const int code = sqlite3_deserialize(handle_, "main", copy, size, size,
                                                 SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY);
            code != SQLITE_OK)
            fail(code);
    }
    ~Memory() { sqlite3_close(handle_); }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;

    Statement prepare(const std::string& sql) const {
        sqlite3_stmt* out = nullptr;
        if (const int code = sqlite3_prepare_v2(handle_, sql.c_str(), static_cast<int>(sql.size()), &out, nullptr);
            code != SQLITE_OK)
            fail(code);
        return Statement(out);
    }
    bool step(const Statement& statement) const {
        const int code = sqlite3_step(statement.get());
        if (code != SQLITE_ROW && code != SQLITE_DONE) fail(code);
        return code == SQLITE_ROW;
    }

  private:
    [[noreturn]] void fail(int code) const {
        if ((code & 0xFF) == SQLITE_NOMEM) throw std::bad_alloc();
        throw Trouble{fmt::format("the database cannot be read: {}", sqlite3_errmsg(handle_)),
                      "`sqlite3 FILE 'pragma integrity_check'` says what is wrong with it"};
    }

    sqlite3* handle_ = nullptr;
};

void refuse_waiting_changes(const std::string& file) {
    for (const auto* ending : {"-wal", "-journal"}) {
        std::error_code none;
        if (const auto size = std::filesystem::file_size(file + ending, none); !none && size > 0)
            throw Trouble{fmt::format("changes to the database still wait in `{}{}`", file, ending),
                          fmt::format("close the program that has it open; or `sqlite3 {} 'pragma "
                                      "wal_checkpoint(truncate)'` takes them into the file",
                                      file)};
    }
}

std::string_view text_of(const Statement& row, int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row.get(), column));
    // A text that no memory was left for looks like a null.
    if (!text && sqlite3_errcode(sqlite3_db_handle(row.get())) == SQLITE_NOMEM) throw std::bad_alloc();
    return {text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(row.get(), column))};
}

std::vector<std::string> tables_of(const Memory& database) {
    const auto rows = database.prepare(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY name");
    std::vector<std::string> out;
    while (database.step(rows)) out.emplace_back(text_of(rows, 0));
    return out;
}

bool declared_boolean(const Statement& rows, int column) {
    const auto* declared = sqlite3_column_decltype(rows.get(), column);
    return declared && (sqlite3_stricmp(declared, "boolean") == 0 || sqlite3_stricmp(declared, "bool") == 0);
}

class Reader {
  public:
    Reader(const Memory& database, const std::string& table)
        : rows_(database.prepare("SELECT * FROM " + sql_name(table))) {
        out_.name = table;
        for (int i = 0; i < sqlite3_column_count(rows_.get()); ++i) {
            out_.headings.emplace_back(sqlite3_column_name(rows_.get(), i));
            booleans_.push_back(declared_boolean(rows_, i));
        }
        while (database.step(rows_))
            for (int i = 0; i < static_cast<int>(booleans_.size()); ++i) add(i);
    }
    SourceTable take() { return std::move(out_); }

  private:
    void add(int column) {
        switch (sqlite3_column_type(rows_.get(), column)) {
            case SQLITE_NULL: return out_.add("");
            case SQLITE_BLOB: return out_.add("binary data", fact::no_text);
            case SQLITE_INTEGER: return add_integer(column);
            case SQLITE_FLOAT: {
                Facts facts = 0;
                const auto text = decimal_of(sqlite3_column_double(rows_.get(), column), facts);
                return out_.add(text, facts);
            }
            default: return add_text(column);
        }
    }
    void add_integer(int column) {
        const auto value = sqlite3_column_int64(rows_.get(), column);
        if (booleans_[static_cast<std::size_t>(column)] && (value == 0 || value == 1))
            return out_.add(value == 1 ? "true" : "false");
        out_.add(std::to_string(value));
    }
    void add_text(int column) {
        const auto text = text_of(rows_, column);
        if (first_invalid_utf8(text))
            throw Trouble{fmt::format("row {}, column `{}`: the text is not UTF-8", out_.rows() + 1,
                                      out_.headings[static_cast<std::size_t>(column)]),
                          "write it into the database again, as UTF-8"};
        out_.add(text);
    }

    Statement rows_;
    SourceTable out_;
    std::vector<bool> booleans_;
};

template <class Read>  // of a Memory
auto reading(std::string_view bytes, const std::string& file, Diagnostics& diagnostics, const Read& read)
    -> decltype(read(std::declval<const Memory&>())) {
    try {
        refuse_waiting_changes(file);
        return read(Memory(bytes));
    } catch (const Trouble& trouble) {
        Location where;
        where.file = file;
        diagnostics.add({Kind::unreadable_file, trouble.message, std::move(where), "", trouble.hint});
        return {};
    }
}

}  // namespace

bool is_sqlite(std::string_view bytes) { return bytes.starts_with("SQLite format 3\0"sv); }

std::vector<std::string> sqlite_tables(std::string_view bytes, const std::string& file, Diagnostics& diagnostics) {
    return reading(bytes, file, diagnostics, tables_of);
}

SourceTable read_sqlite(std::string_view bytes, const std::string& file, const std::string& table,
                        Diagnostics& diagnostics) {
    return reading(bytes, file, diagnostics, [&](const Memory& database) {
        const auto chosen = choose_table(tables_of(database), table, file, diagnostics);
        return chosen.empty() ? SourceTable{} : Reader(database, chosen).take();
    });
}

}  // namespace zoneval::io
