#include "engine/feel/value/decimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

// Variant 000 of Intel's library: values, rounding mode and flags are arguments, so nothing is global.
#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#include <bid_conf.h>
// bid_functions.h reads the macros bid_conf.h sets.
#include <bid_functions.h>

namespace zoneval::feel {

namespace {

__extension__ using Wide = unsigned __int128;

constexpr _IDEC_round half_even = BID_ROUNDING_TO_NEAREST;
constexpr int max_digits = 34;
constexpr int exponent_bias = 6176;
constexpr std::uint64_t sign_bit = 0x8000000000000000ull;
constexpr std::uint64_t coefficient_high = (1ull << 49) - 1;

BID_UINT128 raw(Decimal d) {
    BID_UINT128 out;
    out.w[0] = d.bits().low;
    out.w[1] = d.bits().high;
    return out;
}

Decimal cooked(BID_UINT128 x) { return Decimal::from_bits({x.w[0], x.w[1]}); }

int exponent_of(Decimal d) { return static_cast<int>((d.bits().high >> 49) & 0x3fff) - exponent_bias; }

Wide coefficient_of(Decimal d) { return (static_cast<Wide>(d.bits().high & coefficient_high) << 64) | d.bits().low; }

/// Writes the digits and gives how many there are; there is room for all of decimal128's.
std::size_t write_digits(char* at, Wide value) {
    constexpr std::uint64_t part = 10'000'000'000'000'000'000u;  // division of 128 bits is slow: once is enough
    constexpr std::size_t part_digits = 19;
    const auto* const begin = at;
    const auto write = [&at](std::uint64_t number) { at = std::to_chars(at, at + part_digits + 1, number).ptr; };
    if (value >= part) {
        write(static_cast<std::uint64_t>(value / part));
        std::array<char, part_digits + 1> digits;
        const auto* const end =
            std::to_chars(digits.data(), digits.data() + digits.size(), static_cast<std::uint64_t>(value % part)).ptr;
        const auto count = static_cast<std::size_t>(end - digits.data());
        at = std::fill_n(at, part_digits - count, '0');
        at = std::copy_n(digits.data(), count, at);
    } else {
        write(static_cast<std::uint64_t>(value));
    }
    return static_cast<std::size_t>(at - begin);
}

_IDEC_round library_mode(Rounding mode, bool negative) {
    switch (mode) {
        case Rounding::half_even: return BID_ROUNDING_TO_NEAREST;
        case Rounding::half_up: return BID_ROUNDING_TIES_AWAY;
        case Rounding::up: return negative ? BID_ROUNDING_DOWN : BID_ROUNDING_UP;
        case Rounding::floor: return BID_ROUNDING_DOWN;
        case Rounding::ceiling: return BID_ROUNDING_UP;
        case Rounding::down:
        case Rounding::half_down: break;  // the library lacks half_down: rounded() adds it
    }
    return BID_ROUNDING_TO_ZERO;
}

// The data people write have few digits: with coefficients below 2^64, sums, products, quotients and comparisons need
// 128-bit integers at most, and are exact or rounded here. Every other case goes to the library, and so do results of
// zero, whose sign and exponent have rules of their own. tests/feel/decimal_tests.cpp compares the two bit for bit.

/// Coefficient below 2^64: finite, and nothing in the upper 49 bits.
bool is_short(Decimal d) { return d.is_finite() && (d.bits().high << 15) == 0; }

bool same_exponent(Decimal a, Decimal b) { return ((a.bits().high ^ b.bits().high) << 1) == 0; }

constexpr std::uint64_t powers_of_ten[] = {1ull,
                                           10ull,
                                           100ull,
                                           1000ull,
                                           10000ull,
                                           100000ull,
                                           1000000ull,
                                           10000000ull,
                                           100000000ull,
                                           1000000000ull,
                                           10000000000ull,
                                           100000000000ull,
                                           1000000000000ull,
                                           10000000000000ull,
                                           100000000000000ull,
                                           1000000000000000ull,
                                           10000000000000000ull,
                                           100000000000000000ull,
                                           1000000000000000000ull,
                                           10000000000000000000ull};
constexpr int most_aligned = 19;

/// Magnitudes of two numbers as integers of one exponent, the lower of the two.
struct Aligned {
    Wide a = 0, b = 0;
    int exponent = 0;
    bool fits = false;

