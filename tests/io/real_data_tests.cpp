// Other people's files, when they are here: see data/README.md in the shared folder.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "engine/io/reading/import.hpp"

using namespace zoneval;
namespace fs = std::filesystem;
using TypeKind = feel::Type::Kind;

namespace {

std::optional<fs::path> real_data() {
    const char* given = std::getenv("ZONEVAL_SHARED");
    const fs::path folder = fs::path(given ? given : ZONEVAL_SHARED) / "data";
    if (fs::is_directory(folder)) return folder;
    std::cout << "skipped: no real data at " << folder << "\n";
    return std::nullopt;
}

ColumnSchema column(const std::string& header, TypeKind type) {
    ColumnSchema out;
    out.name = out.header = header;
    out.type = type;
    out.required = true;
    return out;
}

DatasetSchema dataset(const std::string& id, const std::string& year, std::vector<ColumnSchema> columns,
                      std::vector<std::string> ignore) {
    DatasetSchema out;
    out.record = "record";
    out.dataset = "real";
    out.id_header = id;
    out.year_header = year;
    out.columns = std::move(columns);
    out.ignore = std::move(ignore);
    return out;
}

struct Outcome {
    io::ImportedRows rows;
    Diagnostics diagnostics;
};

Outcome read(const fs::path& path, const DatasetSchema& schema, const io::ReadOptions& options = {}) {
    Outcome out;
    out.rows = io::read_rows(path.string(), schema, options, out.diagnostics);
    return out;
}

std::size_t count(const Diagnostics& diagnostics, Kind kind) {
    return static_cast<std::size_t>(std::count_if(diagnostics.all().begin(), diagnostics.all().end(),
                                                  [&](const Diagnostic& d) { return d.kind == kind; }));
}

const std::vector<std::string> provinces = {"北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江",
                                            "上海", "江苏", "浙江", "安徽", "福建",   "江西", "山东", "河南",
                                            "湖北", "湖南", "广东", "广西", "海南",   "重庆", "四川", "贵州",
                                            "云南", "西藏", "陕西", "甘肃", "青海",   "宁夏", "新疆", "全国"};

}  // namespace

TEST_CASE("the innovation panel of the provinces is read whole, with its blanks", "[real]") {
    const auto data = real_data();
    if (!data) return;
    auto schema = dataset(
        "province", "year",
        {column("hitech_mfg_firms", TypeKind::number), column("hitech_mfg_revenue_100m_cny", TypeKind::number),
         column("hitech_mfg_profit_100m_cny", TypeKind::number), column("rd_spend_10k_cny", TypeKind::number),
         column("rd_basic_10k_cny", TypeKind::number), column("rd_fte_person_years", TypeKind::number),
         column("invention_patents_granted", TypeKind::number), column("invention_patents_valid", TypeKind::number),
         column("tech_contract_output_10k_cny", TypeKind::number),
         column("tech_contract_input_10k_cny", TypeKind::number)},
        {});
    schema.roster = provinces;
    const auto out = read(*data / "provinces/panel.csv", schema);
    INFO(render_text(out.diagnostics, false));
    CHECK(out.diagnostics.empty());
    CHECK(out.rows.records.size() == 448);
    const auto& contracts = out.rows.columns[8];
    for (std::size_t i = 0; i < out.rows.records.size(); ++i)
        if (out.rows.years[i] == 2011) CHECK(contracts.blank(i));
    CHECK(out.rows.records[0] == "上海");
    CHECK(contracts.at(0).to_string() == "4314373.767811");
}

TEST_CASE("the scanning slips in the long panel are refused, each with its lines and the nearest name", "[real]") {
    const auto data = real_data();
    if (!data) return;
    auto schema = dataset("province", "year", {column("value", TypeKind::number)},
                          {"variable", "label_zh", "unit", "yearbook_part"});
    schema.record = "province";
    schema.roster = provinces;
    io::ReadOptions options;
    options.shown_errors = 100'000;
    const auto out = read(*data / "provinces/panel-long.csv", schema, options);
    CHECK(count(out.diagnostics, Kind::unknown_record) == 7);
    const std::vector<std::pair<std::string, std::string>> slips = {
        {"两藏", "西藏"}, {"四藏", "西藏"}, {"内蒙占", "内蒙古"}, {"山两", "山西"}, {"江四", "江苏"}, {"浙汀", "浙江"}};
    std::size_t named = 0, rows = 0;
    for (const auto& d : out.diagnostics.all()) {
        if (d.kind != Kind::unknown_record) continue;
        CHECK(d.where.line > 1);
        const auto more = d.message.find("the same in ");
        rows += 1 + (more == std::string::npos ? 0 : std::stoul(d.message.substr(more + 12)));
        CHECK(d.where.column == 1);
        CHECK(d.where.line_text.starts_with(d.message.substr(d.message.find("`: `") + 4, 6)));
        for (const auto& [slip, meant] : slips)
            if (d.message.find("`" + slip + "`") != std::string::npos) {
                ++named;
                INFO(slip);
                CHECK(d.hint.find("did you mean") == 0);
                // 四藏 is as near to 四川, 山两 and 江四 to several: those get one of them.
                if (slip == "两藏" || slip == "内蒙占" || slip == "浙汀")
                    CHECK(d.hint == "did you mean `" + meant + "`?");
            }
    }
    CHECK(named == 6);  // the other is 尔部地区, a region no roster of provinces has
    CHECK(rows == 29);
}

