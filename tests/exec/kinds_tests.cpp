// Records of other kinds: what they come to together for the record they belong to, with blanks among them.
#include <random>

#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/exec/kinds/kinds.hpp"
#include "engine/exec/results/no_history.hpp"
#include "random_rules.hpp"
#include "tests/exec/differences.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using feel::Value;
using graph::KindFunction;

namespace {

using Parts = std::vector<std::pair<std::string, Row>>;

Value number(const std::string& text) { return Value(*feel::Decimal::parse(text)); }

exec::KindRecords records_of(const graph::KindGraph& kind, const Parts& parts, std::int32_t year = 2023) {
    exec::KindRecords out;
    out.supplied = true;
    out.table.year = year;
    const auto inputs = model::input_columns(*kind.kind->rules);
    for (const auto& input : inputs) out.table.columns.emplace_back(input.name, input.type);
    for (const auto& [id, row] : parts) {
        out.table.append_record(id, {});
        for (std::size_t c = 0; c < inputs.size(); ++c) {
            const auto value = row.find(inputs[c].name);
            if (value == row.end())
                out.table.columns[c].append_missing(inputs[c].blank);
            else
                out.table.columns[c].append(value->second);
        }
    }
    return out;
}

/// A graph of one kind, its owners' table and its records, evaluated either way.
struct Judged {
    std::shared_ptr<const graph::Graph> graph;
    Table owners;
    std::shared_ptr<const exec::Kinds> kinds;
    std::unique_ptr<exec::KindsHistory> history;

    Judged(std::shared_ptr<const graph::Graph> of, const std::vector<Row>& rows, exec::KindRecords records,
           std::unique_ptr<exec::History> earlier = std::make_unique<exec::NoHistory>(), bool by_columns = false)
        : graph(std::move(of)), owners(table(*graph, rows)) {
        std::vector<exec::KindRecords> all;
        all.push_back(std::move(records));
        kinds = std::make_shared<const exec::Kinds>(
            *graph, owners, std::move(all), *earlier,
            [by_columns](const graph::Graph& g, const Table& t, const exec::History& h) {
                return by_columns ? exec::evaluate_columns(g, t, h) : exec::evaluate(g, t, h);
            });
        history = std::make_unique<exec::KindsHistory>(std::move(earlier), kinds, owners);
    }
    exec::Evaluation reference() const { return exec::evaluate(*graph, owners, *history); }
    exec::Evaluation columns() const { return exec::evaluate_columns(*graph, owners, *history); }
};

const std::string zone_and_parks = R"(
inputs: {GDP: {unit: CNY}}
kinds:
  parks:
    key: owner
    inputs:
      owner: {type: string}
      role: {type: string, values: [core, branch, entrusted]}
      inside: {type: boolean}
      revenue: {unit: CNY, min: 0}
      staff: {min: 0, max: 50}
    measures:
      counted: {is: if role != "entrusted" and inside then revenue else 0, unit: CNY}
      share: revenue / GDP of zone
datasets: {parks: {of: parks}}
measures:
  revenue of all: {is: sum of parks(counted), unit: CNY}
  cores: count of parks(role = "core")
  staff of the branches: sum of parks(staff where role = "branch")
  largest share: max of parks(share)
decisions:
  verdict:
    values: [large, small]
    rules: [{id: large, when: revenue of all >= 120, then: large}]
    otherwise: small
  staffing:
    values: [poor, fine]
    adverse: [poor]
    rules: [{id: poor, when: staff of the branches < 60, then: poor}]
    otherwise: fine
  structure:
    values: [no core, several cores, sound]
    rules:
      - {id: none, when: cores = 0, then: no core}
      - {id: several, when: cores > 1, then: several cores}
    otherwise: sound
)";

Row park(const std::string& role, bool inside, const std::string& revenue, const std::string& staff = "10") {
    Row out{{"owner", Value("r1")}, {"role", Value(std::string_view(role))}, {"inside", Value(inside)}};
    if (!revenue.empty()) out["revenue"] = number(revenue);
    if (!staff.empty()) out["staff"] = number(staff);
    return out;
}

