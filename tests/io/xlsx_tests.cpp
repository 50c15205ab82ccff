#include <catch2/catch.hpp>

#include "engine/io/spreadsheet_values.hpp"
#include "engine/io/xlsx.hpp"
#include "tests/io/support.hpp"
#include "tests/io/workbook_builder.hpp"

using namespace zoneval;
using namespace std::string_literals;
using io::test::read;
using io::test::WorkbookBuilder;
using io::test::zones;

namespace {

std::string inline_cell(const std::string& reference, const std::string& text) {
    return "<c r=\"" + reference + "\" t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
}

/// Header zone, year, GDP, region, listed, founded in row 1 and `cells` in row 2, where A2 and B2 are given.
WorkbookBuilder with_cells(const std::string& cells) {
    WorkbookBuilder book;
    book.rows = "<row r=\"1\">" + inline_cell("A1", "zone") + inline_cell("B1", "year") + inline_cell("C1", "GDP") +
                inline_cell("D1", "region") + inline_cell("E1", "listed") + inline_cell("F1", "founded") +
                "</row><row r=\"2\">" + inline_cell("A2", "Z1") + "<c r=\"B2\"><v>2024</v></c>" + cells + "</row>";
    book.cell_formats = "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/>";
    book.number_formats =
        "<numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@\"/>";
    return book;
}

}  // namespace

TEST_CASE("a workbook is read as a CSV file would be") {
    auto book = with_cells(
        "<c r=\"C2\"><v>12.5</v></c><c r=\"D2\" t=\"s\"><v>1</v></c><c r=\"E2\" t=\"b\"><v>1</v></c><c r=\"F2\" "
        "s=\"1\"><v>45413</v></c>");
    book.shared = "<si><t>unused</t></si><si><r><t>Ea</t></r><r><t>st</t></r><rPh><t>phonetic</t></rPh></si>";
    const auto out = read(book.bytes());
    INFO(out.text());
    REQUIRE(out.fine());
    CHECK(out.rows.sheet == "Data");
    CHECK(out.rows.records == Texts{"Z1"});
    CHECK(out.rows.lines == std::vector<std::uint32_t>{2});
    CHECK(out.rows.columns[0].at(0).to_string() == "12.5");
    CHECK(out.rows.columns[1].at(0).to_string() == "East");
    CHECK(out.rows.columns[2].at(0).is_true());
    CHECK(out.rows.columns[3].at(0).to_string() == "2024-05-01");
}

TEST_CASE("a bad cell of a workbook is named as the spreadsheet names it") {
    const auto out = read(with_cells("<c r=\"C2\" t=\"str\"><v>12,5</v></c>").bytes());
    CHECK(out.says("zones.csv[Data]:2:3: error ZV407: `GDP` (cell C2): `12,5` is not a number"));
}

TEST_CASE("error cells are bad cells unless a missing code maps them") {
    CHECK(read(with_cells("<c r=\"C2\" t=\"e\"><v>#DIV/0!</v></c>").bytes())
              .says("the cell holds the spreadsheet error `#DIV/0!`"));
    const auto mapped = read(with_cells("<c r=\"C2\" t=\"e\"><v>#N/A</v></c>").bytes());
    INFO(mapped.text());
    REQUIRE(mapped.fine());
    CHECK(mapped.rows.columns[0].missing(0) == feel::Missing::not_applicable);
}

TEST_CASE("cells left out are blank, and a cell beyond the header is refused") {
    const auto out = read(with_cells("").bytes());
    REQUIRE(out.fine());
    CHECK(out.rows.columns[0].blank(0));
    CHECK(read(with_cells("<c r=\"H2\"><v>1</v></c>").bytes()).says("more cells than the header"));
}

TEST_CASE("numbers are the shortest decimal of the stored double") {
    CHECK(io::shortest_decimal("1.1000000000000001") == "1.1");
    CHECK(io::shortest_decimal("0.30000000000000004") == "0.30000000000000004");
    CHECK(io::shortest_decimal("2.9999999999999999E-2") == "0.03");
    CHECK(io::shortest_decimal("100000") == "100000");
    CHECK(io::shortest_decimal("1E+20") == "100000000000000000000");
    CHECK(io::shortest_decimal("-0") == "0");
    CHECK_FALSE(io::shortest_decimal("abc"));
    CHECK_FALSE(io::shortest_decimal("1e999"));
    CHECK_FALSE(io::shortest_decimal("nan"));
}

