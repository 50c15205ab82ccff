// The rows of W1 and W2 (invented data): a pure function of the row number, so that any number of rows is a prefix of
// more.
#pragma once

#include <cstdint>

namespace bench {

struct Row {
    int region, level, prior, rect;  ///< codes; -1: null
    std::int64_t x[15];              ///< x1..x14 in cents
    bool null[15];
};

inline std::uint64_t mix(std::uint64_t z) {
    z += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

inline Row row(std::uint64_t i) {
    const std::uint64_t seed = mix(20260101 + i);
    const auto r = [&](std::uint64_t j) { return mix(seed + j); };
    const auto tri = [](std::uint64_t u, std::uint64_t range) {
        return static_cast<std::int64_t>((u >> 32) % range + (u & 0xFFFFFFFFull) % range);
    };
    const auto share = [&](std::uint64_t j) { return static_cast<int>(r(j) % 100); };
    Row out{};
    const int region = share(1), prior = share(3), rect = share(4);
    out.region = region < 40 ? 0 : region < 65 ? 1 : region < 90 ? 2 : 3;
    out.level = 1 + static_cast<int>(r(2) % 3);
    out.prior = prior < 5 ? -1 : prior < 60 ? 0 : prior < 70 ? 1 : prior < 85 ? 2 : 3;
    out.rect = rect < 5 ? -1 : rect < 50 ? 0 : rect < 65 ? 1 : rect < 80 ? 2 : 3;
    auto* x = out.x;
    x[1] = 10000 + tri(r(11), 90001);
    x[2] = share(5) == 0 ? 0 : x[1] * (70 + tri(r(12), 31)) / 100;
    x[3] = -20000 + tri(r(13), 20001);
    x[4] = tri(r(14), 7501);
    x[5] = 500 + tri(r(15), 5001);
    x[6] = 1000 + tri(r(16), 40001);
    x[7] = tri(r(17), 5001);
    x[8] = tri(r(18), 4001);
    x[9] = tri(r(19), 30001);
    x[10] = 20000 + tri(r(20), 150001);
    x[11] = tri(r(21), 120001);
    x[12] = tri(r(22), 50001);
    x[13] = tri(r(23), 25001);
    x[14] = tri(r(24), 7501);
    for (std::uint64_t k = 1; k <= 14; ++k) out.null[k] = r(40 + k) % 100 < 2;
    return out;
}

}  // namespace bench
