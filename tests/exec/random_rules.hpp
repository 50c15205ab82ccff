// Random rule sets and records for comparing evaluators: from a seed, the same on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/exec/small_rules.hpp"

namespace zoneval::testing {

class RandomRules {
  public:
    explicit RandomRules(std::uint64_t seed, bool with_kinds = false) : random_(seed), with_kinds_(with_kinds) {}

    /// YAML below `ruleset` and `record`.
    std::string rules() {
        std::string out = one_in(4) ? "cohort: {when: 'n2 = null or n2 < 100'}\ninputs:\n" : "inputs:\n";
        for (int i = 0; i < numbers; ++i)
            out += "  n" + std::to_string(i) + ": {type: number" + (one_in(4) ? ", blank: not applicable" : "") +
                   bounds(i) + "}\n";
        out +=
            "  region: {type: string, values: [East, West, North]}\n  kind: {type: string}\n  flag: {type: boolean}\n  "
            "opened: {type: date}\n";
        if (with_kinds_) out += kinds();
        out += "parameters:\n  line: {values: {2020-01-01: " + literal() +
               ", 2024-01-01: 7}}\n  back: {values: {2020-01-01: " + pick({"1", "2"}) +
               ", 2022-06-01: " + pick({"1", "2", "3"}) + "}}\n";
        out += "measures:\n";
        for (int i = 0; i < 6; ++i) {
            out += "  m" + std::to_string(i) + ":\n    is: '" + number(3) + "'\n";
            if (one_in(2)) out += "    decimals: " + std::to_string(below(5)) + "\n";
            names_.push_back("m" + std::to_string(i));
        }
        for (int i = 0; i < 3; ++i) {
            out += "  c" + std::to_string(i) + ":\n    is: '" + cohort() + "'\n";
            names_.push_back("c" + std::to_string(i));
        }
        if (with_kinds_) out += "  plain: 'if n3 = null then 1 else n3 + n4'\n";
        for (int i = 0; i < 3; ++i) out += "  b" + std::to_string(i) + ":\n    is: '" + condition(2) + "'\n";
        out +=
            "  g0: 'if list contains(marks, \"y\") then n0 else 1'\n  g1: 'cohort sum(if list contains(marks, "
            "\"x\") "
            "then 1 "
            "else 0, region)'\n";
        out += scores();
        if (with_kinds_)
            out +=
                "  base: {missing: zero, indicators: [{of: n0, weight: 1, from: 0..10}, {of: n1, weight: 1, from: "
                "0..5}]}\n";
        out += "decisions:\n" + rule_list("class", {"A", "B", "C"}, 3) + table() + marks();
        classes_ = true;
        out += rule_list("verdict", {"commend", "none", "notice"}, 4);
        return out;
    }

    Row record() {
        Row out;
        for (int i = 0; i < numbers; ++i)
            if (!one_in(9)) out["n" + std::to_string(i)] = datum(i);
        if (!one_in(9)) out["region"] = feel::Value(std::string_view(pick({"East", "West", "North"})));
        if (!one_in(9)) out["kind"] = feel::Value(std::string_view(pick({"a", "b", "East", ""})));
        if (!one_in(9)) out["flag"] = feel::Value(one_in(2));
        if (!one_in(9))
            out["opened"] = feel::Value(feel::Date{2020 + below(4), static_cast<std::uint8_t>(1 + below(12)), 1});
        return out;
    }

    /// Records of another kind for so many owners, a few of whom have none.
    std::vector<std::pair<std::string, Row>> of_kind(std::size_t owners) {
        std::vector<std::pair<std::string, Row>> out;
        for (std::size_t i = 1; i <= owners; ++i)
            for (int k = below(5); k > 0; --k) {
                Row row{{"owner", feel::Value("r" + std::to_string(i))},
                        {"on", feel::Value(feel::Date{2020 + below(5), static_cast<std::uint8_t>(1 + below(2)), 1})}};
                if (!one_in(6)) row["v"] = feel::Value(*feel::Decimal::parse(pick({"0", "1", "2.5", "3", "10"})));
                if (!one_in(6)) row["w"] = feel::Value(*feel::Decimal::parse(pick({"-1", "0", "0.3", "7"})));
                if (!one_in(6)) row["yes"] = feel::Value(one_in(2));
                if (!one_in(6)) row["word"] = feel::Value(std::string_view(pick({"East", "West"})));
                out.emplace_back("k" + std::to_string(out.size() + 1), std::move(row));
            }
        return out;
    }

