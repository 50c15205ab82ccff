// Sources that know what a cell is: JSON lines, SQLite, and what the command `duckdb` reads.
#include <sqlite3.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "engine/io/bytes/program.hpp"
#include "tests/io/support.hpp"

using namespace zoneval;
using namespace zoneval::io;
using namespace zoneval::io::test;
namespace fs = std::filesystem;

namespace {

std::string cell(const Outcome& out, std::size_t row, const std::string& input) {
    for (const auto& of : out.rows.columns)
        if (of.name() == input)
            return of.missing(row) == feel::Missing::none ? of.at(row).to_string()
                                                          : std::string(to_string(of.missing(row)));
    return "no column";
}

/// A database made of statements.
std::string sqlite(const std::string& statements) {
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(":memory:", &handle) == SQLITE_OK);
    REQUIRE(sqlite3_exec(handle, statements.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_int64 size = 0;
    auto* bytes = sqlite3_serialize(handle, "main", &size, 0);
    const std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    sqlite3_free(bytes);
    sqlite3_close(handle);
    return out;
}

Outcome read_table(const std::string& bytes, const std::string& table) {
    ReadOptions options;
    options.sheet = table;
    return read(bytes, zones(), options);
}

std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The file that the command makes of statements; empty where there is no command.
std::string made_by_duckdb(const std::string& name, const std::string& statements) {
    const auto* given = std::getenv("ZONEVAL_DUCKDB");
    const auto command = given ? std::string(given) : find_program("duckdb");
    if (command.empty()) {
        std::cout << "skipped: no duckdb\n";
        return {};
    }
    const auto folder = fs::temp_directory_path() / ("zoneval-duckdb-tests-" + std::to_string(getpid()));
    fs::create_directories(folder);
    const auto path = folder / name;
    fs::remove(path);
    const bool database = path.extension() == ".duckdb";
    std::vector<std::string> arguments = {"-init", "/dev/null", "-batch"};
    if (database) arguments.push_back(path.string());
    arguments.insert(arguments.end(),
                     {"-c", database ? statements : "COPY (" + statements + ") TO '" + path.string() + "'"});
    const auto ran = run_program(command, arguments, "");
    REQUIRE(ran);
    INFO(ran->err);
    REQUIRE(ran->exit_code == 0);
    return bytes_of(path);
}

}  // namespace

TEST_CASE("JSON lines are read by their names, with all digits, true and false, and null as an empty cell") {
    const auto out = read(
        "{\"zone\": \"Z1\", \"year\": 2024, \"GDP\": 12.50000000000000000001, \"listed\": true}\n"
        "\n"
        "{\"year\": 2024, \"zone\": \"Z2\", \"GDP\": null, \"region\": \"东部\", \"founded\": \"2001-02-03\"}\n");
    INFO(out.text());
    REQUIRE(out.fine());
    CHECK(out.rows.records == Texts{"Z1", "Z2"});
    CHECK(cell(out, 0, "GDP") == "12.50000000000000000001");
    CHECK(cell(out, 0, "listed") == "true");
    CHECK(cell(out, 1, "GDP") == "not reported");
    CHECK(cell(out, 1, "region") == "East");
    CHECK(cell(out, 1, "founded") == "2001-02-03");
    CHECK(out.rows.lines == std::vector<std::uint32_t>{1, 3});
}

TEST_CASE("a line that is no whole object is refused with its line and column") {
    const auto cut = read("{\"zone\": \"Z1\", \"year\": 2024}\n{\"zone\": \"Z2\", \"year\": \n");
    CHECK(cut.says("zones.csv:2:"));
    CHECK(cut.says("not a whole JSON object"));
    const auto list = read("[{\"zone\": \"Z1\"}]\n");
    CHECK(list.says("a list, and no object"));
    CHECK(list.says("jq -c '.[]'"));
    CHECK(read("{\"zone\": \"Z1\", \"zone\": \"Z2\", \"year\": 2024}\n").says("`zone` occurs twice in the line"));
    const auto spread = read("{\n\"zone\": \"Z1\"\n}\n");
    CHECK(spread.says("jq -c ."));
}

TEST_CASE("a value or a line of JSON that is longer than anybody meant is refused") {
    const std::string begins = "{\"zone\": \"Z1\", \"year\": 2024, \"region\": \"";
    CHECK(read(begins + std::string((1 << 20) + 1, 'x') + "\"}\n")
              .says("a value holds 1048577 bytes, and may hold 1048576"));
    CHECK(read(begins + std::string(65 << 20, 'x') + "\"}\n").says("bytes, and may hold 67108864"));
}

TEST_CASE("a list or a structure in a cell is refused where it is needed, and no matter where it is not") {
    const auto start = std::string("{\"zone\": \"Z1\", \"year\": 2024, ");
    CHECK(read(start + "\"GDP\": [1, 2]}\n").says("zones.csv:1: error ZV407: `GDP`: the cell holds a list"));
    CHECK(read(start + "\"remark\": {\"a\": {\"b\": 1}}}\n").says("`remark`: the cell holds a list, a structure"));
    const auto unused = read(start + "\"GDP\": 1, \"history\": [1, {\"GDP\": 2}]}\n");
    INFO(unused.text());
    CHECK(unused.fine());
    CHECK(cell(unused, 0, "GDP") == "1");
}

TEST_CASE("a table of SQLite keeps whole numbers, doubles, truth and dates what they are") {
    const auto out =
        read(sqlite("CREATE TABLE zones (zone TEXT, year INTEGER, GDP REAL, listed BOOLEAN, founded TEXT);"
                    "INSERT INTO zones VALUES ('001', 2024, 0.1, 1, '2001-02-03'),"
                    "('002', 2024.0, 9007199254740993, 0, NULL), ('003', 2024, 0.1 + 0.2, NULL, NULL)"));
    INFO(out.text());
    REQUIRE(out.fine());
    CHECK(out.rows.sheet == "zones");
    CHECK(out.rows.records == Texts{"001", "002", "003"});
    CHECK(out.rows.lines == std::vector<std::uint32_t>{1, 2, 3});
    CHECK(cell(out, 0, "GDP") == "0.1");
    CHECK(cell(out, 1, "GDP") == "9007199254740992");  // what the database holds, as the column is one of doubles
    CHECK(cell(out, 2, "GDP") == "0.30000000000000004");
    CHECK(out.says("more than 15 digits"));
    CHECK(cell(out, 0, "listed") == "true");
    CHECK(cell(out, 1, "listed") == "false");
    CHECK(cell(out, 1, "founded") == "not applicable");
}

TEST_CASE("whole numbers of SQLite keep nineteen digits, also as ids, and doubles as ids that lost some are refused") {
    const auto out =
        read(sqlite("CREATE TABLE t (zone INTEGER, year, GDP);"
                    "INSERT INTO t VALUES (1234567890123456789, 2024, 9007199254740993)"));
    REQUIRE(out.fine());
    CHECK(out.rows.records == Texts{"1234567890123456789"});
    CHECK(cell(out, 0, "GDP") == "9007199254740993");
    const auto lost = read(sqlite("CREATE TABLE t (zone REAL, year, GDP); INSERT INTO t VALUES (1.5e18, 2024, 1)"));
    CHECK(lost.says("the last ones are lost"));
}

TEST_CASE("what is wrong in a table is told with file, table, row and column") {
    const auto out =
        read(sqlite("CREATE TABLE zones (zone, year, GDP); INSERT INTO zones VALUES ('Z1', 2024, 1),"
                    "('Z2', 2024, 'many'), ('Z3', 2024, x'01')"));
    INFO(out.text());
    CHECK(out.says("zones.csv[zones]:2:3: error ZV407: `GDP` (row 2): `many` is not a number"));
    CHECK(out.says("zones.csv[zones]:3:3: error ZV407: `GDP` (row 3): the cell holds a list, a structure or binary"));
}

TEST_CASE("which of several tables is meant must be said, and a view is a table") {
    const auto bytes = sqlite(
        "CREATE TABLE zones (zone, year, GDP); INSERT INTO zones VALUES ('Z1', 2024, 1);"
        "CREATE TABLE other (a); CREATE VIEW rich AS SELECT * FROM zones WHERE GDP > 0");
    CHECK(read(bytes).says("3 tables: `other`, `rich`, `zones`"));
    CHECK(read_table(bytes, "zones").fine());
    CHECK(read_table(bytes, "rich").fine());
    CHECK(read_table(bytes, "zone").says("did you mean `zones`?"));
    CHECK(read(sqlite("CREATE TABLE t (a); DROP TABLE t")).says("the database holds no table"));
}

TEST_CASE("shapes hold for tables as for files: years in columns of a database become rows") {
    auto schema = zones();
    schema.shape.years_in_columns = true;
    schema.shape.year_values = "GDP";
    const auto out = read(sqlite("CREATE TABLE t (zone, \"2023\" REAL, \"2024\" REAL);"
                                 "INSERT INTO t VALUES ('Z1', 1.5, NULL)"),
                          schema);
    INFO(out.text());
    REQUIRE(out.fine());
    CHECK(out.rows.years == std::vector<std::int32_t>{2023, 2024});
    CHECK(cell(out, 0, "GDP") == "1.5");
    CHECK(cell(out, 1, "GDP") == "not reported");
}

TEST_CASE("a damaged database is refused, and so is one whose changes wait beside it") {
    auto bytes = sqlite("CREATE TABLE zones (zone, year, GDP); INSERT INTO zones VALUES ('Z1', 2024, 1)");
    CHECK_FALSE(read(bytes.substr(0, 100)).fine());
    std::fill(bytes.begin() + 4096, bytes.end(), '\xEE');
    CHECK_FALSE(read(bytes).fine());
    const auto path =
        (fs::temp_directory_path() / ("zoneval-waiting-" + std::to_string(getpid()) + ".sqlite")).string();
    std::ofstream(path, std::ios::binary) << sqlite("CREATE TABLE zones (zone, year, GDP)");
    std::ofstream(path + "-wal") << "changes";
    Diagnostics found;
    read_rows(path, zones(), {}, found);
    CHECK(render_text(found, false).find("changes to the database still wait") != std::string::npos);
    fs::remove(path);
    fs::remove(path + "-wal");
}

TEST_CASE("a Parquet file keeps decimals, doubles, floats, dates, truth and nulls what they are", "[parquet]") {
    const auto bytes = made_by_duckdb(
        "types.parquet",
        "SELECT '001' AS zone, 2024 AS year, 12345678901234567890.12::DECIMAL(30,2) AS GDP, 'East' AS region, "
        "true AS listed, DATE '2001-02-03' AS founded, 'a \"word\",\nand another' AS remark "
        "UNION ALL SELECT '002', 2024, NULL, NULL, false, NULL, NULL");
    if (bytes.empty()) return;
    const auto out = read(bytes);
    INFO(out.text());
    REQUIRE(out.fine());
    CHECK(cell(out, 0, "GDP") == "12345678901234567890.12");
    CHECK(cell(out, 0, "listed") == "true");
    CHECK(cell(out, 0, "founded") == "2001-02-03");
    CHECK(cell(out, 0, "remark") == "a \"word\",\nand another");
    CHECK(cell(out, 1, "GDP") == "not reported");
    const auto floats =
        read(made_by_duckdb("floats.parquet",
                            "SELECT 'Z1' AS zone, 2024.0::DOUBLE AS year, 0.1::FLOAT AS GDP, TIMESTAMP "
                            "'2001-02-03 00:00:00' AS founded UNION ALL SELECT 'Z2', 2024, 1e22::DOUBLE::FLOAT, NULL"));
    INFO(floats.text());
    REQUIRE(floats.fine());
    CHECK(floats.rows.years[0] == 2024);
    CHECK(cell(floats, 0, "GDP") == "0.1");
    CHECK(cell(floats, 0, "founded") == "2001-02-03");
    CHECK(cell(floats, 1, "GDP") == "10000000000000000000000");
}

TEST_CASE("what is wrong in a Parquet file is told with its row, and a list is no cell", "[parquet]") {
    const auto bytes = made_by_duckdb("wrong.parquet",
                                      "SELECT NULL AS zone, NULL AS year, NULL AS GDP UNION ALL "
                                      "SELECT 'Z1', 2024, 'many' UNION ALL SELECT 'Z2', 2024, '5'");
    if (bytes.empty()) return;
    const auto out = read(bytes);
    INFO(out.text());
    CHECK(out.says("`GDP` (row 2): `many` is not a number"));
    const auto list = read(made_by_duckdb("list.parquet", "SELECT 'Z1' AS zone, 2024 AS year, [1, 2] AS GDP"));
    CHECK(list.says("the cell holds a list, a structure or binary data"));
    CHECK(read(std::string("PAR1 and nothing that follows")).says("the command `duckdb` cannot read it"));
}

TEST_CASE("tables of a DuckDB database are read by name, and a view cannot reach other files", "[parquet]") {
    const auto bytes = made_by_duckdb(
        "tables.duckdb",
        "CREATE TABLE zones AS SELECT 'Z1' AS zone, 2024 AS year, 1.5 AS GDP; CREATE SCHEMA \"old years\"; "
        "CREATE TABLE \"old years\".\"zo\"\"nes\" AS SELECT 'Z0' AS zone, 2023 AS year, 7 AS GDP; "
        "CREATE VIEW reaching AS SELECT * FROM read_text('/etc/hostname')");
    if (bytes.empty()) return;
    const auto out = read_table(bytes, "zones");
    INFO(out.text());
    REQUIRE(out.fine());
    CHECK(cell(out, 0, "GDP") == "1.5");
    CHECK(read_table(bytes, "old years.zo\"nes").rows.records == Texts{"Z0"});
    CHECK(read(bytes).says("3 tables"));
    CHECK(read_table(bytes, "reaching").says("the command `duckdb` cannot read it: Permission Error"));
}

TEST_CASE("without the command, a Parquet file is refused with what to run") {
    const auto* before = std::getenv("ZONEVAL_DUCKDB");
    const std::string kept = before ? before : "";
    setenv("ZONEVAL_DUCKDB", "/nowhere/duckdb", 1);
    const auto out = read("PAR1 whatever follows");
    before ? setenv("ZONEVAL_DUCKDB", kept.c_str(), 1) : unsetenv("ZONEVAL_DUCKDB");
    CHECK(out.says("`/nowhere/duckdb` cannot be run"));
    CHECK(out.says("script/setup --parquet"));
}
