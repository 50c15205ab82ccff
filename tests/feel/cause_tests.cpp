// Causes as facts: what a store keeps of them comes back the same.
#include "engine/feel/evaluation/cause_json.hpp"
#include "tests/feel/language.hpp"

using namespace zoneval::feel;
using namespace zoneval::feel::testing;

namespace {

CausePtr cause_of(const std::string& text, const Frame& frame = {}, NullMeaning nulls = NullMeaning::feel) {
    const auto out = run(text, frame, nulls);
    REQUIRE(out.parsed);
    REQUIRE(out.value.cause());
    return out.value.cause();
}

/// An argument for each type that reasons.def may name.
Argument sample(ArgumentType type) {
    switch (type) {
        case ArgumentType::text: return std::string("text “引号” \"and\" \\ {braces}");
        case ArgumentType::datum: return std::string("营业收入");
        case ArgumentType::count:
        case ArgumentType::year:
        case ArgumentType::past: return std::int64_t{2024};
        case ArgumentType::type: return Type::Kind::days_time_duration;
        case ArgumentType::types: return std::vector{Type::Kind::list, Type::Kind::null};
        case ArgumentType::value:
            return Argument(std::in_place_type<Value>, List{Value(Decimal::scaled(15, -1)), "a \"b\"", Value(), true});
        case ArgumentType::operands: return std::vector<NullOperand>{{"a + b", true}, {"", false}};
        case ArgumentType::shown: return Shown{Decimal::scaled(12345, -4), 2};
    }
    return {};
}

}  // namespace

TEST_CASE("a failure is a fact, with what it is about") {
    const auto division = cause_of("1 / 0");
    CHECK(division->fact.reason == Reason::division_by_zero);
    const auto property = cause_of(R"("text".weekday)");
    CHECK(property->fact.reason == Reason::no_property);
    CHECK(std::get<Type::Kind>(property->fact.arguments.at(0)) == Type::Kind::string);
    CHECK(std::get<std::string>(property->fact.arguments.at(1)) == "weekday");
    const auto logarithm = cause_of("log(0)");
    CHECK(logarithm->fact.reason == Reason::log_of_not_positive);
}

TEST_CASE("every reason comes back from JSON as it was") {
    for (const auto& row : reason_rows) {
        INFO(row.id);
        Cause cause;
        cause.fact.reason = *reason_from_id(row.id);
        for (std::size_t i = 0; i < row.count; ++i) cause.fact.arguments.push_back(sample(row.parameters[i].type));
        const auto text = to_json(make_cause(cause));
        const auto back = cause_from_json(text);
        REQUIRE(back);
        CHECK(back->fact.reason == cause.fact.reason);
        CHECK(back->fact.arguments.size() == row.count);
        CHECK(to_json(back) == text);
    }
}

TEST_CASE("the JSON of a cause is short, and holds its kind, what is possible and what lies behind") {
    const auto revenue = Value::missing(Missing::late, reasons::missing_datum("revenue", "Zone A", 2024));
    CHECK(to_json(revenue.cause()) == R"(["missing_datum","revenue","Zone A",2024,{"missing":"late"}])");
    const auto sum = cause_of("revenue + 1", {{"revenue", revenue}});
    CHECK(to_json(sum) == R"(["null_operands",[["revenue",true]],{"because":[["missing_datum","revenue","Zone A",2024,)"
                          R"({"missing":"late"}]]}])");
    Cause open;
    open.fact = reasons::undetermined("verdict");
    open.possible = {"none", Value(), Decimal::scaled(25, -1)};
    open.because = {revenue.cause()};
    const auto back = cause_from_json(to_json(make_cause(open)));
    REQUIRE(back);
    REQUIRE(back->possible.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(identical(back->possible[i], open.possible[i]));
    CHECK(missing_kind(back) == Missing::late);
    CHECK(leaves(back).size() == 1);
}

TEST_CASE("causes that share parts are written once, and stay short") {
    auto value = Value::missing(Missing::not_reported, reasons::missing_value("x"));
    for (int i = 0; i < 100; ++i) {
        Cause left, right, both;
        left.fact = right.fact = both.fact = reasons::depends_on_failed();
        left.because = right.because = {value.cause()};
        both.because = {make_cause(left), make_cause(right)};
        value = Value::null(make_cause(both));
    }
    const auto text = to_json(value.cause());
    CHECK(text.size() < 20'000);
    const auto back = cause_from_json(text);
    REQUIRE(back);
    CHECK(to_json(back) == text);
    CHECK(leaves(back).size() == 1);
}

TEST_CASE("what is no cause of this version is nothing, not a guess") {
    for (const char* text : {"", "null", "[]", "{}", R"(["a reason of tomorrow"])", R"(["missing_value"])",
                             R"(["missing_value",3])", R"(["division_by_zero",{"because":[0]}])",
                             R"(["division_by_zero",{"because":[7]}])", R"(["division_by_zero",{"missing":"lost"}])",
                             R"(["division_by_zero",{},1])", R"(["input_type","1 +","number"])"}) {
        INFO(text);
        CHECK(cause_from_json(text) == nullptr);
    }
    CHECK(to_json(nullptr) == "null");
}
