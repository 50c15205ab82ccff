// Least-significant-digit radix sort of 64-bit words by their upper bits.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace zoneval::exec {

/// Sorts words[0..n) by the bits from `first_bit` up to `last_bit`; equal keys keep their order. `spare` has n words.
inline void radix_sort(std::uint64_t* words, std::uint64_t* spare, std::size_t n, unsigned first_bit, unsigned last_bit) {
    constexpr unsigned most_digit_bits = 11;     // 2,048 counters: they and the targets' ends fit the first cache
    if (n < 2 || first_bit >= last_bit) return;
    const unsigned bits = last_bit - first_bit;
    const unsigned passes = (bits + most_digit_bits - 1) / most_digit_bits;
    const unsigned digit_bits = (bits + passes - 1) / passes;
    const std::uint64_t mask = (std::uint64_t{1} << digit_bits) - 1;
    std::vector<std::array<std::uint32_t, 1u << most_digit_bits>> counts(passes);
    for (auto& c : counts) c.fill(0);
    for (std::size_t i = 0; i < n; ++i)
        for (unsigned p = 0; p < passes; ++p) ++counts[p][(words[i] >> (first_bit + p * digit_bits)) & mask];
    auto* from = words;
    auto* to = spare;
    for (unsigned p = 0; p < passes; ++p) {
        const unsigned shift = first_bit + p * digit_bits;
        auto& count = counts[p];
        if (count[(from[0] >> shift) & mask] == n) continue;             // one digit for all
        std::uint32_t sum = 0;
        for (auto& c : count) {
            const auto here = c;
            c = sum;
            sum += here;
        }
        for (std::size_t i = 0; i < n; ++i) to[count[(from[i] >> shift) & mask]++] = from[i];
        std::swap(from, to);
    }
    if (from != words) std::copy(from, from + n, words);
}

}  // namespace zoneval::exec
