#include <catch2/catch.hpp>
#include <limits>

#include "engine/table/numbers.hpp"

using namespace zoneval;
using feel::Decimal;

TEST_CASE("plain decimals of up to 18 digits are read without loss") {
    const auto check = [](std::string_view text, std::int64_t coefficient, int decimals) {
        const auto number = parse_scaled(text);
        INFO(text);
        REQUIRE(number);
        CHECK(number->coefficient == coefficient);
        CHECK(number->decimals == decimals);
    };
    check("0", 0, 0);
    check("-12.50", -1250, 2);
    check("+7", 7, 0);
    check(".5", 5, 1);
    check("007.10", 710, 2);
    check("999999999999999999", 999999999999999999, 0);
    check("0.00000000000000001", 1, 17);
}

TEST_CASE("what is not a plain decimal of up to 18 digits is left to Decimal") {
    for (const auto text : {"", "-", "+", ".", "5.", "1.2.3", "1e5", "1,5", " 1", "1 ", "0x1", "1234567890123456789",
                            "--1", "1-", "NaN", "\xEF\xBC\x91"}) {
        INFO(text);
        CHECK_FALSE(parse_scaled(text));
    }
}

TEST_CASE("decimals and their compact form agree both ways") {
    for (const auto text : {"0", "1.50", "-0.001", "123456789012.345678", "9223372036854775807"}) {
        INFO(text);
        const auto number = Decimal::parse(text);
        REQUIRE(number);
        const auto small = scaled(*number);
        REQUIRE(small);
        CHECK(decimal(*small) == *number);
    }
    CHECK(decimal(*scaled(*Decimal::parse("-1e3"))) == Decimal(-1000));
    CHECK_FALSE(scaled(*Decimal::parse("1e40")));
    CHECK_FALSE(scaled(*Decimal::parse("1e-40")));
    CHECK_FALSE(scaled(*Decimal::parse("12345678901234567890")));
}

TEST_CASE("compact numbers compare by value, even where a common scale overflows") {
    CHECK(compare({150, 2}, {15, 1}) == std::strong_ordering::equal);
    CHECK(compare({1, 18}, {1, 0}) == std::strong_ordering::less);
    CHECK(compare({std::numeric_limits<std::int64_t>::max(), 0}, {1, 18}) == std::strong_ordering::greater);
    CHECK(compare({-5, 1}, {-4, 1}) == std::strong_ordering::less);
}

TEST_CASE("a number column keeps every value exactly, whatever the mix of decimals") {
    const std::vector<std::string> texts = {"1",    "2.5", "-0.125", "1000000", "0.000000000000000001",
                                            "1e30", "7",   "0.1"};
    Numbers numbers;
    for (const auto& text : texts) numbers.append(*Decimal::parse(text));
    REQUIRE(numbers.size() == texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) CHECK(numbers.at(i) == *Decimal::parse(texts[i]));
}

TEST_CASE("a number column stays compact while its values fit in eight bytes") {
    Numbers numbers;
    numbers.append(Scaled{15, 1});
    numbers.append(Scaled{7, 0});
    numbers.append(Scaled{1, 3});
    CHECK(numbers.compact());
    CHECK(numbers.decimals() == 3);
    CHECK(numbers.coefficients().is_narrow());
    CHECK(numbers.coefficients()[1] == 7000);
    numbers.set(0, Scaled{4'000'000'000, 3});
    CHECK_FALSE(numbers.coefficients().is_narrow());
    CHECK(numbers.at(0) == *Decimal::parse("4000000"));
    CHECK(numbers.at(2) == *Decimal::parse("0.001"));
    numbers.set(0, Scaled{15, 1});
    numbers.set(1, *Decimal::parse("1e25"));
    CHECK_FALSE(numbers.compact());
    CHECK(numbers.at(0) == *Decimal::parse("1.5"));
    CHECK(numbers.at(1) == *Decimal::parse("1e25"));
    CHECK(numbers.at(2) == *Decimal::parse("0.001"));
}

TEST_CASE("decimals that cannot grow leave the earlier values untouched") {
    Numbers numbers;
    numbers.append(Scaled{5, 0});
    numbers.append(Scaled{900000000000000000, 0});
    numbers.append(Scaled{1, 10});
    CHECK(numbers.at(0) == Decimal(5));
    CHECK(numbers.at(1) == Decimal(900000000000000000));
    CHECK(numbers.at(2) == *Decimal::parse("0.0000000001"));
}

TEST_CASE("columns joined know the range of both") {
    // Bounds of quotients rest on the least magnitude: a file is read in parts, and each part knows only its own.
    Numbers first, second;
    for (const auto* text : {"0", "-7.50", "3.25"}) first.append(*Decimal::parse(text));
    for (const auto* text : {"0.02", "9.00"}) second.append(*Decimal::parse(text));
    Numbers joined;
    joined.append(first);
    joined.append(second);
    REQUIRE(joined.compact());
    CHECK(joined.size() == 5);
    CHECK(joined.low() == -750);
    CHECK(joined.high() == 900);
    CHECK(joined.least() == 2);
}
