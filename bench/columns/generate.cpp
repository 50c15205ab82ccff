// bench_generate ROWS FILE: the rows as an ordinary CSV file.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "workload.hpp"

namespace {

const char* const regions[] = {"East", "Central", "West", "Northeast"};
const char* const priors[] = {"none", "commend", "interview", "notice"};
const char* const rects[] = {"none", "in progress", "passed", "failed"};

void append_cents(std::string& out, std::int64_t cents) {
    char text[32];
    const auto magnitude = cents < 0 ? -cents : cents;
    std::snprintf(text, sizeof text, "%s%lld.%02lld", cents < 0 ? "-" : "", static_cast<long long>(magnitude / 100),
                  static_cast<long long>(magnitude % 100));
    out += text;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return std::fputs("usage: bench_generate ROWS FILE\n", stderr), 2;
    const auto rows = std::strtoull(argv[1], nullptr, 10);
    auto* file = std::fopen(argv[2], "wb");
    if (!file) return std::perror(argv[2]), 1;
    std::string out = "firm,year,region,level,prior,rect,x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12,x13,x14\n";
    for (std::uint64_t i = 0; i < rows; ++i) {
        const auto r = bench::row(i);
        out += std::to_string(i + 1) + ",2023," + regions[r.region] + "," + std::to_string(r.level) + ",";
        if (r.prior >= 0) out += priors[r.prior];
        out += ",";
        if (r.rect >= 0) out += rects[r.rect];
        for (int k = 1; k <= 14; ++k) {
            out += ",";
            if (!r.null[k]) append_cents(out, r.x[k]);
        }
        out += "\n";
        if (out.size() < (1u << 20) && i + 1 < rows) continue;
        if (std::fwrite(out.data(), 1, out.size(), file) != out.size()) return std::perror(argv[2]), 1;
        out.clear();
    }
    return std::fclose(file) == 0 ? 0 : 1;
}
