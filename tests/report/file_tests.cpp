#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/io/sources/workbook.hpp"
#include "engine/io/sources/xlsx.hpp"
#include "engine/report/files.hpp"
#include "engine/report/page.hpp"
#include "engine/report/ranking_text.hpp"
#include "engine/report/whole_file.hpp"
#include "engine/results/ranking.hpp"
#include "tests/results/ranked_zones.hpp"

using namespace zoneval;
using namespace zoneval::report;
using namespace zoneval::testing;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path path = fs::temp_directory_path() / ("zoneval-report-" + std::to_string(getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
    std::string at(const std::string& name) const { return (path / name).string(); }
    std::size_t files() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
    }
};

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return std::move(out).str();
}

const std::vector<std::string> wanted = {
    "share", "points", "verdict", "verdict.rule", "verdict.because", "verdict.possible", "verdict.waiting_for"};

}  // namespace

TEST_CASE("a CSV file has a mark for Excel, plain texts, and its origin in every row") {
    RankedZones zones;
    const Folder folder;
    const auto assessment = zones.assessed(2022);
    const auto table = results::table_of(assessment, {{"points", "verdict", "verdict.possible"}});
    write_csv(view_of(table, {}, results::by_rank(table), wording::Language::en), folder.at("r.csv"));
    const auto seal = assessment.run.hash.substr(0, 16);
    CHECK(read(folder.at("r.csv")) ==
          "\xEF\xBB\xBFrank,zone,called,points,verdict,verdict.possible,run,seal\r\n"
          "1,A,Alder (invented),100.0,none,,1," +
              seal +
              "\r\n"
              "2,B,'=Birch (invented),66.7,none,,1," +
              seal +
              "\r\n"
              "3,C,Cedar (invented),0.0,interview,,1," +
              seal +
              "\r\n"
              "3,D,Dogwood (invented),0.0,interview,,1," +
              seal +
              "\r\n"
              ",E,Elm (invented),,undetermined,none | interview,1," +
              seal + "\r\n");
    CHECK(folder.files() == 1);
}

TEST_CASE("a number that rests on a figure that was filled in says so in every form") {
    RankedZones zones(
        "ruleset: ranked\nrecord: zone\ninputs: {output: {min: 0, title: Goods}, region: {type: string}, called: "
        "{type: "
        "string}}\nscores: {points: {decimals: 1, impute: median, indicators: [{of: output, from: 0..100}]}}\n"
        "publish: [points]\n");
    const Folder folder;
    const auto now = zones.assessed(2022);
    const auto table = results::table_of(now, {});
    const auto view = view_of(table, {}, results::by_rank(table), wording::Language::en);
    write_csv(view, folder.at("r.csv"));
    const auto csv = read(folder.at("r.csv"));
    CHECK(csv.find("points,points.imputed,run") != std::string::npos);
    CHECK(csv.find("E,55.0,output,") != std::string::npos);
    CHECK(csv.find("A,90.0,,") != std::string::npos);
    std::ostringstream lines;
    write_json_lines(view, lines);
    CHECK(lines.str().find("\"imputed\":{\"points\":[\"output\"]}") != std::string::npos);
    const auto text = ranking_text(view, {});
    CHECK(text.find("55.0*\n") != std::string::npos);
    CHECK(text.find("* points: rests on figures that were filled in, of E (Goods)") != std::string::npos);
    write_workbook(view, {}, folder.at("r.xlsx"));
    Diagnostics found;
    const auto sheet = io::read_sheet(read(folder.at("r.xlsx")), "r.xlsx", "", found);
    std::vector<std::string> cells;
    for (const auto& cell : sheet.cells) cells.emplace_back(sheet.text(cell));
    CHECK(std::find(cells.begin(), cells.end(), "points, imputed") != cells.end());
    CHECK(std::count(cells.begin(), cells.end(), "Goods") == 1);
    const auto page = report_page({&now,
                                   &table,
                                   nullptr,
                                   {"rank", "zone", "points"},
                                   zones.store.batches("zone"),
                                   "zones.sqlite",
                                   wording::Language::en});
    CHECK(page.find("55.0<abbr title=\"imputed: Goods\">*</abbr>") != std::string::npos);
    CHECK(page.find("90.0<abbr") == std::string::npos);
    CHECK(page.find("55.0<abbr") != page.rfind("55.0<abbr"));  // in the ranking and on the scorecard
    CHECK(page.find("* rests on figures that were filled in") != std::string::npos);
}

