#include <catch2/catch.hpp>
#include <map>

#include "engine/model/load.hpp"
#include "engine/model/record_title.hpp"

using namespace zoneval;
using namespace zoneval::model;

namespace {

RuleSet load(const std::map<std::string, std::string>& files, Diagnostics& found) {
    return load_ruleset(
        "main.yaml",
        [&](const std::string& path) -> std::optional<std::string> {
            const auto file = files.find(path);
            return file == files.end() ? std::nullopt : std::optional(file->second);
        },
        found);
}

std::string messages(const std::string& text) {
    Diagnostics found;
    load({{"main.yaml", text}}, found);
    std::string out;
    for (const auto& d : found.all())
        out += std::string(code(d.kind)) + " " + d.message + " | " + d.expected + " | " + d.hint + "\n";
    return out;
}

const std::string head = "ruleset: r\nrecord: zone\n";

}  // namespace

TEST_CASE("a misspelt key is refused with the key that was meant") {
    const auto said = messages(head + "inputs:\n  GDP: {tpye: number}\n");
    CHECK(said.find("ZV202 input `GDP` has no key `tpye`") != std::string::npos);
    CHECK(said.find("did you mean `type`?") != std::string::npos);
}

TEST_CASE(
    "a rule set says what its records are called, in each language that it wants another word than the common one") {
    using wording::Language;
    const auto called = [](const std::string& record, Language language) {
        Diagnostics found;
        const auto rules = load({{"main.yaml", "ruleset: r\nrecord: " + record + "\n"}}, found);
        CHECK(found.empty());
        return record_title(rules, language);
    };
    CHECK(called("firm", Language::zh) == "企业");
    CHECK(called("{name: firm, title: {zh: 申报单位}}", Language::zh) == "申报单位");
    CHECK(called("{name: firm, title: {zh: 申报单位}}", Language::ja) == "企業");
    CHECK(called("{name: firm, title: {zh: 申报单位}}", Language::en) == "firm");
    CHECK(called("{name: cluster}", Language::ja) == "cluster");
    CHECK(called("{name: cluster, title: {en: Cluster of firms, zh: 集群}}", Language::ja) == "Cluster of firms");
    CHECK(called("{name: cluster, title: Verbund}", Language::zh) == "Verbund");
}

TEST_CASE("one run reports every mistake") {
    const auto said = messages("record: zone\nmeasurs: {}\ninputs:\n  a: {min: x}\n  b: {type: nmber}\n");
    CHECK(said.find("has no `ruleset`") != std::string::npos);
    CHECK(said.find("did you mean `measures`?") != std::string::npos);
    CHECK(said.find("`min` is `x`") != std::string::npos);
    CHECK(said.find("did you mean `number`?") != std::string::npos);
}

TEST_CASE("weights that do not add up to 100 % are named with their sum") {
    const auto said = messages(head +
                               "scores:\n  s:\n    indicators:\n      - {of: a, weight: 60 %, from: 0..1}\n      - "
                               "{of: b, weight: 30 %, from: 0..1}\n");
    CHECK(said.find("ZV304 the weights of score `s` add up to 90 %") != std::string::npos);
}

TEST_CASE("the dates of a parameter must ascend") {
    const auto said = messages(head + "parameters:\n  p:\n    values: {2024-01-01: 1, 2021-01-01: 2}\n");
    CHECK(said.find("ZV303") != std::string::npos);
}

TEST_CASE("an import is found beside the file that names it, and read once") {
    Diagnostics found;
    const auto rules = load({{"main.yaml", head + "imports: [sub/a.yaml, sub/b.yaml]\n"},
                             {"sub/a.yaml", "imports: [b.yaml]\ninputs: {x: {}}\n"},
                             {"sub/b.yaml", "inputs: {y: {}}\n"}},
                            found);
    CHECK(found.empty());
    CHECK(rules.inputs.size() == 2);
    CHECK(rules.files.size() == 3);
}

TEST_CASE("an import that cannot be read is named where it is asked for") {
    Diagnostics found;
    load({{"main.yaml", head + "imports: [nowhere.yaml]\n"}}, found);
    REQUIRE(found.all().size() == 1);
    CHECK(found.all()[0].kind == Kind::import_failed);
    CHECK(found.all()[0].where.line == 3);
}

