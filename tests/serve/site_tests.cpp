#include <catch2/catch.hpp>
#include <deque>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "engine/io/bytes/sha256.hpp"
#include "engine/report/base64.hpp"
#include "engine/serve/site.hpp"
#include "engine/store/database.hpp"
#include "tests/results/ranked_zones.hpp"

using namespace zoneval::serve;
using namespace zoneval::testing;
using nlohmann::json;
using zoneval::store::Store;
using zoneval::wording::Language;

namespace {

namespace fs = std::filesystem;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A store in a folder of its own, with two years assessed and names that would like to be obeyed.
class Served {
  public:
    Served() : graph(rules_of(ranking_rules)) {
        fs::create_directories(folder);
        Store store(path, Store::Mode::create_or_open);
        import_text(store, *graph, "2022.csv", zones_2022);
        import_text(store, *graph, "2023.csv", zones_2023);
        import_text(store, *graph, "hostile.csv",
                    "zone,year,output,region,called\n<b>Z/1</b>,2023,55,East,<script>alert(1)</script>\n"
                    "\"\"\"onload=\"\"x\",2023,56,East,\x1B[31mred\n..,2023,57,East,up\n");
        for (const auto year : {2022, 2023}) zoneval::assess::assess_and_record(graph, store, year, {});
    }
    ~Served() { fs::remove_all(folder); }

    Response get(Site& site, const std::string& target) const {
        return site.answer({"GET", target, "127.0.0.1:8093", "", ""});
    }
    std::string hash() const {
        std::ifstream in(path, std::ios::binary);
        return zoneval::sha256(std::string(std::istreambuf_iterator<char>(in), {}));
    }

    fs::path folder = fs::temp_directory_path() / ("zoneval-serve-" + std::to_string(::getpid()));
    std::string path = (folder / "zones.sqlite").string();
    std::shared_ptr<const zoneval::graph::Graph> graph;
};

std::string header(const Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return "";
}

std::vector<std::string> links_in(const std::string& html) {
    static const std::regex link("href=\"?(/[^\" >]*)");
    std::vector<std::string> out;
    for (std::sregex_iterator at(html.begin(), html.end(), link), end; at != end; ++at)
        out.push_back(std::regex_replace((*at)[1].str(), std::regex("&amp;"), "&"));
    return out;
}

const std::vector<std::string> pages = {"/",
                                        "/search",
                                        "/search?q=birch",
                                        "/search?q=nobody&run=1",
                                        "/runs/2",
                                        "/runs/2/records/D",
                                        "/runs/1/records/E",
                                        "/runs/2/records/D?of=points",
                                        "/runs/2/records/D?decision=verdict",
                                        "/runs/2/records/D/why-not?outcome=none",
                                        "/runs/2/records/A/why-not?outcome=interview",
                                        "/runs/2/what-if",
                                        "/runs/2/what-if?record=D",
                                        "/runs/2/what-if?p.line=90&from=2022&until=2023",
                                        "/runs/2/what-if?record=D&input=output&value=99",
                                        "/genuine",
                                        "/genuine?run=1"};

}  // namespace

TEST_CASE("every page is there in three languages, with a policy that lets in its own style alone") {
    const Served served;
    Site site({served.path});
    for (const auto& page : pages)
        for (const std::string language : {"en", "zh", "ja"}) {
            INFO(page << " " << language);
            const auto answer =
                served.get(site, page + (page.find('?') == std::string::npos ? "?" : "&") + "lang=" + language);
            REQUIRE(answer.status == 200);
            CHECK(answer.type == "text/html; charset=utf-8");
            CHECK(has(answer.body, "<html lang=" + language + ">"));
            const auto begin = answer.body.find("<style>") + 7;
            const auto style = answer.body.substr(begin, answer.body.find("</style>") - begin);
            const auto policy = header(answer, "Content-Security-Policy");
            CHECK(has(policy, "default-src 'none'; style-src 'sha256-" +
                                  zoneval::report::base64_of_hex(zoneval::sha256(style)) + "'"));
            CHECK(has(policy, "frame-ancestors 'none'"));
            CHECK(header(answer, "X-Content-Type-Options") == "nosniff");
            CHECK(header(answer, "Cache-Control") == "no-store");
            CHECK_FALSE(std::regex_search(
                answer.body, std::regex("(src|href|action)=\"?https?:|url\\(|@import|<link|<iframe|<img")));
            CHECK_FALSE(std::regex_search(answer.body, std::regex("<[^>]* (style|on[a-z]+)=")));
            const auto scripts = std::regex("<script");
            CHECK(std::distance(std::sregex_iterator(answer.body.begin(), answer.body.end(), scripts), {}) ==
                  (page == "/runs/2" ? 1 : 0));
        }
}