    /// What 2022 and 2021 held for some of the records.
    GivenHistory history(std::size_t records) {
        GivenHistory out;
        for (std::size_t i = 1; i <= records; ++i)
            for (const auto* year : {" 2022", " 2021"}) {
                const auto record = " r" + std::to_string(i) + year;
                const auto unknown = [&] {
                    return feel::Value::missing(feel::Missing::not_reported, feel::reasons::missing_value(record));
                };
                if (!one_in(4)) out.values["n1" + record] = one_in(6) ? unknown() : datum(1);
                if (!one_in(4)) out.values["n0" + record] = one_in(6) ? unknown() : datum(0);
                if (!one_in(4))
                    out.values["verdict" + record] =
                        one_in(6) ? unknown() : feel::Value(std::string_view(pick({"none", "notice"})));
            }
        return out;
    }

  private:
    static constexpr int numbers = 5;

    int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
    bool one_in(int n) { return below(n) == 0; }
    std::string pick(std::vector<std::string> all) {
        return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
    }

    // Few distinct values, so that ties and exact hits are common; some a last place beside them; some huge or tiny.
    feel::Value number_value() {
        const auto text = [&]() -> std::string {
            switch (below(14)) {
                case 0: return "0";
                case 1: return "-" + std::to_string(below(6));
                case 2: return "123456789012345678901234567";
                case 3: return "0.000000000000000000000" + std::to_string(1 + below(9));
                case 4: return std::to_string(below(4)) + ".9999999999999999999";
                case 5: return std::to_string(below(4)) + ".0000000000000000001";
                case 6: return std::to_string(below(100)) + "." + std::to_string(below(1000));
                case 7: return "9007199254740993";
                default: return std::to_string(below(10)) + (one_in(2) ? ".5" : one_in(2) ? ".25" : "");
            }
        }();
        // A column that holds anything beyond 18 digits is one of decimals; most should be of machine words.
        return wide_ ? feel::Value(*feel::Decimal::parse(text)) : feel::Value(*feel::Decimal::parse(text.substr(0, 6)));
    }
    std::string literal() {
        return pick(
            {"0", "1", "2", "3", "0.5", "0.1", "0.3", "2.5", "10", "100", "7", "-1", "1.000000000000000000001"});
    }

    /// What an input declares; its data keep to it.
    std::string bounds(int i) {
        static const std::vector<std::pair<std::string, std::string>> all{
            {"0", ""}, {"", "10"}, {"0", "10"}, {"0.5", "3"}, {"3", "3"}};
        if (!one_in(4)) return "";
        const auto& [low, high] = all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
        if (!low.empty()) least_[i] = *feel::Decimal::parse(low);
        if (!high.empty()) most_[i] = *feel::Decimal::parse(high);
        return (low.empty() ? "" : ", min: " + low) + (high.empty() ? "" : ", max: " + high);
    }

    feel::Value datum(int i) {
        const auto value = number_value();
        if (least_[i] && *value.number() < *least_[i]) return *least_[i];
        if (most_[i] && *most_[i] < *value.number()) return *most_[i];
        return value;
    }

    /// `v` has both bounds, `w` none.
    static std::string kinds() {
        return "kinds:\n  parts:\n    key: owner\n    dated: on\n    inputs:\n      owner: {type: string}\n      on: "
               "{type: date}\n      v: {min: 0, max: 10}\n      w: {}\n      yes: {type: boolean}\n      word: {type: "
               "string, values: [East, West]}\n    measures:\n      u: 'if w = null then 1 else w + 1'\n      t: 'v * "
               "2 - n0 "
               "of zone'\n      q: 'v + base of zone + plain of zone'\ndatasets: {parts: {of: parts}}\n";
    }
    std::string over_kind() {
        const auto where = one_in(3) ? " where " + pick({"yes", "v > 2", "word = \"East\"", "u > 1 and yes"}) : "";
        switch (below(5)) {
            case 0: return "count of parts(" + pick({"yes", "v >= 3", "w < v"}) + where + ")";
            case 1:
                return pick({"latest", "earliest", "min", "max", "median"}) + " of parts(" + pick({"v", "w", "u"}) +
                       where + ")";
            default:
                return pick({"sum", "mean"}) + " of parts(" + pick({"v", "w", "u", "t", "q", "v + 1"}) + where + ")";
        }
    }
    std::string asked_of_kind() {
        return pick({"any of parts(yes)", "every of parts(v > 1 where yes)", "any of parts(w > 0)",
                     "latest of parts(word) = \"East\"", "count of parts(yes) >= 1", "sum of parts(v) > 3",
                     "every of parts(yes)", "sum of parts(u) <= 2", "mean of parts(v) < 5"});
    }

