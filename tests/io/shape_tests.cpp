// Tables as people have them, read by declaration. All data are invented.
#include <catch2/catch.hpp>

#include "engine/io/shapes/shape_table.hpp"
#include "tests/io/support.hpp"

using namespace zoneval;
using io::test::read;

namespace {

/// Zones with the numbers `a` (in 亿元) and `b` and the text `place`.
DatasetSchema dataset(const Shape& shape = {}) {
    DatasetSchema out;
    out.record = "zone";
    out.dataset = "annual";
    out.id_header = "zone";
    out.year_header = "year";
    for (const auto* name : {"a", "b", "place"}) {
        ColumnSchema column;
        column.name = column.header = name;
        column.type = std::string(name) == "place" ? feel::Type::Kind::string : feel::Type::Kind::number;
        out.columns.push_back(std::move(column));
    }
    out.columns[0].unit = "亿元";
    out.shape = shape;
    return out;
}

std::string cells(const io::ImportedRows& rows) {
    std::string out;
    for (std::size_t i = 0; i < rows.records.size(); ++i) {
        out += std::string(rows.records[i]) + " " + std::to_string(rows.years[i]);
        for (const auto& column : rows.columns) out += " " + column.name() + "=" + column.at(i).to_string();
        out += "; ";
    }
    return out;
}

feel::ExpressionText feel_text(const std::string& text) { return feel::ExpressionText::of(text, "drop"); }

}  // namespace

TEST_CASE("titles above and notes below the table are left out") {
    Shape shape;
    shape.header_rows = {3};
    shape.until = {"注"};
    const auto out =
        read("表1 主要指标\n单位：亿元\nzone,year,a\nZ1,2024,1.5\nZ2,2024,2\n注：虚构数据\n来源：无\n", dataset(shape));
    INFO(out.text());
    REQUIRE(out.fine());
    CHECK(cells(out.rows) == "Z1 2024 a=1.5; Z2 2024 a=2; ");
    CHECK(out.rows.lines == std::vector<std::uint32_t>{4, 5});
}

TEST_CASE("a bad cell below a title is named where it stands in the file") {
    Shape shape;
    shape.skip = 2;
    const auto out = read("表1\n单位：亿元\nzone,year,a\nZ1,2024,1.5\nZ2,2024,x\n", dataset(shape));
    CHECK(out.says("zones.csv:5:9: error ZV407: `a`: `x` is not a number"));
    CHECK(out.says("  5 | Z2,2024,x"));
}

TEST_CASE("an end that no row marks is told") {
    Shape shape;
    shape.until = {"注"};
    CHECK(read("zone,year,a\nZ1,2024,1\n", dataset(shape)).says("note ZV416: no row begins with `注`"));
}

TEST_CASE("totals are left out by a condition, and a name it gets wrong is refused") {
    Shape shape;
    shape.drop = feel_text("zone = \"合计\" or ends with(zone, \"小计\")");
    const std::string file = "zone,year,a\n合计,2024,3\nZ1,2024,1\n东部小计,2024,1\nZ2,2024,2\n";
    CHECK(cells(read(file, dataset(shape)).rows) == "Z1 2024 a=1; Z2 2024 a=2; ");
    shape.drop = feel_text("zoen = \"合计\"");
    CHECK_FALSE(read(file, dataset(shape)).fine());
    shape.drop = feel_text("zone = \"总计\"");
    CHECK(read(file, dataset(shape)).says("`drop: zone = \"总计\"` holds for no row"));
}

