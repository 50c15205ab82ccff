// bench_floor ROWS [--verdicts]: the workloads written by hand, in binary floating point, as fast as we know how: what
// any engine is measured against. Prints JSON lines; W1's and W2's checksums are those of double arithmetic.
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "workload.hpp"

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// One register of rows. Every loop below is over vectors, so that nothing is left to whether the compiler vectorises.
#ifdef __AVX512F__
constexpr std::size_t lanes = 8;
#else
constexpr std::size_t lanes = 4;
#endif
using Number = double __attribute__((vector_size(lanes * 8)));
using Word = std::int64_t __attribute__((vector_size(lanes * 8)));
using Codes = std::int8_t __attribute__((vector_size(lanes)));

/// A column, padded to whole registers, on large pages: twenty streams of 4 KB pages keep the page walker busy.
template <class T>
class Column {
  public:
    void resize(std::size_t rows) {
        constexpr std::size_t page = 2u << 20;
        const auto bytes = (std::max<std::size_t>(rows, 1) * sizeof(T) + 4096 + page - 1) / page * page;
        data_.reset(static_cast<T*>(std::aligned_alloc(page, bytes)));
        ::madvise(data_.get(), bytes, MADV_HUGEPAGE);
        std::memset(static_cast<void*>(data_.get()), 0, bytes);
    }
    T* data() { return data_.get(); }
    const T* data() const { return data_.get(); }
    T& operator[](std::size_t i) { return data_.get()[i]; }
    const T& operator[](std::size_t i) const { return data_.get()[i]; }

  private:
    struct Free {
        void operator()(T* p) const { std::free(p); }
    };
    std::unique_ptr<T, Free> data_;
};

struct Columns {
    std::size_t rows = 0;
    Column<double> x[15];  ///< NaN: null
    Column<std::int8_t> region, level, prior, rect;
};

struct Outcome {
    Column<double> score;
    Column<std::int8_t> cls, entry, verdict;
};