TEST_CASE("the World Bank's files are read whole", "[real]") {
    const auto data = real_data();
    if (!data) return;
    auto classes = dataset("iso3", "gni_year", {column("class", TypeKind::string)}, {"economy", "fiscal_year"});
    classes.columns[0].values = {"L", "LM", "UM", "H", "LM*"};
    classes.missing_codes = {{"..", feel::Missing::not_applicable}};
    const auto gni = dataset("iso3", "gni_year", {column("gni_per_capita_atlas_usd", TypeKind::number)},
                             {"vintage_commit", "vintage_date"});
    const auto thresholds =
        dataset("fiscal_year", "gni_year",
                {column("low_max", TypeKind::number), column("lower_middle_max", TypeKind::number),
                 column("upper_middle_max", TypeKind::number), column("high_min_exclusive", TypeKind::number)},
                {});
    const std::vector<std::tuple<std::string, DatasetSchema, std::size_t>> files = {
        {"classification.csv", classes, 8512},
        {"gni_as_published.csv", gni, 1064},
        {"gni_per_capita_atlas.csv", gni, 7226},
        {"thresholds.csv", thresholds, 38}};
    for (const auto& [name, schema, rows] : files) {
        const auto out = read(*data / "wb-income" / name, schema);
        INFO(name << "\n" << render_text(out.diagnostics, false));
        CHECK(out.diagnostics.empty());
        CHECK(out.rows.records.size() == rows);
    }
}

TEST_CASE("a workbook with titles above its table is refused with what was read as header", "[real]") {
    const auto data = real_data();
    if (!data) return;
    io::ReadOptions options;
    options.sheet = "Thresholds";
    const auto out = read(*data / "wb-income/xlsx/OGHIST.xlsx", dataset("economy", "year", {}, {}), options);
    CHECK(out.rows.sheet == "Thresholds");
    CHECK(count(out.diagnostics, Kind::missing_column) == 2);
}

TEST_CASE("all eighteen workbooks of the agricultural parks agree with the tables made from them", "[real]") {
    const auto data = real_data();
    if (!data) return;
    auto verdicts =
        dataset("name", "year", {column("result", TypeKind::string)}, {"id", "index", "doc_num", "province"});
    verdicts.columns[0].values = {"pass", "fail", "good", "ok", "retain", "cancel"};
    auto lists = dataset("name", "batch", {column("province", TypeKind::string)}, {"index"});
    lists.shape.first_year = 1;  // batches stand in for years
    std::size_t files = 0, acceptances = 0, evaluations = 0, listed = 0;
    for (const auto& entry : fs::directory_iterator(*data / "agri-parks/xlsx")) {
        const auto name = entry.path().filename().string();
        const auto out = read(entry.path(), name.starts_with("list") ? lists : verdicts);
        INFO(name << "\n" << render_text(out.diagnostics, false));
        // Line 21 of the first list ends in a no-break space: a name nothing else would match.
        CHECK(out.diagnostics.has_errors() == (name == "list-batch-01.xlsx"));
        if (out.diagnostics.has_errors()) CHECK(out.diagnostics.all()[0].where.line == 21);
        ++files;
        (name.starts_with("check")  ? acceptances
         : name.starts_with("eval") ? evaluations
                                    : listed) += out.rows.records.size();
    }
    CHECK(files == 18);
    CHECK(acceptances == 232);
    CHECK(evaluations == 254);
    CHECK(listed == 234);
    for (const auto& [name, rows] :
         std::vector<std::pair<std::string, std::size_t>>{{"acceptance.csv", 232}, {"evaluation.csv", 254}}) {
        const auto out = read(*data / "agri-parks" / name, verdicts);
        INFO(name << "\n" << render_text(out.diagnostics, false));
        CHECK_FALSE(out.diagnostics.has_errors());
        CHECK(out.rows.records.size() == rows);
    }
}