    std::string leaf() {
        if (with_kinds_ && one_in(5)) return over_kind();
        if (one_in(3)) return literal();
        if (one_in(8)) return "line";
        if (one_in(12)) return pick({"prior(n1)", "prior(n1, back)", "sum(over(n0, back))"});
        if (!names_.empty() && one_in(3))
            return names_[static_cast<std::size_t>(below(static_cast<int>(names_.size())))];
        return "n" + std::to_string(below(numbers));
    }

    std::string number(int depth) {
        if (depth == 0 || one_in(5)) return leaf();
        const auto a = [&] { return number(depth - 1); };
        switch (below(18)) {
            case 0:
            case 1: return "(" + a() + " + " + a() + ")";
            case 2: return "(" + a() + " - " + a() + ")";
            case 3:
            case 4: return "(" + a() + " * " + a() + ")";
            case 5:
            case 6: return "(" + a() + " / " + a() + ")";
            case 7: return "min(" + a() + ", " + a() + ")";
            case 8: return "max(" + a() + ", " + a() + ", " + leaf() + ")";
            case 9:
                return pick({"decimal", "round half up", "round half down", "round up", "round down", "floor",
                             "ceiling"}) +
                       "(" + a() + ", " + std::to_string(below(4)) + ")";
            case 10: return "abs(" + a() + ")";
            case 11: return "-(" + a() + ")";
            case 12: return "(if " + leaf() + " = null then " + literal() + " else " + a() + ")";
            case 13:
                return "(if " + condition(depth - 1) + " then " + a() + " else " + (one_in(5) ? "null" : a()) + ")";
            case 14: return pick({"max(0, min(10, ", "min(3, max(0.5, ", "max(2, min(2, "}) + a() + "))";
            case 15: {
                const auto x = leaf();
                return "(if " + x + " = null then " + literal() + " else " + literal() + " * " + x + ")";
            }
            case 16: return "sum(" + a() + ", " + leaf() + ")";
            default:
                switch (below(14)) {
                    case 0: return "stddev([" + a() + ", " + leaf() + "])";  // no kernel
                    case 12:
                        return "median([" + a() + ", " + leaf() + ", " + leaf() +
                               pick({"])", ", " + leaf() + "])", "]) + count([" + leaf() + ", 1])"});
                    case 13: return "product(" + a() + ", " + leaf() + ", " + leaf() + ")";
                    case 8: return pick({"log(", "log(0.001 + ", "log(1 + "}) + a() + ")";
                    case 9: return pick({"exp(", "exp(0.01 * ", "exp(-0.001 * "}) + a() + ")";
                    case 10: return "(" + a() + " ** " + pick({"0.5", "-1", "-2", "1.5", "-0.25", "10"}) + ")";
                    case 11: return pick({"(1.01 ** ", "((1 + abs(" + leaf() + ")) ** "}) + a() + ")";
                    case 1: return "sqrt(" + a() + ")";
                    case 2: return "modulo(" + a() + ", " + leaf() + ")";
                    case 3: return "(" + a() + " ** " + std::to_string(1 + below(3)) + ")";
                    case 4:
                        return "string length(" +
                               pick({"kind", "region", "upper case(kind)", "substring before(kind, \"a\")"}) + ")";
                    default: return "mean([" + a() + ", " + leaf() + "])";
                }
        }
    }

