// SQLite as values: connections, statements and transactions that clean up after themselves.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/diag/diagnostic.hpp"

namespace zoneval::store {

/// Throws StoreError about the file as a whole.
[[noreturn]] void refuse_store(Kind kind, const std::string& path, std::string message, std::string hint);

/// Of what SQLite says is wrong with a file: throws std::bad_alloc where it could only not look for want of memory.
void refuse_if_no_memory(std::string_view finding);

/// Every failure throws StoreError with advice fit for the person at the keyboard.
class Database {
  public:
    enum class Create { no, yes };
    /// How long whoever finds the file in use waits for it, before StoreError says so.
    static constexpr std::chrono::milliseconds usual_wait{30'000};
    /// `path` is a path, also where SQLite would read more into it (`file:…`).
    Database(const std::string& path, Create create, std::chrono::milliseconds wait = usual_wait);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void execute(const std::string& sql);
    std::int64_t last_insert_id() const { return sqlite3_last_insert_rowid(handle_); }
    std::int64_t pragma(const std::string& name) const;
    const std::string& path() const { return path_; }
    /// Goes on with a copy of its own, which is gone with it: the file is no longer read, or written.
    void go_on_with_a_copy();
    sqlite3* handle() const { return handle_; }
    [[noreturn]] void fail(int code) const;  ///< for what a call answered

    /// Before a transaction, or a part of one, is begun. Whether it is a part: one within another that was begun here
    /// and not ended. Throws where that other one is none any more: where something in it could not be ended for want
    /// of memory, or SQLite undid it as a whole. What is written then would be committed by itself, or never.
    bool is_within_another() const;
    void has_begun() const { ++begun_; }
    void has_ended() const { --begun_; }
    /// The other one of the outermost stands no more.
    bool is_undone() const;
    /// Ends what has begun, where nothing may be thrown.
    void end(const char* sql) const noexcept;

  private:
    /// Since when somebody else has been waited for, and how long at most.
    struct Waiting {
        std::chrono::milliseconds most;
        std::chrono::steady_clock::time_point since{};
        std::chrono::milliseconds so_far{0};
    };
    static int wait_a_little(void* waiting, int attempt);

    std::string path_;
    sqlite3* handle_ = nullptr;
    std::unique_ptr<Waiting> waiting_;
    mutable int begun_ = 0;  ///< transactions and parts of them
    mutable bool left_open_ = false;
};

/// A prepared statement. Texts bound must live until the next step; texts read, until the one after it.
class Statement {
  public:
    Statement(const Database& database, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, std::string_view text);
    Statement& bind_bytes(int index, std::string_view bytes);
    bool step();  ///< true: there is a row
    void run();   ///< steps to the end and is ready again
    void reset();
    std::int64_t integer(int column) const;
    std::string_view text(int column) const;
    std::string_view bytes(int column) const;

  private:
    const Database& database_;
    sqlite3_stmt* handle_ = nullptr;
};

/// Takes the write lock at once; rolls back unless committed. One inside another is a part of it: what it rolls back is
/// its own part, and what it commits is there when the outer one commits.
class Transaction {
  public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Database& database_;
    bool inside_;
    bool open_ = true;
};

/// What is read while it lives is of one state of the file. One inside a transaction of either kind is part of it.
class ReadTransaction {
  public:
    explicit ReadTransaction(const Database& database);
    ~ReadTransaction();
    ReadTransaction(const ReadTransaction&) = delete;
    ReadTransaction& operator=(const ReadTransaction&) = delete;

  private:
    const Database& database_;
    bool inside_;
};

}  // namespace zoneval::store
