// Sorting 64-bit words by their upper bits, where the lower ones say where a word comes from.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace zoneval::exec {

/// Words that are in order but for neighbours not far from each other.
inline void insertion_sort(std::uint64_t* words, std::size_t n) {
    for (std::size_t i = 1; i < n; ++i) {
        const auto word = words[i];
        auto at = i;
        for (; at > 0 && words[at - 1] > word; --at) words[at] = words[at - 1];
        words[at] = word;
    }
}

/// Sorts distinct words[0..n) that agree above bit `high` and are in the order of their bits below `low` already;
/// `spare` has n words. By the most significant digit first: what then has to be sorted fits the nearest cache.
inline void radix_sort(std::uint64_t* words, std::uint64_t* spare, std::size_t n, unsigned low, unsigned high) {
    constexpr std::size_t few = 24, crowd = 16;
    constexpr unsigned most_digit_bits = 11;
    if (high <= low || n < 2) return;
    if (n <= few) return insertion_sort(words, n);
    const auto bits = std::min({high - low, static_cast<unsigned>(std::bit_width(n)), most_digit_bits});
    const auto shift = high - bits;
    const auto mask = (std::uint64_t{1} << bits) - 1;
    std::array<std::uint32_t, (1u << most_digit_bits) + 1> ends;
    std::fill_n(ends.begin(), mask + 2, 0u);
    for (std::size_t i = 0; i < n; ++i) ++ends[((words[i] >> shift) & mask) + 1];
    const auto most = *std::max_element(ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(mask + 2));
    if (most == n) return radix_sort(words, spare, n, low, shift);  // one digit for all
    for (std::size_t d = 1; d <= mask + 1; ++d) ends[d] += ends[d - 1];
    for (std::size_t i = 0; i < n; ++i) spare[ends[(words[i] >> shift) & mask]++] = words[i];
    std::copy(spare, spare + n, words);
    if (shift == low) return;
    if (most <= crowd) return insertion_sort(words, n);
    std::size_t begin = 0;  // ends[d] is now where digit d ends
    for (std::size_t d = 0; d <= mask; ++d) {
        radix_sort(words + begin, spare + begin, ends[d] - begin, low, shift);
        begin = ends[d];
    }
}

}  // namespace zoneval::exec
