// The forms that rows and cells are stored in: what is written, what is read of this version and of the one before it.
#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "engine/feel/value/cause.hpp"
#include "engine/io/bytes/sha256.hpp"
#include "engine/store/cell_text.hpp"
#include "engine/store/schema.hpp"
#include "engine/store/stored_cells.hpp"
#include "tests/store/support.hpp"

using namespace zoneval;
using namespace zoneval::store::test;
using feel::Missing;
using store::Store;
using TypeKind = feel::Type::Kind;

namespace {

Column numbers(std::initializer_list<const char*> texts) {
    Column out("x", TypeKind::number);
    for (const std::string_view text : texts) {
        if (text.empty())
            out.append_blank(Missing::not_reported);
        else if (text == "late")
            out.append_missing(Missing::late);
        else
            out.append_number(*feel::Decimal::parse(text));
    }
    return out;
}

/// The cells of a stored text, one a line, as a table would show them.
std::string read(std::string_view json) {
    store::StoredCells cells(json, Missing::not_reported);
    std::string out;
    for (const auto* block = &cells.next_block(); block->size > 0; block = &cells.next_block())
        for (std::size_t i = 0; i < block->size; ++i) {
            const auto missing = static_cast<Missing>(block->states[i] & ~Column::blank_flag);
            if (missing != Missing::none)
                out += std::string(feel::to_string(missing)) +
                       ((block->states[i] & Column::blank_flag) != 0 ? " (blank)" : "");
            else if (cells.form() == store::StoredCells::Form::numbers)
                append_text(out, Scaled{block->numbers[i], cells.decimals()});
            else
                out += cells.strings()[static_cast<std::size_t>(block->numbers[i])];
            out += '\n';
        }
    return out;
}

void check_rows(const std::string& json, const std::string& expected) {
    store::StoredRows rows(json);
    std::string found;
    while (const auto row = rows.next()) found += fmt::format("{} {} {}\n", row->record, row->year, row->line);
    CHECK(found == expected);
}

/// Reads a text to its end, whatever it is.
void read_all(std::string_view json) {
    store::StoredCells cells(json, Missing::late);
    if (cells.form() == store::StoredCells::Form::texts) {
        while (cells.texts().next_cell()) {
        }
        return;
    }
    while (cells.next_block().size > 0) {
    }
}

/// A store as version 2 left it: its tables, its views (as far as they matter here), data in its form.
void make_version_2(const std::string& path) {
    store::Database database(path, store::Database::Create::yes);
    store::open_store(database, store::Access::write, store::migrations().first(2));
    database.execute("CREATE VIEW batch_row AS SELECT 1; CREATE VIEW observation AS SELECT 1");
    const std::string rows = R"([["Z1",2024,2],["Z\"2",2023,3],["Z3",2024,5]])";
    struct Cells {
        const char *name, *type, *text;
    };
    const Cells columns[] = {{"GDP", "number", R"(["12.5",null,["suppressed"]])"},
                             {"region", "string", R"(["East","a\"b\\c\u000ad",null])"},
                             {"listed", "boolean", R"(["true","false",null])"},
                             {"founded", "date", R"(["2001-02-03",null,null])"}};
    Sha256 hash;
    for (const std::string& field : {std::string("zone"), std::string("annual"), std::string(), std::string("ab"),
                                     std::string("cd"), sha256(rows)})
        hash.field(field);
    for (const auto& c : columns)
        for (const std::string& field :
             {std::string(c.name), std::string(c.type), std::string("not reported"), sha256(c.text)})
            hash.field(field);
    store::Statement(database,
                     "INSERT INTO batch VALUES (1, 'zone', 'annual', 'old.csv', '', 'ab', 'cd', 3, ?, "
                     "'2025-01-01T00:00:00Z', 'me', 'old', ?, ?)")
        .bind(1, hash.hex())
        .bind(2, sha256(rows))
        .bind(3, rows)
        .run();
    std::int64_t position = 0;
    for (const auto& c : columns) {
        const auto cells_hash = sha256(c.text);
        store::Statement(database, "INSERT INTO batch_column VALUES (1, ?, ?, ?, 'not reported', ?, ?)")
            .bind(1, position++)
            .bind(2, std::string_view(c.name))
            .bind(3, std::string_view(c.type))
            .bind(4, cells_hash)
            .bind(5, std::string_view(c.text))
            .run();
    }
    database.execute("INSERT INTO batch_year VALUES (1, 2023, 1), (1, 2024, 2)");
}

