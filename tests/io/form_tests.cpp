// Numbers and dates as files write them. All data are invented.
#include <catch2/catch.hpp>

#include "engine/io/bytes/encodings.hpp"
#include "engine/io/cells/characters.hpp"
#include "engine/io/cells/dates.hpp"
#include "engine/io/cells/number_form.hpp"
#include "tests/io/support.hpp"

using namespace zoneval;
using io::test::read;

namespace {

std::string number(const CellForm& form, const std::string& text, const std::string& unit = "") {
    ColumnSchema column;
    column.form = form;
    column.unit = unit;
    const auto out = io::NumberForm(column, std::nullopt).read(text, 0);
    if (!out) return "refused";
    return out->less_than ? std::string(feel::to_string(*out->less_than)) : out->number.to_string();
}

CellForm with(bool CellForm::*member) {
    CellForm out;
    out.*member = true;
    return out;
}

/// One zone with a number in %, read by a form.
io::test::Outcome in_percent(const std::string& file, const CellForm& form) {
    DatasetSchema schema;
    schema.record = "zone";
    schema.id_header = "zone";
    schema.year_header = "year";
    ColumnSchema share;
    share.name = share.header = "share";
    share.unit = "%";
    share.form = form;
    schema.columns = {share};
    return read(file, schema);
}

}  // namespace

TEST_CASE("digits in groups of three are one number, others are refused") {
    const auto form = with(&CellForm::grouped);
    CHECK(number(form, "1,234,567.5") == "1234567.5");
    CHECK(number(form, "20 152") == "20152");
    CHECK(number(form, "-1,234") == "-1234");
    CHECK(number(form, "12") == "12");
    for (const auto* text : {"12,34", "1,23", "1,2345", ",123", "1,234,56", "1,234.5,6", "1 234,567"})
        CHECK(number(form, text) == "refused");
}

TEST_CASE("decimal commas are read where they are declared") {
    const auto form = with(&CellForm::decimal_comma);
    CHECK(number(form, "12,5") == "12.5");
    CHECK(number(form, "1.234,5") == "1234.5");
    CHECK(number(form, "1.234") == "1234");
    CHECK(number(form, "1.23") == "refused");
    CHECK(number({}, "12,5") == "refused");
}

TEST_CASE("per cents go into the unit of the input") {
    const auto form = with(&CellForm::percent);
    CHECK(number(form, "3.5%", "%") == "3.5");
    CHECK(number(form, "3.5 %") == "0.035");
    CHECK(number(form, "3.5%", "亿元") == "refused");
    CHECK(number(form, "3.5", "%") == "refused");
    CHECK(number({}, "3.5%", "%") == "refused");
}

TEST_CASE("a number without its percent sign among per cents is refused") {
    const auto out = in_percent("zone,year,share\nZ1,2024,3.5%\nZ2,2024,0.035\n", with(&CellForm::percent));
    CHECK(out.says("`0.035` is not a per cent"));
    CHECK(in_percent("zone,year,share\nZ1,2024,3.5%\n", {})
              .says("with `cells: percent` for the column, 3.5% is read as 3.5 %"));
}

TEST_CASE("accounts, marks, wide digits and small figures are read where they are declared") {
    CHECK(number(with(&CellForm::parentheses), "(123)") == "-123");
    CHECK(number(with(&CellForm::parentheses), "(-123)") == "refused");
    CHECK(number(with(&CellForm::parentheses), "△123") == "-123");
    CHECK(number(with(&CellForm::parentheses), "▲ 1.5") == "-1.5");
    CHECK(number({}, "△123") == "refused");
    CHECK(number(with(&CellForm::full_width), "１２．５") == "12.5");
    CellForm marked;
    marked.marks = {"①", "p", "b"};
    CHECK(number(marked, "12.3①") == "12.3");
    CHECK(number(marked, "12.3 bp") == "12.3");
    CHECK(number(marked, "12.3e") == "refused");
    marked.marks = {"p", "bp"};  // the longer one goes before
    CHECK(number(marked, "12.3 bp") == "12.3");
    CellForm small;
    small.less_than = feel::Missing::suppressed;
    CHECK(number(small, "<5") == "suppressed");
    CHECK(number(small, "＜ 5") == "suppressed");
    CHECK(number(small, "<x") == "refused");
}

TEST_CASE("noise of binary fractions is rounded where that is declared, and told where it is not") {
    CHECK(number(with(&CellForm::rounded), "0.30000000000000004") == "0.3");
    CHECK(number(with(&CellForm::rounded), "123456789012345678").substr(0, 15) == "123456789012346");
    const auto out = in_percent("zone,year,share\nZ1,2024,0.30000000000000004\n", {});
    CHECK(out.fine());
    CHECK(out.says("1 cell holds more than 15 digits, as `0.30000000000000004`"));
    CHECK(out.rows.columns[0].at(0).to_string() == "0.30000000000000004");
}

