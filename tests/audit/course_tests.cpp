// Who stands next to a record where a rank decided, and the years before beside this one.
#include "engine/assess/years.hpp"
#include "engine/audit/course_text.hpp"
#include "engine/audit/replay.hpp"
#include "tests/assess/store_support.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {

const std::string ranked =
    "ruleset: r\nrecord: {name: zone, title: Zone}\n"
    "inputs: {output: {min: 0}, finding: {values: [good, poor], labels: {good: {zh: 合格}, poor: {zh: 不合格}}}}\n"
    "scores: {overall: {title: {en: Score, zh: 得分}, decimals: 2, indicators: [{of: output, from: 0..100}]}}\n"
    "measures: {place: rank(overall), behind: cohort count(overall) - place}\n"
    "decisions:\n  verdict:\n    title: {en: Verdict, zh: 结论}\n    values: [none, warn, leave]\n"
    "    labels: {none: {zh: 无}, warn: {zh: 约谈}, leave: {zh: 退出}}\n    adverse: [warn, leave]\n    rules:\n"
    "      - {id: failed, when: 'prior(verdict) = \"warn\" and finding = \"poor\"', then: leave}\n"
    "      - {id: last, when: behind < 1, then: warn}\n    otherwise: none\n";

/// Four zones, three years. D is last in 2022 and fails in 2023; in 2024 B and C are last together.
struct ThreeYears {
    std::shared_ptr<const graph::Graph> graph = rules_of(ranked);
    store::Store store{":memory:", store::Store::Mode::create_or_open};

    ThreeYears() {
        import_text(store, *graph, "zones.csv",
                    "zone,year,output,finding\nA,2022,90,\nB,2022,50,\nC,2022,40,\nD,2022,30,\n"
                    "A,2023,90,good\nB,2023,50,good\nC,2023,40,good\nD,2023,60,poor\n"
                    "A,2024,90,good\nB,2024,45,good\nC,2024,45,good\nD,2024,60,good\n");
        assess::assess_years(graph, store, {2022, 2023, 2024}, {});
    }
    audit::Explanation explain(const char* record, std::int32_t year, const char* language = "en") const {
        const auto made = audit::replay(store, *store.latest_run("r", year)).assessment;
        const auto& decision = *made.graph->find("verdict");
        const auto at = *made.evaluation.find(record);
        auto out = audit::explain(made, decision, at, language);
        out.course = audit::course(store, made, decision, at, out.decided, language);
        return out;
    }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("where a rank decided, those next to it stand beside the record with their distance and outcome") {
    const ThreeYears years;
    const auto told = years.explain("D", 2022);
    REQUIRE(told.value == "warn");
    const auto& near = told.neighbours.near;
    REQUIRE(near.size() == 3);
    CHECK(near[0].record == "B");
    CHECK(near[1].record == "C");
    CHECK(near[1].outcome == "none");
    CHECK(near[2].itself);
    CHECK(near[2].rank.first == 4);
    CHECK(near[2].rank.of == 4);
    const auto text = audit::render_text(told);
    INFO(text);
    CHECK(has(text, "How close it was\n"));
    CHECK(has(text, "3 of 4  C     40.00  10.00 above  none"));
    CHECK(has(text, "4 of 4  D     30.00               warn"));
    CHECK(has(audit::render_text(years.explain("D", 2022, "zh")), "3/4  C     40.00  高10.00  无"));
}

TEST_CASE("equal records share a range of ranks") {
    const ThreeYears years;
    const auto text = audit::render_text(years.explain("C", 2024));
    INFO(text);
    CHECK(has(text, "3–4 of 4  B     45.00        equal"));
}

TEST_CASE("the years before stand beside this one, with outcome, score, rank, finding and rule") {
    const ThreeYears years;
    const auto told = years.explain("D", 2023);
    REQUIRE(told.course);
    REQUIRE(told.course->years.size() == 2);
    CHECK(told.course->years[0].year == 2022);
    CHECK(told.course->years[0].outcome == "warn");
    CHECK(told.course->years[0].rule == "last");
    CHECK(told.course->years[0].rank->first == 4);
    CHECK(told.course->years[1].outcome == "leave");
    CHECK(told.course->years[1].rank->first == 2);
    CHECK(told.course->words == std::vector<std::string>{"finding"});
    CHECK(told.course->years[1].words == std::vector<std::string>{"poor"});
    const auto text = audit::render_text(years.explain("D", 2023, "zh"));
    INFO(text);
    CHECK(has(text, "经过\n"));
    CHECK(has(text, "  结论       约谈    退出\n"));
    CHECK(has(text, "  finding  未报送  不合格\n"));
    CHECK(told.neighbours.near.empty());  // no rank decided
}

TEST_CASE("a score that played no part is said to have played none") {
    const ThreeYears years;
    CHECK(audit::score_no_part(years.explain("D", 2023)) == "The score of 2023 (60.00, rank 2 of 4) played no part.");
    CHECK(audit::score_no_part(years.explain("D", 2022)).empty());
}

TEST_CASE("in the first year there is nothing to stand beside") {
    const ThreeYears years;
    CHECK_FALSE(has(audit::render_text(years.explain("A", 2022)), "How it came to this"));
}

TEST_CASE("the words of a measure that hands on its own value of a year ago are looked for once") {
    const auto graph = rules_of(
        "ruleset: r\nrecord: zone\ninputs: {x: {}, word: {values: [a, b], labels: {a: {zh: 甲}}}}\n"
        "measures:\n  same: {is: 'if x > 0 then prior(same) else prior(same)'}\n"
        "  handed: {is: 'if x > 0 then word else null'}\n");
    CHECK(exec::labelled_by(*graph, *graph->find("same")) == nullptr);
    CHECK(exec::labelled_by(*graph, *graph->find("handed")) == graph->find("word")->definition);
}