    std::string condition(int depth) {
        const auto c = [&] { return "(" + condition(depth - 1) + ")"; };
        if (depth > 0 && !one_in(4)) {
            switch (below(6)) {
                case 0:
                case 1: return c() + " and " + c();
                case 5: {
                    const auto x = leaf();
                    return x + " != null and " + x + pick({" < ", " >= "}) + leaf();
                }
                case 2: return c() + " or " + c();
                case 3: return "not(" + condition(depth - 1) + ")";
                default:
                    return "if " + condition(depth - 1) + " then " + condition(depth - 1) + " else " +
                           condition(depth - 1);
            }
        }
        if (with_kinds_ && one_in(5)) return asked_of_kind();
        if (classes_ && one_in(8))
            return pick({"prior(verdict) = \"none\"", "prior(verdict) in (\"notice\", \"commend\")",
                         "count(over(n0, 3)) > 2", "count(over(n0, back)) > 1", "prior(verdict, back) = \"none\""});
        switch (below(12)) {
            case 0:
            case 1:
            case 2:
            case 3: return number(1) + " " + pick({"<", "<=", ">", ">=", "=", "!="}) + " " + leaf();
            case 4: return leaf() + pick({" = null", " != null"});
            case 5: return "region " + pick({"=", "!="}) + " \"" + pick({"East", "West", "North"}) + "\"";
            case 6: return "region in (\"East\", \"North\")";
            case 7: return one_in(2) ? "region = kind" : text_condition();
            case 8: return pick({"flag", "flag = false", "opened >= date(\"2021-06-01\")", "opened = null"});
            case 9: return leaf() + " between " + literal() + " and " + leaf();
            case 10: return leaf() + " in " + pick({"[1..3]", "(0.5..7)", "(< 2)", "(>= 3)", "(1, 2.5, 7)", "[2, 3]"});
            case 11:
                if (classes_ && one_in(2)) return pick({"list contains(marks, \"x\")", "list contains(marks, \"z\")"});
                [[fallthrough]];
            default:
                return classes_ ? std::string("class ") + pick({"=", "!="}) + " \"" + pick({"A", "B"}) + "\""
                                : number(1) + " > " + literal();
        }
    }

    std::string text_condition() {
        return pick({"starts with(region, \"E\")", "contains(kind, \"a\")", "lower case(region) = \"east\"",
                     "kind + \"!\" = \"b!\"", "\"new \" + region != kind", "matches(kind, \"[ab]\")",
                     "substring(region, 5) = \"h\"", "number(kind) > 1", "ends with(upper case(region), \"ST\")",
                     "contains(region, kind)"});
    }

    std::string cohort() {
        const auto value = leaf_name();
        const auto group = one_in(2) ? "" : ", " + pick({"region", "flag", "n0"});
        switch (below(9)) {
            case 0:
            case 1: return "rank(" + value + group + ")";
            case 2:
            case 3: return "percent rank(" + value + group + ")";
            case 4: return "cohort mean(" + value + group + ")";
            case 5: return "cohort " + pick({"min", "max"}) + "(" + value + group + ")";
            case 6: return "cohort " + pick({"sum", "median"}) + "(" + value + group + ")";
            case 7: return "cohort count(" + value + group + ")";
            default: return "rank(-" + value + group + ")";
        }
    }
    std::string leaf_name() {
        return one_in(2) ? "n" + std::to_string(below(numbers)) : "m" + std::to_string(below(6));
    }

    std::string scores() {
        return "scores:\n  overall:\n    missing: " +
               pick({"unknown", "zero", "{at most: 60 %, then: reweight}", "{at least: 2, then: reweight}",
                     "{at least: 60 %, at most: 70 %, in: each group, then: reweight}"}) +
               "\n    indicators:\n" + "      - {of: n0, weight: 50 %, from: 0..10" +
               (one_in(4) ? ", minimum: 30}\n" : "}\n") + "      - {of: " + leaf_name() +
               ", weight: 30 %, normalise: " + pick({"min-max", "percent rank", "percent rank, ties: average"}) +
               "}\n" +
               (one_in(4)
                    ? "      - {of: region, weight: 20 %, categories: {'\"East\"': 100, '\"West\", \"North\"': 30}}\n"
                    : "      - {of: n1, weight: 20 %, from: 7..0.5}\n") +
               (one_in(2) ? "    decimals: 2\n" : "") + adjustments();
    }

