#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/io/support.hpp"

using namespace zoneval;
using io::test::read;
using io::test::zones;

namespace {

std::string cell(const io::ImportedRows& rows, std::size_t column, std::size_t row) {
    return rows.columns.at(column).at(row).to_string();
}

}  // namespace

TEST_CASE("a plain file is read: records, years, lines and typed cells") {
    const auto out = read(
        "zone,year,GDP,region,listed,founded\nZ1,2024,12.50,East,true,2001-02-03\nZ2,2024,7,West,false,1999-12-31\n");
    INFO(out.text());
    REQUIRE(out.fine());
    CHECK(out.text() == "zones.csv: note ZV411: no column for `remark`: not reported, as far as this file goes\n");
    CHECK(out.rows.records == Texts{"Z1", "Z2"});
    CHECK(out.rows.years == std::vector<std::int32_t>{2024, 2024});
    CHECK(out.rows.lines == std::vector<std::uint32_t>{2, 3});
    REQUIRE(out.rows.columns.size() == 4);
    CHECK(cell(out.rows, 0, 0) == "12.5");
    CHECK(cell(out.rows, 1, 1) == "West");
    CHECK(cell(out.rows, 2, 0) == "true");
    CHECK(cell(out.rows, 3, 1) == "1999-12-31");
    CHECK(out.rows.sha256.size() == 64);
}

TEST_CASE("CRLF, a byte-order mark and a missing last line break make no difference") {
    const auto plain = read("zone,year,GDP\nZ1,2024,1\nZ2,2024,2\n");
    const auto windows = read("\xEF\xBB\xBFzone,year,GDP\r\nZ1,2024,1\r\nZ2,2024,2");
    REQUIRE(windows.fine());
    CHECK(windows.rows.records == plain.rows.records);
    CHECK(windows.rows.lines == plain.rows.lines);
    CHECK(cell(windows.rows, 0, 1) == "2");
}

TEST_CASE("quoted cells hold commas, quotes and line breaks, lines are still counted right") {
    const auto out =
        read("zone,year,remark,GDP\n\"Z,1\",2024,\"say \"\"yes\"\"\",1\nZ2,2024,\"two\nlines\",2\nZ3,2024,x,-3\n");
    CHECK(out.rows.records == Texts{"Z,1", "Z2", "Z3"});
    CHECK(out.rows.lines == std::vector<std::uint32_t>{2, 3, 5});
    CHECK(cell(out.rows, 1, 0) == "say \"yes\"");
    CHECK(cell(out.rows, 1, 1) == "two\nlines");
    CHECK(out.says("zones.csv:5:11: error ZV408"));
}

TEST_CASE("a bad cell after a line break in quotes is placed on its own line") {
    const auto out = read("zone,year,remark,GDP\nZ2,2024,\"two\nlines\",abc\n");
    CHECK(out.says("zones.csv:3:8: error ZV407"));
}

TEST_CASE("a quote that is never closed is reported where it opens") {
    const auto out = read("zone,year,GDP\nZ1,2024,1\nZ2,2024,\"2\nZ3,2024,3\n");
    CHECK(out.says("zones.csv:3:9: error ZV403: a quoted cell is never closed"));
}

TEST_CASE("misplaced quotes and lone carriage returns are refused, not guessed at") {
    CHECK(read("zone,year,GDP\nZ\"1,2024,1\n").says(":2:2: error ZV403: a quote stands inside a cell"));
    CHECK(read("zone,year,GDP\n\"Z1\"x,2024,1\n").says(":2:5: error ZV403: text follows the closing quote"));
    CHECK(read("zone,year,GDP\rZ1,2024,1\r").says("error ZV403: a carriage return stands without a line feed"));
    CHECK(read(std::string("zone,year,GDP\nZ1,2024,\0\n", 24)).says("error ZV403: a zero byte"));
}