std::string told(const exec::Evaluation& e, const std::string& name, std::size_t i = 0) {
    const auto* node = e.graph->find(name);
    if (graph::decision_of(*node) && e.outcome(node->id, i).open()) return shown(e.outcome(node->id, i));
    return shown(e.value(node->id, i));
}

/// By both evaluators, which must agree in everything.
std::string judged(const Parts& parts, const std::string& name, const std::string& gdp = "1000") {
    const Judged all(build(zone_and_parks), {{{"GDP", number(gdp)}}},
                     records_of(build(zone_and_parks)->kinds[0], parts));
    const auto e = all.reference();
    CHECK(difference(e, all.columns()) == "");
    return told(e, name);
}

}  // namespace

TEST_CASE("a zone is its core and its branches inside the area, and not what it was entrusted with") {
    const Parts parks{{"core", park("core", true, "100")},
                      {"b1", park("branch", true, "30")},
                      {"b2", park("branch", false, "500")},
                      {"e", park("entrusted", false, "50")}};
    CHECK(judged(parks, "revenue of all") == "130");
    CHECK(judged(parks, "cores") == "1");
    CHECK(judged(parks, "structure") == "\"sound\"");
    CHECK(judged(parks, "staff of the branches") == "20");
    CHECK(judged(parks, "largest share") == "0.5");
    CHECK(judged(parks, "verdict") == "\"large\"");
}

TEST_CASE("a branch whose revenue is blank makes the sum of the zone unknown, never lower") {
    const Parts parks{{"core", park("core", true, "100")}, {"b", park("branch", true, "")}};
    const auto said = judged(parks, "revenue of all");
    CHECK(said.find("null") == 0);
    CHECK(said.find("`revenue of b` is not reported in 2023") != std::string::npos);
    CHECK(judged(parks, "verdict") == "ending 3 \"large\" \"small\", waits for revenue of b");
    // With a core of 120 nothing that the branch may turn out to have changes the verdict.
    CHECK(judged({{"core", park("core", true, "120")}, {"b", park("branch", true, "")}}, "verdict") == "\"large\"");
}

TEST_CASE("no adverse outcome rests on a blank of a record of another kind") {
    const Parts one{{"a", park("branch", true, "1", "40")}, {"b", park("branch", true, "1", "")}};
    CHECK(judged(one, "staffing") == "ending 3 \"poor\" \"fine\", waits for staff of b");
    // At most 50 people work in b: with 5 in a that is below 60 whatever it reports.
    const Parts low{{"a", park("branch", true, "1", "5")}, {"b", park("branch", true, "1", "")}};
    CHECK(judged(low, "staffing") == "\"poor\"");
    const Parts high{{"a", park("branch", true, "1", "60")}, {"b", park("branch", true, "1", "")}};
    CHECK(judged({{"a", park("branch", true, "1", "50")},
                  {"b", park("branch", true, "1", "10")},
                  {"c", park("branch", true, "1", "")}},
                 "staffing") == "\"fine\"");
}

TEST_CASE("who has no records of a kind that was supplied has none, and who was never asked is unknown") {
    CHECK(judged({}, "revenue of all") == "0");
    CHECK(judged({}, "cores") == "0");
    CHECK(judged({}, "structure") == "\"no core\"");
    const auto none = judged({}, "largest share");
    CHECK(none.find("there are no such `parks`") != std::string::npos);
    auto nothing = records_of(build(zone_and_parks)->kinds[0], {});
    nothing.supplied = false;
    const Judged all(build(zone_and_parks), {{{"GDP", number("1")}}}, std::move(nothing));
    const auto e = all.reference();
    CHECK(difference(e, all.columns()) == "");
    CHECK(told(e, "revenue of all").find("nobody has supplied `parks` for 2023") != std::string::npos);
    CHECK(told(e, "verdict") == "ending 3 \"large\" \"small\", waits for parks");
}