Columns make(std::size_t rows) {
    Columns c;
    c.rows = rows;
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

inline Number load(const Column<double>& c, std::size_t i) {
    Number out;
    std::memcpy(&out, c.data() + i, sizeof out);
    return out;
}

inline Word load(const Column<std::int8_t>& c, std::size_t i) {
    Codes out;
    std::memcpy(&out, c.data() + i, sizeof out);
    return __builtin_convertvector(out, Word);
}

inline void store(Column<double>& c, std::size_t i, Number v) { std::memcpy(c.data() + i, &v, sizeof v); }

inline void store(Column<std::int8_t>& c, std::size_t i, Word v) {
    const auto out = __builtin_convertvector(v, Codes);
    std::memcpy(c.data() + i, &out, sizeof out);
}

inline Number all(double v) { return v - Number{}; }
inline Word all(std::int64_t v) { return v - Word{}; }

/// Within 0..100; NaN stays.
inline Number clamp(Number v) {
    v = all(0.0) > v ? all(0.0) : v;
    return all(100.0) < v ? all(100.0) : v;
}

/// m1..m8, x7 and x12 of one register of rows: the ten items.
struct Items {
    Number v[10];
};

inline Items items_of(const Columns& c, std::size_t i) {
    const auto x = [&](int k) { return load(c.x[k], i); };
    const auto x1 = x(1), x2 = x(2), x5 = x(5);
    return {{x1 / x5, x(4) / x5, x2 == 0 ? all(missing) : (x1 - x2) / x2, x(3) / x1, x(8) / x1, x(11) / x(10),
             x(6) / x1, 0.5 * x(9) + 0.3 * x(13) + 0.2 * x(14), x(7), x(12)}};
}

constexpr double weights[10] = {0.15, 0.15, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05};

inline Number score_of(const Items& items) {
    const auto& v = items.v;
    const Number p[10] = {clamp(v[0] * 2.5),         clamp(v[1] * 25),          clamp((v[2] + 0.3) * 125),
                          clamp((v[3] + 0.2) * 200), clamp(v[4] * 1000),        clamp((1.2 - v[5]) * 100),
                          clamp((1 - v[6]) * 100),   clamp((v[7] - 50) * 0.25), clamp(v[8]),
                          clamp((1000 - v[9]) * 0.1)};
    auto sum = all(0.0);
    auto present = all(std::int64_t{0});
    for (int k = 0; k < 10; ++k) {
        const Word there = p[k] == p[k];
        sum += there ? weights[k] * p[k] : all(0.0);
        present -= there;
    }
    return present < 7 ? all(missing) : sum;
}

/// Comparisons with NaN are false, as a comparison with null must be where only "true" counts.
inline void decide(const Columns& c, std::size_t i, const Items& items, Number s, Word low5, Word high, Outcome& out) {
    const auto& v = items.v;
    const auto m1 = v[0], m2 = v[1], m3 = v[2], m4 = v[3], m5 = v[4], m6 = v[5], m7 = v[6], x12 = v[9];
    const auto region = load(c.region, i), level = load(c.level, i), prior = load(c.prior, i), rect = load(c.rect, i);
    const auto code = [](std::int64_t k) { return all(k); };
    const Number line = region == 0 ? all(60.0) : all(55.0);
    const Word a = (s >= line) & (m1 >= 12) & (m3 >= 0) & (m6 <= 0.8);
    const Word b = (s >= 50) & ((m2 >= 1) | (region >= 2));
    const Word cls = a ? code(0) : b ? code(1) : s >= 40 ? code(2) : code(3);
    const Word no = (s < 52) | (m1 < 10) | (m4 < 0) | (m5 < 0.03) | (m6 > 0.9) | (level > 2);
    const Word unknown = (s != s) | (m1 != m1) | (m4 != m4) | (m5 != m5) | (m6 != m6);
    const Word entry = no ? code(0) : unknown ? code(2) : code(1);
    const Word warned = prior >= 2, failed = rect == 3;
    Word verdict = (a & ~no & ~unknown & (prior <= 1) & high) ? code(1) : code(0);
    verdict = ((s != s) | (~no & unknown & (prior < 0)) | (warned & ((m3 < -0.15) | (m4 < -0.08)))) ? code(2) : verdict;
    verdict = (low5 | ((s < 36) & ((m6 > 1) | (m4 < -0.1))) | ((x12 > 700) & (m7 > 0.6) & failed)) ? code(3) : verdict;
    verdict = (((cls == 3) & (m3 < -0.05) & (m4 < 0) & warned & (rect >= 0) & (rect != 2)) |
               (((s < 38) | low5) & (prior == 3) & failed))
                  ? code(4)
                  : verdict;
    store(out.cls, i, cls), store(out.entry, i, entry), store(out.verdict, i, verdict);
}

void resize(Outcome& out, std::size_t rows) {
    out.score.resize(rows), out.cls.resize(rows), out.entry.resize(rows), out.verdict.resize(rows);
}

/// One pass over memory.
void w1(const Columns& c, Outcome& out) {
    for (std::size_t i = 0; i < c.rows; i += lanes) {
        const auto items = items_of(c, i);
        const auto score = score_of(items);
        store(out.score, i, score);
        decide(c, i, items, score, all(std::int64_t{0}), all(std::int64_t{-1}), out);
    }
}

struct Entry {
    std::uint64_t key;
    std::uint32_t row;
};

/// Ascending by value.
inline std::uint64_t key_of(double v) {
    const auto bits = std::bit_cast<std::uint64_t>(v);
    return bits >> 63 ? ~bits : bits | 0x8000000000000000ull;
}

inline double value_of(std::uint64_t key) {
    return std::bit_cast<double>(key >> 63 ? key & ~0x8000000000000000ull : ~key);
}

/// By the leading 33 bits in which keys differ, which tells nearly all of them apart; then each run of equals among
/// those.
void radix_sort(std::vector<Entry>& a, std::vector<Entry>& b) {
    constexpr int digits = 3, bits = 11, mask = (1 << bits) - 1;
    if (a.size() < 2) return;
    auto least = a.front().key, most = least;
    for (const auto& e : a) least = std::min(least, e.key), most = std::max(most, e.key);
    const int shift = std::max(0, static_cast<int>(std::bit_width(most - least)) - digits * bits);
    static std::vector<std::uint32_t> counts(digits << bits);
    std::fill(counts.begin(), counts.end(), 0);
    for (const auto& e : a) {
        const auto prefix = (e.key - least) >> shift;
        for (int d = 0; d < digits; ++d) ++counts[static_cast<std::size_t>(d << bits) + (prefix >> (d * bits) & mask)];
    }
    b.resize(a.size());
    for (int d = 0; d < digits; ++d) {
        auto* count = counts.data() + (d << bits);
        std::uint32_t sum = 0;
        for (int k = 0; k <= mask; ++k) sum += std::exchange(count[k], sum);
        const int down = shift + d * bits;
        for (const auto& e : a) b[count[(e.key - least) >> down & mask]++] = e;
        a.swap(b);
    }
    if (shift == 0) return;
    for (std::size_t first = 0; first < a.size();) {
        const auto prefix = (a[first].key - least) >> shift;
        auto last = first + 1;
        bool sorted = true;
        for (; last < a.size() && (a[last].key - least) >> shift == prefix; ++last)
            sorted &= a[last].key >= a[last - 1].key;
        if (!sorted)
            std::sort(a.begin() + static_cast<std::ptrdiff_t>(first), a.begin() + static_cast<std::ptrdiff_t>(last),
                      [](const Entry& x, const Entry& y) { return x.key < y.key; });
        first = last;
    }
}

void w2(const Columns& c, Outcome& out) {
    static Column<double> values[10], score2;  // kept between rounds: pages are not what is measured
    static Column<std::int8_t> present, bottom, upper;
    if (!score2.data()) {
        for (auto& v : values) v.resize(c.rows);
        score2.resize(c.rows), present.resize(c.rows), bottom.resize(c.rows), upper.resize(c.rows);
    }
    for (std::size_t i = 0; i < c.rows; i += lanes) {
        const auto items = items_of(c, i);
        for (int k = 0; k < 10; ++k) store(values[k], i, items.v[k]);
        store(out.score, i, score_of(items));
        store(score2, i, all(0.0)), store(present, i, all(std::int64_t{0})), store(bottom, i, all(std::int64_t{0})),
            store(upper, i, all(std::int64_t{0}));
    }
    std::vector<std::uint32_t> members[4];
    for (std::size_t i = 0; i < c.rows; ++i) members[c.region[i]].push_back(static_cast<std::uint32_t>(i));
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
            const double least = value_of(a.front().key),
                         width = value_of(a.back().key) - least;  // turned round if lower
            std::size_t rank = 0;
            for (std::size_t j = 0; j < n; ++j) {
                if (j > 0 && a[j].key != a[j - 1].key) rank = j;
                const double mm = 100 * (value_of(a[j].key) - least) / width,
                             pr = 100 * static_cast<double>(rank) / static_cast<double>(n - 1);
                score2[a[j].row] += weights[k] * (0.5 * mm + 0.5 * pr);
                ++present[a[j].row];
            }
        }
    }
    const auto rank_scores = [&](const auto& each, bool of_all) {
        a.clear();
        each([&](std::size_t i) {
            if (present[i] >= 7) a.push_back({key_of(-score2[i]), static_cast<std::uint32_t>(i)});
        });
        radix_sort(a, b);
        std::size_t rank = 1;
        for (std::size_t j = 0; j < a.size(); ++j) {
            if (j > 0 && a[j].key != a[j - 1].key) rank = j + 1;
            if (of_all)
                upper[a[j].row] = 2 * rank <= a.size();
            else
                bottom[a[j].row] = 20 * rank > 19 * a.size();
        }
    };
    rank_scores(
        [&](auto f) {
            for (std::size_t i = 0; i < c.rows; ++i) f(i);
        },
        true);
    for (const auto& group : members)
        rank_scores(
            [&](auto f) {
                for (const auto i : group) f(i);
            },
            false);
    for (std::size_t i = 0; i < c.rows; i += lanes) {
        Items items;
        for (int k = 0; k < 10; ++k) items.v[k] = load(values[k], i);
        decide(c, i, items, load(out.score, i), load(bottom, i) != 0, load(upper, i) != 0, out);
    }
}