TEST_CASE("rows with too many or too few cells are errors") {
    const auto out = read("zone,year,GDP\nZ1,2024,1,5\nZ2,2024\nZ3,2024,3,\nZ4,2024,4\n");
    CHECK(out.says(":2:11: error ZV403: the row has more cells than the header: 4 against 3"));
    CHECK(out.says(":3:4: error ZV403: the row has fewer cells than the header: 2 against 3"));
    CHECK(out.says(
        "4 against 3; the same in 1 more row: line 4"));  // 1,200 without quotes shifts a row whose last cell is empty
}

TEST_CASE("rows of nothing are skipped") {
    const auto out = read("\nzone,year,GDP\n\nZ1,2024,1\n,,\n  \n");
    INFO(out.text());
    CHECK(out.fine());
    CHECK(out.rows.lines == std::vector<std::uint32_t>{4});
}

TEST_CASE("another delimiter can be named, and is suggested when it seems to be meant") {
    io::ReadOptions options;
    options.delimiter = ';';
    CHECK(read("zone;year;GDP\nZ1;2024;1\n", zones(), options).fine());
    CHECK(read("zone;year;GDP\nZ1;2024;1\n").says("the cells seem to be parted by `;`: `--delimiter \";\"`"));
    CHECK(read("zone\tyear\nZ1\t2024\n").says("parted by tabs"));
}

TEST_CASE("an empty file, a header alone and a file that is no table are told apart") {
    CHECK(read("").says("error ZV401: the file is empty"));
    CHECK(read("\n\n").says("error ZV401: the file holds no rows"));
    CHECK(read("zone,year,GDP\n").says("error ZV401: the file has a header and no rows under it"));
    CHECK(read("%PDF-1.4").says("error ZV401: this is a PDF document"));
    CHECK(read("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1").says("old .xls format"));
}

TEST_CASE("headers: twice the same, nearly right, missing, and over nothing") {
    CHECK(read("zone,year,GDP,GDP\nZ1,2024,1,2\n")
              .says(":1:15: error ZV403: the header `GDP` appears twice, first in column 3"));
    CHECK(read("zone,yaer,GDP\nZ1,2024,1\n").says("help: did you mean `yaer`?"));
    CHECK(read("zone,yaer,GDP\nZ1,2024,1\n").says("error ZV404: no column is headed `year`, which holds the year"));
    CHECK(read("zone,year,GPD\nZ1,2024,1\n").says(":1:11: warning ZV405: the column `GPD` feeds no input"));
    CHECK(read("zone,year,GPD\nZ1,2024,1\n").says("did you mean `GDP`?"));
    CHECK(read("zone,year,\nZ1,2024,7\n").says(":2:9: error ZV403: column 3 holds `7` but has no header"));
    CHECK(read("zone,year,\nZ1,2024,\n").fine());
    auto schema = zones();
    schema.columns[0].required = true;
    schema.ignore = {"note"};
    CHECK(read("zone,year,note\nZ1,2024,x\n", schema)
              .says("error ZV404: no column is headed `GDP`, which feeds the input `GDP`"));
    CHECK_FALSE(read("zone,year,note\nZ1,2024,x\n", schema).says("ZV405"));
}

TEST_CASE("a record twice in one year names both lines, in two years it is fine") {
    CHECK(read("zone,year,GDP\nZ1,2023,1\nZ1,2024,1\n").fine());
    const auto out = read("zone,year,GDP\nZ1,2024,1\nZ2,2024,1\nZ1,2024,2\n");
    CHECK(out.says(":4:1: error ZV406: `Z1` appears a second time for 2024, first in line 2"));
}

TEST_CASE("a record that is not in the roster is refused with the nearest name, aliases come first") {
    auto schema = zones();
    schema.roster = {"西藏", "内蒙古"};
    schema.aliases = {{"Tibet", "西藏"}};
    const auto out = read("zone,year,GDP\n两藏,2024,1\nTibet,2024,1\n,2024,1\n", schema);
    CHECK(out.says(":2:1: error ZV409: `zone`: `两藏` is not a zone of the roster"));
    CHECK(out.says("did you mean `西藏`?"));
    CHECK(out.rows.records[1] == "西藏");
    CHECK(out.says(":4:1: error ZV409: `zone`: the cell is empty"));
}

