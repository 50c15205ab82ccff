#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "engine/table/row_finder.hpp"
#include "engine/table/texts.hpp"

using namespace zoneval;

TEST_CASE("a record is found where it is likely, where it stands else, and nowhere") {
    const Texts names{"A", "B", "", "C"};
    const RowFinder rows(names);
    for (const std::size_t likely : {0u, 2u, 3u, 99u}) {
        CHECK(rows.find("A", likely) == 0u);
        CHECK(rows.find("", likely) == 2u);
        CHECK(rows.find("C", likely) == 3u);
        CHECK_FALSE(rows.find("D", likely));
    }
    const std::vector<std::string> none;
    CHECK_FALSE(RowFinder(none).find("A", 0));
}