TEST_CASE("acts count from their day on, and the latest says where things stand") {
    const auto graph = build(R"(
kinds:
  acts:
    key: whom
    dated: issued
    inputs:
      whom: {type: string}
      issued: {type: date}
      kind: {type: string, values: [interview, notice]}
      annulled: {type: date, blank: not applicable}
    measures: {stands: 'annulled = null or annulled > date(year, 12, 31)'}
datasets: {acts: {of: acts}}
measures:
  last: latest of acts(kind where stands)
  acts so far: count of acts()
  ever noticed: any of acts(kind = "notice")
)");
    const auto act = [](int year, const std::string& kind, std::optional<int> annulled = {}) {
        Row out{
            {"whom", Value("r1")}, {"issued", Value(feel::Date{year, 3, 1})}, {"kind", Value(std::string_view(kind))}};
        if (annulled) out["annulled"] = Value(feel::Date{*annulled, 3, 1});
        return out;
    };
    const Parts acts{{"a1", act(2021, "interview")}, {"a2", act(2022, "notice", 2023)}, {"a3", act(2024, "notice")}};
    const auto in = [&](std::int32_t year, const std::string& name) {
        Table owners = table(*graph, {{}}, year);
        std::vector<exec::KindRecords> all;
        all.push_back(records_of(graph->kinds[0], acts, year));
        const auto kinds = std::make_shared<const exec::Kinds>(
            *graph, owners, std::move(all), exec::NoHistory(),
            [](const graph::Graph& g, const Table& t, const exec::History& h) { return exec::evaluate(g, t, h); });
        const exec::KindsHistory history(std::make_unique<exec::NoHistory>(), kinds, owners);
        const auto e = exec::evaluate(*graph, owners, history);
        return told(e, name);
    };
    CHECK(in(2021, "last") == "\"interview\"");
    CHECK(in(2022, "last") == "\"notice\"");
    CHECK(in(2023, "last") == "\"interview\"");  // annulled by now
    CHECK(in(2024, "last") == "\"notice\"");
    CHECK(in(2023, "acts so far") == "2");
    CHECK(in(2020, "acts so far") == "0");
    CHECK(in(2021, "ever noticed") == "false");
}

TEST_CASE("slips in what is asked of another kind are found where they stand") {
    const auto said = [](const std::string& formula) {
        return findings(
            "inputs: {x: {unit: CNY}}\nkinds:\n  parks:\n    key: owner\n    inputs: {owner: {type: string}, area: "
            "{unit: km2}, "
            "core: {type: boolean}}\ndatasets: {parks: {of: parks}}\nmeasures:\n  m: '" +
            formula + "'\n  y: x\n");
    };
    const auto has = [&](const std::string& formula, const std::string& text) {
        const auto all = said(formula);
        INFO(all);
        const bool found = all.find(text) != std::string::npos;
        CHECK(found);
    };
    has("sum of parks(aera where core)", "nothing here is called `aera` |  | did you mean `area`?");
    has("sum of parks(x)", "nothing here is called `x`");
    has("sum of parks(core)", "`sum of parks` is given a boolean | a number");
    has("count of parks(area)", "`count of parks` is given a number | a condition");
    has("sum of parks(area where area)", "`sum of parks` is given a number | a condition behind `where`");
    has("latest of parks(area)", "records of kind `parks` have no dates");
    has("sum of parks()", "`sum of parks` does not say what of them");
    has("sum of parks(area) + x", "km2 and CNY are added");
    has("sum of zones(area)", "unexpected `of`");
    has("sum of parks(prior(area))", "records of kind `parks` are not assessed");
    CHECK(findings(
              "kinds:\n  parks:\n    key: ower\n    inputs: {owner: {type: string}}\ndatasets: {parks: {of: parks}}\n")
              .find("kind `parks` has no input `ower`, which `key` names | one of the kind's inputs, of `type: string` "
                    "| did "
                    "you mean `owner`?") != std::string::npos);
    CHECK(findings("kinds:\n  parks:\n    key: owner\n    inputs: {owner: {type: string}}\n")
              .find("no dataset feeds the records of kind `parks`") != std::string::npos);
    CHECK(findings("datasets: {parks: {of: park}}\n").find("dataset `parks` is of `park`") != std::string::npos);
}

