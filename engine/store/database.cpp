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

void refuse_if_no_memory(std::string_view finding) {
    if (finding.find("error code=7") != std::string_view::npos) throw std::bad_alloc();  // SQLITE_NOMEM
}

Database::Database(const std::string& path, Create create, std::chrono::milliseconds wait)
    : path_(path), waiting_(std::make_unique<Waiting>(Waiting{wait})) {
    // SQLite may have been built to read `file:` as the beginning of an address with options.
    const auto name = path.starts_with("file:") ? "./" + path : path;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE |
                      (create == Create::yes ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(name.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
        const int code = handle_ ? sqlite3_errcode(handle_) : SQLITE_NOMEM;
        const std::string detail = handle_ ? sqlite3_errmsg(handle_) : "";
        sqlite3_close(handle_);
        const auto advice = advice_for(code, detail, {});
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
        const int code = copy ? sqlite3_extended_errcode(copy) : SQLITE_NOMEM;
        sqlite3_close(copy);
        fail(code);
    }
    auto* backup = sqlite3_backup_init(copy, "main", handle_, "main");
    if (backup) sqlite3_backup_step(backup, -1);
    if (const int code = backup ? sqlite3_backup_finish(backup) : sqlite3_extended_errcode(copy); code != SQLITE_OK) {
        const std::string detail = sqlite3_errmsg(copy);
        sqlite3_close(copy);
        const auto advice = advice_for(code, detail, waiting_->so_far);
        refuse_store(advice.kind, path_, advice.message, advice.hint);
    }
    sqlite3_close(handle_);
    handle_ = copy;
}

Database::~Database() { sqlite3_close(handle_); }

void Database::execute(const std::string& sql) {
    if (const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK) fail(code);
}

bool Database::is_undone() const { return left_open_ || sqlite3_get_autocommit(handle_) != 0; }

bool Database::is_within_another() const {
    if (begun_ > 0) {
        if (is_undone()) throw std::bad_alloc();
        return true;
    }
    if (left_open_)
        if (const int code = sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr); code != SQLITE_OK)
            fail(code);
    left_open_ = false;
    return false;
}

void Database::end(const char* sql) const noexcept {
    has_ended();
    // What could not be ended within it must not be committed with it.
    const bool all = begun_ == 0;
    const char* how = all && left_open_ ? "ROLLBACK" : sql;
    const bool done = sqlite3_exec(handle_, how, nullptr, nullptr, nullptr) == SQLITE_OK;
    left_open_ = all ? sqlite3_get_autocommit(handle_) == 0 : left_open_ || !done;
}

std::int64_t Database::pragma(const std::string& name) const {
    Statement statement(*this, "PRAGMA " + name);
    return statement.step() ? statement.integer(0) : 0;
}

void Database::fail(int code) const {
    // Where there was no memory, the connection may not have been able to note anything else.
    const auto noted = sqlite3_extended_errcode(handle_);
    const auto advice =
        advice_for((code & 0xFF) == (noted & 0xFF) ? noted : code, sqlite3_errmsg(handle_), waiting_->so_far);
    refuse_store(advice.kind, path_, advice.message, advice.hint);
}

Statement::Statement(const Database& database, std::string_view sql) : database_(database) {
    if (const int code =
            sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()), &handle_, nullptr);
        code != SQLITE_OK)
        database.fail(code);
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::bind(int index, std::int64_t value) {
    if (const int code = sqlite3_bind_int64(handle_, index, value); code != SQLITE_OK) database_.fail(code);
    return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
    // An empty view may hold no pointer, which SQLite would take for NULL.
    const char* data = text.data() ? text.data() : "";
    if (const int code = sqlite3_bind_text64(handle_, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
        code != SQLITE_OK)
        database_.fail(code);
    return *this;
}

Statement& Statement::bind_bytes(int index, std::string_view bytes) {
    const char* data = bytes.data() ? bytes.data() : "";
    if (const int code = sqlite3_bind_blob64(handle_, index, data, bytes.size(), SQLITE_STATIC); code != SQLITE_OK)
        database_.fail(code);
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    database_.fail(code);
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
    // A text that no memory was left for looks like a null.
    if (!data && sqlite3_errcode(database_.handle()) == SQLITE_NOMEM) throw std::bad_alloc();
    return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)))
                : std::string_view{};
}

std::string_view Statement::bytes(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
    if (!data && sqlite3_errcode(database_.handle()) == SQLITE_NOMEM) throw std::bad_alloc();
    return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)))
                : std::string_view{};
}

Transaction::Transaction(Database& database) : database_(database), inside_(database.is_within_another()) {
    database_.execute(inside_ ? "SAVEPOINT part" : "BEGIN IMMEDIATE");
    database_.has_begun();
}

Transaction::~Transaction() {
    if (open_) database_.end(inside_ ? "ROLLBACK TO part; RELEASE part" : "ROLLBACK");
}

void Transaction::commit() {
    if (database_.is_undone()) throw std::bad_alloc();  // nothing but a want of memory undoes it untold
    database_.execute(inside_ ? "RELEASE part" : "COMMIT");
    database_.has_ended();
    open_ = false;
}

ReadTransaction::ReadTransaction(const Database& database)
    : database_(database), inside_(database.is_within_another()) {
    if (inside_) return;
    Statement(database, "BEGIN").run();
    database.has_begun();
    // The state is that of the first read.
    try {
        database.pragma("schema_version");
    } catch (...) {
        database.end("ROLLBACK");
        throw;
    }
}

ReadTransaction::~ReadTransaction() {
    if (!inside_) database_.end("COMMIT");
}

}  // namespace zoneval::store
