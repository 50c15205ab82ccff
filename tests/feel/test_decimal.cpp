#include <catch2/catch.hpp>

#include <string>

#include "engine/feel/decimal.hpp"

using zoneval::feel::Decimal;
using zoneval::feel::Rounding;

TEST_CASE("decimals read FEEL's numbers and nothing else") {
    CHECK(Decimal::parse("1.50")->to_string() == "1.5");
    CHECK(Decimal::parse("-.5")->to_string() == "-0.5");
    CHECK(Decimal::parse("1e3")->to_string() == "1000");
    CHECK(Decimal::parse("12345678901234567890123456789012345")->to_string() == "1.234567890123456789012345678901234e34");
    for (const char* text : {"", "-", "1.", "1e", "1e999999999", "0x1", "1 ", "NaN", "1e7000"}) CHECK_FALSE(Decimal::parse(text));
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

TEST_CASE("short numbers take a short way to the same result as the library's") {
    // Both sides of 34 digits and of 64 bits; each law must hold exactly or round the same way.
    const char* texts[] = {"0", "-0", "1", "-1", "0.1", "-2.50", "3e5", "99999999.99", "18446744073709551615", "18446744073709551616",
                           "-9999999999999999999999999999999999", "1e-30", "123456789012345678.9", "7e20"};
    for (const char* p : texts)
        for (const char* q : texts) {
            INFO(p << " and " << q);
            const auto a = *Decimal::parse(p), b = *Decimal::parse(q);
            const auto sum = a + b;
            CHECK(sum == b + a);
            CHECK(a - b == -(b - a));
            CHECK((a < b) == (b > a));
            CHECK((a == b) == (a - b).is_zero());
            CHECK(a * b == b * a);
        }
    // Trailing zeros make a number too long for the short way without changing it.
    const auto stretched = [](const std::string& text) { return *Decimal::parse(text + (text.find('.') == std::string::npos ? ".0" : "") + std::string(20, '0')); };
    std::uint64_t seed = 1;
    const auto random_text = [&] {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        auto digits = std::to_string((seed >> 20) % (seed % 3 == 0 ? 50ull : seed % 3 == 1 ? 100000ull : 1000000000000ull) + 1);
        if (seed % 5 == 0) digits.insert(digits.size() / 2, digits.size() > 1 ? "." : "");
        return (seed % 7 == 0 ? "-" : "") + digits;
    };
    for (int i = 0; i < 20000; ++i) {
        const auto p = random_text(), q = random_text();
        const auto a = *Decimal::parse(p), b = *Decimal::parse(q), x = stretched(p), y = stretched(q);
        const bool same = a == x && a / b == x / y && a * b == x * y && a + b == x + y && a - b == x - y && (a < b) == (x < y);
        if (!same) FAIL(p << " and " << q);
    }
    CHECK((*Decimal::parse("1.10") + *Decimal::parse("2.20")).bits().high == (*Decimal::parse("3.30")).bits().high);
    CHECK((*Decimal::parse("0.5") * *Decimal::parse("-4")).to_string() == "-2");
    CHECK((*Decimal::parse("5") - *Decimal::parse("5.0")).to_string() == "0");
}
