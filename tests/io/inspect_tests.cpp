// What a file looks like to one who has not read its declaration.
#include <catch2/catch.hpp>

#include "engine/io/inspect/inspect.hpp"
#include "tests/io/support.hpp"
#include "tests/io/workbook_builder.hpp"

using namespace zoneval;
using namespace zoneval::io;
using Look = ColumnLook::Kind;

namespace {

Inspection look(const std::string& bytes, const KnownInputs* known = nullptr, const std::string& file = "f.csv") {
    Diagnostics found;
    auto out = inspect(file, bytes, "", known, wording::Language::en, found);
    INFO(render_text(found, false));
    REQUIRE_FALSE(found.has_errors());
    return out;
}

std::string declared(const Inspection& seen) {
    std::string out;
    for (const auto& [key, value] : written(seen.shape)) out += key + ": " + value + "\n";
    return out;
}

const ColumnLook& column(const Inspection& seen, const std::string& heading) {
    for (const auto& one : seen.columns)
        if (one.heading == heading) return one;
    FAIL("no column " << heading);
    throw 0;
}

bool says(const std::vector<std::string>& lines, const std::string& part) {
    return std::any_of(lines.begin(), lines.end(), [&](const auto& line) { return line.find(part) != line.npos; });
}

}  // namespace

TEST_CASE("titles, units, totals and notes are told apart in a table of other people's making") {
    const auto seen = look(
        "表5-3 各地区生产经营情况（2023年）,,\n单位：万元,,\n地区,收入,占比\n全 国,\"30,000\",—\n甲省,\"20,000\",3.5%\n"
        "乙省,\"10,000\",—\n注：本表为规模以上企业。,,\n");
    CHECK(declared(seen) == "header row: 3\nuntil: 注\ndrop: '地区 = \"全 国\"'\nyear: 2023\n");
    CHECK(seen.id == "地区");
    CHECK(column(seen, "收入").form.grouped);
    CHECK(column(seen, "收入").unit == "万元");
    CHECK(column(seen, "占比").form.percent);
    CHECK(column(seen, "占比").words == std::vector<std::string>{"—"});
    CHECK(says(seen.checked, "line 4 (全 国) is the sum of the rows in 1 column"));
}

TEST_CASE("sums of parts are left out however they are called") {
    const auto seen = look("region,GDP\nA,1\nB,2\nEast subtotal,3\nC,4\nGrand Total:,7\n");
    CHECK(declared(seen).find("ends with(region, \"subtotal\")") != std::string::npos);
    CHECK(declared(seen).find("until: \"Grand Total:\"") != std::string::npos);
    const auto chinese = look("地区,收入\n甲,1\n乙,2\n东部合计,3\n丙,4\n西部小计,4\n总 计,7\n");
    CHECK(declared(chinese).find("ends with(地区, \"合计\") or ends with(地区, \"小计\")") != std::string::npos);
    CHECK(declared(chinese).find("until: 总 计") != std::string::npos);
    CHECK(chinese.records == 3);
}

TEST_CASE("names over two rows are joined, also in files that cannot merge cells and in two languages") {
    const auto grouped = look("地区,收入,,人员,\n,合计,增长,合计,增长\n甲,1,2,3,4\n乙,1,2,3,4\n");
    CHECK(declared(grouped).find("header row: [1, 2]") != std::string::npos);
    CHECK(grouped.columns[2].heading == "收入 增长");
    CHECK(grouped.columns[0].heading == "地区");
    const auto bilingual = look("地区,收入\nRegion,Revenue\n甲,1\n乙,2\n");
    CHECK(declared(bilingual).find("header row: [1, 2]") != std::string::npos);
    CHECK(bilingual.columns[1].heading == "收入 Revenue");
    const auto codes = look("zone,GDP,area\nA,—,—\nB,2,3\n");
    CHECK(declared(codes).find("header row") == std::string::npos);
    CHECK(codes.records == 2);
    const auto units = look("地区,收入,人员\n,亿元,人\n甲,1,2\n乙,1,2\n");
    CHECK(declared(units).find("units row: 2") != std::string::npos);
}