std::string cell(const Table& table, const std::string& record, const std::string& name) {
    return table.column(name)->at(*table.row(record)).to_string();
}

}  // namespace

TEST_CASE("numbers are stored as whole numbers of their smallest decimal, others as texts") {
    CHECK(store::cells_text(numbers({"12.50", "", "late", "-3", "0.25"})) ==
          R"({"decimals":2,"numbers":[1250,null,["late"],-300,25]})");
    CHECK(store::cells_text(numbers({"1.000", "2.50"})) == R"({"decimals":1,"numbers":[10,25]})");
    CHECK(store::cells_text(numbers({})) == R"({"decimals":0,"numbers":[]})");
    CHECK(store::cells_text(numbers({"", ""})) == R"({"decimals":0,"numbers":[null,null]})");
    CHECK(store::cells_text(numbers({"123456789012345678901234567890.5", "1", ""})) ==
          R"(["123456789012345678901234567890.5","1",null])");
    const auto extremes = numbers(
        {"9223372036854775807", "-9223372036854775807", "0", "-1", "99999999", "100000000", "-12345678901234567"});
    CHECK(
        store::cells_text(extremes) ==
        R"({"decimals":0,"numbers":[9223372036854775807,-9223372036854775807,0,-1,99999999,100000000,-12345678901234567]})");
    CHECK(store::cells_text(numbers({"0.000000000000000001", "-1"})) ==
          R"({"decimals":18,"numbers":[1,-1000000000000000000]})");
}

TEST_CASE("strings are stored once each, and only those that are some cell's") {
    Column region("region", TypeKind::string);
    region.append_blank(Missing::not_reported);
    for (const auto* text : {"West", "a\"b\\c\nd", "West", "中"}) region.append_string(text);
    region.append_missing(Missing::late);
    const auto text = store::cells_text(region);
    CHECK(text == "{\"strings\":[\"West\",\"a\\\"b\\\\c\\u000ad\",\"中\"],\"codes\":[null,0,1,0,2,[\"late\"]]}");
    CHECK(read(text) == "not reported (blank)\nWest\na\"b\\c\nd\nWest\n中\nlate\n");
}

TEST_CASE("numbers of every length come back") {
    std::string text = "{\"decimals\":0,\"numbers\":[", expected;
    std::int64_t power = 1;
    for (int digits = 1; digits <= 19; ++digits, power = digits == 19 ? power : power * 10)
        for (const auto number : {power, power - 1, -power, power + 7})
            for (int repeat = 0; repeat < 40; ++repeat) {  // blocks begin and end anywhere
                text += std::to_string(number) + ",";
                expected += std::to_string(number) + "\n";
            }
    text.back() = ']';
    CHECK(read(text + "}") == expected);
}

TEST_CASE("rows are stored with one year and one first line where that says it all") {
    CHECK(store::rows_text(rows("zone,year,GDP\nZ1,2024,1\nZ2,2024,2\n")) ==
          R"({"year":2024,"first_line":2,"records":["Z1","Z2"]})");
    CHECK(store::rows_text(rows("zone,year,GDP\nZ1,2024,1\n\n\"Z\"\"2\",2023,2\n")) ==
          R"({"years":[2024,2023],"lines":[2,4],"records":["Z1","Z\"2"]})");
    CHECK(store::rows_text(rows("zone,year,GDP\nZ1,2024,1\n\nZ2,2024,2\n")) ==
          R"({"year":2024,"lines":[2,4],"records":["Z1","Z2"]})");
    check_rows(R"({"year":2024,"first_line":2,"records":["Z1","Z\"2"]})", "Z1 2024 2\nZ\"2 2024 3\n");
    check_rows(R"({"years":[2024,2023],"lines":[2,4],"records":["Z1","Z2"]})", "Z1 2024 2\nZ2 2023 4\n");
    check_rows(R"({"years":[],"lines":[],"records":[]})", "");
    check_rows(R"([["Z1",2024,2],["Z2",2023,4]])", "Z1 2024 2\nZ2 2023 4\n");
}

