// From rules that hold, do not hold or cannot be told, to an outcome: every hit policy, on candidates written out.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <catch2/catch.hpp>

#include "engine/exec/decisions/decide.hpp"
#include "engine/feel/value/cause.hpp"

using namespace zoneval;
using exec::Outcome;
using exec::Possible;
using feel::HitPolicy;
using feel::Missing;
using feel::Value;
namespace reasons = feel::reasons;

namespace {

Value missing(const std::string& name, Missing kind = Missing::not_reported) {
    return Value::missing(kind, reasons::missing_value(name));
}
Value failed() { return feel::null_because(reasons::aggregate_needs_numbers("sum")); }
Value text(const std::string& value) { return Value(value); }

struct Rule {
    Value condition, outcome;
    Possible may_give{};  ///< nothing: what it gives
};
const Value yes(true), no(false);

struct Written final : exec::Candidates {
    std::vector<Rule> rules;
    std::optional<Rule> otherwise;

    std::size_t size() const override { return rules.size(); }
    bool has_otherwise() const override { return otherwise.has_value(); }
    const Rule& rule(std::size_t i) const { return i < rules.size() ? rules[i] : *otherwise; }
    Value condition(std::size_t i) const override { return rule(i).condition; }
    Value outcome(std::size_t i) const override { return rule(i).outcome; }
    Possible possible(std::size_t i) const override {
        const auto& of = rule(i);
        return of.may_give.values.empty() && !of.may_give.anything ? Possible{{of.outcome}} : of.may_give;
    }
};

model::Decision decision(HitPolicy policy, std::size_t rules) {
    model::Decision out;
    out.name = "verdict";
    out.values = {text("good"), text("fair"), text("bad")};
    out.adverse = {text("bad")};
    out.hit_policy = policy;
    for (std::size_t i = 0; i < rules; ++i) out.rules.emplace_back().id = "r" + std::to_string(i);
    return out;
}

std::string list(const std::vector<Value>& values) { return Value(feel::List(values)).to_feel(); }
std::string list(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, ", ")); }

/// In one line: how it ended, and all that is said of it.
std::string told(const exec::Decided& decided) {
    const auto& outcome = decided.outcome;
    if (const auto* open = outcome.open())
        return fmt::format("open {}{}; waits for {}; failed {}", list(open->possible),
                           open->anything ? " or others" : "", list(open->waiting_for), list(open->failed));
    if (const auto* both = outcome.conflict()) return fmt::format("conflict {} {}", both->first, both->second);
    const auto value = decided.value.to_feel();
    if (const auto rule = outcome.rule()) return fmt::format("{} by {}", value, *rule);
    return value + (outcome.is_default() ? " by default" : " by nothing");
}

std::string decided(HitPolicy policy, std::vector<Rule> rules, std::optional<Rule> otherwise = std::nullopt,
                    feel::Aggregator aggregator = feel::Aggregator::none) {
    Written candidates;
    candidates.rules = std::move(rules);
    candidates.otherwise = std::move(otherwise);
    auto by = decision(policy, candidates.rules.size());
    by.aggregator = aggregator;
    return told(exec::decide(candidates, by));
}

}  // namespace

