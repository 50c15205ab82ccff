// bench_representation: what a column of exact decimals costs as 64-bit integers, as 128-bit ones, and as whole numbers
// in doubles. Prints ns an element for the three things rules do most: add, multiply, divide and round to a whole
// number.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace {

constexpr std::size_t n = 1024, rounds = 4000;
__extension__ using Wide = __int128;

template <class T, class F>
double nanoseconds(F work) {
    std::vector<T> a(n), b(n), out(n);
    for (std::size_t i = 0; i < n; ++i)
        a[i] = static_cast<T>(1'000'000 + i * 977), b[i] = static_cast<T>(700 + i % 331);
    double best = 1e9;
    for (int attempt = 0; attempt < 5; ++attempt) {
        const auto began = std::chrono::steady_clock::now();
        for (std::size_t r = 0; r < rounds; ++r) {
            work(out.data(), a.data(), b.data());
            asm volatile("" : : "r"(out.data()) : "memory");
        }
        best =
            std::min(best, std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - began).count());
    }
    return best / static_cast<double>(n * rounds);
}

template <class T>
void row(const char* name) {
    const auto add = nanoseconds<T>([](T* __restrict o, const T* a, const T* b) {
        for (std::size_t i = 0; i < n; ++i) o[i] = a[i] + b[i];
    });
    const auto multiply = nanoseconds<T>([](T* __restrict o, const T* a, const T* b) {
        for (std::size_t i = 0; i < n; ++i) o[i] = a[i] * b[i];
    });
    const auto divide = nanoseconds<T>([](T* __restrict o, const T* a, const T* b) {
        for (std::size_t i = 0; i < n; ++i) {
            if constexpr (static_cast<T>(0.5) != 0)
                o[i] = (a[i] / b[i] + 0x1.8p52) - 0x1.8p52;
            else
                o[i] = (2 * a[i] + b[i]) / (2 * b[i]);
        }
    });
    std::printf("%-10s %8.3f %8.3f %8.3f\n", name, add, multiply, divide);
}

}  // namespace

int main() {
    std::printf("%-10s %8s %8s %8s\n", "ns", "add", "multiply", "divide");
    row<std::int64_t>("int64");
    row<Wide>("int128");
    row<double>("double");
}