    Aligned(Decimal x, Decimal y) {
        const int ex = exponent_of(x), ey = exponent_of(y);
        if (ex - ey > most_aligned || ey - ex > most_aligned) return;
        exponent = ex < ey ? ex : ey;
        a = static_cast<Wide>(x.bits().low) * powers_of_ten[ex - exponent];
        b = static_cast<Wide>(y.bits().low) * powers_of_ten[ey - exponent];
        fits = true;
    }
};

/// False when the magnitude has more than 34 digits or the exponent is out of range.
bool encode(bool negative, Wide magnitude, int exponent, Decimal& out) {
    constexpr Wide limit = static_cast<Wide>(10'000'000'000'000'000ull) * 10'000'000'000'000'000ull * 100;
    if (magnitude >= limit || exponent < -exponent_bias || exponent > 6111) return false;
    const auto high =
        static_cast<std::uint64_t>(magnitude >> 64) | (static_cast<std::uint64_t>(exponent + exponent_bias) << 49);
    out = Decimal::from_bits({static_cast<std::uint64_t>(magnitude), high | (negative ? sign_bit : 0)});
    return true;
}

bool add_short(Decimal a, Decimal b, Decimal& out) {
    if (!is_short(a) || !is_short(b)) return false;
    const bool a_negative = (a.bits().high & sign_bit) != 0, b_negative = (b.bits().high & sign_bit) != 0;
    if (same_exponent(a, b) && a_negative == b_negative) {
        const auto sum = static_cast<Wide>(a.bits().low) + b.bits().low;
        out = Decimal::from_bits(
            {static_cast<std::uint64_t>(sum), a.bits().high | static_cast<std::uint64_t>(sum >> 64)});
        return sum != 0;
    }
    const Aligned x(a, b);
    if (!x.fits) return false;
    if (a_negative == b_negative) return x.a + x.b != 0 && encode(a_negative, x.a + x.b, x.exponent, out);
    if (x.a == x.b) return false;
    return x.a > x.b ? encode(a_negative, x.a - x.b, x.exponent, out) : encode(b_negative, x.b - x.a, x.exponent, out);
}

/// The order of short numbers; false when their exponents are too far apart to say.
bool order_short(Decimal a, Decimal b, std::strong_ordering& out) {
    if (!is_short(a) || !is_short(b)) return false;
    const bool a_negative = a.is_negative(), b_negative = b.is_negative();
    if (a_negative != b_negative) {
        out = a_negative ? std::strong_ordering::less : std::strong_ordering::greater;
    } else if (same_exponent(a, b)) {
        out = a_negative ? b.bits().low <=> a.bits().low : a.bits().low <=> b.bits().low;
    } else {
        const Aligned x(a, b);
        if (!x.fits) return false;
        const auto order = x.a < x.b   ? std::strong_ordering::less
                           : x.a > x.b ? std::strong_ordering::greater
                                       : std::strong_ordering::equal;
        out = a_negative ? 0 <=> order : order;
    }
    return true;
}

int digit_count(std::uint64_t value) {
    const int estimate = (static_cast<int>(std::bit_width(value | 1)) * 1233) >> 12;  // log10(2) is about 1233 / 4096
    return estimate + (value >= powers_of_ten[estimate] ? 1 : 0);
}

/// A quotient that fits 64 bits. The machine has this as one instruction; the compiler calls a function for it.
std::uint64_t divide_wide(Wide dividend, std::uint64_t divisor, std::uint64_t& rest) {
#if defined(__x86_64__)
    std::uint64_t quotient = 0;
    __asm__("divq %4"
            : "=a"(quotient), "=d"(rest)
            : "a"(static_cast<std::uint64_t>(dividend)), "d"(static_cast<std::uint64_t>(dividend >> 64)), "r"(divisor)
            : "cc");
    return quotient;
#else
    rest = static_cast<std::uint64_t>(dividend % divisor);
    return static_cast<std::uint64_t>(dividend / divisor);
#endif
}

/// Takes zeros off the end of an exact quotient, not zero, while its exponent is below the preferred one (IEEE
/// 754-2008 5.2).
template <int step>
void drop_zeros(std::uint64_t& digits, int& exponent, int preferred) {
    constexpr auto power = powers_of_ten[step];
    // A multiple of 10^n ends in n zeros in base two as well, which is quicker to see.
    while (preferred - exponent >= step && std::countr_zero(digits) >= step && digits % power == 0) {
        digits /= power;
        exponent += step;
    }
    if constexpr (step > 1) drop_zeros<step / 2>(digits, exponent, preferred);
}

struct PowerOfFive {
    std::uint64_t power = 0;
    int exponent = 0;
};

/// Powers of five by their width in bits: no two have the same.
constexpr auto fives = [] {
    std::array<PowerOfFive, 65> out{};
    std::uint64_t power = 1;
    for (int i = 0; i <= 27; ++i, power *= 5) out[static_cast<std::size_t>(std::bit_width(power))] = {power, i};
    return out;
}();

/// By a divisor of twos and fives only, a quotient is a product: a / 8 is a * 125 / 1000. False for other divisors.
bool divide_by_round(std::uint64_t a, std::uint64_t divisor, bool negative, int preferred, Decimal& out) {
    const int twos = std::countr_zero(divisor);
    const auto& five = fives[static_cast<std::size_t>(std::bit_width(divisor >> twos))];
    const int places = twos > five.exponent ? twos : five.exponent;
    if (five.power != divisor >> twos || places > most_aligned) return false;
    Wide product = static_cast<Wide>(a) * (powers_of_ten[places] / divisor);
    int exponent = preferred - places;
    if ((product >> 64) == 0) {
        auto digits = static_cast<std::uint64_t>(product);
        drop_zeros<8>(digits, exponent, preferred);
        product = digits;
    } else {
        while (exponent < preferred && product % 10 == 0) product /= 10, ++exponent;
    }
    return encode(negative, product, exponent, out);
}

/// Quotient of short numbers by long division in chunks of at most 19 digits, each of which fits 64 bits, to 34
/// digits and rounded half even by the remainder. False for zero operands and results out of range.
bool divide_short(Decimal a, Decimal b, Decimal& out) {
    if (!is_short(a) || !is_short(b) || a.bits().low == 0 || b.bits().low == 0) return false;
    const std::uint64_t divisor = b.bits().low;
    const int preferred = exponent_of(a) - exponent_of(b);
    const bool negative = ((a.bits().high ^ b.bits().high) & sign_bit) != 0;
    if (divide_by_round(a.bits().low, divisor, negative, preferred, out)) return true;
    int exponent = preferred;
    Wide first = a.bits().low;
    if (a.bits().low < divisor) {  // at least one digit before the chunks
        const int shift = digit_count(divisor) - digit_count(a.bits().low) + 1;
        if (shift > most_aligned) return false;
        first *= powers_of_ten[shift];
        exponent -= shift;
    }
    std::uint64_t rest = 0;
    auto whole = divide_wide(first, divisor, rest);
    if (rest == 0) {
        drop_zeros<8>(whole, exponent, preferred);
        return encode(negative, whole, exponent, out);
    }
    Wide quotient = whole;
    int wanted = max_digits - digit_count(whole);
    while (rest != 0 && wanted > 0) {
        int chunk = wanted < most_aligned ? wanted : most_aligned;
        const auto scaled = static_cast<Wide>(rest) * powers_of_ten[chunk];
        auto digits = divide_wide(scaled, divisor, rest);
        wanted -= chunk;
        exponent -= chunk;
        if (rest == 0) {  // exact: as few digits as there are
            const int before = exponent;
            drop_zeros<8>(digits, exponent, preferred);
            chunk -= exponent - before;
        }
        quotient = quotient * powers_of_ten[chunk] + digits;
    }
    const auto twice = static_cast<Wide>(rest) * 2;
    if (twice > divisor || (twice == divisor && (quotient & 1) != 0)) ++quotient;
    return encode(negative, quotient, exponent, out);
}

bool small(Decimal d) {  // positive or negative, exponent 0, coefficient below 2^62: plain integers
    return (d.bits().high & ~sign_bit) == 0x3040000000000000ull && d.bits().low < (1ull << 62);
}

std::int64_t small_value(Decimal d) {
    const auto magnitude = static_cast<std::int64_t>(d.bits().low);
    return (d.bits().high & sign_bit) != 0 ? -magnitude : magnitude;
}

Decimal integer(std::int64_t value) {
    const auto magnitude = static_cast<std::uint64_t>(value < 0 ? -value : value);
    return Decimal::from_bits({magnitude, 0x3040000000000000ull | (value < 0 ? sign_bit : 0)});
}

/// Repeated squaring: exact wherever the result has at most 34 digits.
Decimal integer_power(Decimal base, std::uint64_t exponent) {
    if (exponent == 0) return 1;
    for (; (exponent & 1) == 0; exponent >>= 1) base = base * base;
    auto out = base;
    while ((exponent >>= 1) != 0) {
        base = base * base;
        if ((exponent & 1) != 0) out = out * base;
    }
    return out;
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
    std::size_t i = 0;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    const auto count_digits = [&] {
        std::size_t count = 0;
        for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) ++count;
        return count;
    };
    const auto before = count_digits();
    std::size_t after = 0;
    if (i < text.size() && text[i] == '.') {
        ++i;
        after = count_digits();
        if (after == 0) return std::nullopt;
    }
    if (before + after == 0) return std::nullopt;
    if (i == text.size() && after == 0 && before <= 18) {
        std::int64_t value = 0;
        for (const char c : text)
            if (c >= '0' && c <= '9') value = value * 10 + (c - '0');
        return integer(text.front() == '-' ? -value : value);
    }
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
        const auto count = count_digits();
        if (count == 0 || count > 8) return std::nullopt;  // far beyond decimal128's range
    }
    if (i != text.size()) return std::nullopt;
    _IDEC_flags flags = 0;
    std::string copy(text);
    const auto out = cooked(bid128_from_string(copy.data(), half_even, &flags));
    return out.is_finite() ? std::optional(out) : std::nullopt;
}

Decimal Decimal::scaled(std::int64_t coefficient, int exponent) {
    _IDEC_flags flags = 0;
    return cooked(bid128_scalbn(raw(Decimal(coefficient)), exponent, half_even, &flags));
}

Decimal Decimal::from_double(double value) {
    return parse(fmt::format("{}", value)).value_or(from_bits({0, 0x7c00000000000000ull}));
}

bool Decimal::is_zero() const { return is_finite() && coefficient_of(*this) == 0; }
bool Decimal::is_negative() const { return (bits_.high & sign_bit) != 0 && !is_zero(); }

bool Decimal::is_integer() const {
    if (!is_finite()) return false;
    return exponent_of(*this) >= 0 || rounded(0, Rounding::down) == *this;
}

Decimal operator+(Decimal a, Decimal b) {
    if (Decimal out; add_short(a, b, out)) return out;
    _IDEC_flags flags = 0;
    return cooked(bid128_add(raw(a), raw(b), half_even, &flags));
}

Decimal operator-(Decimal a, Decimal b) {
    if (Decimal out; add_short(a, -b, out)) return out;
    _IDEC_flags flags = 0;
    return cooked(bid128_sub(raw(a), raw(b), half_even, &flags));
}

Decimal operator*(Decimal a, Decimal b) {
    if (is_short(a) && is_short(b)) {
        Decimal out;
        const bool negative = ((a.bits().high ^ b.bits().high) & sign_bit) != 0;
        const auto product = static_cast<Wide>(a.bits().low) * b.bits().low;
        if (encode(negative, product, exponent_of(a) + exponent_of(b), out)) return out;
    }
    _IDEC_flags flags = 0;
    return cooked(bid128_mul(raw(a), raw(b), half_even, &flags));
}

Decimal operator/(Decimal a, Decimal b) {
    if (Decimal out; divide_short(a, b, out)) return out;
    _IDEC_flags flags = 0;
    return cooked(bid128_div(raw(a), raw(b), half_even, &flags));
}

Decimal Decimal::operator-() const { return from_bits({bits_.low, bits_.high ^ sign_bit}); }
Decimal Decimal::abs() const { return from_bits({bits_.low, bits_.high & ~sign_bit}); }

bool operator==(Decimal a, Decimal b) {
    if (a.bits_.low == b.bits_.low && a.bits_.high == b.bits_.high) return a.is_finite();
    if (auto o = std::strong_ordering::equal; order_short(a, b, o)) return o == std::strong_ordering::equal;
    _IDEC_flags flags = 0;
    return bid128_quiet_equal(raw(a), raw(b), &flags) != 0;
}

std::strong_ordering operator<=>(Decimal a, Decimal b) {
    if (auto o = std::strong_ordering::equal; order_short(a, b, o)) return o;
    _IDEC_flags flags = 0;
    if (bid128_quiet_less(raw(a), raw(b), &flags) != 0) return std::strong_ordering::less;
    return bid128_quiet_equal(raw(a), raw(b), &flags) != 0 ? std::strong_ordering::equal
                                                           : std::strong_ordering::greater;
}

Decimal Decimal::rounded(int decimals, Rounding mode) const {
    if (!is_finite() || exponent_of(*this) >= -decimals) return *this;
    _IDEC_flags flags = 0;
    const auto unit = scaled(1, -decimals);
    const auto out = cooked(bid128_quantize(raw(*this), raw(unit), library_mode(mode, is_negative()), &flags));
    if (mode != Rounding::half_down) return out;
    const auto rest = (*this - out).abs();
    if (rest <= scaled(5, -decimals - 1)) return out;
    return is_negative() ? out - unit : out + unit;
}

Decimal Decimal::next_above() const {
    _IDEC_flags flags = 0;
    return cooked(bid128_nextup(raw(*this), &flags));
}

Decimal Decimal::next_below() const {
    _IDEC_flags flags = 0;
    return cooked(bid128_nextdown(raw(*this), &flags));
}

Decimal Decimal::pow(Decimal exponent) const {
    if (const auto n = exponent.to_int64(); n && *n > -1'000'000 && *n < 1'000'000) {
        const auto power = integer_power(*this, static_cast<std::uint64_t>(*n < 0 ? -*n : *n));
        return *n < 0 ? Decimal(1) / power : power;
    }
    _IDEC_flags flags = 0;
    return cooked(bid128_pow(raw(*this), raw(exponent), half_even, &flags));
}

Decimal Decimal::sqrt() const {
    _IDEC_flags flags = 0;
    return cooked(bid128_sqrt(raw(*this), half_even, &flags));
}

Decimal Decimal::exp() const {
    _IDEC_flags flags = 0;
    return cooked(bid128_exp(raw(*this), half_even, &flags));
}

Decimal Decimal::log() const {
    _IDEC_flags flags = 0;
    return cooked(bid128_log(raw(*this), half_even, &flags));
}

std::optional<std::int64_t> Decimal::to_int64() const {
    if (small(*this)) return small_value(*this);
    if (!is_integer()) return std::nullopt;
    _IDEC_flags flags = 0;
    const auto out = bid128_to_int64_xint(raw(*this), &flags);
    if ((flags & BID_INVALID_EXCEPTION) != 0) return std::nullopt;
    return out;
}

double Decimal::to_double() const {
    _IDEC_flags flags = 0;
    return bid128_to_binary64(raw(*this), half_even, &flags);
}

std::string Decimal::to_string() const {
    if (!is_finite())
        return (bits_.high & 0x0400000000000000ull) != 0 ? "NaN" : is_negative() ? "-Infinity" : "Infinity";
    const auto coefficient = coefficient_of(*this);
    if (coefficient == 0) return "0";
    std::array<char, 48> all;
    auto count = write_digits(all.data(), coefficient);
    auto exponent = exponent_of(*this);
    while (all[count - 1] == '0') --count, ++exponent;
    const std::string_view digits(all.data(), count);
    const auto point = static_cast<int>(count) + exponent;  // digits before the decimal point
    std::string out(is_negative() ? 1 : 0, '-');
    if (point > max_digits || point < -max_digits) {
        out += digits.substr(0, 1);
        if (count > 1) out.append(1, '.').append(digits.substr(1));
        return out + fmt::format("e{}", point - 1);
    }
    if (exponent >= 0) return out.append(digits).append(static_cast<std::size_t>(exponent), '0');
    if (point <= 0) return out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
    const auto before = static_cast<std::size_t>(point);
    return out.append(digits.substr(0, before)).append(1, '.').append(digits.substr(before));
}

std::string Decimal::to_fixed(int decimals) const {
    const auto value = rounded(decimals, Rounding::half_even);
    auto out = value.to_string();
    if (decimals <= 0 || !value.is_finite() || out.find('e') != std::string::npos) return out;
    const auto dot = out.find('.');
    auto places = dot == std::string::npos ? 0 : out.size() - dot - 1;
    if (dot == std::string::npos) out += '.';
    for (; places < static_cast<std::size_t>(decimals); ++places) out += '0';
    return out;
}

}  // namespace zoneval::feel
