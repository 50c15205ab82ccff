#include "tests/feel/language.hpp"

using namespace zoneval::feel::testing;

TEST_CASE("arithmetic is exact decimal") {
    CHECK(result("0.1 + 0.2 = 0.3") == "true");
    CHECK(result("1 / 3") == "0.3333333333333333333333333333333333");
    CHECK(result("2 + 3 * 4 ** 2") == "50");
}

TEST_CASE("the longest known name wins, in any script") {
    CHECK(result("营业收入 / 从业人员 > 36.6", {{"营业收入", 1000}, {"从业人员", 20}}) == "true");
    CHECK(result("R&D intensity >= 3.5", {{"R&D", 1}, {"R&D intensity", 4}}) == "true");
}