TEST_CASE("a year that no column holds is declared, or stands in the title") {
    Shape shape;
    shape.year_from = Shape::YearFrom::constant;
    shape.year = 2015;
    CHECK(cells(read("zone,a\nZ1,1\n", dataset(shape)).rows) == "Z1 2015 a=1; ");
    CHECK(read("zone,year,a\nZ1,2014,1\n", dataset(shape))
              .says("the file has a column `year`, and the year is declared beside it"));
    shape = {};
    shape.year_from = Shape::YearFrom::title;
    shape.header_rows = {2};
    CHECK(cells(read("2021年度指标,\nzone,a\nZ1,1\n", dataset(shape)).rows) == "Z1 2021 a=1; ");
    CHECK(read("2020与2021年度指标,\nzone,a\nZ1,1\n", dataset(shape)).says("holds 2020, 2021"));
    CHECK(read("指标,\nzone,a\nZ1,1\n", dataset(shape)).says("holds none"));
}

TEST_CASE("years in columns become rows, and what stands beside the year names the figure") {
    Shape shape;
    shape.years_in_columns = true;
    shape.year_values = "a";
    CHECK(cells(read("zone,2023年,2022\nZ1,3,2\nZ2,,1\n", dataset(shape)).rows) ==
          "Z1 2023 a=3; Z1 2022 a=2; Z2 2023 a=null; Z2 2022 a=1; ");
    shape.year_values.clear();
    CHECK(cells(read("zone,a 2023,a 2022,b 2023\nZ1,3,2,7\n", dataset(shape)).rows) ==
          "Z1 2023 a=3 b=7; Z1 2022 a=2 b=null; ");
    CHECK(read("zone,a\nZ1,3\n", dataset(shape)).says("no heading holds a year"));
    CHECK(read("zone,a 2023,2023年 a\nZ1,3,2\n", dataset(shape)).says("a second column is of 2023"));
}

TEST_CASE("one row for each indicator becomes one for each record") {
    Shape shape;
    shape.names_in = "name";
    shape.values_in = "value";
    shape.unit_in = "unit";
    const auto out =
        read("zone,year,name,value,unit\nZ1,2024,a,10000,万元\nZ1,2024,b,5,人\nZ2,2024,a,20000,万元\n", dataset(shape));
    INFO(out.text());
    REQUIRE(out.fine());
    CHECK(cells(out.rows) == "Z1 2024 a=1 b=5; Z2 2024 a=2 b=null; ");
    CHECK(out.says("is in 万元: divided by 10000 for `a`, in 亿元"));
    CHECK(read("zone,year,name,value,unit\nZ1,2024,a,1,亿元\nZ1,2024,a,2,亿元\n", dataset(shape))
              .says("`a` of `Z1` appears a second time for 2024"));
    CHECK(read("zone,year,name,value,unit\nZ1,2024,a,1,亿元\nZ2,2024,a,2,万元\n", dataset(shape))
              .says("`a` is in `万元` here, in `亿元` further up"));
    CHECK(read("zone,year,name,value,unit\nZ1,2024,a,1,人\n", dataset(shape)).says("is in 人, the input `a` in 亿元"));
    CHECK(read("zone,year,name,value,unit\nZ1,2024,c,1,人\nZ1,2024,a,1,亿元\n", dataset(shape))
              .says("1 of the names in `name` feeds no input: `c`"));
}

TEST_CASE("names over two rows are joined") {
    Shape shape;
    shape.header_rows = {1, 2};
    auto schema = dataset(shape);
    schema.columns[0].header = "收入 本年";
    schema.columns[1].header = "收入 上年";
    CHECK(cells(read("zone,year,收入,\n,,本年,上年\nZ1,2024,1,2\n", schema).rows) == "Z1 2024 a=1 b=2; ");
}

TEST_CASE("blanks are filled from above only where that is declared") {
    Shape shape;
    const std::string file = "place,zone,year,a\nEast,Z1,2024,1\n,Z2,2024,2\nWest,Z3,2024,3\n";
    CHECK(cells(read(file, dataset(shape)).rows).find("Z2 2024 a=2 place=null") != std::string::npos);
    shape.fill_down = {"place"};
    CHECK(cells(read(file, dataset(shape)).rows).find("Z2 2024 a=2 place=East") != std::string::npos);
    shape.fill_down = {"plcae"};
    CHECK(read(file, dataset(shape)).says("did you mean `place`?"));
}