TEST_CASE("codes joined in one column are split by their heading, and years found in the others") {
    const auto seen = look("freq,unit,geo\\TIME_PERIOD\t2022 \t2023 \nA,EUR,DE\t12.5 p\t: \nA,EUR,FR\t7\t8 b\n");
    CHECK(declared(seen) ==
          "delimiter: tab\nsplit: {\"freq,unit,geo\\\\TIME_PERIOD\": [freq, unit, geo]}\nyears in columns: \"?\"\n");
    CHECK(seen.id == "geo");
    CHECK(column(seen, "2022").marks == std::vector<std::string>{"p"});
    CHECK(column(seen, "2023").words == std::vector<std::string>{":"});
}

TEST_CASE("words that the input does not take are to be translated by those who know them") {
    const KnownInputs known{test::zones(), {{"地区", "region"}}};
    const auto seen = look("zone,year,region,listed\nZ1,2024,东部,是\nZ2,2024,西部,否\nZ3,2024,西部,是\n", &known);
    CHECK(column(seen, "region").to_translate == std::vector<std::string>{"西部"});  // 东部 is declared
    CHECK(column(seen, "region").input_words == std::vector<std::string>{"East", "West"});
    CHECK(column(seen, "listed").to_translate == std::vector<std::string>{"否"});
    CHECK(seen.unfed == std::vector<std::string>{"GDP", "founded", "remark"});
    CHECK(column(look("zone,year,地区\nZ1,2024,东部\nZ2,2024,东部\n", &known), "地区").input == "region");
}

TEST_CASE("ranks such as 201-225 are no word for a missing figure") {
    const auto seen = look("name,rank,score\nA,1,5\nB,2,-\nC,201-225,7\n");
    CHECK(column(seen, "rank").words.empty());
    CHECK(says(seen.doubts, "`201-225` in `rank` is no number"));
    CHECK(column(seen, "score").words == std::vector<std::string>{"-"});
    CHECK(says(seen.doubts, "no column, title or name holds the year"));
    CHECK(column(look("name,n\nA,<5\nB,7\nC,8\n"), "n").less_than);
}

TEST_CASE("one row for each indicator: the record is the column beside them") {
    const auto seen =
        look("province,year,indicator,value,unit\n甲,2015,利润,2,亿元\n甲,2015,收入,3,亿元\n乙,2015,利润,3,亿元\n");
    CHECK(declared(seen) == "names in: indicator\nvalues in: value\nunit in: unit\n");
    CHECK(seen.id == "province");
    CHECK(seen.year == "year");
}

TEST_CASE("a sheet for each year is read by one declaration, if all have the same columns") {
    const auto book = [](const std::string& other) {
        const auto sheet = [](const std::string& heading) {
            return "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>园区</t></is></c><c r=\"B1\" "
                   "t=\"inlineStr\"><is><t>" +
                   heading +
                   "</t></is></c></row><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>甲</t></is></c><c r=\"B2\">"
                   "<v>1</v></c></row>";
        };
        test::WorkbookBuilder out;
        out.sheets = R"(<sheet name="2022年" sheetId="1" r:id="rId1"/><sheet name="2023年" sheetId="2" r:id="rId2"/>)";
        out.rows = sheet("收入");
        out.replaced["xl/worksheets/sheet2.xml"] = "<worksheet><sheetData>" + sheet(other) + "</sheetData></worksheet>";
        return out.bytes();
    };
    const auto seen = look(book("收入"), nullptr, "f.xlsx");
    CHECK(declared(seen) == "sheet: \"*\"\nyear: {from: sheet}\n");
    CHECK(seen.sheets_of_years == std::vector<std::string>{"2022年", "2023年"});
    CHECK(says(look(book("利润"), nullptr, "f.xlsx").doubts, "the sheets of other years have other columns"));
}

TEST_CASE("headings that nobody can tell apart, and columns without one, are told") {
    const auto seen = look("zone,n,n,\nA,1,2,x\nB,1,2,\n");
    CHECK(says(seen.doubts, "two columns are headed `n`"));
    CHECK(says(seen.doubts, "column D holds something and has no name"));
}