TEST_CASE("`then` is a value when it is declared, an expression otherwise") {
    Diagnostics found;
    const auto rules = load({{"main.yaml", head + R"(
decisions:
  verdict:
    values: [warn, none]
    rules:
      - {id: one, when: true, then: warn}
      - {id: two, when: true, then: 'if true then "warn" else "none"'}
    otherwise: none
)"}},
                            found);
    REQUIRE(found.empty());
    CHECK(rules.decisions[0].rules[0].then_is_value);
    CHECK_FALSE(rules.decisions[0].rules[1].then_is_value);
    CHECK(rules.decisions[0].otherwise_is_value);
}

TEST_CASE("an outcome that counts as adverse must be declared") {
    const auto said = messages(head + "decisions:\n  v: {values: [warn, none], adverse: [wran], rules: []}\n");
    CHECK(said.find("ZV305") != std::string::npos);
    CHECK(said.find("did you mean `warn`?") != std::string::npos);
}

TEST_CASE("a row of a decision table has one cell for each input and the outcome") {
    const auto said =
        messages(head + "decisions:\n  c:\n    table:\n      inputs: [a, b]\n      rules:\n        - ['1', '2']\n");
    CHECK(said.find("row 1 of the table of decision `c` has 2 cells") != std::string::npos);
}

TEST_CASE("a data file's contract follows the dataset's headers") {
    Diagnostics found;
    const auto rules = load({{"main.yaml", head + R"(
inputs: {result: {type: string, values: [good, bad]}, other: {}}
datasets:
  notices: {id: name, columns: {result: outcome}, translate: {result: {ok: good}}, missing codes: {"..": not applicable}}
)"}},
                            found);
    REQUIRE(found.empty());
    const auto schema = dataset_schema(rules, "notices");
    REQUIRE(schema);
    REQUIRE(schema->columns.size() == 1);
    CHECK(schema->columns[0].header == "outcome");
    CHECK(schema->columns[0].translate.at("ok") == "good");
    CHECK(schema->id_header == "name");
    CHECK(schema->year_header == "year");
    CHECK_FALSE(dataset_schema(rules, "nothing"));
}

TEST_CASE("a rule's citation is a clause as it is written, or one of each record's own") {
    CHECK(messages(head + "decisions: {d: {rules: [{id: r, when: 'true', then: '1', cite: '{clause}'}]}}\n").empty());
    const auto said = messages(head + "measures: {m: {is: '1', cite: '{clause}'}}\n");
    CHECK(said.find("`cite` is `{clause}`") != std::string::npos);
    CHECK(messages(head + "decisions: {d: {rules: [{id: r, when: 'true', then: '1', cite: art. 2}]}}\n").empty());
}

TEST_CASE("words of data have labels by language, and the author's word where nobody gave one") {
    Diagnostics found;
    const auto rules =
        load({{"main.yaml", head + "inputs:\n"
                                   "  land: {values: [wasteful, c1], labels: {wasteful: {zh: 粗放}, "
                                   "c1: {en: first class, zh: 一类}}}\n"
                                   "  listed: {type: boolean, labels: {true: {zh: 已上市}}}\n"
                                   "parameters:\n  by: {value: worst, labels: {worst: 最差, median: 中位}, "
                                   "assumption: {en: Ours., zh: 自定。}}\n  line: {value: 1, assumption: Guessed.}\n"}},
             found);
    REQUIRE_FALSE(found.has_errors());
    const auto& land = rules.inputs.front();
    CHECK(land.label("wasteful", "zh") == "粗放");
    CHECK(land.label("wasteful", "en") == "wasteful");
    CHECK(land.label("c1", "ja") == "first class");
    CHECK(land.label("other", "zh") == "other");
    CHECK(rules.inputs.back().label("true", "zh") == "已上市");
    CHECK(rules.parameters.front().label("median", "ja") == "中位");
    CHECK(rules.parameters.front().assumption.in("zh") == "自定。");
    CHECK(rules.parameters.front().assumption.in("ja") == "Ours.");
    CHECK(rules.parameters.back().assumption.in("zh") == "Guessed.");
}

TEST_CASE("a label of a value that an input cannot have is refused, with the value that was meant") {
    const auto said = messages(head + "inputs:\n  land: {values: [wasteful], labels: {wastful: {zh: 粗放}}}\n");
    CHECK(said.find("ZV305 `labels` of input `land` names `wastful`, which is not among its values") !=
          std::string::npos);
    CHECK(said.find("did you mean `wasteful`?") != std::string::npos);
    CHECK(messages(head + "inputs:\n  land: {values: [a], labels: [b]}\n").find("for each value a text") !=
          std::string::npos);
}