TEST_CASE("codes joined in one column are taken apart") {
    Shape shape;
    shape.split = {{"unit,zone\\time", {"unit", "zone"}}};
    shape.years_in_columns = true;
    shape.year_values = "a";
    shape.drop = feel_text("unit != \"EUR\"");
    CHECK(cells(read("unit;zone\n", dataset()).rows).empty());
    io::ReadOptions tabs;
    tabs.delimiter = '\t';
    const auto out = read("unit,zone\\time\t2023 \t2022 \nEUR,Z1\t3\t2\nUSD,Z1\t4\t5\n", dataset(shape), tabs);
    INFO(out.text());
    CHECK(cells(out.rows) == "Z1 2023 a=3; Z1 2022 a=2; ");
    CHECK(read("unit,zone\\time\t2023\t2022\nZ1\t3\t2\n", dataset(shape), tabs)
              .says("does not hold 2 parts with commas between"));
}

TEST_CASE("a row below the table that nothing declares is refused, not half read") {
    Shape shape;
    shape.header_rows = {2};
    CHECK(read("title\nzone,year,a\nZ1,2024,1\nSource: nobody\n", dataset(shape))
              .says("notes below the table are left out by `until`"));
}

TEST_CASE("units in headings and below them are converted, or refused where they are of another kind") {
    CHECK(cells(read("zone,year,a（万元）\nZ1,2024,10000\n", dataset()).rows) == "Z1 2024 a=1; ");
    CHECK(read("zone,year,a（万元）\nZ1,2024,10000\n", dataset()).says("note ZV414"));
    CHECK(read("zone,year,a（人）\nZ1,2024,1\n", dataset()).says("is in 人, the input `a` in 亿元"));
    Shape shape;
    shape.units_row = 2;
    CHECK(cells(read("zone,year,a\n,,万元\nZ1,2024,15000\n", dataset(shape)).rows) == "Z1 2024 a=1.5; ");
    auto schema = dataset();
    schema.columns[0].form.unit = "万元";
    CHECK(cells(read("zone,year,a\nZ1,2024,15000\n", schema).rows) == "Z1 2024 a=1.5; ");
    CHECK(read("zone,year,a（亿元）\nZ1,2024,15000\n", schema).fine());
}

TEST_CASE("years that nobody means are asked about") {
    CHECK(read("zone,year,a\nZ1,24,1\n", dataset()).says("`24` lies outside the years 1900 to 2100"));
    Shape shape;
    shape.first_year = 1;
    CHECK(read("zone,year,a\nZ1,24,1\n", dataset(shape)).fine());
}

TEST_CASE("what a declaration says is written as a rule file would have it") {
    Shape shape;
    shape.header_rows = {3, 4};
    shape.until = {"合计"};
    shape.year_from = Shape::YearFrom::constant;
    shape.year = 2023;
    CHECK(written(shape) == Written{{"header row", "[3, 4]"}, {"until", "合计"}, {"year", "2023"}});
    CellForm form;
    form.percent = form.grouped = true;
    form.marks = {"①"};
    CHECK(written(form) == Written{{"cells", "[percent, grouped]"}, {"marks", "[①]"}});
    CHECK(yaml_scalar("-") == "\"-\"");
    CHECK(yaml_scalar("12") == "\"12\"");
    CHECK(yaml_scalar("a: b") == "\"a: b\"");
}

TEST_CASE("years of reigns are years, in titles and headings") {
    CHECK(io::years_in("第3表（令和5年）", {}) == std::vector<std::int32_t>{2023});
    CHECK(io::years_in("平成31年・令和元年", {}) == std::vector<std::int32_t>{2019});
    CHECK(io::years_in("民國112年度", {}) == std::vector<std::int32_t>{2023});
    CHECK(io::years_in("令和の歳入、平成年", {}).empty());
    const auto heading = io::year_heading("歳入 令和4年度", {});
    REQUIRE(heading);
    CHECK(heading->year == 2022);
}