double processor_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

std::uint64_t checksum(const Outcome& out, std::size_t rows, bool second) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < rows; ++i) {
        const auto code = second ? out.verdict[i] : 12 * out.verdict[i] + 3 * out.cls[i] + out.entry[i];
        sum += (i % 1009 + 1) * static_cast<std::uint64_t>(code);
    }
    return sum;
}

void measure(const char* name, const Columns& c, void (*work)(const Columns&, Outcome&), bool verdicts) {
    Outcome out;
    const auto rows = c.rows;
    resize(out, rows);
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
    if (verdicts) {
        for (std::size_t i = 0; i < rows; ++i) std::printf("%s %zu %d\n", name, i + 1, out.verdict[i]);
        return;
    }
    std::printf(
        "{\"workload\": \"%s\", \"rows\": %zu, \"system\": \"C++ loop, double\", \"stage\": \"evaluate\", \"threads\": "
        "1, \"cpu_ns_per_row\": %.1f, "
        "\"wall_ms\": %.1f, \"peak_mb\": %ld, \"checksum\": %llu, \"verdicts\": %llu}\n",
        name, rows, cpu * 1e9 / static_cast<double>(std::max<std::size_t>(rows, 1)), wall * 1e3, usage.ru_maxrss / 1024,
        static_cast<unsigned long long>(checksum(out, rows, second)),
        static_cast<unsigned long long>(checksum(out, rows, true)));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return std::fputs("usage: bench_floor ROWS [--verdicts]\n", stderr), 2;
    const auto columns = make(std::strtoull(argv[1], nullptr, 10));
    measure("W1", columns, w1, argc > 2);
    measure("W2", columns, w2, argc > 2);
}
