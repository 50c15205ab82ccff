#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "engine/diag/diagnostic.hpp"

using namespace zoneval;

namespace {
constexpr Kind all_kinds[] = {
#define KIND(identifier, code, severity, title) Kind::identifier,
#include "engine/diag/kinds.def"
#undef KIND
};

/// By the definition, over all there is: the fewest letters put in, taken out, replaced or swapped with a neighbour.
std::size_t changes_between(const std::string& a, const std::string& b, std::size_t i, std::size_t j) {
    if (i == 0 || j == 0) return i + j;
    auto out = std::min({changes_between(a, b, i - 1, j) + 1, changes_between(a, b, i, j - 1) + 1,
                         changes_between(a, b, i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1)});
    if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        out = std::min(out, changes_between(a, b, i - 2, j - 2) + 1);
    return out;
}
}  // namespace

TEST_CASE("every finding has a code of its own and a section in docs/findings.md under its title") {
    std::set<std::string_view> codes;
    for (const auto kind : all_kinds) {
        INFO(code(kind));
        CHECK(codes.insert(code(kind)).second);
        const auto heading = "## " + std::string(code(kind)) + " " + std::string(title(kind)) + "\n";
        CHECK(explanation(kind).substr(0, heading.size()) == heading);
        CHECK(kind_of(code(kind)) == kind);
    }
}

TEST_CASE("a diagnostic shows the line with a caret under the words, wide characters included") {
    const Source source("rules.yaml", "a: 1\nis: 营业收入 / 人员\n");
    const auto at = source.text().find("人员");
    Diagnostics found;
    found.add(Kind::unknown_name, source, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + 6)},
              "nothing is called `人员`", "the name of an input", "did you mean `从业人员`?");
    CHECK(render_text(found, false) ==
          "rules.yaml:2:12: error ZV103: nothing is called `人员`\n"
          "  2 | is: 营业收入 / 人员\n"
          "    |                ^^^^\n"
          "  expected: the name of an input\n"
          "  help: did you mean `从业人员`?\n");
}

TEST_CASE("diagnostics come sorted by place, and repeats are told once") {
    const Source source("f", "one\ntwo\n");
    Diagnostics found;
    found.add(Kind::unknown_name, source, {4, 7}, "second");
    found.add(Kind::unknown_name, source, {0, 3}, "first");
    found.add(Kind::unknown_name, source, {4, 7}, "second");
    found.sort();
    REQUIRE(found.all().size() == 2);
    CHECK(found.all()[0].message == "first");
}

TEST_CASE("the nearest of random names is the one that comparing all of them in full finds") {
    std::mt19937 random(1);
    const auto name = [&] {
        std::string out(1 + random() % 6, 'a');
        for (auto& c : out) c = static_cast<char>('a' + random() % 3);
        return out;
    };
    std::size_t some = 0;
    for (int i = 0; i < 500; ++i) {
        const auto word = name();
        const std::vector<std::string> candidates = {name(), name(), name(), name()};
        std::optional<std::string> expected;
        auto fewest = std::max<std::size_t>(1, word.size() / 3) + 1;
        for (const auto& candidate : candidates) {
            const auto changes = changes_between(word, candidate, word.size(), candidate.size());
            if (candidate == word || changes >= fewest || changes >= candidate.size()) continue;
            fewest = changes;
            expected = candidate;
        }
        INFO(word);
        REQUIRE(nearest(word, candidates) == expected);
        some += expected.has_value();
    }
    CHECK(some > 100);
}

TEST_CASE("the nearest name is suggested, and only when it is near") {
    CHECK(nearest("intervew", {"interview", "notice"}) == "interview");
    CHECK(nearest("revenu", {"GDP", "revenue"}) == "revenue");
    CHECK_FALSE(nearest("GDP", {"employees", "region"}));
    CHECK(nearest("西臧", {"西藏", "山西"}) == "西藏");
}

TEST_CASE("columns count characters as an editor does, not bytes") {
    const Source source("f", "收入 x\n");
    CHECK(source.position(7).column == 4);
}

TEST_CASE("errors that are not shown are counted once, whoever left them out") {
    const Source source("f", "one\ntwo\n");
    Diagnostics found;
    for (const auto* file : {"a.csv", "b.csv"}) {
        Location where;
        where.file = file;
        found.add({Kind::too_many_errors, "40 more errors in this file are not shown", where, "", "", 40});
    }
    for (int i = 0; i < 5; ++i) found.add(Kind::bad_cell, source, {0, 3}, "bad " + std::to_string(i));
    found.add(Kind::unknown_column, source, {4, 7}, "a warning");
    const auto all = render_text(found, false, 6);  // they all fit: each file says how many it left out
    CHECK(all.find("a.csv: note ZV410: 40 more errors in this file are not shown\n") != std::string::npos);
    CHECK(all.find("mend those above first") == std::string::npos);
    const auto some = render_text(found, false, 3);
    CHECK(some.find("ZV410") == std::string::npos);
    CHECK(some.find("and 82 more errors, 1 more warning: mend those above first\n") != std::string::npos);
    CHECK(render_json(found, 3).find("and 82 more errors, 1 more warning") != std::string::npos);
}
