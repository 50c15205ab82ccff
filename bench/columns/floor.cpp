// bench_floor ROWS [--verdicts]: the workloads written by hand, in binary floating point, as fast as we know how: what any engine is
// measured against. Prints JSON lines; W1's and W2's checksums are those of double arithmetic.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <string>
#include <vector>

#include "workload.hpp"

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t block = 1024;

struct Columns {
    std::vector<double> x[15];                   ///< NaN: null
    std::vector<std::int8_t> region, level, prior, rect;
};

struct Outcome {
    std::vector<double> score;
    std::vector<std::int8_t> cls, entry, verdict;
};

Columns make(std::size_t rows) {
    Columns c;
    for (auto& x : c.x) x.resize(rows);
    for (auto* v : {&c.region, &c.level, &c.prior, &c.rect}) v->resize(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        const auto r = bench::row(i);
        c.region[i] = static_cast<std::int8_t>(r.region), c.level[i] = static_cast<std::int8_t>(r.level);
        c.prior[i] = static_cast<std::int8_t>(r.prior), c.rect[i] = static_cast<std::int8_t>(r.rect);
        for (int k = 1; k <= 14; ++k) c.x[k][i] = r.null[k] ? missing : static_cast<double>(r.x[k]) / 100;
    }
    return c;
}

struct Measures { double m[9][block]; };

inline double clamp(double v) { return v < 0 ? 0 : v > 100 ? 100 : v; }      // NaN stays

/// Measures and score of a block; NaN is null throughout.
void score_block(const Columns& c, std::size_t first, std::size_t n, Measures& out, double* __restrict score) {
    const auto x = [&](int k) { return c.x[k].data() + first; };
    const double *x1 = x(1), *x2 = x(2), *x3 = x(3), *x4 = x(4), *x5 = x(5), *x6 = x(6), *x7 = x(7), *x8 = x(8), *x9 = x(9), *x10 = x(10),
                 *x11 = x(11), *x12 = x(12), *x13 = x(13), *x14 = x(14);
    auto& m = out.m;
    for (std::size_t i = 0; i < n; ++i) {
        m[1][i] = x1[i] / x5[i];
        m[2][i] = x4[i] / x5[i];
        m[3][i] = x2[i] == 0 ? missing : (x1[i] - x2[i]) / x2[i];
        m[4][i] = x3[i] / x1[i];
        m[5][i] = x8[i] / x1[i];
        m[6][i] = x11[i] / x10[i];
        m[7][i] = x6[i] / x1[i];
        m[8][i] = 0.5 * x9[i] + 0.3 * x13[i] + 0.2 * x14[i];
    }
    for (std::size_t i = 0; i < n; ++i) {
        const double p[10] = {clamp(m[1][i] * 2.5), clamp(m[2][i] * 25), clamp((m[3][i] + 0.3) * 125), clamp((m[4][i] + 0.2) * 200),
                              clamp(m[5][i] * 1000), clamp((1.2 - m[6][i]) * 100), clamp((1 - m[7][i]) * 100), clamp((m[8][i] - 50) * 0.25),
                              clamp(x7[i]), clamp((1000 - x12[i]) * 0.1)};
        constexpr double w[10] = {0.15, 0.15, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05};
        double sum = 0;
        int present = 0;
        for (int k = 0; k < 10; ++k) {
            const bool there = p[k] == p[k];
            sum += there ? w[k] * p[k] : 0.0;
            present += there;
        }
        score[i] = present < 7 ? missing : sum;
    }
}