TEST_CASE("texts that are not of the store's form are refused") {
    const auto refused = [](std::string_view json) {
        INFO(json);
        CHECK_THROWS_AS(read_all(json), std::runtime_error);
    };
    const std::string whole = R"({"decimals":2,"numbers":[1250,-7,null,["suppressed"],12345678901]})",
                      strings = R"({"strings":["a","b\"c"],"codes":[0,null,["late"],1]})";
    for (const auto& text : {whole, strings}) {
        CHECK_NOTHROW(read_all(text));
        for (std::size_t cut = 0; cut < text.size(); ++cut) refused(std::string_view(text).substr(0, cut));
        refused(text + " ");
    }
    for (const auto* text :
         {R"({"decimals":19,"numbers":[1]})", R"({"decimals":-1,"numbers":[1]})",
          R"({"decimals":0,"numbers":[9223372036854775808]})", R"({"decimals":0,"numbers":[-9223372036854775808]})",
          R"({"decimals":0,"numbers":[1.5]})", R"({"decimals":0,"numbers":[--1]})", R"({"decimals":0,"numbers":[1,]})",
          R"({"decimals":0,"numbers":[,1]})", R"({"decimals":0,"numbers":["1"]})",
          R"({"decimals":0,"numbers":[["none"]]})", R"({"decimals":0,"numbers":[["late","late"]]})",
          R"({"strings":["a"],"codes":[1]})", R"({"strings":["a"],"codes":[-1]})", R"({"strings":[],"codes":[0]})",
          R"({"strings":["a",],"codes":[0]})", R"({"other":[]})", ""})
        refused(text);
    const auto refused_rows = [](std::string_view json) {
        INFO(json);
        const auto all = [&] {
            store::StoredRows rows(json);
            while (rows.next()) {
            }
        };
        CHECK_THROWS_AS(all(), std::runtime_error);
    };
    for (const auto* text :
         {R"({"years":[2024],"first_line":2,"records":["a","b"]})",
          R"({"years":[2024,2024],"first_line":2,"records":["a"]})", R"({"year":2024,"lines":[],"records":["a"]})",
          R"({"year":2024,"first_line":-1,"records":["a"]})",
          R"({"year":2024,"first_line":9223372036854775807,"records":["a"]})", R"({"year":2024,"records":["a"]})"})
        refused_rows(text);
}