TEST_CASE("names with mark-up, quotes and terminal sequences do nothing on any page") {
    const Served served;
    Site site({served.path});
    for (const std::string page :
         {"/runs/2", "/search?q=alert", "/search?q=%22onload", "/runs/2/records/%3Cb%3EZ%2F1%3C%2Fb%3E",
          "/runs/2/records/%22onload%3D%22x", "/runs/2/what-if?record=%3Cb%3EZ%2F1%3C%2Fb%3E&input=output&value=1",
          "/search?q=%3Cscript%3E", "/runs/%3Cscript%3E", "/runs/2/records/%3Cscript%3E",
          "/runs/2/records/D?of=%3Cscript%3E", "/runs/2/what-if?set=%3Cscript%3E",
          "/runs/2/what-if?record=%22%3E%3Cscript%3E"}) {
        INFO(page);
        const auto body = served.get(site, page).body;
        CHECK_FALSE(has(body, "<script>a"));
        CHECK_FALSE(std::regex_search(body, std::regex("<script>(?!for)")));
        CHECK_FALSE(has(body, "<b>Z"));
        CHECK_FALSE(has(body, "\x1B"));
        CHECK_FALSE(std::regex_search(body, std::regex("<[^>]*[\"' ]onload=[^>]*>")));
    }
    const auto told = served.get(site, "/api/runs/2/records/%E2%80%AEx%F3%A0%80%81%1B").body;
    CHECK(has(told, "\\u202ex\\udb40\\udc01\\u001b"));
    CHECK_FALSE(has(told, "\xE2\x80\xAE"));
    CHECK(has(json::parse(told).at("message").get<std::string>(), "\xE2\x80\xAEx\xF3\xA0\x80\x81\x1B"));
    CHECK(has(served.get(site, "/search?q=alert").body, "&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST_CASE("every link on every page that can be reached leads somewhere") {
    const Served served;
    Site site({served.path});
    std::set<std::string> seen{"/", "/?lang=zh"};
    std::deque<std::string> next(seen.begin(), seen.end());
    while (!next.empty()) {
        const auto page = next.front();
        next.pop_front();
        INFO(page);
        const auto answer = served.get(site, page);
        REQUIRE(answer.status == 200);
        for (const auto& link : links_in(answer.body))
            if (seen.size() < 400 && seen.insert(link).second) next.push_back(link);
    }
    CHECK(seen.size() > 60);
    CHECK(seen.contains("/runs/2/records/%2E%2E"));
    CHECK(seen.contains("/runs/2/records/%3Cb%3EZ%2F1%3C%2Fb%3E?lang=zh"));
}

TEST_CASE("nothing that is asked changes the store") {
    const Served served;
    const auto before = served.hash();
    {
        Site site({served.path});
        for (const auto& page : pages) served.get(site, page);
        for (const std::string method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"}) {
            const auto answer = site.answer({method, "/runs/2", "localhost", "", ""});
            CHECK(answer.status == 405);
            CHECK(header(answer, "Allow") == "GET, HEAD");
        }
    }
    CHECK(served.hash() == before);
    CHECK(std::distance(fs::directory_iterator(served.folder), {}) == 1);
}

TEST_CASE("requests under another name, and pages of others that load ours, are refused") {
    const Served served;
    Site site({served.path});
    CHECK(site.answer({"GET", "/", "zones.example.org", "", ""}).status == 421);
    CHECK(site.answer({"GET", "/api/runs", "", "", ""}).status == 421);
    CHECK(site.answer({"GET", "/runs/2", "localhost:8093", "cross-site", "no-cors"}).status == 403);
    CHECK(site.answer({"GET", "/runs/2", "localhost:8093", "cross-site", "navigate"}).status == 200);
    CHECK(site.answer({"GET", "/runs/2", "localhost:8093", "same-origin", "cors"}).status == 200);
}

TEST_CASE("what is not there is said so, with the nearest, to people and to programs") {
    const Served served;
    Site site({served.path, Language::zh});
    CHECK(served.get(site, "/nothing").status == 404);
    CHECK(has(served.get(site, "/runs/77").body, "没有第77次评价"));
    CHECK(served.get(site, "/runs/0x2").status == 404);
    CHECK(has(served.get(site, "/runs/2/records/D?decision=none").body, "规则集没有名为“none”的评定事项"));
    CHECK(has(served.get(site, "/runs/2/what-if?set=line%20%3D%203&from=soon").body, "“soon”不是年份"));
    const auto wrong = served.get(site, "/runs/2/what-if?set=lin%20%3D%203").body;  // told in English, its kind is not
    CHECK(has(wrong, "表达式用了没有定义的名称"));
    CHECK(has(served.get(site, "/runs/2/records/AA?lang=en").body, "took no part in the assessment of 2023"));
    for (const auto& [target, status] :
         {std::pair("/api/nothing", 404), std::pair("/api/runs/77/results", 404),
          std::pair("/api/runs/2/records/Q", 404), std::pair("/api/runs/2/records/D?of=pints", 404),
          std::pair("/api/runs/2/records/D?decision=none", 404),
          std::pair("/api/runs/2/records/D/why-not?outcome=delist", 400), std::pair("/api/runs/2/what-if", 400),
          std::pair("/api/runs/2/what-if?set=lin%20%3D%203", 400),
          std::pair("/api/runs/2/what-if?set=line%20%3D%20many", 400),
          std::pair("/api/runs/2/what-if?set=line%20%3D%203&from=1900", 400),
          std::pair("/api/runs/2/what-if?set=line%20%3D%203&from=x", 400),
          std::pair("/api/runs/2/what-if?set=line%20%3D%203&until=2030", 400),
          std::pair("/api/runs/2/results?limit=100000000", 400),
          std::pair("/api/runs/2/results?where=outpt%20%3C%203", 400)}) {
        INFO(target);
        const auto answer = served.get(site, target);
        CHECK(answer.status == status);
        CHECK(answer.type == "application/json");
        CHECK(json::parse(answer.body).at("status") == status);
    }
    CHECK(has(served.get(site, "/api/runs/2/records/D?of=pints").body, "points"));
}

TEST_CASE("an explanation on a page says what the same has for programs, and folds open") {
    const Served served;
    Site site({served.path});
    const auto told = json::parse(served.get(site, "/api/runs/2/records/D").body);
    const auto page = served.get(site, "/runs/2/records/D").body;
    CHECK(told.at("value") == "interview");
    CHECK(has(page, "<i aria-hidden=true>!</i>interview</span>"));
    CHECK(has(page, told.at("because").get<std::string>()));
    CHECK(has(page, "<details"));
    CHECK(has(page, "<code>points &lt; line</code>"));
    CHECK(has(page, "Dogwood (invented)"));
    const auto open = served.get(site, "/runs/1/records/E").body;
    CHECK(has(open, "<i aria-hidden=true>?</i>undetermined"));
    CHECK(has(open, "No adverse outcome is given"));
}

TEST_CASE("results come in pages, in the order of ranks, and as a condition chooses") {
    const Served served;
    Site site({served.path});
    const auto all = json::parse(served.get(site, "/api/runs/1/results").body);
    CHECK(all.at("count") == 5);
    REQUIRE(all.at("records").size() == 5);
    CHECK(all.at("records")[0].at("zone") == "A");
    CHECK(all.at("records")[4].at("why").contains("points"));
    const auto two = json::parse(served.get(site, "/api/runs/1/results?limit=2&offset=1").body);
    CHECK(two.at("count") == 5);
    REQUIRE(two.at("records").size() == 2);
    CHECK(two.at("records")[0] == all.at("records")[1]);
    CHECK(json::parse(served.get(site, "/api/runs/1/results?offset=99").body).at("records").empty());
    const auto west = json::parse(served.get(site, "/api/runs/1/results?where=region%20%3D%20%22East%22").body);
    CHECK(west.at("count") == 2);
}

TEST_CASE("what if is assessed on a copy, and says what would move") {
    const Served served;
    Site site({served.path});
    const auto found = json::parse(served.get(site, "/api/runs/2/what-if?set=line%20%3D%200").body);
    CHECK(found.at("supposed") == json::array({"line = 0"}));
    CHECK_FALSE(found.at("moved").empty());
    for (const auto& move : found.at("moved")) {
        CHECK(move.at("before") == "interview");
        CHECK(move.at("after") == "none");
    }
    const auto page = served.get(site, "/runs/2/what-if?p.line=0&from=2023&until=2023").body;
    CHECK(has(page, "If line = 0: " + std::to_string(found.at("moved").size()) + " of"));
    CHECK(has(page, "name=\"p.line\" value=\"0\""));
    CHECK(has(served.get(site, "/runs/2/what-if?from=2023").body, "Nothing is supposed yet"));
}

TEST_CASE("one what-if at a time, for so long at most, and reading goes on meanwhile") {
    const Served served;
    Site site({served.path});
    {
        const auto turn = site.turn();
        REQUIRE(turn);
        const auto busy = served.get(site, "/api/runs/2/what-if?set=line%20%3D%200");
        CHECK(busy.status == 503);
        CHECK(header(busy, "Retry-After") == "2");
        CHECK(served.get(site, "/runs/2/records/D").status == 200);
    }
    CHECK(served.get(site, "/api/runs/2/what-if?set=line%20%3D%200").status == 200);
    site.stop();
    CHECK(served.get(site, "/api/runs/2/what-if?set=line%20%3D%200").status == 503);
    Site hasty({served.path, Language::en, std::chrono::seconds(0)});
    CHECK(has(served.get(hasty, "/runs/2/what-if?p.line=0").body, "longer than 0 seconds"));
}

TEST_CASE("what is written meanwhile is there with the next request, and what was kept is forgotten") {
    const Served served;
    Site site({served.path});
    CHECK(json::parse(served.get(site, "/api/runs").body).at("runs").size() == 2);
    CHECK(json::parse(served.get(site, "/api/runs/2/records/D").body).at("state") == "draft");
    CHECK(has(served.get(site, "/runs/2").body, "Draft"));
    {
        Store store(served.path, Store::Mode::must_exist);
        zoneval::assess::assess_and_record(served.graph, store, 2023, {});
        zoneval::store::Publication publication;
        publication.run = 2;
        publication.author = "author";
        publication.approver = "approver";
        publication.root = std::string(64, '0');
        store.save(publication);
    }
    CHECK(json::parse(served.get(site, "/api/runs").body).at("runs").size() == 3);
    CHECK(json::parse(served.get(site, "/api/runs/2/records/D").body).at("state") == "published");
    CHECK_FALSE(has(served.get(site, "/runs/2").body, "Draft:"));
    CHECK(served.get(site, "/runs/3").status == 200);
}

TEST_CASE("another store in the same place is the one that is read") {
    const Served served;
    Site site({served.path});
    CHECK(json::parse(served.get(site, "/api/runs").body).at("runs").size() == 2);
    fs::copy_file(served.path, served.path + ".new");
    {
        Store store(served.path + ".new", Store::Mode::must_exist);
        zoneval::assess::assess_and_record(served.graph, store, 2023, {});
    }
    fs::rename(served.path + ".new", served.path);
    CHECK(json::parse(served.get(site, "/api/runs").body).at("runs").size() == 3);
    fs::remove(served.path);
    const auto gone = served.get(site, "/api/runs");
    CHECK(gone.status == 503);
    CHECK(has(gone.body, "there is no such store"));
}

TEST_CASE("a store that was altered is shown as such, and nothing of it is told") {
    const Served served;
    Site site({served.path});
    CHECK(json::parse(served.get(site, "/api/verify").body).at("sound") == true);
    zoneval::store::Database(served.path, zoneval::store::Database::Create::no)
        .execute(
            "DROP TRIGGER run_cohort_is_final; UPDATE run_cohort SET records = replace(records, '\"A\"', '\"X\"')");
    CHECK(served.get(site, "/runs/2").status == 503);
    CHECK(served.get(site, "/api/runs/2/records/X").status == 503);
    const auto told = json::parse(served.get(site, "/api/verify").body);
    CHECK(told.at("sound") == false);
    CHECK_FALSE(told.at("wrong").empty());
    CHECK(has(served.get(site, "/genuine").body, "Not genuine"));
    CHECK_THROWS_AS(Site({served.path}), zoneval::store::StoreError);
}

TEST_CASE("a run is made again where one asks whether it is genuine") {
    const Served served;
    Site site({served.path});
    const auto made = json::parse(served.get(site, "/api/verify?run=2").body).at("made_again");
    CHECK(made.at("differences").empty());
    CHECK(made.at("outcomes") == 9);
    CHECK(has(served.get(site, "/genuine?run=2").body, "comes out exactly as recorded: 9 outcomes"));
    CHECK(served.get(site, "/genuine?run=9").status == 404);
}
