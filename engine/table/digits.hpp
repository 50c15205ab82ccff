// Decimal digits eight at a time: a machine word holds the text of a number, or most of it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace zoneval {

/// Eight bytes of text, the first one lowest.
inline std::uint64_t load_eight(const char* at) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    return word;
}

inline void store_eight(char* at, std::uint64_t word) {
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    std::memcpy(at, &word, sizeof word);
}

inline constexpr std::uint64_t every_byte = 0x0101010101010101;
inline constexpr std::uint64_t eight_zeros = every_byte * '0';

/// Of text XOR eight_zeros: how many bytes from the first are digits.
inline unsigned leading_digits(std::uint64_t digits) {
    // A byte above 9 carries into its high bit; what a carry does to the bytes behind it does not matter.
    const auto others = ((digits + every_byte * (0x80 - 10)) | digits) & (every_byte * 0x80);
    return others == 0 ? 8 : static_cast<unsigned>(std::countr_zero(others)) / 8;
}

/// The number that eight digits make (text XOR eight_zeros). Bytes of 0 before the first digit do no harm.
inline std::uint32_t number_of_eight(std::uint64_t digits) {
    digits = (digits * 10 + (digits >> 8)) & 0x00FF00FF00FF00FF;
    digits = (digits * 100 + (digits >> 16)) & 0x0000FFFF0000FFFF;
    return static_cast<std::uint32_t>(digits * 10'000 + (digits >> 32));
}

/// Reads a whole number of at most sixteen digits: false for anything else. The sixteen bytes before `end` must be
/// there to be read.
inline bool read_whole(const char* begin, const char* end, std::int64_t& out) {
    const bool negative = *begin == '-';
    auto size = static_cast<std::size_t>(end - begin) - negative;
    if (size - 1 >= 16) return false;
    std::int64_t number = 0;
    auto digits = load_eight(end - 8) ^ eight_zeros;
    if (size > 8) {
        const auto before = (load_eight(end - 16) ^ eight_zeros) & (~std::uint64_t{0} << 8 * (16 - size));
        if (leading_digits(before) != 8) return false;
        number = std::int64_t{number_of_eight(before)} * 100'000'000;
        size = 8;
    }
    digits &= ~std::uint64_t{0} << 8 * (8 - size);
    if (leading_digits(digits) != 8) return false;
    number += number_of_eight(digits);
    out = negative ? -number : number;
    return true;
}

/// Reads a decimal of at most eight characters beside its sign, as parse_scaled would: false for anything else. The
/// eight bytes before `end` must be there to be read.
inline bool read_short_decimal(const char* begin, const char* end, std::int64_t& coefficient, int& decimals) {
    const bool negative = begin != end && *begin == '-';
    const auto size = static_cast<std::size_t>(end - begin) - negative;
    if (size - 1 >= 8) return false;
    auto digits = (load_eight(end - 8) ^ eight_zeros) & (~std::uint64_t{0} << 8 * (8 - size));
    const auto from_point = digits ^ every_byte * ('.' ^ '0');
    decimals = 0;
    if (const auto points = (from_point - every_byte) & ~from_point & every_byte * 0x80; points != 0) {
        const auto point = std::countr_zero(points) / 8;
        decimals = 7 - point;
        if (decimals == 0) return false;
        const auto before = (std::uint64_t{1} << 8 * point) - 1;
        digits = (digits & ~(before << 8 | 0xFF)) | (digits & before) << 8;
    }
    if (leading_digits(digits) != 8) return false;
    const std::int64_t number = number_of_eight(digits);
    coefficient = negative ? -number : number;
    return true;
}

/// The digits of a number below 10^8, zeros in front, as bytes of 0..9.
inline std::uint64_t eight_digits(std::uint32_t number) {
    std::uint64_t word = number / 10'000 | std::uint64_t{number % 10'000} << 32;
    const auto hundreds = word * 5'243 >> 19 & 0x0000007F0000007F;
    word = hundreds | (word - hundreds * 100) << 16;
    const auto tens = word * 103 >> 10 & 0x000F000F000F000F;
    return tens | (word - tens * 10) << 8;
}

/// The end of the number's text. At most 20 bytes, but up to 8 behind the end are written too.
inline char* write_number(char* out, std::uint64_t number) {
    constexpr std::uint64_t eight = 100'000'000;
    if (number < eight) {
        const auto digits = eight_digits(static_cast<std::uint32_t>(number));
        const auto leading = static_cast<unsigned>(std::countr_zero(digits | std::uint64_t{1} << 56)) / 8;
        store_eight(out, (digits + eight_zeros) >> 8 * leading);
        return out + 8 - leading;
    }
    out = write_number(out, number / eight);
    store_eight(out, eight_digits(static_cast<std::uint32_t>(number % eight)) + eight_zeros);
    return out + 8;
}

inline char* write_number(char* out, std::int64_t number) {
    const auto size = static_cast<std::uint64_t>(number);
    *out = '-';
    return number < 0 ? write_number(out + 1, -size) : write_number(out, size);
}

}  // namespace zoneval