TEST_CASE("a store of version 2 moves forward: its data are read, shown and still vouched for") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    make_version_2(path);
    {
        Store store(path, Store::Mode::must_exist);
        const auto table = store.load("zone", 2024, store.latest(), zones().columns);
        CHECK(table.records == std::vector<std::string>{"Z1", "Z3"});
        CHECK(cell(table, "Z1", "GDP") == "12.5");
        CHECK(cell(table, "Z1", "founded") == "2001-02-03");
        CHECK(table.column("GDP")->missing(1) == Missing::suppressed);
        CHECK(table.origin(1, 0).line == 5);
        CHECK(store.roster("zone", 2024, store.latest()) == std::vector<std::string>{"Z1", "Z\"2", "Z3"});
        // A correction in the new form over it.
        store.import(rows("zone,year,GDP,region\nZ3,2024,0.75,West\nZ4,2024,-8,East\nZ1,2024,,\n", zones(), "new.csv"),
                     zones(), "");
        const auto corrected = store.load("zone", 2024, store.latest(), zones().columns);
        CHECK(corrected.records == std::vector<std::string>{"Z1", "Z3", "Z4"});
        CHECK(cell(corrected, "Z1", "GDP") == "12.5");
        CHECK(cell(corrected, "Z3", "GDP") == "0.75");
        CHECK(cell(corrected, "Z3", "region") == "West");
        CHECK(cell(corrected, "Z4", "GDP") == "-8");
        store.save(rules());
        auto run = small_run(store, 2024);
        store.save(run);
        CHECK_FALSE(store.first_broken_run());
    }
    CHECK(query(path, "PRAGMA user_version") == "9");
    CHECK(query(path,
                "SELECT group_concat(record || ' ' || year || ' ' || line, '; ') FROM (SELECT * FROM batch_row ORDER "
                "BY revision, position)") == "Z1 2024 2; Z\"2 2023 3; Z3 2024 5; Z3 2024 2; Z4 2024 3; Z1 2024 4");
    CHECK(query(path,
                "SELECT group_concat(coalesce(value, '(' || missing || ')'), ' ') FROM (SELECT * FROM observation "
                "WHERE input = 'GDP' ORDER BY revision, line)") ==
          "12.5 (not reported) (suppressed) 0.75 -8 (not reported)");
    CHECK(query(path, "SELECT value FROM observation WHERE input = 'region' AND line = 3 AND revision = 1") ==
          "a\"b\\c\nd");
    CHECK(query(path,
                "SELECT group_concat(coalesce(value, '-')) FROM (SELECT * FROM observation WHERE input = 'region' AND "
                "revision = 2 ORDER BY line)") == "West,East,-");
}

TEST_CASE("the view observation shows numbers as they are, whatever their decimals") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    const std::string values[] = {"-0.05", "0.5", "0", "12", "-12.34", "92233720368547758.07", "-92233720368547758.07",
                                  "100"};
    auto schema = zones();
    schema.columns.push_back(column("count", TypeKind::number));
    std::string csv = "zone,year,GDP,count\n";
    int zone = 0;
    for (const auto& value : values) {
        csv += fmt::format("Z{},2024,{},{}9223372036854775807\n", zone, value, zone % 2 == 1 ? "-" : "");
        ++zone;
    }
    {
        Store store(path, Store::Mode::create_or_open);
        store.import(rows(csv, schema), schema, "");
        const auto table = store.load("zone", 2024, store.latest(), schema.columns);
        for (int i = 0; i < zone; ++i) CHECK(cell(table, fmt::format("Z{}", i), "GDP") == values[i]);
    }
    CHECK(query(path, "SELECT cells FROM batch_column WHERE name = 'GDP'").starts_with("{\"decimals\":2,"));
    for (int i = 0; i < zone; ++i)
        CHECK(query(path, fmt::format("SELECT value FROM observation WHERE record = 'Z{}' AND input = 'GDP'", i)) ==
              values[i]);
    CHECK(query(path, "SELECT value FROM observation WHERE record = 'Z1' AND input = 'count'") ==
          "-9223372036854775807");
}

TEST_CASE("cells and rows altered in their new form are found, by what loads them and by what verifies") {
    for (const auto* change : {"UPDATE batch_column SET cells = replace(cells, '125', '126') WHERE name = 'GDP'",
                               "UPDATE batch_column SET cells = replace(cells, 'East', 'West') WHERE name = 'region'",
                               "UPDATE batch SET rows = replace(rows, '2024', '2023')",
                               "UPDATE batch SET rows = replace(rows, 'Z1', 'Z0')"}) {
        INFO(change);
        const Folder folder;
        const auto path = folder.file("s.sqlite");
        {
            Store store(path, Store::Mode::create_or_open);
            store.import(rows("zone,year,GDP,region\nZ1,2024,12.5,East\nZ2,2024,1,\n"), zones(), "");
            store.save(rules());
            auto run = small_run(store, 2024);
            store.save(run);
        }
        tamper(path, std::string("DROP TRIGGER batch_column_is_final; DROP TRIGGER batch_is_final; ") + change);
        const Store store(path, Store::Mode::must_exist);
        CHECK(store.first_broken_run() == 1);
        CHECK(thrown([&] {
                  store.load("zone", 2024, store.latest(), zones().columns);
              }).find("ZV501: revision 1 of the store has been altered") != std::string::npos);
    }
}

