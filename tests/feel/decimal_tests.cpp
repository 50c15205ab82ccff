#include <catch2/catch.hpp>
#include <string>

#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#include <bid_conf.h>
// bid_functions.h reads the macros bid_conf.h sets.
#include <bid_functions.h>

#include "engine/feel/value/decimal.hpp"

using zoneval::feel::Decimal;
using zoneval::feel::Rounding;

TEST_CASE("decimals read FEEL's numbers and nothing else") {
    CHECK(Decimal::parse("1.50")->to_string() == "1.5");
    CHECK(Decimal::parse("-.5")->to_string() == "-0.5");
    CHECK(Decimal::parse("1e3")->to_string() == "1000");
    CHECK(Decimal::parse("12345678901234567890123456789012345")->to_string() ==
          "1.234567890123456789012345678901234e34");
    for (const char* text : {"", "-", "1.", "1e", "1e999999999", "0x1", "1 ", "NaN", "1e7000"})
        CHECK_FALSE(Decimal::parse(text));
}

TEST_CASE("decimals compute in 34 digits, half even") {
    CHECK((Decimal(1) / Decimal(3)).to_string() == "0.3333333333333333333333333333333333");
    CHECK((*Decimal::parse("0.1") + *Decimal::parse("0.2")) == *Decimal::parse("0.3"));
    CHECK((Decimal(2) / Decimal(3)).to_string() == "0.6666666666666666666666666666666667");
    CHECK_FALSE((Decimal(1) / Decimal(0)).is_finite());
    CHECK(Decimal(3).pow(Decimal(20)) == Decimal(3486784401));
    CHECK(Decimal(2).pow(Decimal(-2)).to_string() == "0.25");
}

TEST_CASE("numbers compare by value, not by digits") {
    CHECK(*Decimal::parse("1.0") == *Decimal::parse("1.00"));
    CHECK(-Decimal(0) == Decimal(0));
    CHECK(*Decimal::parse("1.01") > Decimal(1));
    CHECK_FALSE((-Decimal(0)).is_negative());
}

TEST_CASE("doubles become the decimal people wrote") {
    CHECK(Decimal::from_double(0.1).to_string() == "0.1");
    CHECK(Decimal::from_double(-1e300).to_double() == -1e300);
    CHECK(Decimal::parse("0.1")->to_double() == 0.1);
}

TEST_CASE("fixed text has the places asked for") {
    CHECK(Decimal::parse("2.345")->to_fixed(2) == "2.34");
    CHECK(Decimal(2).to_fixed(2) == "2.00");
    CHECK(Decimal::parse("-0.004")->to_fixed(2) == "0.00");
}

TEST_CASE("rounding leaves alone what has no such digits") {
    const auto n = *Decimal::parse("12345678901234567890.5");
    CHECK(n.rounded(30, Rounding::half_even) == n);
    CHECK(n.rounded(0, Rounding::half_even).to_string() == "12345678901234567890");
    CHECK(Decimal(1250).rounded(-2, Rounding::half_down) == Decimal(1200));
    CHECK(Decimal::parse("5.5")->is_integer() == false);
    CHECK(Decimal::parse("5.0")->to_int64() == 5);
}

namespace {

using Operation = BID_UINT128 (*)(BID_UINT128, BID_UINT128, _IDEC_round, _IDEC_flags*);

BID_UINT128 raw(Decimal d) {
    BID_UINT128 out;
    out.w[0] = d.bits().low;
    out.w[1] = d.bits().high;
    return out;
}

/// What Intel's library makes of two numbers, to the bit.
bool as_library(Decimal result, Operation operation, Decimal a, Decimal b) {
    _IDEC_flags flags = 0;
    const auto expected = operation(raw(a), raw(b), BID_ROUNDING_TO_NEAREST, &flags);
    return result.bits().low == expected.w[0] && result.bits().high == expected.w[1];
}

bool as_library(Decimal a, Decimal b) {
    _IDEC_flags flags = 0;
    return as_library(a + b, bid128_add, a, b) && as_library(a - b, bid128_sub, a, b) &&
           as_library(a * b, bid128_mul, a, b) && as_library(a / b, bid128_div, a, b) &&
           (a < b) == (bid128_quiet_less(raw(a), raw(b), &flags) != 0) &&
           (a == b) == (bid128_quiet_equal(raw(a), raw(b), &flags) != 0);
}

class RandomNumbers {
  public:
    /// Of any length up to 34 digits, short ones more often, with exponents near each other more often than far.
    Decimal next() {
        const auto length = pick(3) == 0 ? pick(34) : pick(3) == 0 ? pick(21) : pick(8);
        std::string text = pick(2) == 0 ? "-" : "";
        const auto zeros = pick(3) == 0 ? pick(length + 1) : 0;
        for (std::uint64_t i = 0; i <= length; ++i)
            text += i > length - zeros ? '0' : static_cast<char>('0' + pick(10));
        const auto exponent =
            static_cast<int>(pick(8) == 0 ? pick(12000) : pick(40)) - static_cast<int>(pick(8) == 0 ? 6000 : 20);
        return Decimal::parse(text + "e" + std::to_string(exponent)).value_or(Decimal(7));
    }

  private:
    std::uint64_t pick(std::uint64_t below) {
        seed_ = seed_ * 6364136223846793005ull + 1442695040888963407ull;
        return (seed_ >> 33) % below;
    }
    std::uint64_t seed_ = 1;
};

}  // namespace

TEST_CASE("numbers with few digits give the library's results to the last bit") {
    // Both sides of 64 bits, of 34 digits and of the ends of the exponents.
    const char* texts[] = {"0",
                           "-0",
                           "0.00",
                           "0e50",
                           "1",
                           "-1",
                           "1.0",
                           "0.1",
                           "-2.50",
                           "3e5",
                           "8",
                           "125",
                           "1000",
                           "0.001",
                           "99999999.99",
                           "9999999999999999999",
                           "10000000000000000000",
                           "18446744073709551615",
                           "18446744073709551616",
                           "36893488147419103231",
                           "-9999999999999999999999999999999999",
                           "1e-30",
                           "123456789012345678.9",
                           "7e20",
                           "1e6144",
                           "1e6111",
                           "9e6111",
                           "1e-6176",
                           "18446744073709551615e-6176",
                           "1e-3088",
                           "5e-3089",
                           "3e3072"};
    for (const char* p : texts)
        for (const char* q : texts) {
            INFO(p << " and " << q);
            CHECK(as_library(*Decimal::parse(p), *Decimal::parse(q)));
        }
    RandomNumbers numbers;
    for (int i = 0; i < 300'000; ++i) {
        const auto a = numbers.next(), b = numbers.next();
        if (!as_library(a, b)) FAIL(a.to_string() << " and " << b.to_string());
    }
}

TEST_CASE("quotients have as few digits as they need") {
    CHECK((Decimal(1000) / Decimal(8)).to_string() == "125");
    CHECK((Decimal(1) / Decimal(3)).to_string() == "0.3333333333333333333333333333333333");
    CHECK((*Decimal::parse("1.10") + *Decimal::parse("2.20")).bits().high == (*Decimal::parse("3.30")).bits().high);
    CHECK((*Decimal::parse("0.5") * *Decimal::parse("-4")).to_string() == "-2");
    CHECK((*Decimal::parse("5") - *Decimal::parse("5.0")).to_string() == "0");
}