TEST_CASE("whatever the blanks turn out to be, what records come to together is inside what is said of them") {
    std::mt19937_64 random(1);
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); };
    constexpr KindFunction functions[] = {
        KindFunction::sum, KindFunction::mean,  KindFunction::min,    KindFunction::max,      KindFunction::count,
        KindFunction::any, KindFunction::every, KindFunction::latest, KindFunction::earliest, KindFunction::median};
    std::size_t open_ones = 0;
    for (int round = 0; round < 4000; ++round) {
        const auto function = functions[below(10)];
        const bool truths =
            function == KindFunction::count || function == KindFunction::any || function == KindFunction::every;
        std::vector<exec::KindTerm> terms;
        std::vector<std::vector<std::pair<exec::KindTerm::In, Value>>> ways;  // to fill each
        for (int n = below(4); n > 0; --n) {
            exec::KindTerm term;
            term.day = feel::Date{2020 + below(3), 1, 1};
            std::vector<Value> values;
            if (truths)
                values = below(3) == 0 ? std::vector<Value>{Value(true), Value(false)}
                                       : std::vector<Value>{Value(below(2) == 0)};
            else if (below(3) == 0)
                values = {Value(1), Value(2), Value(4)};
            else
                values = {Value(below(5) - 2)};
            term.value.value = values.front();
            if (values.size() > 1) {
                term.value.value = Value::missing(feel::Missing::not_reported, feel::reasons::open());
                if (truths)
                    term.value.options = values;
                else
                    term.value.low = feel::Decimal(1), term.value.high = feel::Decimal(4), term.value.there = true;
            }
            term.in = below(3) == 0   ? exec::KindTerm::In::maybe
                      : below(6) == 0 ? exec::KindTerm::In::no
                                      : exec::KindTerm::In::yes;
            auto& fillings = ways.emplace_back();
            for (const auto in : {exec::KindTerm::In::no, exec::KindTerm::In::yes})
                if (term.in == in || term.in == exec::KindTerm::In::maybe)
                    for (const auto& value : values) fillings.emplace_back(in, value);
            terms.push_back(std::move(term));
        }
        const auto said = exec::together(function, terms, "parts");
        open_ones += said.open();
        std::vector<std::size_t> choice(terms.size());
        for (bool more = true; more;) {
            auto filled = terms;
            for (std::size_t i = 0; i < terms.size(); ++i) {
                filled[i].in = ways[i][choice[i]].first;
                filled[i].value = {ways[i][choice[i]].second, {}, {}, {}};
            }
            const auto one = exec::together(function, filled, "parts");
            INFO("function " << graph::to_string(function) << " said " << shown(std::optional(said)) << " gave "
                             << shown(std::optional(one)));
            if (!said.open()) {
                CHECK(feel::identical(said.value, one.value));
            } else if (!one.open()) {
                const auto* n = one.value.number();
                if (said.never_null()) CHECK_FALSE(one.value.is_null());
                if (n && said.low) CHECK(*said.low <= *n);
                if (n && said.high) CHECK(*n <= *said.high);
                if (!n && !said.options.empty())
                    CHECK(std::any_of(said.options.begin(), said.options.end(),
                                      [&](const Value& v) { return feel::identical(v, one.value); }));
            }
            more = false;
            for (std::size_t i = 0; i < choice.size() && !more; ++i) {
                more = ++choice[i] < ways[i].size();
                if (!more) choice[i] = 0;
            }
        }
    }
    CHECK(open_ones > 500);
}

TEST_CASE("with records of other kinds columns give what the reference evaluator gives") {
    constexpr std::size_t owners = 30;
    const auto first = std::getenv("ZONEVAL_SEED") ? std::atoll(std::getenv("ZONEVAL_SEED")) : 1;
    std::size_t built = 0;
    for (auto seed = static_cast<std::uint64_t>(first); built < 150; ++seed) {
        RandomRules random(seed, true);
        const auto yaml = random.rules();
        Diagnostics found;
        const auto graph = build(yaml, found);
        if (!graph || found.has_errors()) continue;
        ++built;
        std::vector<Row> rows;
        for (std::size_t i = 0; i < owners; ++i) rows.push_back(random.record());
        const auto parts = random.of_kind(owners);
        const auto earlier = random.history(owners);
        const auto judged = [&](bool by_columns) {
            return Judged(graph, rows, records_of(graph->kinds[0], parts), std::make_unique<GivenHistory>(earlier),
                          by_columns);
        };
        const auto all = judged(false), by_columns = judged(true);
        const auto reference = all.reference();
        INFO("seed " << seed << "\n" << yaml);
        REQUIRE(difference(reference, all.columns()) == "");
        REQUIRE(difference(reference, by_columns.columns()) == "");  // also when the parts were evaluated by columns
    }
}

