#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "engine/io/cells/spreadsheet_values.hpp"
#include "engine/io/reading/table_file.hpp"
#include "engine/io/sources/xlsx.hpp"
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
    CHECK(read(with_cells("<c r=\"H2\"><v>1</v></c>").bytes()).says("column H (cell H2) holds `1` but has no header"));
}

TEST_CASE("numbers are read at the fifteen digits that Excel shows and compares") {
    CHECK(io::shown_decimal("1.1000000000000001") == "1.1");
    CHECK(io::shown_decimal("0.30000000000000004") == "0.3");
    CHECK(io::shown_decimal("2.9999999999999999E-2") == "0.03");
    CHECK(io::shown_decimal("100000") == "100000");
    CHECK(io::shown_decimal("1E+20") == "100000000000000000000");
    CHECK(io::shown_decimal("-0") == "0");
    CHECK_FALSE(io::shown_decimal("abc"));
    CHECK_FALSE(io::shown_decimal("1e999"));
    CHECK_FALSE(io::shown_decimal("nan"));
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
        CHECK(io::number_format(code).date);
    for (const auto* code : {"General", "0.00", "#,##0;[Red]-#,##0", "hh:mm:ss", "mm:ss", "[h]:mm", "0.0\"days\"",
                             "\\d0", "0.00E+00", "@"})
        CHECK_FALSE(io::number_format(code).date);
}

