// What can still be read of texts that somebody tore.
#include <fmt/format.h>

#include "engine/store/cell_text.hpp"
#include "engine/store/stored_cells.hpp"
#include "engine/store/torn.hpp"
#include "tests/store/support.hpp"

using namespace zoneval;
using namespace zoneval::store;

namespace {

bool is_word(std::string_view item) { return item.size() > 1 && item.front() == '"' && item.back() == '"'; }

/// The items with blanks between, a `?` for each that cannot be read.
std::string left(std::string_view array, std::size_t expected) {
    std::string out;
    for (const auto& item : items_left(array, expected, is_word)) out += std::string(item.value_or("?")) + " ";
    return out;
}

Outcome outcome(const std::string& value, const std::string& because) {
    return {Outcome::Ending::fired, "\"" + value + "\"", "r", because, "", ""};
}

/// Records 0 to 5 with three outcomes, whose reasons hold what texts may hold.
Run decided() {
    Run run;
    for (const auto* name : {"A", "B", "C", "D", "E", "F"}) run.records.push_back(name);
    Decisions decisions("verdict");
    const std::vector<Outcome> outcomes{outcome("none", "all, is [well]"), outcome("warn", "\"low\", said she"),
                                        outcome("praise", "")};
    for (const auto code : {0, 1, 0, 2, 1, 0}) decisions.append(outcomes[static_cast<std::size_t>(code)]);
    run.decisions.push_back(std::move(decisions));
    Measured measured("score");
    for (const auto* value : {"1", "2.5", "3", "4", "5", "6"}) measured.append(value);
    run.measured.push_back(std::move(measured));
    return run;
}

std::vector<std::string> values(const Decisions& decisions, std::size_t records) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < records; ++i) out.push_back(decisions.of(i).value);
    return out;
}

}  // namespace

TEST_CASE("one item that is torn hides no other") {
    CHECK(left(R"(["a","b,c","d"])", 3) == R"("a" "b,c" "d" )");
    CHECK(left(R"(["a","b,c,"d"])", 3) == R"("a" ? "d" )");  // its quote is gone
    CHECK(left(R"(["a",7,"d"])", 3) == R"("a" ? "d" )");
    CHECK(left(R"(["a","b","d)", 3) == R"("a" "b" ? )");  // the end is gone
    CHECK(left(R"(["a","b")", 3) == R"("a" ? ? )");       // and with it what closes the item before
    CHECK(left("torn", 2) == "? ? ");
    CHECK(left("", 2) == "? ? ");
    CHECK(left("[]", 0).empty());
}

TEST_CASE("where a tear took some, or added some, what lies on both sides keeps its place") {
    CHECK(left(R"(["a","d","e"])", 4) == R"("a" "d" "e" ? )");  // nobody can tell which is gone
    CHECK(left(R"(["a",x"d","e"])", 4) == R"("a" ? ? "e" )");   // of two there is one left that is none
    CHECK(left(R"(["a",7,8,9,"d","e"])", 4) == R"("a" ? "d" "e" )");
    CHECK(left(R"(["a","b","c"])", 2) == R"("a" "b" )");
}

TEST_CASE("of a decision each byte that is torn leaves the outcomes that it does not touch") {
    const auto run = decided();
    const auto texts = texts_of(run);
    const auto& [name, outcomes, cells] = texts.decisions.front();
    const auto whole = values(run.decisions.front(), 6);
    int torn_once = 0;
    for (const auto* text : {&outcomes, &cells})
        for (std::size_t at = 1; at + 1 < text->size(); ++at) {
            auto torn = *text;
            torn[at] = torn[at] == '#' ? '!' : '#';
            Decisions out(name);
            const bool of_outcomes = text == &outcomes;
            const auto records = read_decision_left(of_outcomes ? torn : outcomes, of_outcomes ? cells : torn, 6, out);
            REQUIRE(out.codes.size() == 6);
            const auto now = values(out, 6);
            int others = 0;  // changed and told to be torn, or changed so that it can be read
            for (std::size_t i = 0; i < 6; ++i) others += now[i] != whole[i];
            INFO(torn);
            // A dictionary entry stands for at most three records; a comma between two of them for five.
            CHECK(others <= (of_outcomes ? 5 : 2));
            torn_once += records.empty() ? 0 : 1;
        }
    CHECK(torn_once > 20);
}

TEST_CASE("measured values and names of records are read around a tear") {
    const auto texts = texts_of(decided());
    CHECK_FALSE(measured_left(texts.measures.front().cells, 6));
    const auto left = measured_left(R"(["1","2.5,"3","4",["why"],"6"])", 6);
    REQUIRE(left);
    CHECK(left->torn == std::vector<std::size_t>{1});
    CHECK(left->text == R"(["1",[""],"3","4",["why"],"6"])");
    CHECK(measured_left(R"(["1","2"])", 3)->torn == std::vector<std::size_t>{2});
    Texts names;
    CHECK(read_records_left(R"(["A",B","C"])", 3, names) == std::vector<std::size_t>{1});
    REQUIRE(names.size() == 3);
    CHECK(names[0] == "A");
    CHECK(names[1].empty());
    CHECK(names[2] == "C");
}

TEST_CASE("cells of each form are read around a tear, and those that are whole are not touched") {
    const auto torn = [](std::string_view cells, std::string_view type) {
        const auto left = cells_left(cells, type, 3);
        if (!left) return std::string("whole");
        StoredCells again(left->text, feel::Missing::not_reported);  // is of the store's form again
        return fmt::format("{} {}", left->text, left->torn.size());
    };
    CHECK(torn(R"({"decimals":1,"numbers":[1,null,["late"]]})", "number") == "whole");
    CHECK(torn(R"({"decimals":1,"numbers":[1,2x,3]})", "number") ==
          R"({"decimals":1,"numbers":[1,["not reported"],3]} 1)");
    CHECK(torn(R"({"decimals":z,"numbers":[1,2,3]})", "number").ends_with(" 3"));
    CHECK(torn(R"({"strings":["a","b"],"codes":[0,1,0]})", "string") == "whole");
    CHECK(torn(R"({"strings":["a","b"],"codes":[0,1,9]})", "string") ==
          R"({"strings":["a","b"],"codes":[0,1,["not reported"]]} 1)");
    CHECK(torn(R"({"strings":["a",b"],"codes":[0,1,0]})", "string") ==
          R"({"strings":["a",""],"codes":[0,["not reported"],0]} 1)");
    CHECK(torn(R"(["true","fals","false"])", "boolean") == R"(["true",["not reported"],"false"] 1)");
    CHECK(torn(R"(["2024-01-31",null,"2024-02-31"])", "date").ends_with(" 1"));
    CHECK(torn(R"(["1","2","x"])", "number").ends_with(" 1"));
    CHECK(torn(R"(["1","2"])", "number").ends_with(" 1"));
    CHECK(torn("torn", "number").ends_with(" 3"));
}