TEST_CASE("the first hundred errors are shown, the rest counted") {
    std::string text = "zone,year,GDP\n";
    for (int i = 0; i < 250; ++i)
        text += "Z" + std::to_string(i) + ",2024,bad" + std::string(static_cast<std::size_t>(i), '!') + "\n";
    const auto out = read(text);
    CHECK(out.diagnostics.all().size() == 101);
    CHECK(out.says("note ZV410: 150 more errors in this file are not shown"));
    CHECK(out.says("csv:101:"));
    CHECK_FALSE(out.says("csv:102:"));
}

TEST_CASE("no bytes crash the reader") {
    std::uint32_t state = 12345;
    const auto random = [&](std::uint32_t below) {
        state = state * 1664525 + 1013904223;
        return (state >> 8) % below;
    };
    const std::string alphabet = "zoneyearGDP,,,\n\n\r\"\"; 20240.-\xE4\xB8\xAD\xC0\xFF";
    for (int round = 0; round < 3000; ++round) {
        std::string bytes = round % 2 == 0 ? "zone,year,GDP\n" : "";
        for (auto n = random(80); n > 0; --n) bytes += alphabet[random(static_cast<std::uint32_t>(alphabet.size()))];
        const auto out = read(bytes);
        for (const auto& column : out.rows.columns) REQUIRE(column.size() == out.rows.records.size());
        REQUIRE((out.diagnostics.has_errors() || !out.rows.records.empty()));
    }
}

