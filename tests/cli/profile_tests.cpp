// --profile: where the time went.
#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>

#include "tests/cli/shell.hpp"

using namespace zoneval::tests;

namespace {

struct Told {
    double total = 0, sum = 0, nobodys = 0;
    std::size_t stages = 0;
};

/// The first table of stages in what was said on standard error.
Told stages_in(const std::string& said) {
    Told out;
    std::istringstream lines(said);
    for (std::string line; std::getline(lines, line);) {
        if (const auto at = line.find(": "); out.total == 0 && at != std::string::npos && line.ends_with(" ms")) {
            out.total = std::stod(line.substr(at + 2));
            continue;
        }
        if (out.total == 0 || line.find('%') == std::string::npos) {
            if (out.stages > 0) break;
            continue;
        }
        const auto milliseconds = std::stod(line);
        ++out.stages;
        out.sum += milliseconds;
        if (line.ends_with("everything else")) out.nobodys = milliseconds;
    }
    return out;
}

void check_sum(const std::string& said) {
    INFO(said);
    const auto told = stages_in(said);
    CHECK(told.stages >= 3);
    CHECK(std::abs(told.sum - told.total) <= 0.1 + 0.01 * static_cast<double>(told.stages));
    CHECK(told.nobodys <= told.total / 20);
}

}  // namespace

TEST_CASE("the stages that --profile tells of a year, of an explanation and of a check add up to its time") {
    const Folder folder;
    const auto store = folder.at("s.sqlite");
    shell("zoneval import --rules small.yaml --store " + store + " small.csv");
    check_sum(shell("zoneval assess small.yaml --store " + store + " --year 2023 --profile 2>&1 >/dev/null").out);
    check_sum(shell("zoneval explain A --store " + store + " --profile 2>&1 >/dev/null").out);
    check_sum(shell("zoneval check small.yaml --data small.csv --profile 2>&1 >/dev/null").out);
}
