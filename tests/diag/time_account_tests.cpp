#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <thread>

#include "engine/diag/time_account.hpp"

using zoneval::TimeAccount;
using zoneval::TimedStage;

namespace {

void wait() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

std::map<std::string, double> by_stage(const TimeAccount& account) {
    std::map<std::string, double> out;
    for (const auto& row : account.rows()) out[std::string(row.stage)] += row.milliseconds;
    return out;
}

}  // namespace

TEST_CASE("stages within stages count for themselves alone, and all add up to the whole") {
    const TimeAccount account;
    {
        const TimedStage outer("outer");
        wait();
        {
            const TimedStage inner("inner");
            wait();
        }
        const TimedStage again("inner");
        wait();
    }
    wait();
    const auto before = account.total();
    const auto rows = by_stage(account);
    const auto after = account.total();
    double sum = 0;
    for (const auto& [stage, milliseconds] : rows) sum += milliseconds;
    CHECK(sum >= before);
    CHECK(sum <= after);
    CHECK(rows.size() == 3);
    CHECK(rows.at("outer") >= 5);
    CHECK(rows.at("inner") >= 10);
    CHECK(rows.at("") >= 5);
}

TEST_CASE("a stage without an account is nothing, and one of another thread counts for nobody else") {
    { const TimedStage stage("nobody's"); }
    const TimeAccount account;
    std::thread([] { const TimedStage stage("of another thread"); }).join();
    CHECK_FALSE(by_stage(account).contains("of another thread"));
}

TEST_CASE("an account within another leaves the outer one running") {
    const TimeAccount outer;
    {
        const TimeAccount inner;
        const TimedStage stage("inner's");
        CHECK(by_stage(inner).contains("inner's"));
    }
    const TimedStage stage("outer's");
    CHECK(by_stage(outer).contains("outer's"));
    CHECK_FALSE(by_stage(outer).contains("inner's"));
}
