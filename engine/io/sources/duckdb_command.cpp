#include "engine/io/sources/duckdb_command.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "engine/io/bytes/program.hpp"
#include "engine/io/sources/table_rows.hpp"

namespace zoneval::io {

namespace {

std::string command() {
    const auto* given = std::getenv("ZONEVAL_DUCKDB");
    auto out = given ? std::string(given) : find_program("duckdb");
    if (out.empty())
        throw DuckdbTrouble{
            "Parquet files and DuckDB databases are read and written by the command `duckdb`, which is not there",
            "`script/setup --parquet` installs it beside zoneval; or put it on the PATH"};
    return out;
}

}  // namespace

std::string ask_duckdb(std::string_view bytes, bool database, const std::string& statement,
                       const std::string& may_write) {
    const auto path = command();
    std::vector<std::string> arguments = {"-init", "/dev/null", "-batch", "-bail", "-csv", "-nullvalue", ""};
    if (database) arguments.insert(arguments.end(), {"-readonly", "/dev/fd/3"});
    const auto alone = fmt::format(
        "SET allowed_paths = ['/dev/fd/3', {}]; SET autoinstall_known_extensions = false; "
        "SET autoload_known_extensions = false; SET enable_external_access = false; SET lock_configuration = true; ",
        sql_text(may_write));
    arguments.insert(arguments.end(), {"-c", alone + statement});
    auto ran = run_program(path, arguments, bytes);
    if (!ran)
        throw DuckdbTrouble{fmt::format("the command `{}` cannot be run", path),
                            "`script/setup --parquet` installs it"};
    if (ran->exit_code != 0) {
        auto said = ran->err.substr(0, ran->err.find('\n'));
        const bool newer = ran->err.find("newer version of DuckDB") != std::string::npos;
        throw DuckdbTrouble{fmt::format("the command `duckdb` cannot do it: {}", said),
                            newer ? "put a newer `duckdb` on the PATH, or name one with ZONEVAL_DUCKDB" : ""};
    }
    return std::move(ran->out);
}

}  // namespace zoneval::io
