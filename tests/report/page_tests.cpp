#include <regex>

#include "engine/audit/score_parts.hpp"
#include "engine/io/bytes/sha256.hpp"
#include "engine/report/base64.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/letter.hpp"
#include "engine/report/markdown.hpp"
#include "engine/report/page.hpp"
#include "engine/results/side_by_side.hpp"
#include "tests/results/ranked_zones.hpp"

using namespace zoneval::report;
using namespace zoneval::testing;
namespace results = zoneval::results;
using zoneval::wording::Language;

namespace {

const std::vector<std::string> wanted = {
    "share", "points", "verdict", "verdict.rule", "verdict.because", "verdict.possible", "verdict.waiting_for"};

/// Both years assessed, and the page's data of the later one.
struct Made {
    RankedZones zones;
    zoneval::assess::Assessment before, now;
    results::Table table;
    results::Changes changes;
    PageData data;

    explicit Made(Language language = Language::en, std::int32_t year = 2023, const std::string& more = "")
        : before(
              (more.empty() ? void() : import_text(zones.store, *zones.graph, "more.csv", more), zones.assessed(2022))),
          now(zones.assessed(year)),
          table(results::table_of(now, {wanted, language, true})),
          changes(results::changes_between(before, now, zones.store, {language, 0})),
          data{&now,
               &table,
               &changes,
               {"rank", "zone", "called", "share", "points", "verdict"},
               zones.store.batches("zone"),
               "zones.sqlite",
               language} {
        if (year == 2023) results::add_earlier(table, before.run, true, language);
    }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string inside(const std::string& page, const std::string& tag) {
    const auto begin = page.find("<" + tag + ">") + tag.size() + 2;
    return page.substr(begin, page.find("</" + tag + ">") - begin);
}

}  // namespace

TEST_CASE("a page asks for nothing from elsewhere, and its policy lets in what it holds and no more") {
    const Made made;
    const auto page = report_page(made.data);
    CHECK(has(page, "default-src 'none'; style-src 'sha256-" + base64_of_hex(zoneval::sha256(inside(page, "style"))) +
                        "'; "
                        "script-src 'sha256-" +
                        base64_of_hex(zoneval::sha256(inside(page, "script"))) + "'; base-uri"));
    CHECK_FALSE(std::regex_search(page, std::regex("(src|href)=\"?https?:|url\\(|@import|<link|<iframe|<img")));
    CHECK_FALSE(std::regex_search(page, std::regex("<[^>]* (style|on[a-z]+)=")));
}

TEST_CASE("hashes are written as base 64 has it") {
    CHECK(base64_of_hex("") == "");
    CHECK(base64_of_hex("4d") == "TQ==");
    CHECK(base64_of_hex("4d61") == "TWE=");
    CHECK(base64_of_hex("4d616e") == "TWFu");
}

TEST_CASE("a name with mark-up is a name on a page") {
    const Made made(Language::en, 2024,
                    "zone,year,output,region,called\nA,2024,1,East,<script>alert(1)</script>\nB<i>,2024,2,East,\"x\"\" "
                    "onclick=\"\"y\"\n");
    const auto page = report_page(made.data);
    CHECK_FALSE(has(page, "<script>alert"));
    CHECK_FALSE(has(page, "B<i>"));
    CHECK(has(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    CHECK(has(page, "x&quot; onclick=&quot;y"));
}

TEST_CASE("a page has every section in each language, and every link of its own leads somewhere") {
    for (const auto language : {Language::en, Language::zh, Language::ja}) {
        const Made made(language);
        const auto page = report_page(made.data);
        CHECK(has(page, "<html lang=" + std::string(results::code(language)) + ">"));
        for (const auto* id : {"summary", "ranking", "ladder", "figures", "cards", "rules", "data", "sources"})
            CHECK(has(page, "<h2 id=" + std::string(id) + ">"));
        const std::regex link("href=#([a-z0-9]+)");
        for (std::sregex_iterator at(page.begin(), page.end(), link), end; at != end; ++at) {
            INFO((*at)[1]);
            CHECK(has(page, "id=" + (*at)[1].str()));
        }
    }
}

TEST_CASE("a page counts outcomes by region, with a tile for each record that leads to its scorecard") {
    const Made made;
    const auto page = report_page(made.data);
    CHECK(has(page, "<h2 id=regions>"));
    const auto regions =
        page.substr(page.find("<h2 id=regions>"), page.find("<h2 id=ladder>") - page.find("<h2 id=regions>"));
    std::size_t tiles = 0;
    for (auto at = regions.find("<li><a href=#r"); at != regions.npos; at = regions.find("<li><a href=#r", at + 1))
        ++tiles;
    CHECK(tiles == made.table.size());
    CHECK(has(regions, "<th scope=row>East</th>"));
    CHECK(has(regions, "<th scope=row>West</th>"));
}

TEST_CASE("a scorecard of an adverse outcome tells what decided, with limit and margin") {
    const Made made;
    const auto page = report_page(made.data);
    const auto cards = page.substr(page.find("<h2 id=cards>"));
    CHECK(has(cards, "What decided"));
    CHECK(has(cards, "below 40"));
}

TEST_CASE("what records are is said in the reader's language") {
    const Made chinese(Language::zh);
    const auto page = report_page(chinese.data);
    CHECK(has(page, ">园区</th>"));
    CHECK_FALSE(has(page, ">zone</th>"));
}

TEST_CASE("a page tells the adverse with reason and clause, and earlier years beside") {
    const Made made;
    const auto page = report_page(made.data);
    CHECK(has(page, "art. 3"));
    CHECK(has(page, "20 points."));
    CHECK(has(page, "2022 to 2023: 2 of 5 outcomes of verdict moved"));
    CHECK(has(page, made.now.run.hash));
    CHECK(has(page, "zoneval explain C --store zones.sqlite --run 2"));
}

TEST_CASE("points lost add up to what the score lacks, with parts left out or not") {
    const std::string rules =
        "ruleset: parts\nrecord: zone\ninputs: {a: {}, b: {}, c: {}}\nscores:\n  s:\n    missing: {at most: 100 %, "
        "then: reweight}\n"
        "    groups:\n      first: {weight: 60 %, indicators: [{of: a, weight: 50 %, from: 0..10}, {of: b, weight: 50 "
        "%, from: 0..10}]}\n"
        "      second: {weight: 40 %, indicators: [{of: c, weight: 100 %, from: 0..10}]}\n";
    const auto graph = rules_of(rules);
    zoneval::store::Store store(":memory:", zoneval::store::Store::Mode::create_or_open);
    import_text(store, *graph, "z.csv", "zone,year,a,b,c\nP,2024,5,6,7\nQ,2024,5,,7\nR,2024,,,7\n");
    const auto made = zoneval::assess::assess_and_record(graph, store, 2024, {}).assessment;
    const auto& score = graph->rules->scores.front();
    const auto parts = zoneval::audit::parts_of(*graph, score);
    REQUIRE(parts.size() == 3);
    CHECK(parts[1].group == "first");
    CHECK(parts[1].value->name == "b");
    for (std::size_t record = 0; record < 3; ++record) {
        zoneval::feel::Decimal lost, share;
        for (const auto& part : zoneval::audit::shares_of(made.evaluation, score, parts, record))
            if (part.lost) {
                lost = lost + *part.lost;
                share = share + *part.share;
            }
        const auto value = made.evaluation.value(graph->find("s")->id, record);
        REQUIRE(value.number());
        CHECK((zoneval::feel::Decimal(100) - *value.number() - lost)
                  .rounded(20, zoneval::feel::Rounding::half_even)
                  .is_zero());
        CHECK((share - zoneval::feel::Decimal(1)).rounded(20, zoneval::feel::Rounding::half_even).is_zero());
    }
}

TEST_CASE("Markdown becomes a page: headings, lists, tables, stress") {
    CHECK(html_of_markdown("# One *two*\n\nA **b** \\*c\\*\nd\n") ==
          "<h1>One <em>two</em></h1>\n<p>A <strong>b</strong> *c*\nd</p>\n");
    CHECK(html_of_markdown("- a\n- b\n\n---\n") == "<ul><li>a</li><li>b</li></ul>\n<hr>\n");
    CHECK(html_of_markdown("| x | y |\n|---|---:|\n| a\\|b | 2 |\n") ==
          "<table><tr><th>x</th><th class=num>y</th></tr><tr><td>a|b</td><td class=num>2</td></tr></table>\n");
    CHECK(html_of_markdown("<b>x</b> & 2 * 3 * 4\n") == "<p>&lt;b&gt;x&lt;/b&gt; &amp; 2 * 3 * 4</p>\n");
    for (const std::string name : {"# not a heading", "- no *list* | of <b>", "a_b\\c", "*x*", "`y` ~z~ [1](2)"})
        CHECK(html_of_markdown(for_markdown(name)) == "<p>" + for_html(name) + "</p>\n");
}

TEST_CASE("a letter tells the outcome, its reason and figures, in the reader's language") {
    const Made made;
    const auto letter = letter_markdown(made.data, 3, usual_template(made.data, 3));
    CHECK(has(letter, "# Dogwood (invented): interview, assessment of 2023\n"));
    CHECK(has(letter, "20 points."));
    CHECK(has(letter, "| Share of all | 8.5 % |\n"));
    CHECK(has(letter, "art. 3"));
    CHECK(has(letter, "If a figure is wrong"));
    const Made chinese(Language::zh);
    CHECK(has(letter_markdown(chinese.data, 3, usual_template(chinese.data, 3)), "年度评价结果为**interview**"));
    const Made open(Language::en, 2022);
    const auto asks = letter_markdown(open.data, 4, usual_template(open.data, 4));
    CHECK(has(asks, "## Figures we ask you for\n\noutput\n"));
    CHECK(has(asks, "Still possible: none, interview\n"));
    CHECK(has(asks, "Elm (invented) (E)"));
    CHECK_FALSE(has(asks, "interview**"));
}

TEST_CASE("an own template has fields, and one that is none is refused with the nearest") {
    const Made made;
    CHECK(letter_markdown(made.data, 2, {"t.md", "{{{record}}} {year}: {outcome}"}) == "{C} 2023: none");
    const auto page = letter_page(made.data, 1, {"t.md", "Dear {name}"});
    CHECK(has(page, "<p>Dear =Birch (invented)</p>"));
    CHECK(has(page, "default-src 'none'; style-src 'sha256-"));
    for (const std::string text : {"{outcme}", "{record", "{}"}) {
        INFO(text);
        CHECK_THROWS_AS(letter_markdown(made.data, 0, {"t.md", text}), zoneval::InputError);
    }
}