    std::string adjustments() {
        std::string out;
        if (one_in(5)) out += "    bonus: {at most: 9, points: [{of: n2, at most: 5}, {of: 4, when: flag}]}\n";
        if (one_in(6)) out += "    penalties: {points: [{of: n3, when: 'n2 > 2'}]}\n";
        if (one_in(5)) out += "    vetoes: [{when: " + pick({"flag", "n2 < 1", "n0 > n3"}) + ", at most: 20}]\n";
        if (one_in(8)) out += "    screen: {available: 60 %}\n";
        return out;
    }

    std::string rule_list(const std::string& name, const std::vector<std::string>& values, int rules) {
        const bool adverse = one_in(2), unique = one_in(5);
        std::string out = "  " + name + ":\n    values: [" + values[0] + ", " + values[1] + ", " + values[2] + "]\n";
        if (adverse) out += "    adverse: [" + values[2] + "]\n";
        if (unique) out += "    hit policy: unique\n";
        out += "    rules:\n";
        for (int i = 0; i < rules; ++i) {
            const auto then = one_in(5) ? "'if n0 > 2 then \"" + values[0] + "\" else \"" + values[1] + "\"'"
                                        : values[static_cast<std::size_t>(below(3))];
            out += "      - {id: r" + std::to_string(i) + ", when: '" + condition(1) + "', then: " + then;
            if (!unique && one_in(4)) {  // with adverse outcomes it may only help
                const auto answer = !adverse            ? pick({"holds", "does not hold"})
                                    : then == values[2] ? "does not hold"
                                                        : "holds";
                out += ", if missing: " + (one_in(2) ? "{not reported: " + answer + "}" : answer);
            }
            if (one_in(6)) out += ", because: 'n0 was {n0}'";
            if (one_in(8))
                out += pick({", from: 2023-01-01", ", from: 2024-01-01", ", until: 2022-12-31", ", until: 2023-12-31"});
            out += "}\n";
        }
        return out + (one_in(4) ? "" : "    otherwise: " + values[1] + "\n");
    }

    std::string table() {
        const auto cell = [&](bool text) {
            return text ? pick({"'\"East\"'", "'\"West\", \"North\"'", "'-'", "'not(\"East\")'"})
                        : pick({"'< 3'", "'[1..7]'", "'> 2.5'", "'-'", "'2, 3'"});
        };
        std::string out = "  size:\n    values: [small, large]\n    table:\n      hit policy: " +
                          pick({"first", "unique", "any", "priority"}) + "\n      inputs: [n2, region]\n      rules:\n";
        for (int i = 0; i < 3; ++i)
            out += "        - [" + cell(false) + ", " + cell(true) + ", '" + pick({"\"small\"", "\"large\""}) + "']\n";
        return out;
    }

    /// All that hold at once.
    std::string marks() {
        std::string out = "  marks:\n    values: [x, y, z]\n    hit policy: collect\n    rules:\n";
        for (const auto* mark : {"x", "y", "z"})
            out += std::string("      - {id: ") + mark + ", when: '" + condition(1) + "', then: " + mark + "}\n";
        return out;
    }

    std::mt19937_64 random_;
    bool with_kinds_;
    std::vector<std::string> names_;
    std::optional<feel::Decimal> least_[numbers], most_[numbers];
    bool classes_ = false;
    bool wide_ = one_in(4);
};

/// A random rule set that is sound, and records and a past for it.
struct RandomYear {
    std::string yaml;
    std::shared_ptr<const graph::Graph> graph;
    std::vector<Row> rows;
    GivenHistory history;

    /// Empty: `random` made one that is refused.
    static std::optional<RandomYear> of(RandomRules& random, std::size_t records) {
        RandomYear out{random.rules(), nullptr, {}, {}};
        Diagnostics found;
        out.graph = build(out.yaml, found);
        if (!out.graph || found.has_errors()) return std::nullopt;
        for (std::size_t i = 0; i < records; ++i) out.rows.push_back(random.record());
        out.history = random.history(records);
        return out;
    }
};

}  // namespace zoneval::testing
