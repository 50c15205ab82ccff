// The command `duckdb`, where it is there: what reads and writes Parquet.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zoneval::io {

/// Thrown where the command is not there, or cannot do what was asked.
struct DuckdbTrouble {
    std::string message, hint;
};

/// What the statement prints, as CSV. The command sees `bytes` as the file /dev/fd/3, and `may_write` by its path; it
/// can open no other file, no extension and no network. `database`: the bytes are one.
std::string ask_duckdb(std::string_view bytes, bool database, const std::string& statement,
                       const std::string& may_write = "/dev/stdout");

}  // namespace zoneval::io