TEST_CASE("a number format says what else its cells show") {
    CHECK(io::number_format("0.0%").percent);
    CHECK(io::builtin_number_format(10).percent);
    CHECK_FALSE(io::number_format("0.0\"%\"").percent);
    CHECK_FALSE(io::number_format("0;0%").percent);
    CHECK(io::number_format("000").digits == 3);
    CHECK(io::number_format("0.00").digits == 0);
    CHECK(io::number_format("\"ID-\"0").words);
    CHECK_FALSE(io::number_format("[Red]#,##0_);(#,##0)").words);
    CHECK(io::number_format("#,##0,").in_thousands);
    CHECK_FALSE(io::number_format("#,##0").in_thousands);
    for (const auto* code : {"0.0\"%\"", "0.0\\%", "0!%", "0.0\"‰\""}) CHECK(io::number_format(code).sign);
    CHECK_FALSE(io::number_format("0.0%").sign);
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

TEST_CASE("a cell of tens of megabytes is refused before it takes memory") {
    const auto book_with = [](const std::string& cells, const std::string& shared) {
        auto book = with_cells(cells);
        book.shared = shared;
        return book.bytes();
    };
    const auto large = [](const std::string& before, const std::string& after) {
        return before + std::string(48u << 20, 'x') + after;
    };
    const std::pair<std::string, std::string> expected[] = {
        {book_with("", large("<si><t>", "</t></si>")), "a text of the workbook holds more than 1048576 bytes"},
        {book_with(large("<c r=\"C2\"><v>", "</v></c>"), ""), "cell C2 holds more than 1048576 bytes"},
        {book_with(large("<c r=\"C2\" t=\"inlineStr\"><is><t>", "</t></is></c>"), ""),
         "a text of the workbook holds more than 1048576 bytes"},
        {book_with(large("<c r=\"C2\" s=\"", "\"/>"), ""), "holds a mark of more than 1048576 bytes"}};
    for (const auto& [bytes, text] : expected) {
        INFO(text);
        // In a process of its own: what was needed to make the file does not count.
        const auto child = fork();
        if (child == 0) {
            rusage before{}, after{};
            getrusage(RUSAGE_SELF, &before);
            const bool refused = read(bytes).says(text);
            getrusage(RUSAGE_SELF, &after);
            constexpr long little = 16 << 10;  // kB
            _exit(!refused ? 1 : after.ru_maxrss - before.ru_maxrss > little ? 2 : 0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        CHECK(status == 0);
    }
}

TEST_CASE("cells are called as spreadsheets call them") {
    CHECK(io::cell_name(12, 2) == "C12");
    CHECK(io::cell_name(1, 25) == "Z1");
    CHECK(io::cell_name(1, 26) == "AA1");
    CHECK(io::cell_name(1048576, 16383) == "XFD1048576");
}

namespace {

WorkbookBuilder with_formats(const std::string& cells) {
    auto book = with_cells(cells);
    book.cell_formats = R"(<xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="171"/><xf numFmtId="172"/>)";
    book.number_formats =
        R"(<numFmt numFmtId="171" formatCode="000"/><numFmt numFmtId="172" formatCode="&quot;ID-&quot;0"/>)";
    return book;
}

DatasetSchema gdp_in(const std::string& unit) {
    auto schema = zones();
    schema.columns[0].unit = unit;
    return schema;
}

std::string sheet_of(const std::string& rows, const std::string& merges) {
    return "<worksheet><sheetData>" + rows + "</sheetData><mergeCells>" + merges + "</mergeCells></worksheet>";
}

}  // namespace

TEST_CASE("a cell shown as 3.5 % is 3.5 in an input in % and 0.035 in one without a unit, and the import says so") {
    const auto book = with_formats(R"(<c r="C2" s="1"><v>0.035</v></c>)").bytes();
    const auto percent = read(book, gdp_in("%")), share = read(book, gdp_in("")), amount = read(book, gdp_in("亿元"));
    CHECK(percent.rows.columns[0].at(0).to_string() == "3.5");
    CHECK(percent.says("note ZV414: `GDP`: 1 cell is per cent in the workbook: 0.035 stored is read as 3.5 %"));
    CHECK(share.rows.columns[0].at(0).to_string() == "0.035");
    CHECK(share.says("0.035 stored is read as 0.035, a share of 1"));
    CHECK(amount.says("`GDP` (cell C2): the cell is per cent, the input is in 亿元"));
}

TEST_CASE("a number beside per cents that is none itself is told") {
    auto book = with_formats(
        R"(<c r="C2" s="1"><v>0.035</v></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>Z2</t></is></c>)"
        R"(<c r="B3"><v>2024</v></c><c r="C3"><v>3.5</v></c>)");
    const auto mixed = read(book.bytes(), gdp_in("%"));
    INFO(mixed.text());
    CHECK(mixed.says("`GDP`: 1 cell is no per cent beside those, and read as shown"));
}

TEST_CASE("a formula whose result was never stored is an error that names the cell") {
    CHECK(read(with_cells("<c r=\"C2\"><f>1+1</f></c>").bytes())
              .says("`GDP` (cell C2): the cell holds a formula whose result was never stored"));
    CHECK(read(with_cells("<c r=\"C2\"><f>1+1</f><v/></c>").bytes()).says("was never stored"));
    CHECK(read(with_cells("<c r=\"D2\" t=\"str\"><f>X1</f></c>").bytes())
              .says("`region` (cell D2): the cell holds a formula"));
    const auto empty_text = read(with_cells("<c r=\"C2\" t=\"str\"><f>IF(1,\"\")</f><v></v></c>").bytes());
    INFO(empty_text.text());
    CHECK(empty_text.fine());
    CHECK(empty_text.rows.columns[0].blank(0));
}

TEST_CASE("a formula without a result in a column that feeds nothing does no harm") {
    auto schema = zones();
    std::erase_if(schema.columns, [](const ColumnSchema& c) { return c.name == "GDP"; });
    CHECK(read(with_cells("<c r=\"C2\"><f>1+1</f></c>").bytes(), schema).fine());
}

TEST_CASE("ids are read as shown, and those that have lost digits are refused") {
    auto book = with_formats("");
    const auto with_id = [&](const std::string& cell) {
        const auto at = book.rows.find(inline_cell("A2", "Z1"));
        auto changed = book;
        changed.rows.replace(at, inline_cell("A2", "Z1").size(), cell);
        return read(changed.bytes());
    };
    CHECK(with_id(R"(<c r="A2" s="2"><v>1</v></c>)").rows.records == Texts{"001"});
    CHECK(with_id(R"(<c r="A2"><v>1.2345678901234568E+17</v></c>)")
              .says("is a number of more than 15 digits, and the last ones are lost"));
    CHECK(with_id(R"(<c r="A2" s="3"><v>7</v></c>)").says("is shown with letters that the cell does not hold"));
}

TEST_CASE("a text merged over rows is read for each of them, a number is refused unless its meaning is declared") {
    const auto row = [](int number, const std::string& cells) {
        return "<row r=\"" + std::to_string(number) + "\">" + cells + "</row>";
    };
    auto book = with_cells("");
    const auto file = [&](const std::string& region, const std::string& gdp, const std::string& merges) {
        const auto head = row(1, inline_cell("A1", "zone") + inline_cell("B1", "year") + inline_cell("C1", "GDP") +
                                     inline_cell("D1", "region"));
        const auto first = row(2, inline_cell("A2", "Z1") + "<c r=\"B2\"><v>2024</v></c>" + gdp + region);
        const auto second = row(3, inline_cell("A3", "Z2") + "<c r=\"B3\"><v>2024</v></c>");
        book.replaced["xl/worksheets/sheet1.xml"] = sheet_of(head + first + second, merges);
        return book.bytes();
    };
    const auto text = read(file(inline_cell("D2", "East"), "", "<mergeCell ref=\"D2:D3\"/>"));
    INFO(text.text());
    REQUIRE(text.fine());
    CHECK(text.rows.columns[1].at(1).to_string() == "East");
    CHECK(text.says("`region`: 1 cell is covered by merged ones and read as they: `East`"));
    const auto number = file("", "<c r=\"C2\"><v>5</v></c>", "<mergeCell ref=\"C2:C3\"/>");
    CHECK(read(number).says("`GDP` (cell C3): the cell is merged with the one above"));
    auto declared = zones();
    declared.shape.fill_down = {"GDP"};
    CHECK(read(number, declared).rows.columns[0].at(1).to_string() == "5");
    const auto across = file("", "<c r=\"C2\"><v>5</v></c>", "<mergeCell ref=\"C2:D2\"/>");
    CHECK(read(across).says("`region` (cell D2): the cell is merged with the one to its left"));
    CHECK(read(file("", "", "<mergeCell ref=\"C2\"/><mergeCell ref=\"nonsense\"/>"))
              .says("`nonsense` is no region of merged cells"));
}

TEST_CASE("a sheet that is not read is named") {
    auto book = with_cells("");
    book.sheets = R"(<sheet name="2023" sheetId="1" r:id="rId1"/><sheet name="2024" sheetId="2" r:id="rId2"/>)";
    CHECK(read(book.bytes()).says("note ZV415: the sheet `2023` is read, and not `2024`"));
    io::ReadOptions options;
    options.sheet = "2023";
    CHECK_FALSE(read(book.bytes(), zones(), options).says("ZV415"));
}

TEST_CASE("files that are no tables are called what they are") {
    CHECK(read("<html><table><tr><td>zone</td></tr></table></html>")
              .says("this is HTML, a web page, whatever its name says"));
    CHECK(read("\xD0\xCF\x11\xE0" + std::string(100, ' ') + std::string("W\0o\0r\0k\0b\0o\0o\0k\0", 16))
              .says("this is a workbook in the old .xls format"));
    CHECK(read("\xD0\xCF\x11\xE0" + std::string("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32))
              .says("locked with a password"));
    CHECK(read("PARE").says("this is a Parquet file that is encrypted"));
}

TEST_CASE("a number of a workbook that needs no conversion comes to what conversion makes of it") {
    for (const auto* text :
         {"0",    "7",    "10",    "-3", "0.5",   "0.05", "0.0000001", "0.00000000012",   "1234.5",
          "1.50", "007",  "100.0", "-0", "-0.25", "1.",   ".5",        "123456789012345", "12345678901.2345",
          "0.0",  "00.5", "1e3"}) {
        double value = 0;
        const std::string_view view = text;
        if (std::from_chars(view.data(), view.data() + view.size(), value).ec != std::errc{}) continue;
        INFO(text);
        CHECK(io::shown_decimal(text) == io::shortest_decimal(value));
    }
}

TEST_CASE("a sheet of a workbook is a text of a rule set: a line for each row, per cents as per cents") {
    WorkbookBuilder book;
    book.rows = "<row r=\"1\">" + inline_cell("A1", "indicator") + inline_cell("B1", "title") +
                inline_cell("C1", "weight") + "</row><row r=\"3\">" + inline_cell("A3", "x") +
                inline_cell("B3", "Exports, all \"goods\"") + "<c r=\"C3\" s=\"1\"><v>0.2</v></c></row><row r=\"4\">" +
                inline_cell("B4", "alone") + "</row>";
    book.cell_formats = "<xf numFmtId=\"0\"/><xf numFmtId=\"9\"/>";
    const auto path = std::filesystem::temp_directory_path() / ("zoneval-table-" + std::to_string(getpid()) + ".xlsx");
    std::ofstream(path, std::ios::binary) << book.bytes();
    const std::string sheet = "indicator,title,weight\n\nx,\"Exports, all \"\"goods\"\"\",20 %\n,alone\n";
    CHECK(io::read_text_or_sheet(path.string()) == sheet);
    CHECK(io::read_text_or_sheet(path.string() + "#Data") == sheet);
    CHECK_THROWS_AS(io::read_text_or_sheet(path.string() + "#Other"), InputError);
    std::ofstream(path, std::ios::binary) << "no workbook";
    CHECK_THROWS_AS(io::read_text_or_sheet(path.string()), InputError);
    std::filesystem::remove(path);
    CHECK_FALSE(io::read_text_or_sheet(path.string()));
}