TEST_CASE("serial numbers are dates, with Excel's 29 February 1900 and with the epoch of 1904") {
    CHECK(io::date_of_serial(1, false) == "1900-01-01");
    CHECK(io::date_of_serial(59, false) == "1900-02-28");
    CHECK_FALSE(io::date_of_serial(60, false));
    CHECK(io::date_of_serial(61, false) == "1900-03-01");
    CHECK(io::date_of_serial(45413, false) == "2024-05-01");
    CHECK(io::date_of_serial(45413.5, false) == "2024-05-01T12:00:00");
    CHECK(io::date_of_serial(0, true) == "1904-01-01");
    CHECK(io::date_of_serial(43951, true) == "2024-05-01");
    CHECK_FALSE(io::date_of_serial(0, false));
    CHECK_FALSE(io::date_of_serial(-1, true));
    CHECK_FALSE(io::date_of_serial(1e12, false));
}

TEST_CASE("a number format says whether its cells are dates") {
    for (const auto* code : {"yyyy-mm-dd", "d/m/yy", "[$-804]yyyy\"年\"m\"月\"d\"日\"", "mmm", "yyyy-mm-dd hh:mm"})
        CHECK(io::is_date_format(code));
    for (const auto* code : {"General", "0.00", "#,##0;[Red]-#,##0", "hh:mm:ss", "mm:ss", "[h]:mm", "0.0\"days\"",
                             "\\d0", "0.00E+00", "@"})
        CHECK_FALSE(io::is_date_format(code));
}

TEST_CASE("custom date formats and the 1904 epoch of the workbook are followed") {
    auto book = with_cells("<c r=\"F2\" s=\"2\"><v>43951</v></c>");
    book.workbook_properties = "<workbookPr date1904=\"1\"/>";
    const auto out = read(book.bytes());
    INFO(out.text());
    REQUIRE(out.fine());
    CHECK(out.rows.columns[3].at(0).to_string() == "2024-05-01");
}

TEST_CASE("sheets are chosen by name, without one the first that is not hidden") {
    auto book = with_cells("");
    book.sheets =
        R"(<sheet name="Setup" sheetId="1" state="hidden" r:id="rId1"/><sheet name="2024" sheetId="2" r:id="rId2"/>)";
    CHECK(read(book.bytes()).rows.sheet == "2024");
    io::ReadOptions options;
    options.sheet = "Setup";
    CHECK(read(book.bytes(), zones(), options).rows.sheet == "Setup");
    options.sheet = "2042";
    CHECK(read(book.bytes(), zones(), options).says("error ZV401: the workbook has no sheet `2042`"));
    CHECK(read(book.bytes(), zones(), options).says("did you mean `2024`?"));
}

TEST_CASE("workbooks that are damaged, hostile or not workbooks are refused") {
    const auto good = with_cells("").bytes();
    CHECK(read(good.substr(0, good.size() / 2)).says("error ZV401: the archive inside the workbook is damaged"));
    const auto with_part = [](const std::string& part, const std::string& content) {
        auto book = with_cells("");
        book.replaced[part] = content;
        return read(book.bytes());
    };
    CHECK(with_part("xl/worksheets/sheet1.xml", "<worksheet><sheetData>").says("is not well-formed XML"));
    CHECK(with_part("xl/sharedStrings.xml", "<!DOCTYPE x [<!ENTITY a \"b\">]><sst/>").says("declares a document type"));
    CHECK(with_part("_rels/.rels", "<Relationships/>").says("the archive is not a workbook"));
    CHECK(with_part("xl/workbook.xml", "<workbook/>").says("the workbook has no sheet"));
    const auto with_rows = [&](const std::string& rows) {
        return with_part("xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>");
    };
    CHECK(with_rows("<row r=\"2\"/><row r=\"1\"/>").says("row 1 of the sheet is out of place"));
    CHECK(with_rows("<row r=\"9999999\"/>").says("out of place"));
    CHECK(with_rows("<row r=\"1\"><c r=\"B1\"/><c r=\"A1\"/></row>").says("cell A1 of the sheet is out of place"));
    CHECK(with_rows("<row r=\"1\"><c r=\"ZZZZZZZZ1\"/></row>").says("too many cells"));
    CHECK(with_rows("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c></row>")
              .says("cell A1 refers to a text the workbook does not have"));
    CHECK(with_rows("").says("the file holds no rows"));
}

TEST_CASE("a part that unpacks to hundreds of megabytes is stopped") {
    auto book = with_cells("");
    book.replaced["xl/sharedStrings.xml"] = "<sst>" + std::string(260u << 20, ' ') + "</sst>";
    const auto bytes = book.bytes();
    CHECK(bytes.size() < (4u << 20));
    CHECK(read(bytes).says("unpacks to more than 256 MB"));
}

TEST_CASE("cells are called as spreadsheets call them") {
    CHECK(io::cell_name(12, 2) == "C12");
    CHECK(io::cell_name(1, 25) == "Z1");
    CHECK(io::cell_name(1, 26) == "AA1");
    CHECK(io::cell_name(1048576, 16383) == "XFD1048576");
}
