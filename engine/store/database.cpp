#include "engine/store/database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <thread>

#include "engine/store/store.hpp"

namespace zoneval::store {

namespace {

struct Advice {
    Kind kind;
    std::string message, hint;
};

Advice advice_for(int code, const std::string& detail, std::chrono::milliseconds waited) {
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {Kind::store_error,
                    fmt::format("another program is using the store, and has not finished within {:.1f} seconds",
                                std::chrono::duration<double>(waited).count()),
                    "let it finish (or close it), then try again; the store is as that program leaves it"};
        case SQLITE_NOMEM: throw std::bad_alloc();
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

Database::Database(const std::string& path, Create create, std::chrono::milliseconds wait)
    : path_(path), waiting_(std::make_unique<Waiting>(wait)) {
    // SQLite may have been built to read `file:` as the beginning of an address with options.
    const auto name = path.starts_with("file:") ? "./" + path : path;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE |
                      (create == Create::yes ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(name.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
        const auto advice =
            advice_for(handle_ ? sqlite3_errcode(handle_) : SQLITE_NOMEM, handle_ ? sqlite3_errmsg(handle_) : "", {});
        sqlite3_close(handle_);
        refuse_store(advice.kind, path, advice.message, advice.hint);
    }
    sqlite3_busy_handler(handle_, wait_a_little, waiting_.get());
}

int Database::wait_a_little(void* waiting, int attempt) {
    auto& w = *static_cast<Waiting*>(waiting);
    const auto now = std::chrono::steady_clock::now();
    if (attempt == 0) w.since = now;
    w.so_far = std::chrono::duration_cast<std::chrono::milliseconds>(now - w.since);
    if (w.so_far >= w.most) return 0;
    constexpr int longest = 20;  // milliseconds: whoever writes for a moment is not waited for much longer
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(1 + attempt, longest)));
    return 1;
}

void Database::go_on_with_a_copy() {
    sqlite3* copy = nullptr;
    // No name: a file of its own in the folder for temporary files, used only if the copy is large.
    if (sqlite3_open_v2("", &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr) !=
        SQLITE_OK) {
        sqlite3_close(copy);
        fail();
    }
    auto* backup = sqlite3_backup_init(copy, "main", handle_, "main");
    if (backup) sqlite3_backup_step(backup, -1);
    if (!backup || sqlite3_backup_finish(backup) != SQLITE_OK) {
        const auto advice = advice_for(sqlite3_extended_errcode(copy), sqlite3_errmsg(copy), waiting_->so_far);
        sqlite3_close(copy);
        refuse_store(advice.kind, path_, advice.message, advice.hint);
    }
    sqlite3_close(handle_);
    handle_ = copy;
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
    const auto advice = advice_for(sqlite3_extended_errcode(handle_), sqlite3_errmsg(handle_), waiting_->so_far);
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

namespace {

bool inside_another(const Database& database) { return sqlite3_get_autocommit(database.handle()) == 0; }

}  // namespace

Transaction::Transaction(Database& database) : database_(database), inside_(inside_another(database)) {
    database_.execute(inside_ ? "SAVEPOINT part" : "BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    // A failed commit may have rolled back already; there is nothing more to do about either failure.
    if (open_)
        sqlite3_exec(database_.handle(), inside_ ? "ROLLBACK TO part; RELEASE part" : "ROLLBACK", nullptr, nullptr,
                     nullptr);
}

void Transaction::commit() {
    database_.execute(inside_ ? "RELEASE part" : "COMMIT");
    open_ = false;
}

ReadTransaction::ReadTransaction(const Database& database) : database_(database), inside_(inside_another(database)) {
    if (inside_) return;
    Statement(database, "BEGIN").run();
    // The state is that of the first read.
    try {
        database.pragma("schema_version");
    } catch (...) {
        sqlite3_exec(database.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
        throw;
    }
}

ReadTransaction::~ReadTransaction() {
    if (!inside_) sqlite3_exec(database_.handle(), "COMMIT", nullptr, nullptr, nullptr);
}

}  // namespace zoneval::store
