#include <catch2/catch.hpp>
#include <random>

#include "engine/assess/amended_history.hpp"
#include "engine/feel/value/null_meaning.hpp"
#include "engine/feel/value/reason.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using zoneval::testing::build;
using zoneval::testing::GivenHistory;

namespace {

/// Some of what earlier runs recorded rests on blanks.
class BlanksBehind : public GivenHistory {
  public:
    std::map<std::string, exec::Reopened> resting;  ///< "NAME RECORD YEAR"
    std::optional<exec::Reopened> reopened(const graph::Node& node, exec::RecordAt record,
                                           std::int32_t year) const override {
        const auto found = resting.find(node.name + " " + record.name + " " + std::to_string(year));
        return found == resting.end() ? std::nullopt : std::optional(found->second);
    }
};

const char* const rules = R"(
inputs: {x: {}}
decisions:
  v: {values: [good, bad], rules: [{id: r, when: x > 1, then: bad}], otherwise: good}
  next: {values: [good, bad], rules: [{id: r, when: 'prior(v) = "bad" and prior(x) > 0', then: bad}], otherwise: good}
successions:
  - {from: Old, to: New, on: 2023-01-01}
  - {from: [A, B], to: AB, on: 2023-01-01}
  - {from: [C, D], to: CD, on: 2023-01-01, history of: C}
  - {from: S, to: [S1, S2], on: 2023-01-01}
)";

const std::vector<std::string> earlier_names{"Old", "A", "B", "C", "D", "S", "Same", "New", "AB", "CD", "S1"};
const std::vector<std::string> names{"New", "AB", "CD", "S1", "S2", "Same", "Nobody"};

feel::Value unknown() {
    return feel::Value::missing(feel::Missing::not_reported, feel::reasons::no_row("x", "A", 2022));
}

/// An earlier year at random: recorded or not, unknown, one of two values, of which some rest on blanks.
void fill(BlanksBehind& out, const std::string& node, const std::vector<feel::Value>& values, std::mt19937& random) {
    for (const auto& name : earlier_names) {
        const auto key = node + " " + name + " 2022";
        const auto kind = random() % 6;
        if (kind == 0) continue;
        out.values.emplace(key, kind == 1 ? unknown() : values[random() % values.size()]);
        if (kind != 2) continue;
        exec::Reopened all;
        all.all.emplace().value = unknown();
        out.resting.emplace(key, all);
    }
}

assess::Rulings rulings(std::mt19937& random) {
    std::vector<store::Ruling> out;
    for (const auto& name : earlier_names) {
        if (random() % 3 != 0) continue;
        store::Ruling ruling;
        ruling.year = 2022;
        ruling.record = name;
        ruling.decision = "v";
        ruling.outcome = random() % 2 == 0 ? "\"good\"" : "\"bad\"";
        ruling.over_rules = random() % 2 == 0;
        out.push_back(ruling);
    }
    return assess::Rulings(out);
}

/// What the column says of a row, beside what is said of the record alone.
void compare(const assess::AmendedHistory& history, const graph::Node& node, const Table& now) {
    const auto column = history.column(node, now, 2022);
    REQUIRE(column);
    for (std::size_t row = 0; row < now.records.size(); ++row) {
        INFO(node.name << " of " << now.records[row]);
        const auto value = history.value(node, now.records[row], 2022);
        const auto place = column->places[row];
        if (!value) {
            CHECK(place == exec::EarlierColumn::absent);
            continue;
        }
        REQUIRE(place != exec::EarlierColumn::absent);
        const auto said = place == exec::EarlierColumn::unknown ? unknown() : (*column->values)[place];
        CHECK(said.to_feel() == value->to_feel());
        CHECK(feel::is_unknown(said) == feel::is_unknown(*value));
        const bool rests = column->reopened && column->reopened->contains(place);
        CHECK(rests == history.reopened(node, now.records[row], 2022).has_value());
    }
}

}  // namespace

TEST_CASE("columns of an earlier year know of other names and rulings what records are told one by one") {
    const auto graph = build(rules);
    Table now;
    now.year = 2023;
    for (const auto& name : names) now.append_record(name, {});
    std::mt19937 random(20231);
    for (int round = 0; round < 400; ++round) {
        auto recorded = std::make_unique<BlanksBehind>();
        fill(*recorded, "v", {feel::Value("good"), feel::Value("bad")}, random);
        fill(*recorded, "x", {feel::Value(feel::Decimal(1)), feel::Value(feel::Decimal(2))}, random);
        const assess::AmendedHistory history(std::move(recorded), *graph->rules, rulings(random));
        for (const auto* name : {"v", "x"}) compare(history, *graph->find(name), now);
    }
}