TEST_CASE("a region that stands only in the first of its rows is filled down, and that is told as a guess") {
    const auto seen = look("region,zone,GDP\nEast,A,1\n,B,2\n,C,3\nWest,D,4\n,E,5\n");
    CHECK(declared(seen).find("fill down: [region]") != std::string::npos);
    CHECK(says(seen.doubts, "blanks in `region` are taken for the cell above"));
    CHECK(seen.id == "zone");
}

TEST_CASE("what is said of a file is said in the reader's language") {
    Diagnostics found;
    const auto zh = inspect("f.csv", "zone,n\nA,1\nB,2\n", "", nullptr, wording::Language::zh, found);
    CHECK(says(zh.checked, "没有近似的名称"));
    const auto ja = inspect("f.csv", "zone,n\nA,1\nB,2\n", "", nullptr, wording::Language::ja, found);
    CHECK(ja.spans[0].what == "列の名前");
}

TEST_CASE("flags behind missing signs, per cents with decimal commas and triangles for minus are known") {
    const auto flags = look("geo\t2021\t2022\nDE\t: c\t5 p\nFR\t3\t:\n");
    CHECK(column(flags, "2021").words == std::vector<std::string>{":"});
    CHECK(column(flags, "2021").marks == std::vector<std::string>{"c"});
    const auto german = look("Land;Anteil\nBayern;12,3 %\nHessen;5,1 %\n");
    CHECK(column(german, "Anteil").form.percent);
    CHECK(column(german, "Anteil").form.decimal_comma);
    CHECK(column(german, "Anteil").marks.empty());
    const auto japanese = look(
        "第3表（令和5年）,,\n団体コード,市区町村,歳入\n011002,札幌市,\"1,234\"\n012025,函館市,△56\n計,,\"1,178\"\n");
    CHECK(column(japanese, "歳入").form.parentheses);
    CHECK(declared(japanese).find("year: 2023") != std::string::npos);
    CHECK(says(japanese.checked, "line 5 (計) is the sum of the rows in 1 column"));
}

TEST_CASE("totals are known in other languages, and where an English word stands behind") {
    const auto drops = [](const std::string& total) {
        const auto seen = look("region,a,b\n" + total + ",3,5\nA,1,2\nB,2,3\n");
        return seen.records == 2 && declared(seen).find("drop: 'region = \"" + total + "\"'") != std::string::npos;
    };
    for (const auto* total :
         {"全国 National", "合 计 Total", "Insgesamt", "Ensemble", "Total general", "Итого", "總計", "합계", "総 計"})
        CHECK(drops(total));
    CHECK_FALSE(drops("Totalsberg"));
    CHECK_FALSE(drops("全国高新区"));
}

TEST_CASE("regions that are the sum of the rows below them are no records, and that is told") {
    const auto seen = look(
        "region,revenue,profit\nEastern,700.52,40.25\nA,300.2,15.05\nB,400.32,25.2\nCentral,3100.45,12.47\nC,3100.45,"
        "12.47\n"
        "Western,9000.1,33.37\nD,4000.1,11.17\nE,5000,22.2\n");
    CHECK(seen.records == 5);
    CHECK(says(seen.checked, "line 2 (Eastern) is the sum of the 2 rows below it in 2 columns: left out"));
    CHECK(says(seen.checked, "line 5 (Central) is the sum of the 1 rows below it"));
    // Two rows that are alike are no sum of one another, and small whole numbers add up by chance.
    CHECK(look("region,revenue,profit\nA,300.2,15.05\nB,300.2,15.05\nC,1,2\n").records == 3);
    CHECK(look("region,a,b\nA,3,5\nB,1,2\nC,2,3\n").records == 3);
}

TEST_CASE("names over three rows are joined, and those that stand again on the second page are no record") {
    const auto seen = look(
        "表1,,,,\n序号,园区,经济指标,,创新\n,,收入,,研发\n,,金额,同比,支出\n1,甲园,10.5,3.5,100\n2,乙园,20.25,4,200\n"
        "序号,园区,经济指标,,创新\n3,丙园,30,5,300\n");
    CHECK(declared(seen).find("header row: [2, 3, 4]") != std::string::npos);
    CHECK(seen.records == 3);
    CHECK(seen.id == "园区");
}

