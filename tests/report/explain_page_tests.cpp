#include <regex>

#include "engine/io/bytes/sha256.hpp"
#include "engine/report/base64.hpp"
#include "engine/report/explain_page.hpp"
#include "tests/results/ranked_zones.hpp"

using namespace zoneval::report;
using namespace zoneval::testing;
namespace audit = zoneval::audit;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Asked {
    RankedZones zones;
    zoneval::assess::Assessment made;

    explicit Asked(std::int32_t year = 2023, const std::string& more = "")
        : made((more.empty() ? void() : import_text(zones.store, *zones.graph, "more.csv", more),
                zones.assessed(year))) {}

    const zoneval::graph::Node& verdict() const { return *zones.graph->find("verdict"); }
    audit::Explanation explained(const std::string& record, const std::string& language = "en") const {
        return audit::explain(made, verdict(), *made.evaluation.find(record), language);
    }
};

std::string style_of(const std::string& page) {
    const auto begin = page.find("<style>") + 7;
    return page.substr(begin, page.find("</style>") - begin);
}

}  // namespace

TEST_CASE("an explanation is a page that asks for nothing and has no script") {
    const Asked asked;
    for (const std::string language : {"en", "zh", "ja"}) {
        const auto page = explain_page(asked.explained("D", language));
        INFO(language);
        CHECK(has(page, "<html lang=" + language + ">"));
        CHECK(has(page, "default-src 'none'; style-src 'sha256-" + base64_of_hex(zoneval::sha256(style_of(page))) +
                            "'; base-uri 'none'; form-action 'none'\">"));
        CHECK_FALSE(
            std::regex_search(page, std::regex("<script|(src|href)=\"?https?:|url\\(|@import|<link|<img|<form")));
        CHECK_FALSE(std::regex_search(page, std::regex("<[^>]* (style|on[a-z]+)=")));
        CHECK_FALSE(has(page, "--depth"));
        CHECK_FALSE(has(page, "--why-not"));
    }
}

TEST_CASE("a page says outcome, reason and clause, the facts that decided, each rule and the derivation") {
    const Asked asked;
    const auto page = explain_page(asked.explained("D"));
    CHECK(
        has(page,
            "<h1>D Dogwood (invented), 2023: <span class=\"o o-bad\"><i aria-hidden=true>!</i>interview</span></h1>"));
    CHECK(has(page, "<p class=because>20 points.</p>"));
    CHECK(has(page, "Rule low, clause art. 3"));
    CHECK(has(page, "<summary><span class=yes>✓</span><b>low</b> → interview: points 20.0 &lt; 40 ✓</summary>"));
    CHECK(has(page, "<code>points &lt; line</code>"));
    CHECK(has(page, "<li><details open><summary>points = <span class=v>20"));
    CHECK(has(page, "2023.csv line 5, import 2"));
    CHECK(has(page, asked.made.run.hash.substr(0, 4)));
    CHECK(has(page, "Draft: nobody has published"));
}

TEST_CASE("a page of an open outcome says what it waits for, and of one by default what fell short") {
    const Asked open(2022);
    const auto waits = explain_page(open.explained("E"));
    CHECK(has(waits, "o-open\"><i aria-hidden=true>?</i>undetermined, none or interview</span>"));
    CHECK(has(waits, "<p class=because>It waits for: output</p>"));
    CHECK(has(waits, "<span class=open>?</span>"));
    const auto none = explain_page(open.explained("A"));
    CHECK(has(none, "<span class=\"o o-other\">none</span>"));
    CHECK(has(none, "<h2>What fell short</h2>"));
    CHECK(has(none, "otherwise → none"));
}

TEST_CASE("a name with mark-up is a name in an explanation, and a link is given by whoever serves it") {
    const Asked asked(2024,
                      "zone,year,output,region,called\nA<i>,2024,1,East,<script>alert(1)</script>\nB,2024,2,East,b\n");
    const auto explanation = asked.explained("A<i>");
    const auto page = explain_page(explanation);
    CHECK_FALSE(has(page, "<script>"));
    CHECK_FALSE(has(page, "A<i>"));
    CHECK(has(page, "<h1>A&lt;i&gt; &lt;script&gt;alert(1)&lt;/script&gt;, 2024"));
    auto other = explanation;
    other.others.push_back({"class", "first", "first"});
    CHECK(has(explanation_html(other), "<dt>class</dt>"));
    CHECK(has(explanation_html(other, [](const std::string& name) { return "/x?decision=" + name + "&a=\"b"; }),
              "<dt><a href=\"/x?decision=class&amp;a=&quot;b\">class</a></dt>"));
}

TEST_CASE("why not is a page with what each rule asks and what was missing") {
    const Asked asked;
    const auto record = *asked.made.evaluation.find("A");
    const auto page = why_not_page(audit::why_not(asked.made, asked.verdict(), record, "interview", "en"));
    CHECK(has(page, "<h1>A Alder (invented), 2023: none, why not interview</h1>"));
    CHECK(has(page, "One condition is missing."));
    CHECK(has(page, "What rule low asks, nearest miss first <small>[art. 3]</small>"));
    CHECK(has(page, "<span class=no>✗</span>points"));
    const auto same = why_not_page(audit::why_not(asked.made, asked.verdict(), record, "none", "zh"));
    CHECK(has(same, "结果就是none。"));
    CHECK_FALSE(has(same, "<table"));
}