TEST_CASE("who has none of a kind has not reported them, where the kind says so") {
    const auto asked = [](const std::string& key) {
        return build(
            "inputs: {GDP: {unit: CNY}}\nkinds: {parks: {key: owner, " + key +
            "inputs: {owner: {type: string}, revenue: {min: 0}}}}\ndatasets: {parks: {of: parks}}\n"
            "measures: {total: sum of parks(revenue), parks: count of parks(), any: any of parks(revenue > 5)}\n"
            "decisions: {verdict: {values: [a, b], adverse: [b], rules: [{id: r, when: total >= 5, then: a}], "
            "otherwise: b}}\n");
    };
    const Parts parts = {{"P1", {{"owner", Value("r1")}, {"revenue", number("7")}}}};
    for (const bool by_columns : {false, true}) {
        const auto none = asked("");
        const Judged has_none(none, {{}, {}}, records_of(none->kinds.front(), parts),
                              std::make_unique<exec::NoHistory>(), by_columns);
        CHECK(column(has_none.columns(), "total") == std::vector<std::string>{"7", "0"});
        const auto unknown = asked("no records: not reported, ");
        const Judged not_reported(unknown, {{}, {}}, records_of(unknown->kinds.front(), parts),
                                  std::make_unique<exec::NoHistory>(), by_columns);
        const auto e = by_columns ? not_reported.columns() : not_reported.reference();
        CHECK(column(e, "total") == std::vector<std::string>{"7", "null"});
        CHECK(column(e, "parks") == std::vector<std::string>{"1", "null"});
        CHECK(shown(e.value(e.graph->find("total")->id, 1)).find("no `parks` of this record are reported for 2023") !=
              std::string::npos);
        CHECK(outcome(e, "verdict", 0).rule() == 0u);
        CHECK(outcome(e, "verdict", 1).open());  // the adverse default does not rest on it
    }
}

namespace {

const std::string up_and_down = R"(
inputs: {staff: {min: 0}, budget: {min: 0}}
scores:
  strength: {missing: zero, indicators: [{of: staff, weight: 1, from: 0..10}, {of: budget, weight: 1, from: 0..10}]}
kinds:
  parks:
    key: zone
    inputs: {zone: {type: string}, area: {min: 1}}
    measures:
      revenue of its firms: sum of firms(revenue)
      density: revenue of its firms / area
      strong: strength of zone >= 50
      watched: warned of zone
      backed firms: count of firms(backed)
  firms:
    of: parks
    key: park
    inputs: {park: {type: string}, revenue: {min: 0, max: 100}}
    measures: {backed: strong of park}
  acts:
    key: zone
    inputs: {zone: {type: string}, stands: {type: boolean}}
datasets: {parks: {of: parks}, firms: {of: firms}, acts: {of: acts}}
measures:
  warned: any of acts(stands)
  revenue: sum of parks(revenue of its firms)
  strong parks: count of parks(strong)
  watched parks: count of parks(watched)
  middle: median of parks(density)
  backed firms: sum of parks(backed firms)
decisions:
  verdict:
    values: [rich, poor]
    adverse: [poor]
    rules: [{id: rich, when: revenue >= 50, then: rich}]
    otherwise: poor
  strength of the parks:
    values: [some, none]
    adverse: [none]
    rules: [{id: some, when: strong parks > 0, then: some}]
    otherwise: none
)";