TEST_CASE("dates are read by the pattern that is declared") {
    const auto date = [](const char* text, const char* pattern) {
        const auto out = io::date_by_pattern(text, pattern);
        return out ? out->to_string() : "refused";
    };
    CHECK(date("2024/5/1", "y/m/d") == "2024-05-01");
    CHECK(date("2024年5月1日", "y年m月d日") == "2024-05-01");
    CHECK(date("1.5.2024", "d.m.y") == "2024-05-01");
    CHECK(date("20240501", "ymd") == "2024-05-01");
    CHECK(date("45413", "serial") == "2024-05-01");
    CHECK(date("24/5/1", "y/m/d") == "refused");
    CHECK(date("2024/13/1", "y/m/d") == "refused");
    CHECK(date("2024/5/1 ", "y/m/d") == "refused");
    CHECK(date("2024/5/1", "d/m/y") == "refused");
}

TEST_CASE("names that a reader takes for one have one look") {
    const std::pair<const char*, const char*> same[] = {{"苏州工业园区（一期）", "苏州工业园区(一期)"},
                                                        {"Beijing Park", "beijing  park"},
                                                        {"Café", "Cafe\u0301"},
                                                        {"01001", "1001"},
                                                        {"E05", "E5"},
                                                        {"A1O", "A10"},
                                                        {"1001.0", "1001"},
                                                        {"Ｚ１", "Z1"}};
    for (const auto& [a, b] : same) {
        CHECK(io::look_of(a) == io::look_of(b));
        CHECK(io::look_hash(a) == io::look_hash(b));
    }
    const std::pair<const char*, const char*> other[] = {
        {"Z1", "Z10"}, {"Moon", "Mon"}, {"Cafe", "Café"}, {"Z1-1", "Z11"}, {"0", "00x"}};
    for (const auto& [a, b] : other) CHECK(io::look_of(a) != io::look_of(b));
}

TEST_CASE("ids with control characters or shortened by a spreadsheet are refused") {
    const auto said = [](const std::string& id) { return in_percent("zone,year,share\n" + id + ",2024,1\n", {}); };
    CHECK(said("Z1_x000D_").says("holds a control character"));
    CHECK(said("\"Z\n1\"").says("holds a control character"));
    CHECK(said("1.23457E+17").says("is how a spreadsheet shortens a long number"));
    CHECK(said("A_x1").fine());
}

TEST_CASE("an encoding is told by what it makes of the text") {
    const auto first = [](const std::string& bytes) { return io::guess_encodings(bytes).at(0); };
    CHECK(first("zone\nM\xFCnchen\nK\xF6ln\n").encoding == "windows-1252");
    CHECK(first("zone\nM\xFCnchen\nK\xF6ln\n").sample == "München, Köln");
    CHECK(first("\xB5\xD8\xC7\xF8,\xC4\xEA\xB7\xDD\n\xBC\xD7\xCA\xA1,2024\n").encoding == "GB18030");
    CHECK(first("\xA6\x61\xB0\xCF,\xA6\x7E\xA5\xF7\n\xA5\xD2\xBF\xA4,2024\n").encoding == "Big5");
    CHECK(first("\x92\x6E\x88\xE6,\x83\x5A\x83\x93\x83\x5E\x81\x5B\n").encoding == "Shift_JIS");
    CHECK(first("\xC1\xF6\xBF\xAA,\xBC\xAD\xBF\xEF\xC6\xAF\xBA\xB0\xBD\xC3,\xBA\xCE\xBB\xEA\xB1\xA4\xBF\xAA\xBD\xC3\n")
              .encoding == "EUC-KR");
    CHECK(first("\xD0\xE5\xE3\xE8\xEE\xED;2022\n\xC8\xF2\xEE\xE3\xEE;5,0\n").encoding == "windows-1251");
    CHECK(first("\xF2\xC5\xC7\xC9\xCF\xCE;2022\n\xE9\xD4\xCF\xC7\xCF;5,0\n").encoding == "KOI8-R");
    CHECK(first("Gmina\n\xA3\xF3"
                "d\x9F\n\x8Cwidnica\n")
              .encoding == "windows-1250");
    for (const auto& guess : io::guess_encodings("zone\nM\xFCnchen\n"))
        CHECK(guess.encoding != "windows-1250");  // which makes the same of it
}

TEST_CASE("errors of one cause down a column are one finding with a count and examples") {
    std::string file = "zone,year,share\n";
    for (int i = 0; i < 235; ++i) file += "Z" + std::to_string(1000 + i) + ",2024," + std::to_string(i) + "%\n";
    const auto out = in_percent(file, {});
    CHECK(out.diagnostics.all().size() == 1);
    CHECK(out.says("`0%` is not a number; the same in 234 more cells: `1%` (line 3), `2%` (line 4) …"));
}