/// Comparisons with NaN are false, as a comparison with null must be where only "true" counts.
void decide(const Columns& c, std::size_t first, std::size_t n, const Measures& ms, const double* score, const std::int8_t* bottom,
            const std::int8_t* upper, std::int8_t* cls, std::int8_t* entry, std::int8_t* verdict) {
    // Everything in lanes of eight bytes, so that the compiler makes one vector loop of it.
    using Lane = std::int64_t;
    const auto& m = ms.m;
    Lane region[block], level[block], prior[block], rect[block], low5[block], high[block], k[block], e[block], v[block];
    for (std::size_t i = 0; i < n; ++i) region[i] = c.region[first + i], level[i] = c.level[first + i];
    for (std::size_t i = 0; i < n; ++i) prior[i] = c.prior[first + i], rect[i] = c.rect[first + i];
    for (std::size_t i = 0; i < n; ++i) low5[i] = bottom ? bottom[i] : 0, high[i] = upper ? upper[i] : 1;
    const double* x12s = c.x[12].data() + first;
    for (std::size_t i = 0; i < n; ++i) {
        const double s = score[i], m1 = m[1][i], m2 = m[2][i], m3 = m[3][i], m4 = m[4][i], m5 = m[5][i], m6 = m[6][i], m7 = m[7][i], x12 = x12s[i];
        const double line = region[i] == 0 ? 60.0 : 55.0;
        const Lane a = Lane(s >= line) & Lane(m1 >= 12) & Lane(m3 >= 0) & Lane(m6 <= 0.8);
        const Lane b = Lane(s >= 50) & (Lane(m2 >= 1) | Lane(region[i] >= 2));
        const Lane cls_i = a ? 0 : b ? 1 : s >= 40 ? 2 : 3;
        const Lane no = Lane(s < 52) | Lane(m1 < 10) | Lane(m4 < 0) | Lane(m5 < 0.03) | Lane(m6 > 0.9) | Lane(level[i] > 2);
        const Lane unknown = Lane(s != s) | Lane(m1 != m1) | Lane(m4 != m4) | Lane(m5 != m5) | Lane(m6 != m6);
        const Lane entry_i = no ? 0 : unknown ? 2 : 1;
        const Lane p = prior[i], r = rect[i], warned = Lane(p >= 2), failed = Lane(r == 3);
        Lane out = (Lane(cls_i == 0) & Lane(entry_i == 1) & Lane(p <= 1) & high[i]) ? 1 : 0;
        out = (Lane(s != s) | (Lane(entry_i == 2) & Lane(p < 0))) ? 2 : out;
        out = (warned & (Lane(m3 < -0.15) | Lane(m4 < -0.08))) ? 2 : out;
        out = low5[i] ? 3 : out;
        out = (Lane(s < 36) & (Lane(m6 > 1) | Lane(m4 < -0.1))) ? 3 : out;
        out = (Lane(x12 > 700) & Lane(m7 > 0.6) & failed) ? 3 : out;
        out = (Lane(cls_i == 3) & Lane(m3 < -0.05) & Lane(m4 < 0) & warned & Lane(r >= 0) & Lane(r != 2)) ? 4 : out;
        out = ((Lane(s < 38) | low5[i]) & Lane(p == 3) & failed) ? 4 : out;
        k[i] = cls_i, e[i] = entry_i, v[i] = out;
    }
    for (std::size_t i = 0; i < n; ++i) cls[i] = static_cast<std::int8_t>(k[i]), entry[i] = static_cast<std::int8_t>(e[i]);
    for (std::size_t i = 0; i < n; ++i) verdict[i] = static_cast<std::int8_t>(v[i]);
}

void resize(Outcome& out, std::size_t rows) {
    out.score.resize(rows), out.cls.resize(rows), out.entry.resize(rows), out.verdict.resize(rows);
}

void w1(const Columns& c, Outcome& out) {
    const auto rows = c.level.size();
    Measures ms;
    for (std::size_t first = 0; first < rows; first += block) {
        const auto n = std::min(block, rows - first);
        score_block(c, first, n, ms, out.score.data() + first);
        decide(c, first, n, ms, out.score.data() + first, nullptr, nullptr, out.cls.data() + first, out.entry.data() + first, out.verdict.data() + first);
    }
}

struct Entry { std::uint64_t key; std::uint32_t row; };

/// Ascending by value.
std::uint64_t key_of(double v) {
    std::uint64_t bits;
    std::memcpy(&bits, &v, 8);
    return bits >> 63 ? ~bits : bits | 0x8000000000000000ull;
}

void radix_sort(std::vector<Entry>& a, std::vector<Entry>& b) {
    constexpr int digits = 6, bits = 11;
    static std::vector<std::uint32_t> counts(digits << bits);
    std::fill(counts.begin(), counts.end(), 0);
    for (const auto& e : a)
        for (int d = 0; d < digits; ++d) ++counts[static_cast<std::size_t>(d << bits) + (e.key >> (d * bits) & 2047)];
    b.resize(a.size());
    for (int d = 0; d < digits; ++d) {
        auto* count = counts.data() + (d << bits);
        if (std::any_of(count, count + 2048, [&](auto n) { return n == a.size(); })) continue;
        std::uint32_t sum = 0;
        for (int k = 0; k < 2048; ++k) {
            const auto here = count[k];
            count[k] = sum;
            sum += here;
        }
        for (const auto& e : a) b[count[e.key >> (d * bits) & 2047]++] = e;
        a.swap(b);
    }
}