TEST_CASE("the first rule that holds decides, past those that do not") {
    const auto first = [](std::vector<Rule> rules, std::optional<Rule> otherwise = std::nullopt) {
        return decided(HitPolicy::first, std::move(rules), std::move(otherwise));
    };
    const Rule fair{yes, text("fair")};
    CHECK(first({{no, text("good")}, fair, {yes, text("bad")}}) == "\"fair\" by 1");
    CHECK(first({{no, text("good")}}) == "null by nothing");
    CHECK(first({{no, text("good")}}, fair) == "\"fair\" by default");
    CHECK(first({{missing("x"), text("good")}}) == "open [\"good\", null]; waits for x; failed ");
    CHECK(first({{missing("x"), text("good")}}, fair) == "open [\"good\", \"fair\"]; waits for x; failed ");
    CHECK(first({{missing("x"), text("fair")}}, fair) == "\"fair\" by default");
    CHECK(first({{missing("x"), text("fair")}, fair}) == "\"fair\" by 1");
    CHECK(first({{missing("x"), text("bad")}, {yes, text("bad")}}) == "open [\"bad\"]; waits for x; failed ");
    CHECK(first({{missing("x"), text("fair"), {{text("fair")}, true}}, fair}) ==
          "open [\"fair\"] or others; waits for x; failed ");
    CHECK(first({{yes, missing("y"), {{text("bad"), text("good")}}}, fair}) ==
          "open [\"good\", \"bad\"]; waits for y; failed ");
    CHECK(first({{no, text("good")}}, Rule{yes, missing("y"), {{text("bad")}}}) ==
          "open [\"bad\"]; waits for y; failed ");
    CHECK(first({{failed(), text("good")}}, fair) ==
          "open [\"good\", \"fair\"]; waits for ; failed `sum` needs numbers");
}

TEST_CASE("policies that look at every rule say what is certain, and what is possible while one is unknown") {
    for (const auto policy : {HitPolicy::unique, HitPolicy::any, HitPolicy::priority}) {
        INFO(static_cast<int>(policy));
        CHECK(decided(policy, {{no, text("good")}, {yes, text("fair")}}) == "\"fair\" by 1");
        CHECK(decided(policy, {{no, text("good")}}) == "null by nothing");
        CHECK(decided(policy, {{no, text("good")}}, Rule{yes, text("fair")}) == "\"fair\" by default");
        CHECK(decided(policy, {{yes, text("fair")}, {missing("x"), text("bad")}}) ==
              "open [\"fair\", \"bad\"]; waits for x; failed ");
        CHECK(decided(policy, {{missing("x"), text("bad")}}) == "open [\"bad\", null]; waits for x; failed ");
        CHECK(decided(policy, {{missing("x"), text("bad")}}, Rule{yes, text("good")}) ==
              "open [\"good\", \"bad\"]; waits for x; failed ");
        CHECK(decided(policy, {{missing("x"), text("bad")}, {yes, text("fair")}}, Rule{yes, text("good")}) ==
              "open [\"fair\", \"bad\"]; waits for x; failed ");
        CHECK(decided(policy, {{yes, missing("y"), {{text("bad"), text("good")}}}}) ==
              "open [\"good\", \"bad\", null]; waits for y; failed ");
        CHECK(decided(policy, {{no, text("good")}}, Rule{yes, missing("y"), {{text("bad")}}}) ==
              "open [\"bad\"]; waits for y; failed ");
    }
}

TEST_CASE("rules that the policy does not allow together are a conflict of these two") {
    const Rule good{yes, text("good")}, bad{yes, text("bad")}, none{no, text("fair")};
    CHECK(decided(HitPolicy::unique, {none, good, good}) == "conflict 1 2");
    CHECK(decided(HitPolicy::any, {good, none, good}) == "\"good\" by 0");
    CHECK(decided(HitPolicy::any, {good, none, good, bad}) == "conflict 0 3");
    CHECK(decided(HitPolicy::priority, {bad, good, none}) == "\"good\" by 1");
}

