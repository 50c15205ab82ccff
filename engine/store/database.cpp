#include "engine/store/database.hpp"

#include <fmt/format.h>

#include "engine/store/store.hpp"

namespace zoneval::store {

namespace {

constexpr int busy_milliseconds = 3000;

struct Advice {
    Kind kind;
    std::string message, hint;
};

Advice advice_for(int code, const std::string& detail) {
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {Kind::store_error, "another program is writing to the store",
                    "let it finish (or close it), then try again"};
        case SQLITE_FULL:
            return {Kind::store_error, "there is no room left to write the store",
                    "free space on the disk; the store is as it was before"};
        case SQLITE_READONLY:
            return {Kind::store_error, "the store may not be written",
                    "check the permissions of the file and of its folder, or work on a copy"};
        case SQLITE_CANTOPEN:
            return {Kind::store_error, "the store cannot be opened",
                    "check the path, and who may read and write there"};
        case SQLITE_IOERR:
            return {Kind::store_error, fmt::format("reading or writing the store failed ({})", detail),
                    "check the disk and its free space; the store is as it was before"};
        case SQLITE_NOTADB:
            return {Kind::not_a_store, "the file is not a zoneval store", "name a store made by `zoneval import`"};
        case SQLITE_CORRUPT:
            return {Kind::store_error, fmt::format("the store is damaged ({})", detail),
                    "restore the file from a copy"};
        default: return {Kind::store_error, fmt::format("the store cannot be used ({})", detail), ""};
    }
}

}  // namespace

void refuse_store(Kind kind, const std::string& path, std::string message, std::string hint) {
    Location where;
    where.file = path;
    throw StoreError(Diagnostic{kind, std::move(message), std::move(where), "", std::move(hint)});
}

Database::Database(const std::string& path, Create create) : path_(path) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE |
                      (create == Create::yes ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
        const auto advice =
            advice_for(handle_ ? sqlite3_errcode(handle_) : SQLITE_NOMEM, handle_ ? sqlite3_errmsg(handle_) : "");
        sqlite3_close(handle_);
        refuse_store(advice.kind, path, advice.message, advice.hint);
    }
    sqlite3_busy_timeout(handle_, busy_milliseconds);
}

Database::~Database() { sqlite3_close(handle_); }

void Database::execute(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t Database::pragma(const std::string& name) const {
    Statement statement(*this, "PRAGMA " + name);
    return statement.step() ? statement.integer(0) : 0;
}

void Database::fail() const {
    const auto advice = advice_for(sqlite3_extended_errcode(handle_), sqlite3_errmsg(handle_));
    refuse_store(advice.kind, path_, advice.message, advice.hint);
}

Statement::Statement(const Database& database, std::string_view sql) : database_(database) {
    if (sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()), &handle_, nullptr) != SQLITE_OK)
        database.fail();
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::bind(int index, std::int64_t value) {
    if (sqlite3_bind_int64(handle_, index, value) != SQLITE_OK) database_.fail();
    return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
    // An empty view may hold no pointer, which SQLite would take for NULL.
    const char* data = text.data() ? text.data() : "";
    if (sqlite3_bind_text64(handle_, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK)
        database_.fail();
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    database_.fail();
}

void Statement::run() {
    while (step()) {
    }
    reset();
}

void Statement::reset() { sqlite3_reset(handle_); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view Statement::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
    return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)))
                : std::string_view{};
}

Transaction::~Transaction() {
    // A failed commit may have rolled back already; there is nothing more to do about either failure.
    if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    database_.execute("COMMIT");
    open_ = false;
}

}  // namespace zoneval::store