void w2(const Columns& c, Outcome& out) {
    const auto rows = c.level.size();
    std::vector<double> values[10];
    for (auto& v : values) v.resize(rows);
    std::vector<double> score2(rows);
    std::vector<std::int8_t> present(rows);
    Measures ms;
    for (std::size_t first = 0; first < rows; first += block) {
        const auto n = std::min(block, rows - first);
        score_block(c, first, n, ms, out.score.data() + first);
        for (int k = 0; k < 8; ++k) std::copy_n(ms.m[k + 1], n, values[k].begin() + static_cast<std::ptrdiff_t>(first));
        std::copy_n(c.x[7].begin() + static_cast<std::ptrdiff_t>(first), n, values[8].begin() + static_cast<std::ptrdiff_t>(first));
        std::copy_n(c.x[12].begin() + static_cast<std::ptrdiff_t>(first), n, values[9].begin() + static_cast<std::ptrdiff_t>(first));
    }
    std::vector<std::uint32_t> members[4];
    for (std::size_t i = 0; i < rows; ++i) members[c.region[i]].push_back(static_cast<std::uint32_t>(i));
    constexpr double w[10] = {0.15, 0.15, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05};
    std::vector<Entry> a, b;
    for (int k = 0; k < 10; ++k) {
        const bool lower = k == 5 || k == 6 || k == 9;
        for (const auto& group : members) {
            a.clear();
            for (const auto i : group)
                if (const auto v = values[k][i]; v == v) a.push_back({key_of(lower ? -v : v), i});
            radix_sort(a, b);
            if (a.empty()) continue;
            const auto n = a.size();
            const double least = values[k][a.front().row], most = values[k][a.back().row], width = most - least;   // turned round if lower
            std::size_t rank = 0;
            for (std::size_t j = 0; j < n; ++j) {
                if (j > 0 && a[j].key != a[j - 1].key) rank = j;
                const auto i = a[j].row;
                const double mm = 100 * (values[k][i] - least) / width, pr = 100 * static_cast<double>(rank) / static_cast<double>(n - 1);
                score2[i] += w[k] * (0.5 * mm + 0.5 * pr);
                ++present[i];
            }
        }
    }
    std::vector<std::int8_t> bottom(rows), upper(rows);
    const auto rank_scores = [&](const auto& each, bool all) {
        a.clear();
        each([&](std::size_t i) {
            if (present[i] >= 7) a.push_back({key_of(-score2[i]), static_cast<std::uint32_t>(i)});
        });
        radix_sort(a, b);
        std::size_t rank = 1;
        for (std::size_t j = 0; j < a.size(); ++j) {
            if (j > 0 && a[j].key != a[j - 1].key) rank = j + 1;
            if (all) upper[a[j].row] = 2 * rank <= a.size();
            else bottom[a[j].row] = 20 * rank > 19 * a.size();
        }
    };
    rank_scores([&](auto f) { for (std::size_t i = 0; i < rows; ++i) f(i); }, true);
    for (const auto& group : members) rank_scores([&](auto f) { for (const auto i : group) f(i); }, false);
    for (std::size_t first = 0; first < rows; first += block) {
        const auto n = std::min(block, rows - first);
        score_block(c, first, n, ms, out.score.data() + first);
        decide(c, first, n, ms, out.score.data() + first, bottom.data() + first, upper.data() + first, out.cls.data() + first,
               out.entry.data() + first, out.verdict.data() + first);
    }
}

double processor_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

std::uint64_t checksum(const Outcome& out, bool second) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < out.verdict.size(); ++i) {
        const auto code = second ? out.verdict[i] : 12 * out.verdict[i] + 3 * out.cls[i] + out.entry[i];
        sum += (i % 1009 + 1) * static_cast<std::uint64_t>(code);
    }
    return sum;
}

void measure(const char* name, const Columns& c, void (*work)(const Columns&, Outcome&), bool verdicts) {
    Outcome out;
    resize(out, c.level.size());
    double cpu = 1e9, wall = 1e9;
    for (int round = 0; round < 5; ++round) {
        const auto began = std::chrono::steady_clock::now();
        const auto cpu_began = processor_seconds();
        work(c, out);
        cpu = std::min(cpu, processor_seconds() - cpu_began);
        wall = std::min(wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const bool second = std::strcmp(name, "W2") == 0;
    const auto rows = c.level.size();
    if (verdicts) {
        for (std::size_t i = 0; i < rows; ++i) std::printf("%s %zu %d\n", name, i + 1, out.verdict[i]);
        return;
    }
    std::printf("{\"workload\": \"%s\", \"rows\": %zu, \"system\": \"C++ loop, double\", \"stage\": \"evaluate\", \"threads\": 1, \"cpu_ns_per_row\": %.1f, "
                "\"wall_ms\": %.1f, \"peak_mb\": %ld, \"checksum\": %llu}\n",
                name, rows, cpu * 1e9 / static_cast<double>(std::max<std::size_t>(rows, 1)), wall * 1e3, usage.ru_maxrss / 1024,
                static_cast<unsigned long long>(checksum(out, second)));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return std::fputs("usage: bench_floor ROWS [--verdicts]\n", stderr), 2;
    const auto columns = make(std::strtoull(argv[1], nullptr, 10));
    measure("W1", columns, w1, argc > 2);
    measure("W2", columns, w2, argc > 2);
}