TEST_CASE("policies that gather give lists in their order, and aggregates of numbers") {
    const Rule bad{yes, text("bad")}, good{yes, text("good")}, none{no, text("fair")}, other{yes, text("other")};
    CHECK(decided(HitPolicy::rule_order, {bad, none, good}) == "[\"bad\", \"good\"] by 0");
    CHECK(decided(HitPolicy::output_order, {other, bad, none, good}) == "[\"good\", \"bad\", \"other\"] by 0");
    CHECK(decided(HitPolicy::collect, {none, bad, good}) == "[\"bad\", \"good\"] by 1");
    CHECK(decided(HitPolicy::rule_order, {none}) == "[] by nothing");
    using feel::Aggregator;
    const auto number = [](int n) { return Rule{yes, Value(feel::Decimal(n))}; };
    const auto gathered = [&](Aggregator how, std::vector<Rule> rules) {
        return decided(HitPolicy::collect, std::move(rules), std::nullopt, how);
    };
    CHECK(gathered(Aggregator::sum, {number(3), none, number(-5), number(4)}) == "2 by 0");
    CHECK(gathered(Aggregator::min, {number(3), number(-5), number(4)}) == "-5 by 0");
    CHECK(gathered(Aggregator::max, {number(3), number(-5), number(4)}) == "4 by 0");
    CHECK(gathered(Aggregator::count, {number(3), number(3), bad, none}) == "3 by 0");
    CHECK(gathered(Aggregator::count, {none}) == "0 by nothing");
    CHECK(gathered(Aggregator::sum, {none}) == "null by nothing");
    for (const auto how : {Aggregator::sum, Aggregator::min, Aggregator::max})
        CHECK(gathered(how, {number(1), bad}) == "null by 0");
}

TEST_CASE("an open decision waits for data that can be reported, and says apart what failed") {
    const auto open = [](std::vector<Value> causes, const Possible& possible = {{text("bad"), text("good")}}) {
        std::vector<feel::CausePtr> all;
        for (const auto& c : causes) all.push_back(c.cause());
        return exec::leave_open(possible, all, decision(HitPolicy::first, 1));
    };
    CHECK(told(open({missing("x"), missing("y"), missing("x")})) ==
          "open [\"good\", \"bad\"]; waits for x, y; failed ");
    // What does not apply is nothing to wait for; what comes after it is.
    const auto both = feel::null_because(reasons::aggregate_needs_numbers("sum"),
                                         {missing("x", Missing::not_applicable).cause(), missing("y").cause()});
    CHECK(told(open({both})) == "open [\"good\", \"bad\"]; waits for y; failed ");
    const auto small = Value::missing(Missing::too_small, reasons::group_too_small(3, 5));
    CHECK(told(open({small})).find("waits for ; failed ") != std::string::npos);
    CHECK(told(open({small})) != told(open({missing("x")})));
    CHECK(told(open({missing("x", Missing::too_small)})) == "open [\"good\", \"bad\"]; waits for x; failed ");
    // The null itself says what is possible, and of what kind it is.
    const auto waiting = open({missing("x", Missing::late)});
    CHECK(feel::missing_kind(waiting.value.cause()) == Missing::late);
    REQUIRE(waiting.value.cause()->possible.size() == 2);
    CHECK(waiting.value.cause()->missing == Missing::none);
    CHECK(open({}).value.cause()->missing == Missing::not_reported);
    CHECK(open({missing("x")}, {{text("bad")}, true}).value.cause()->possible.empty());
}

TEST_CASE("an unknown condition counts as what the rule says of everything that is missing") {
    model::Rule rule;
    CHECK_FALSE(exec::counts_as(rule, missing("x")));
    rule.if_missing = {{Missing::not_reported, false}, {Missing::late, true}};
    CHECK(exec::counts_as(rule, missing("x")) == false);
    CHECK(exec::counts_as(rule, missing("x", Missing::late)) == true);
    CHECK_FALSE(exec::counts_as(rule, missing("x", Missing::suppressed)));
    CHECK_FALSE(exec::counts_as(rule, yes));
    const auto of = [](std::vector<Value> causes) {
        std::vector<feel::CausePtr> all;
        for (const auto& c : causes) all.push_back(c.cause());
        return feel::null_because(reasons::aggregate_needs_numbers("sum"), all);
    };
    CHECK_FALSE(exec::counts_as(rule, of({missing("x"), missing("y", Missing::late)})));
    CHECK(exec::counts_as(rule, of({missing("x"), missing("y")})) == false);
    CHECK(exec::counts_as(rule, of({missing("x", Missing::not_applicable), missing("y", Missing::late)})) == true);
    CHECK_FALSE(exec::counts_as(rule, of({missing("x", Missing::not_applicable)})));
}