namespace {

/// Everything observable of a reading, in a form that compares.
std::string described(const io::test::Outcome& out) {
    std::string text = out.text() + out.rows.sha256 + "\n";
    for (std::size_t i = 0; i < out.rows.records.size(); ++i)
        text += std::string(out.rows.records[i]) + " " + std::to_string(out.rows.years[i]) + " " +
                std::to_string(out.rows.lines[i]) + "\n";
    for (const auto& column : out.rows.columns) {
        text += column.name() + " " + std::to_string(column.missing_kinds());
        if (const auto* n = column.numbers(); n && n->compact())
            text +=
                " " + std::to_string(n->decimals()) + " " + std::to_string(n->low()) + " " + std::to_string(n->high());
        if (const auto* strings = column.strings())
            for (const auto& entry : strings->dictionary()) text += " " + entry;
        for (std::size_t i = 0; i < column.size(); ++i)
            text += (column.blank(i) ? " blank " : " ") + column.at(i).to_feel();
        text += "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("the size of parts and the number of threads change nothing: rows, columns, messages and their order") {
    std::uint32_t state = 2024;
    const auto random = [&](std::uint32_t below) {
        state = state * 1664525 + 1013904223;
        return (state >> 8) % below;
    };
    const char* const gdp[] = {
        "1", "2.5", "0.125", "", "-", "12345678901234567.8", "1e5", "bad", "-3", "99999999999999999999"};
    const char* const remarks[] = {"x",    "",         "\"a, b\"", "\"two\nlines\"", "\"say \"\"yes\"\"\"",
                                   "\"\"", "\"\n\n\"", " y "};
    const char* const odd[] = {"Z\"1,2024,1,x\n", "\"open,2024,1,x\n", "Z1,2024\n",       "\n",
                               ",,,\n",           "\"Z\"x,2024,1,x\n", "Z1,20x4,1,x\r\n", ",2024,1,x\n"};
    for (int round = 0; round < 400; ++round) {
        std::string bytes = "zone,year,GDP,remark\n";
        const auto bad = round % 4 == 0;
        for (auto n = random(round % 10 == 0 ? 600 : 60); n > 0; --n) {
            if (bad && random(20) == 0) bytes += odd[random(8)];
            bytes += "Z" + std::to_string(random(bad ? 200 : 1u << 24)) + ",2024," + gdp[random(bad ? 10 : 7)] + "," +
                     remarks[random(8)] + (random(3) ? "\n" : "\r\n");
        }
        io::ReadOptions options;
        options.shown_errors = round % 8 == 0 ? 5 : 100;
        const auto expected = described(read(bytes, zones(), options));
        for (const std::size_t part : {1, 7, 64, 1000})
            for (const unsigned threads : {1u, 3u}) {
                options.part_size = part;
                options.work.threads = threads;
                INFO(bytes);
                REQUIRE(described(read(bytes, zones(), options)) == expected);
            }
    }
}

TEST_CASE("a zero with decimals beside the largest numbers is kept the same, whatever the parts") {
    for (const auto* order : {"9000000000000000000 0.0", "0.0 9000000000000000000"}) {
        const std::string texts = order;
        const auto blank = texts.find(' ');
        const auto bytes =
            "zone,year,GDP\nA,2024," + texts.substr(0, blank) + "\nB,2024," + texts.substr(blank + 1) + "\n";
        io::ReadOptions options;
        const auto expected = described(read(bytes, zones(), options));
        options.part_size = 1;
        CHECK(described(read(bytes, zones(), options)) == expected);
        CHECK(read(bytes).rows.columns[0].numbers()->compact());
    }
}

TEST_CASE("a file read by columns comes to what reading it row by row gives") {
    std::uint32_t state = 99;
    const auto random = [&](std::uint32_t below) {
        state = state * 1664525 + 1013904223;
        return (state >> 8) % below;
    };
    const char* const gdp[] = {"1",
                               "2.50",
                               "0.125",
                               "",
                               "-",
                               " 7",
                               "7\t",
                               "1234567.8",
                               "12345678.9",
                               "12345678901234567.8",
                               "99999999999999999999",
                               "1e5",
                               ".5",
                               "-1",
                               "007"};
    const char *const regions[] = {"East", "West", "", "东部", " East "},
                      *const remarks[] = {"x",    "",  " y ",
                                          "#N/A", "-", "some longer text that is met but once in a while"};
    for (int round = 0; round < 60; ++round) {
        const auto end = round % 3 == 0 ? "\r\n" : "\n";
        const auto most =
            static_cast<std::uint32_t>(round % 5 == 0   ? 15
                                       : round % 5 == 1 ? 3
                                                        : 13);  // with figures below the least allowed, or without
        std::string rows = std::string("zone,year,GDP,region,remark,listed") + end;
        for (auto n = random(4000); n > 0; --n) {
            rows +=
                fmt::format("Z{},{},{},{},{},{}", round % 2 ? n : random(1u << 20), 2020 + random(round % 4 ? 1 : 5),
                            gdp[random(most)], regions[random(5)], remarks[random(6)], random(2) ? "true" : "");
            rows += round % 7 == 0 && random(500) == 0 ? "\n" : end;
            if (round % 11 == 0 && random(300) == 0) rows += end;
        }
        const auto by_columns = read(rows + "Z,2020,5,East,x,true");
        const auto by_rows = read(rows + "\"Z\",2020,5,East,x,true");  // a quote: all of it is read by rows
        auto a = by_columns, b = by_rows;
        a.rows.sha256 = b.rows.sha256 = "";
        INFO(round);
        REQUIRE(described(a) == described(b));
    }
}

TEST_CASE("a cell of more than a megabyte is refused before it is copied") {
    const std::string huge(1'100'000, 'n');
    for (const auto& cell : {huge, "\"" + huge + "\""})
        CHECK(read("zone,year,GDP,remark\nZ1,2024,1," + cell + "\n")
                  .says("a cell holds 1100000 bytes, and may hold 1048576"));
    CHECK(read("zone,year,GDP,remark\nZ1,2024,1,\"" + std::string(1'000'000, 'n') + "\"\n").fine());
}