TEST_CASE("records in any order, and corrections over many rows, come together as they did one by one") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    constexpr int count = 5000;  // several blocks
    std::string first = "zone,year,GDP,region\n", second = first;
    for (int i = 0; i < count; ++i) {
        const auto zone = (i * 1237) % count;  // a permutation
        first += fmt::format("Z{},{},{},{}\n", zone, 2023 + zone % 2, zone,
                             zone % 7 == 0 ? "" : fmt::format("R{}", zone % 30));
        if (zone % 3 == 0) second += fmt::format("Z{},{},{}.5,{}\n", zone, 2023 + zone % 2, zone, zone % 2 ? "" : "S");
    }
    store.import(rows(first), zones(), "");
    store.import(rows(second), zones(), "");
    for (const int year : {2023, 2024}) {
        const auto table = store.load("zone", year, store.latest(), zones().columns);
        CHECK(table.records.size() == count / 2);
        for (int zone = year - 2023; zone < count; zone += 2) {
            const auto id = fmt::format("Z{}", zone);
            REQUIRE(cell(table, id, "GDP") == fmt::format("{}{}", zone, zone % 3 == 0 ? ".5" : ""));
            const auto corrected = zone % 3 == 0 && zone % 2 == 0;
            REQUIRE(cell(table, id, "region") == (corrected       ? "S"
                                                  : zone % 7 == 0 ? "null"
                                                                  : fmt::format("R{}", zone % 30)));
            REQUIRE(table.origin(*table.row(id), 0).batch == (zone % 3 == 0 ? 1u : 0u));
        }
    }
}

TEST_CASE("reading a store writes nothing to it, also one of an earlier version") {
    const Folder folder;
    const auto bytes_of = [](const std::string& path) {
        std::ifstream in(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    const auto path = folder.file("s.sqlite");
    make_version_2(path);
    const auto before = bytes_of(path);
    {
        Store store(path, Store::Mode::to_read);
        CHECK(store.load("zone", 2024, store.latest(), zones().columns).records.size() == 2);
        CHECK(store.damage().empty());
        CHECK(thrown([&] { store.save(rules()); }).find("ZV501") != std::string::npos);
    }
    CHECK(bytes_of(path) == before);
    Store(path, Store::Mode::must_exist);
    CHECK(query(path, "PRAGMA user_version") == "9");
}

TEST_CASE("what a run publishes is read back, by column and in the view, with unit and decimals") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    {
        Store store(path, Store::Mode::create_or_open);
        store.import(rows("zone,year,GDP\nZ1,2024,1\nZ2,2024,\n"), zones(), "");
        store.save(rules());
        auto run = small_run(store, 2024);
        const auto published = run.published;
        store.save(run);
        CHECK(store.published(1) == published);
        CHECK(store.published(2).empty());
        CHECK_FALSE(store.first_broken_run());
        auto other = small_run(store, 2024);
        other.published.clear();
        store.save(other);  // it publishes nothing, as before version 8
        CHECK_FALSE(store.first_broken_run());
    }
    CHECK(query(path,
                "SELECT group_concat(record || ' ' || name || '=' || coalesce(value, '(' || coalesce(missing, '') || "
                "')') || unit, "
                "'; ') FROM (SELECT * FROM published WHERE run = 1 ORDER BY record, name)") ==
          "Z1 kind=large; Z1 overall=91.2points; Z1 share=12.5%; Z2 kind=(); Z2 overall=(not reported)points; Z2 "
          "share=(suppressed)%");
}
