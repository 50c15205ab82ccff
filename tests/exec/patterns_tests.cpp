// Machine numbers and orders that records with blanks are read in, against decimals.
#include <algorithm>
#include <random>

#include "engine/exec/columns/grouped_numbers.hpp"
#include "engine/exec/patterns/approximate.hpp"
#include "engine/exec/patterns/lane.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using exec::Approximate;
using feel::Decimal;
using feel::Rounding;

namespace {

struct Pair {
    Approximate machine;
    Decimal decimal;
};

Pair given(Decimal number) { return {Approximate::of(number), number}; }

/// The decimal is where the machine number says it is; an exact one is that decimal.
bool stands_for(const Pair& p) {
    if (!p.machine.in_reach()) return true;
    if (p.machine.exact()) return p.machine.decimal() == p.decimal;
    return std::abs(p.machine.value() - p.decimal.to_double()) <=
           p.machine.error() + 1e-15 * std::abs(p.machine.value());
}

Pair any_number(std::mt19937& random) {
    const auto digits = static_cast<std::int64_t>(random() % 2'000'001) - 1'000'000;
    return given(Decimal::scaled(digits, -static_cast<int>(random() % 5)));
}

}  // namespace

TEST_CASE("a machine number stands for the decimal that the same computation gives, or says it cannot tell") {
    std::mt19937 random(7);
    std::size_t rounded = 0, untold = 0;
    for (int tree = 0; tree < 20'000; ++tree) {
        auto a = any_number(random);
        for (int step = 0; step < 6; ++step) {
            const auto b = any_number(random);
            switch (random() % 6) {
                case 5: {
                    const bool greatest = random() % 2 == 0;
                    const bool first = greatest ? a.decimal > b.decimal : a.decimal < b.decimal;
                    a = {Approximate::extreme(a.machine, b.machine, greatest), first ? a.decimal : b.decimal};
                    break;
                }
                case 0: a = {a.machine + b.machine, a.decimal + b.decimal}; break;
                case 1: a = {a.machine - b.machine, a.decimal - b.decimal}; break;
                case 2: a = {a.machine * b.machine, a.decimal * b.decimal}; break;
                case 3:
                    if (!b.decimal.is_zero()) a = {a.machine / b.machine, a.decimal / b.decimal};
                    break;
                default: {
                    const auto decimals = static_cast<int>(random() % 4);
                    const auto mode = static_cast<Rounding>(random() % 7);
                    a = {a.machine.rounded(decimals, mode), a.decimal.rounded(decimals, mode)};
                    ++rounded;
                    untold += !a.machine.in_reach();
                }
            }
            INFO(a.decimal.to_string());
            REQUIRE(stands_for(a));
            if (!a.machine.in_reach()) break;
            const auto order = compare(a.machine, b.machine);
            if (order) REQUIRE(*order == (a.decimal <=> b.decimal));
        }
    }
    CHECK(rounded > 1'000);
    CHECK(untold * 4 < rounded);  // or it would be of little use
}

TEST_CASE("a lane's number stands for the decimal that the same computation gives, under whatever scale") {
    struct Number {
        exec::End end;
        int scale;
        Decimal decimal;
        Number under(int to) const { return {end.under(to - scale), to, decimal}; }
    };
    const auto stands = [](const Number& n) {
        const auto unit = std::pow(10.0, n.scale);
        if (n.end.exact()) return Decimal::scaled(static_cast<std::int64_t>(n.end.k), -n.scale) == n.decimal;
        return std::abs(n.end.k / unit - n.decimal.to_double()) <=
               n.end.error / unit + 1e-15 * std::abs(n.decimal.to_double());
    };
    std::mt19937 random(11);
    const auto any = [&] {
        const auto scale = static_cast<int>(random() % 4);
        const auto digits = static_cast<std::int64_t>(random() % 20'001) - 10'000;
        return Number{exec::End{static_cast<double>(digits)}, scale, Decimal::scaled(digits, -scale)};
    };
    std::size_t exact = 0, orders = 0;
    for (int tree = 0; tree < 20'000; ++tree) {
        auto a = any();
        for (int step = 0; step < 4; ++step) {
            auto b = any();
            const auto scale = std::max(a.scale, b.scale);
            const auto x = a.under(scale), y = b.under(scale);
            switch (random() % 5) {
                case 0: a = {x.end + y.end, scale, a.decimal + b.decimal}; break;
                case 1: a = {a.end * b.end, a.scale + b.scale, a.decimal * b.decimal}; break;
                case 2:
                    if (!b.end.may_be_zero()) a = {(a.end / b.end).under(b.scale - a.scale), 0, a.decimal / b.decimal};
                    break;
                case 3: {
                    const bool greatest = random() % 2 == 0;
                    const bool first = greatest ? a.decimal > b.decimal : a.decimal < b.decimal;
                    a = {exec::extreme(x.end, y.end, greatest), scale, first ? a.decimal : b.decimal};
                    break;
                }
                default: a = {-a.end, a.scale, -a.decimal};
            }
            INFO(a.decimal.to_string() << " as " << a.end.k << " under " << a.scale << ", off by " << a.end.error);
            REQUIRE(stands(a));
            const auto to = std::max(a.scale, b.scale);
            const auto which = order(a.under(to).end, b.under(to).end);
            if (which != exec::untold_order) REQUIRE(which == (a.decimal < b.decimal ? -1 : a.decimal > b.decimal));
            exact += a.end.exact();
            orders += which != exec::untold_order;
        }
    }
    CHECK(exact > 10'000);
    CHECK(orders > 70'000);
}

TEST_CASE("halves are rounded as the rule set says, to either side of nothing") {
    for (const auto* text : {"2.5", "-2.5", "3.5", "-3.5", "0.5", "-0.5", "2.4", "-2.6"})
        for (const auto mode : {Rounding::half_even, Rounding::half_up, Rounding::half_down, Rounding::up,
                                Rounding::down, Rounding::floor, Rounding::ceiling}) {
            INFO(text << " mode " << static_cast<int>(mode));
            CHECK(given(number(text)).machine.rounded(0, mode).decimal() == number(text).rounded(0, mode));
        }
}

namespace {

void check_against_decimals(double width, double error) {
    std::mt19937 random(11);
    exec::NodeColumn column;
    exec::Grouping grouping;
    grouping.groups = 3;
    std::vector<std::vector<Decimal>> groups(3);
    const int scale = 2;
    std::vector<Decimal> exact;
    for (int i = 0; i < 400; ++i) {
        const auto k = std::floor(width * (static_cast<double>(random() % 1000) / 1000 - 0.5));
        exact.push_back(Decimal::scaled(static_cast<std::int64_t>(k), -scale));
        column.numbers.push_back(k + (error > 0 ? error * (static_cast<double>(random() % 3) - 1) : 0));
        const auto group = static_cast<std::uint32_t>(random() % 4);
        grouping.group.push_back(group == 3 ? exec::Grouping::none : group);
        column.masks.push_back(random() % 10 == 0 ? 2 : 0);
        if (group < 3 && column.masks.back() == 0) groups[group].push_back(exact.back());
    }
    column.bound = {-width, width, error, 0, 1, scale};
    const exec::GroupedNumbers numbers(column, grouping, [&](std::size_t i) { return exact[i]; });
    for (std::size_t g = 0; g < groups.size(); ++g) {
        auto& members = groups[g];
        std::sort(members.begin(), members.end());
        REQUIRE(numbers.size(g) == members.size());
        CHECK(numbers.ascending(g, 0) == members.front());
        CHECK(numbers.ascending(g, members.size() - 1) == members.back());
        CHECK(numbers.ascending(g, members.size() / 2) == members[members.size() / 2]);
        Decimal total{0};
        for (const auto& member : members) total = total + member;
        CHECK(numbers.total(g) == total);
        for (int i = 0; i < 300; ++i) {
            const auto at = i % 2 ? members[random() % members.size()]
                                  : Decimal::scaled(static_cast<std::int64_t>(random() % 40'000) - 20'000, -3);
            CHECK(numbers.below(g, at) ==
                  std::count_if(members.begin(), members.end(), [&](const Decimal& m) { return m < at; }));
            CHECK(numbers.above(g, at) ==
                  std::count_if(members.begin(), members.end(), [&](const Decimal& m) { return m > at; }));
        }
    }
}

}  // namespace

TEST_CASE("how many lie below a number that is none of them: counted, sorted, and where doubles cannot tell") {
    check_against_decimals(500, 0);     // few different ones
    check_against_decimals(1e9, 0);     // too many to count
    check_against_decimals(500, 1e-7);  // doubles that are off
}