/// One zone with parks, their firms and acts; both evaluators, also for the kinds.
std::string up_and_down_says(const std::string& name, const Row& zone, const Parts& firms, const Parts& acts) {
    const auto graph = build(up_and_down);
    const auto owners = table(*graph, {zone});
    const Parts parks{{"P1", {{"zone", Value("r1")}, {"area", 2}}}, {"P2", {{"zone", Value("r1")}, {"area", 1}}}};
    std::string out;
    for (const bool by_columns : {false, true}) {
        std::vector<exec::KindRecords> records;
        for (const auto& kind : graph->kinds)
            records.push_back(records_of(kind, kind.kind->name == "parks" ? parks : acts));
        records[0].below.push_back(records_of(graph->kinds[0].graph->kinds[0], firms));
        const exec::NoHistory none;
        const auto kinds = std::make_shared<const exec::Kinds>(
            *graph, owners, std::move(records), none,
            [by_columns](const graph::Graph& g, const Table& t, const exec::History& h) {
                return by_columns ? exec::evaluate_columns(g, t, h) : exec::evaluate(g, t, h);
            });
        const exec::KindsHistory history(none, *kinds, owners);
        const auto reference = exec::evaluate(*graph, owners, history);
        CHECK(difference(reference, exec::evaluate_columns(*graph, owners, history)) == "");
        const auto said = told(reference, name);
        if (by_columns) CHECK(said == out);
        out = said;
    }
    return out;
}

Row firm(const std::string& park, const std::string& revenue) {
    Row out{{"park", Value(std::string_view(park))}};
    if (!revenue.empty()) out["revenue"] = number(revenue);
    return out;
}

const Row strong_zone{{"staff", 9}, {"budget", 9}};
const Parts acts_of_it{{"A1", {{"zone", Value("r1")}, {"stands", Value(true)}}}};

}  // namespace

TEST_CASE("firms add up to their parks and those to the zone, and a blank goes up with its bounds") {
    const Parts known{{"F1", firm("P1", "30")}, {"F2", firm("P1", "10")}, {"F3", firm("P2", "60")}};
    CHECK(up_and_down_says("revenue", strong_zone, known, acts_of_it) == "100");
    CHECK(up_and_down_says("middle", strong_zone, known, acts_of_it) == "40");
    const Parts blank{{"F1", firm("P1", "30")}, {"F2", firm("P1", "")}, {"F3", firm("P2", "10")}};
    CHECK(up_and_down_says("revenue", strong_zone, blank, acts_of_it).find("`revenue of F2` is not reported in 2023") !=
          std::string::npos);
    CHECK(up_and_down_says("verdict", strong_zone, blank, acts_of_it) ==
          "ending 3 \"rich\" \"poor\", waits for revenue of F2");
    const Parts enough{{"F1", firm("P1", "50")}, {"F2", firm("P1", "")}};
    CHECK(up_and_down_says("verdict", strong_zone, enough, acts_of_it) == "\"rich\"");
}

TEST_CASE("one kind reads another through the record that both belong to") {
    CHECK(up_and_down_says("watched parks", strong_zone, {}, acts_of_it) == "2");
    CHECK(up_and_down_says("backed firms", strong_zone, {{"F1", firm("P2", "1")}}, acts_of_it) == "1");
    CHECK(up_and_down_says("watched parks", strong_zone, {}, {{"A1", {{"zone", Value("r1")}}}}).find("null") == 0);
}

TEST_CASE("nothing adverse rests on a score of the owner that left a blank out") {
    CHECK(up_and_down_says("strong parks", strong_zone, {}, {}) == "2");
    CHECK(up_and_down_says("strong parks", {{"staff", 3}}, {}, {}) == "0");  // as things are: the blank counts as zero
    CHECK(up_and_down_says("strength of the parks", {{"staff", 3}}, {}, {}).find("ending 3") == 0);
    CHECK(up_and_down_says("strength of the parks", {{"staff", 3}, {"budget", 1}}, {}, {}) == "\"none\"");
}

TEST_CASE("a circle of kinds and what is computed from them is told") {
    auto yaml = up_and_down;
    yaml.replace(yaml.find("watched: warned of zone"), 23, "watched: revenue of zone > 1");
    CHECK(findings(yaml).find("records of kind `parks` read what is computed from records of kind `parks`") !=
          std::string::npos);
    yaml = up_and_down;
    yaml.replace(yaml.find("of: parks\n    key: park"), 23, "of: parkz\n    key: park");
    CHECK(findings(yaml).find("kind `firms` is of `parkz`, and no kind of record is called so") != std::string::npos);
    CHECK(findings(yaml).find("did you mean `parks`") != std::string::npos);
}