TEST_CASE("years below what is counted are part of the names") {
    const auto seen = look("市町村,売上高,従業者数\n,令和5年度,令和5年度\n甲市,\"１２，３４５\",1234\n乙町,▲500,X\n");
    CHECK(declared(seen).find("header row: [1, 2]\nyears in columns: true\n") != std::string::npos);
    const auto& revenue = column(seen, "売上高 令和5年度");
    CHECK(revenue.form.full_width);
    CHECK(revenue.form.grouped);
    CHECK(revenue.form.parentheses);
    CHECK(revenue.words.empty());
}

TEST_CASE("tabs behind cells are not what parts them, nor are those inside of quotes") {
    const auto seen = look("地区\t,2023年\t,2022年\t,\n甲省\t,9153.26\t,8536.94\t,\n乙省\t,\t,1928.56\t,\n");
    CHECK(seen.shape.delimiter == 0);
    CHECK(seen.shape.years_in_columns);
    CHECK(look("\"地区\",\"2023\"\n\"甲\t\",\"9,153.2\t\"\n\"乙\t\",\"1,928.5\t\"\n").shape.delimiter == 0);
    CHECK(look("a\tb\nx, y\t1\nz, w\t2\n").shape.delimiter == '\t');
}

TEST_CASE("a per cent sign behind a blank that does not break is no mark to be left out") {
    const auto seen = look("zone,share\nA,25\u00A0%\nB,7\u202F%\n");
    CHECK(column(seen, "share").form.percent);
    CHECK(column(seen, "share").marks.empty());
}

TEST_CASE("1,234 is 1.234 in a file whose other columns have decimal commas, and asked about where nothing tells") {
    const auto german = look("zone;a;b;c\nX;1,234;3,5;1.234\nY;2,567;4,25;2.500\n");
    CHECK(column(german, "a").form.decimal_comma);
    CHECK_FALSE(column(german, "a").form.grouped);
    CHECK(column(german, "c").form.decimal_comma);
    CHECK(says(look("zone;a\nX;1,234\nY;2,567\n").doubts, "groups of three, or `decimal comma`?"));
    CHECK(look("zone,a\nX,\"1,234\"\nY,\"2,567\"\n").doubts.size() == 1);  // no year; nothing else
}

TEST_CASE("words for a missing figure do not make a column one of words") {
    const auto seen = look("zone,revenue\nA,12.3①\nB,…\nC,不适用\nD,—\n");
    CHECK(column(seen, "revenue").kind == Look::number);
    CHECK(column(seen, "revenue").marks == std::vector<std::string>{"①"});
    CHECK(column(seen, "revenue").words.size() == 3);
}

TEST_CASE("notes are left out, records whose names begin as notes do are not") {
    CHECK(look("지역,a,b\n가,1,2\n주식회사 나,3,4\n").records == 2);
    const auto seen = look(
        "Country or Area,Year(s),Item,Value,Footnotes\nA,2022,GDP,10.5,1\nB,2022,GDP,9.5,\n"
        "footnoteSeqID,Footnote,,,\n1,Estimate.,,,\n");
    CHECK(seen.records == 2);
    CHECK(seen.year == "Year(s)");
}

TEST_CASE("units above a table are no names of its columns, and of two of them none is taken for all") {
    const auto two =
        look("2023年度园区统计表,,,\n单位：亿元,,,人\n园区,地区,产值,从业人员\n甲区,东部,12,10\n乙区,西部,15,45\n");
    CHECK(declared(two) == "header row: 3\nyear: 2023\n");
    CHECK(two.id == "园区");
    CHECK(column(two, "产值").unit.empty());
    const auto one = look("统计表,,\n单位：亿元,,\n园区,地区,产值\n甲区,东部,12\n乙区,西部,15\n");
    CHECK(column(one, "产值").unit == "亿元");
}
