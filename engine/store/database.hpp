// SQLite as values: connections, statements and transactions that clean up after themselves.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/diag/diagnostic.hpp"

namespace zoneval::store {

/// Throws StoreError about the file as a whole.
[[noreturn]] void refuse_store(Kind kind, const std::string& path, std::string message, std::string hint);

/// Every failure throws StoreError with advice fit for the person at the keyboard.
class Database {
  public:
    enum class Create { no, yes };
    Database(const std::string& path, Create create);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void execute(const std::string& sql);
    std::int64_t last_insert_id() const { return sqlite3_last_insert_rowid(handle_); }
    std::int64_t pragma(const std::string& name) const;
    const std::string& path() const { return path_; }
    sqlite3* handle() const { return handle_; }
    [[noreturn]] void fail() const;  ///< for the connection's last error

  private:
    std::string path_;
    sqlite3* handle_ = nullptr;
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
    bool step();  ///< true: there is a row
    void run();   ///< steps to the end and is ready again
    void reset();
    std::int64_t integer(int column) const;
    std::string_view text(int column) const;

  private:
    const Database& database_;
    sqlite3_stmt* handle_ = nullptr;
};

/// Takes the write lock at once; rolls back unless committed.
class Transaction {
  public:
    explicit Transaction(Database& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Database& database_;
    bool open_ = true;
};

}  // namespace zoneval::store
