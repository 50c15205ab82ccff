// Rule sets compiled from texts that lie nowhere on a disk, broken ones too.
#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "engine/graph/compile.hpp"

using namespace zoneval;

namespace {

graph::Compiled compile(const std::map<std::string, std::string>& files,
                        graph::Findings wanted = graph::Findings::mistakes) {
    const auto read = [&](const std::string& path) -> std::optional<std::string> {
        const auto found = files.find(path);
        return found == files.end() ? std::nullopt : std::optional(found->second);
    };
    return graph::compile("pack/main.yaml", read, wanted);
}

const std::string head = "ruleset: r\nrecord: zone\ninputs: {x: {}, y: {}}\n";

}  // namespace

TEST_CASE("a rule set is compiled from texts in memory, its imports beside it") {
    const auto compiled = compile({{"pack/main.yaml", head + "imports: [more/m.yaml]\nmeasures: {sum: x + y}\n"},
                                   {"pack/more/m.yaml", "measures: {twice: 2 * sum}\n"}});
    CHECK(render_text(compiled.found, false) == "");
    REQUIRE(compiled.sound());
    const auto* twice = compiled.graph->find("twice");
    REQUIRE(twice);
    CHECK(twice->definition->source->name() == "pack/more/m.yaml");
    CHECK(compiled.rules->files.size() == 2);
    CHECK(graph::sound_graph(compiled) == compiled.graph);
}

TEST_CASE("while one line is being typed, the rest of the rule set is still known") {
    const auto compiled =
        compile({{"pack/main.yaml", head + "measures:\n  half: x / \n  whole: x + y\n  all: half + whole\n"
                                           "decisions: {v: {values: [a, b], rules: [{id: r, when: "
                                           "whole > , then: a}], otherwise: b}}\n"}});
    CHECK_FALSE(compiled.sound());
    CHECK(compiled.found.all().size() == 2);
    CHECK_THROWS_AS(graph::sound_graph(compiled), InputError);
    REQUIRE(compiled.graph);
    const auto& graph = *compiled.graph;
    const auto* half = graph.find("half");
    const auto* whole = graph.find("whole");
    const auto* all = graph.find("all");
    REQUIRE((half && whole && all && graph.find("v")));
    CHECK_FALSE(std::get<graph::ExpressionForm>(half->form).formula);
    CHECK(half->type->kind == feel::Type::Kind::any);
    CHECK(half->definition->span.begin > 0);
    CHECK(whole->type->kind == feel::Type::Kind::number);
    CHECK(all->uses == std::vector<graph::NodeId>{half->id, whole->id});
}

TEST_CASE("a missing import, and an entry that cannot be read, are findings and no graph is made up") {
    const auto without = compile({{"pack/main.yaml", head + "imports: [gone.yaml]\nmeasures: {sum: x + y}\n"}});
    REQUIRE(without.graph);
    CHECK(without.graph->find("sum"));
    REQUIRE(without.found.has_errors());
    CHECK(without.found.all().front().kind == Kind::import_failed);
    const auto nothing = compile({});
    CHECK_FALSE(nothing.graph);
    REQUIRE(nothing.rules);
    CHECK(nothing.found.all().front().kind == Kind::unreadable_file);
}

TEST_CASE("gaps and overlaps are looked for only when asked") {
    const std::map<std::string, std::string> gap = {
        {"pack/main.yaml", head + "decisions: {v: {values: [a], rules: [{id: r, when: x > y, then: a}]}}\n"}};
    const auto mistakes = compile(gap), all = compile(gap, graph::Findings::all);
    CHECK(mistakes.sound());
    CHECK(all.sound());
    CHECK(all.found.all().size() > mistakes.found.all().size());
}

TEST_CASE("a word that nothing defines is told once, with how often it stands") {
    std::string measures = "measures:\n";
    for (int i = 0; i < 9; ++i) measures += "  m" + std::to_string(i) + ": missing word + x\n";
    const auto compiled = compile({{"pack/main.yaml", head + measures + "  n: other word + y\n"}});
    const auto said = render_text(compiled.found, false);
    INFO(said);
    std::size_t about = 0;
    for (const auto& d : compiled.found.all()) about += d.kind == Kind::unknown_name;
    CHECK(about == 2);
    CHECK(
        said.find(
            "nothing here is called `missing word`; the same in 8 more places (line 6:7, line 7:7, line 8:7, line 9:7, "
            "line 10:7, …)") != std::string::npos);
    CHECK(said.find("nothing here is called `other word`\n") != std::string::npos);
}

TEST_CASE("one mistake is told once, not again wherever its name is used") {
    const auto kinds = [](const std::string& type, const std::string& of) {
        return head + "kinds: {parks: {key: zone, inputs: {zone: {type: " + type +
               "}, area: {min: 0}}, measures: {part: area / x of zone, own: zone = \"A\"}}}\n"
               "datasets: {zones: {}, parks: {of: " +
               of + "}}\n";
    };
    const auto late = head + "measures: {before: 'when < date(2024, 1, 1)', b: if so then 1 else 2}\n";
    for (const auto& rules : {
             kinds("string", "parks") + "measures: {a: sum of parks(part), b: {is: x, decimals: many}}\n",
             kinds("text", "parks") + "measures: {a: sum of parks(part)}\n",
             kinds("string", "park") + "measures: {a: sum of parks(part)}\n",
             "ruleset: r\nrecord: zone\ninputs: {when: {type: day}, so: {type: boolean}}\n" + late.substr(head.size()),
             "ruleset: r\nrecord: zone\ninputs: {when: {type: date}, so: {type: bool}}\n" + late.substr(head.size()),
         }) {
        const auto compiled = compile({{"pack/main.yaml", rules}});
        INFO(rules << render_text(compiled.found, false));
        const auto& all = compiled.found.all();
        CHECK(std::count_if(all.begin(), all.end(),
                            [](const auto& d) { return severity(d.kind) == Severity::error; }) == 1);
    }
}
