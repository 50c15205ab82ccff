// Error bounds against decimals: what a kernel's double is within, of numbers of every size (docs/exactness.md).
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "engine/exec/columns/bound.hpp"
#include "engine/exec/columns/kernels.hpp"

using namespace zoneval;
using exec::Bound;
using feel::Decimal;

namespace {

/// A double and the decimal it stands for, which differ by at most the bound.
struct Number {
    double k;
    Decimal exact;
};

/// All digits of a double, to 34.
Decimal digits(double k) {
    int exponent = 0;
    const auto whole = static_cast<std::int64_t>(std::ldexp(std::frexp(k, &exponent), 53));
    return Decimal(whole) * Decimal(2).pow(Decimal(exponent - 53));
}

class RandomNumbers {
  public:
    explicit RandomNumbers(unsigned seed) : random_(seed) {}

    /// Of a column from low to high with that relative error, exact where it is 0.
    Number next(double low, double high, double relative) {
        const double k = std::uniform_real_distribution(low, high)(random_);
        const double off = relative == 0 ? 0.0 : std::uniform_real_distribution(-relative, relative)(random_);
        const auto exact = digits(k);
        return {k, exact + exact * digits(off)};
    }

  private:
    std::mt19937_64 random_;
};

Bound column(double low, double high, double relative) { return {low, high, 0, relative, low > 0 ? low : 1e-3, 0}; }

/// |k - K| <= absolute + relative * |k|, and k in the interval.
void check(const Bound& bound, double k, const Decimal& exact) {
    const auto off = std::abs((digits(k) - exact).to_double());
    CHECK(off <= bound.absolute + bound.relative * std::abs(k));
    CHECK((bound.low <= k && k <= bound.high));
}

double of(void (*kernel)(double*, exec::In<double>, std::size_t), double x) {
    double out = 0;
    kernel(&out, {&x, false, nullptr}, 1);
    return out;
}
double of(void (*kernel)(double*, exec::In<double>, exec::In<double>, std::size_t), double x, double y) {
    double out = 0;
    kernel(&out, {&x, false, nullptr}, {&y, false, nullptr}, 1);
    return out;
}

constexpr int rounds = 4000;

}  // namespace

TEST_CASE("a logarithm is within its bound of the decimal one") {
    RandomNumbers numbers(11);
    for (const double relative : {0.0, 1e-16, 1e-9})
        for (const auto& [low, high] : {std::pair{1e-3, 1.0}, {0.999, 1.001}, {1.0, 1e6}, {1e6, 1e15}}) {
            const auto bound = exec::log_bound(column(low, high, relative));
            REQUIRE(bound);
            for (int i = 0; i < rounds; ++i) {
                const auto x = numbers.next(low, high, relative);
                check(*bound, of(exec::kernels().logarithm, x.k), x.exact.log());
            }
        }
}

TEST_CASE("an exponential is within its bound of the decimal one") {
    RandomNumbers numbers(12);
    for (const double relative : {0.0, 1e-16, 1e-9})
        for (const auto& [low, high] : {std::pair{-1.0, 1.0}, {-300.0, -1.0}, {1.0, 400.0}}) {
            const auto bound = exec::exp_bound(column(low, high, relative));
            REQUIRE(bound);
            for (int i = 0; i < rounds; ++i) {
                const auto x = numbers.next(low, high, relative);
                check(*bound, of(exec::kernels().exponential, x.k), x.exact.exp());
            }
        }
}

TEST_CASE("a power is within its bound of the decimal one") {
    RandomNumbers numbers(13);
    for (const double relative : {0.0, 1e-16, 1e-9})
        for (const auto& [low, high] : {std::pair{1e-3, 1.0}, {0.5, 20.0}, {100.0, 1e9}})
            for (const auto& [least, most] : {std::pair{-3.0, 2.0}, {0.25, 0.75}, {5.0, 12.0}}) {
                const auto bound = exec::power_bound(column(low, high, relative), column(least, most, relative));
                REQUIRE(bound);
                for (int i = 0; i < rounds; ++i) {
                    const auto x = numbers.next(low, high, relative), y = numbers.next(least, most, relative);
                    check(*bound, of(exec::kernels().power, x.k, y.k), x.exact.pow(y.exact));
                }
            }
}

TEST_CASE("no bound is given where the sign is not certain or the result too large") {
    auto uncertain = column(-1, 1, 0);
    uncertain.absolute = 1e-9;
    CHECK(!exec::log_bound(uncertain));
    CHECK(!exec::log_bound(column(-2, -1, 0)));
    CHECK(!exec::exp_bound(column(0, 1000, 0)));
    CHECK(!exec::power_bound(column(1, 1e9, 0), column(0, 50, 0)));
}
