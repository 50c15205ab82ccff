#include <catch2/catch.hpp>
#include <limits>
#include <string>

#include "engine/table/digits.hpp"
#include "engine/table/scaled.hpp"

using namespace zoneval;

namespace {

std::string written(std::int64_t number) {
    char out[40];
    return {out, write_number(out, number)};
}

/// A text with what may be read before it.
struct Padded {
    explicit Padded(std::string_view text) : all("0123456789,.-12,9" + std::string(text)) {}
    const char* begin() const { return all.data() + 17; }
    const char* end() const { return all.data() + all.size(); }
    std::string all;
};

}  // namespace

TEST_CASE("whole numbers are written and read as their digits say") {
    std::int64_t power = 1;
    for (int digits = 1; digits <= 19; ++digits, power = digits == 19 ? power : power * 10)
        for (const auto number : {power, power - 1, -power, power + 7, 3 * (power / 2), -(power / 3)}) {
            CHECK(written(number) == std::to_string(number));
            const Padded text(std::to_string(number));
            std::int64_t read = 0;
            CHECK(read_whole(text.begin(), text.end(), read) == (written(number < 0 ? -number : number).size() <= 16));
            if (digits < 16) CHECK(read == number);
        }
    CHECK(written(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807");
    CHECK(written(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    for (const auto* wrong :
         {"", "-", "--1", "1-", "+1", "1.5", " 1", "1 ", "x", "12345678x", "x12345678", "12345678901234567"}) {
        const Padded text(wrong);
        std::int64_t read = 0;
        CHECK_FALSE(read_whole(text.begin(), text.end(), read));
    }
}

TEST_CASE("short decimals are read as parse_scaled reads them, or not at all") {
    const std::string alphabet = "0123456789..-+ ,:/x";
    std::uint32_t state = 7;
    const auto random = [&](std::uint32_t below) {
        state = state * 1664525 + 1013904223;
        return (state >> 8) % below;
    };
    int read_so_far = 0;
    for (int round = 0; round < 200'000; ++round) {
        std::string some = random(3) == 0 ? "-" : "";
        const auto odd = random(4) == 0 ? static_cast<std::uint32_t>(alphabet.size()) : 12u;
        for (auto n = random(11); n > 0; --n) some += alphabet[random(odd)];
        const Padded text(some);
        std::int64_t coefficient = 0;
        int decimals = 0;
        const bool read = read_short_decimal(text.begin(), text.end(), coefficient, decimals);
        const auto expected = parse_scaled(some);
        const auto size = some.size() - (some.starts_with('-') ? 1 : 0);
        INFO(some);
        REQUIRE(read == (expected.has_value() && size <= 8 && !some.starts_with('+')));
        if (!read) continue;
        REQUIRE(coefficient == expected->coefficient);
        REQUIRE(decimals == expected->decimals);
        ++read_so_far;
    }
    CHECK(read_so_far > 50'000);
}
