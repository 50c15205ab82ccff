#include <catch2/catch.hpp>

#include "tests/io/support.hpp"

using namespace zoneval;
using io::test::read;
using io::test::zones;

namespace {

/// What is said about one cell of a column.
std::string about(const std::string& header, const std::string& text) {
    const auto quoted = text.find(',') == std::string::npos ? text : "\"" + text + "\"";
    return read("zone,year," + header + "\nZ1,2024," + quoted + "\n").text();
}

struct Saying {
    std::string text, advice;
};

}  // namespace

TEST_CASE("each way a number is mistyped gets advice of its own") {
    const auto saying = GENERATE(
        Saying{"12,5", "write `12.5`, or declare `cells: decimal comma` for the column"},
        Saying{"1,234,567.8", "write `1234567.8`, or declare `cells: grouped` for the column"},
        Saying{"1.234,5", "write `1234.5`, or declare `cells: decimal comma` for the column"},
        Saying{"1 234", "leave out the thousands separators: write `1234`"},
        Saying{"12%", "a share and an amount in 100 million CNY are different things: is this the right column?"},
        Saying{"１２．５", "use half-width digits and signs: write `12.5`"},
        Saying{"\u00A012", "remove the no-break or ideographic space: write `12`"},
        Saying{"12\u3000", "remove the no-break or ideographic space: write `12`"},
        Saying{"\u221212", "use the minus sign of the keyboard: write `-12`"},
        Saying{"n/a", "declare it under `missing codes`, or leave the cell empty"},
        Saying{"12 亿元", "write the number alone"}, Saying{"12.", "write digits after the point"},
        Saying{"#DIV/0!", "repair the formula, empty the cell, or declare the error under `missing codes`"});
    const auto text = about("GDP", saying.text);
    INFO(text);
    CHECK(text.find("error ZV407") != std::string::npos);
    CHECK(text.find(saying.advice) != std::string::npos);
}

TEST_CASE("a refused number reads well as a whole") {
    CHECK(about("GDP", "12%") ==
          "zones.csv:2:9: error ZV407: `GDP`: `12%` is not a number\n"
          "  2 | Z1,2024,12%\n"
          "    |         ^^^\n"
          "  expected: a number, in 100 million CNY\n"
          "  help: a share and an amount in 100 million CNY are different things: is this the right column?\n");
}

TEST_CASE("numbers keep their digits, in any spelling FEEL reads") {
    const auto out =
        read("zone,year,GDP\nA,2024,0.1\nB,2024,1e3\nC,2024,12345678901234567890.123456789\nD,2024, 5 \nE,2024,.5\n");
    INFO(out.text());
    REQUIRE(out.fine());
    const auto& gdp = out.rows.columns[0];
    CHECK(gdp.at(0).to_string() == "0.1");
    CHECK(gdp.at(1).to_string() == "1000");
    CHECK(gdp.at(2).to_string() == "12345678901234567890.123456789");
    CHECK(gdp.at(3).to_string() == "5");
    CHECK(gdp.at(4).to_string() == "0.5");
}

TEST_CASE("a value outside the declared range is refused with the range") {
    CHECK(about("GDP", "-0.01").find("error ZV408: `GDP`: `-0.01` is less than 0") != std::string::npos);
    CHECK(about("GDP", "-1e30").find("error ZV408") != std::string::npos);
    CHECK(about("GDP", "0").find("error") == std::string::npos);
    auto schema = zones();
    schema.columns[0].max = feel::Decimal::parse("99.5");
    CHECK(read("zone,year,GDP\nZ1,2024,99.50\n", schema).fine());
    CHECK(read("zone,year,GDP\nZ1,2024,99.500000000000001\n", schema).says("more than 99.5"));
    CHECK(read("zone,year,GDP\nZ1,2024,100\n", schema).says("a number from 0 to 99.5"));
}

TEST_CASE("translation comes first, then blanks, then missing codes") {
    const auto out = read("zone,year,GDP,region,listed,founded\nA,2024,-,东部,是,\nB,2024,,East,FALSE,#N/A\n");
    INFO(out.text());
    REQUIRE(out.fine());
    const auto& columns = out.rows.columns;
    CHECK(columns[0].missing(0) == feel::Missing::suppressed);
    CHECK_FALSE(columns[0].blank(0));
    CHECK(columns[0].missing(1) == feel::Missing::not_reported);
    CHECK(columns[0].blank(1));
    CHECK(columns[1].at(0).to_string() == "East");
    CHECK(columns[2].at(0).is_true());
    CHECK(columns[2].at(1).is_false());
    CHECK(columns[3].missing(0) == feel::Missing::not_applicable);
    CHECK(columns[3].blank(0));
    CHECK_FALSE(columns[3].blank(1));
}

TEST_CASE("a word outside the allowed values gets the nearest one") {
    CHECK(about("region", "Esat").find("did you mean `East`?") != std::string::npos);
    CHECK(about("region", "East\u3000").find("remove the no-break or ideographic space") != std::string::npos);
    CHECK(about("region", "Moon").find("expected: one of `East`, `West`") != std::string::npos);
}

TEST_CASE("free text is taken as it is, but not with blanks that cannot be seen") {
    CHECK(about("remark", "any text at all").find("error") == std::string::npos);
    CHECK(about("remark", "x\u00A0").find("begins or ends with a space that cannot be seen") != std::string::npos);
    CHECK(about("remark", "#REF!").find("spreadsheet error `#REF!`") != std::string::npos);
    CHECK(read("zone,year,GDP\nZ1\u3000,2024,1\n").says("remove the no-break or ideographic space: write `Z1`"));
}

TEST_CASE("dates and truths in other spellings are refused with the spelling to use") {
    CHECK(about("founded", "2024/5/1").find("write `2024-05-01`") != std::string::npos);
    CHECK(about("founded", "2024年5月1日").find("write `2024-05-01`") != std::string::npos);
    CHECK(about("founded", "20240501").find("write `2024-05-01`") != std::string::npos);
    CHECK(about("founded", "2024-02-30").find("error ZV407") != std::string::npos);
    CHECK(about("founded", "2024-05-01T10:00:00").find("leave out the time of day") != std::string::npos);
    CHECK(about("listed", "yes").find("need a line under `translate`") != std::string::npos);
}

TEST_CASE("the year must be a whole number") {
    const auto year = [](const std::string& text) { return read("zone,year,GDP\nZ1," + text + ",1\n").text(); };
    CHECK(year("2024").find("error") == std::string::npos);
    CHECK(year("2024年").find("error") == std::string::npos);
    CHECK(year("令和5年度").find("error") == std::string::npos);
    CHECK(year("2024/25").find("is not a year") != std::string::npos);
    CHECK(year("").find("the year is missing") != std::string::npos);
    CHECK(year("2024.5").find("`2024.5` is not a year") != std::string::npos);
    CHECK(year("20244").find("is not a year") != std::string::npos);
    CHECK(year("2024-05-01").find("write the year alone: `2024`") != std::string::npos);
}
