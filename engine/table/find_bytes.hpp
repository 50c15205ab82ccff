// Where some bytes stand in a text, sixty-four at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace zoneval {

/// Sixty-four bytes of text, compared with a byte all at once.
class SixtyFour {
  public:
    static constexpr std::size_t size = 64;
    explicit SixtyFour(const char* at) : at_(at) {}

    /// Bit i: the i-th is that byte.
    std::uint64_t equal(char byte) const {
#ifdef __SSE2__
        const auto sought = _mm_set1_epi8(byte);
        const auto part = [&](int i) {
            const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at_) + i);
            return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, sought))))
                   << 16 * i;
        };
        return part(0) | part(1) | part(2) | part(3);
#else
        std::uint64_t out = 0;
        for (std::size_t i = 0; i < size; ++i) out |= std::uint64_t{at_[i] == byte} << i;
        return out;
#endif
    }

  private:
    const char* at_;
};

}  // namespace zoneval