TEST_CASE("JSON lines have all digits, lists as lists, and why there is no value") {
    RankedZones zones;
    const auto table = results::table_of(zones.assessed(2022), {{"share", "points", "verdict", "verdict.possible"}});
    std::ostringstream out;
    write_json_lines(view_of(table, {}, results::by_rank(table), wording::Language::en), out);
    std::istringstream lines(out.str());
    std::vector<nlohmann::json> all;
    for (std::string line; std::getline(lines, line);) all.push_back(nlohmann::json::parse(line));
    REQUIRE(all.size() == 5);
    CHECK(all[0]["version"] == 1);
    CHECK(all[1]["points"] == 66.7);
    CHECK(all[1]["called"] == "=Birch (invented)");
    CHECK(all[4]["points"].is_null());
    CHECK(all[4]["why"]["points"] == "not reported: output");
    CHECK(all[4]["verdict.possible"] == nlohmann::json{"none", "interview"});
}

TEST_CASE("a workbook holds results, counts, reasons and sources, and can be read again") {
    RankedZones zones;
    const Folder folder;
    const auto table = results::table_of(zones.assessed(2022), {wanted});
    const Sources sources{"ranked", "A title", "Example Regulation 1", "2026-01-01T00:00:00Z",
                          zones.store.batches("zone")};
    write_workbook(view_of(table, {}, results::by_rank(table), wording::Language::en), sources, folder.at("r.xlsx"));
    CHECK(folder.files() == 1);
    const auto bytes = read(folder.at("r.xlsx"));
    CHECK(bytes.starts_with("PK"));
    CHECK(bytes.find("xl/worksheets/sheet4.xml") != std::string::npos);
    CHECK(bytes.find("xl/worksheets/sheet5.xml") == std::string::npos);
}

TEST_CASE("a file that is there stays as it was when the new one cannot be finished") {
    const Folder folder;
    std::ofstream(folder.at("old.csv")) << "old";
    const auto child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {  // a disk with room for 64 kB
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit room{65536, 65536};
        setrlimit(RLIMIT_FSIZE, &room);
        int code = 1;
        try {
            WholeFile file(folder.at("old.csv"));
            file.write(std::string(1 << 21, 'x'));
            file.finish();
        } catch (const InputError& error) {
            code = error.diagnostics.all().front().kind == Kind::cannot_write ? 42 : 2;
        }
        _exit(code);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WEXITSTATUS(status) == 42);
    CHECK(read(folder.at("old.csv")) == "old");
    CHECK(folder.files() == 1);
}

TEST_CASE("nothing is written into a folder that is none, or over one") {
    const Folder folder;
    CHECK_THROWS_AS(WholeFile(folder.at("missing/r.csv")), InputError);
    CHECK_THROWS_AS(WholeFile(folder.path.string()), InputError);
    { WholeFile file(folder.at("left.csv")); }
    CHECK(folder.files() == 0);
}

TEST_CASE("a terminal's table counts first, marks ties and names what is undetermined") {
    RankedZones zones;
    const auto table = results::table_of(zones.assessed(2022), {{"points", "verdict", "verdict.possible"}});
    const auto view =
        view_of(table, {"rank", "zone", "called", "points", "verdict"}, results::by_rank(table), wording::Language::en);
    const auto text = ranking_text(view, {});
    CHECK(text.starts_with("5 zone records, 2022: none 2, interview 2, undetermined 1\nranked by points: 4 of 5\n"));
    CHECK(text.find("\n  3=  C     Cedar       0.0  interview\n") != std::string::npos);
    CHECK(text.find("verdict undetermined: E (none | interview)\n") != std::string::npos);
    CHECK(text.find("points unknown: 1\n") != std::string::npos);
}
