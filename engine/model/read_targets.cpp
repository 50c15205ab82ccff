// Plan targets and tests.
#include <fmt/format.h>

#include <algorithm>

#include "engine/model/read_boxed.hpp"
#include "engine/model/read_definitions.hpp"

namespace zoneval::model {

namespace {

std::optional<Observation> read_observation(const Yaml& node, const std::string& context, Diagnostics& diagnostics) {
    MapReader map(node, context, diagnostics);
    Observation out;
    const auto* year = map.require("year");
    const auto* value = map.require("value");
    if (const auto number = map.whole("year")) out.year = *number;
    const auto number = map.number("value");
    if (number) out.value = *number;
    out.source_text = map.text("source");
    out.confidence = map.text("confidence");
    out.definition = map.text("definition");
    out.note = map.text("note");
    map.finish();
    return year && value && number ? std::optional(out) : std::nullopt;
}

Target::Kind target_kind(const std::optional<std::string>& word) {
    if (word == "linear") return Target::Kind::linear;
    if (word == "cumulative reduction") return Target::Kind::cumulative_reduction;
    if (word == "level") return Target::Kind::level;
    return Target::Kind::growth;
}

std::optional<Target::Goal> read_goal(const Yaml& node, const std::string& context, bool later,
                                      Diagnostics& diagnostics) {
    MapReader map(node, "`goal` of " + context, diagnostics);
    Target::Goal out;
    if (later) map.require("from");
    out.from = map.date("from");
    const auto* year = map.require("year");
    const auto* value = map.require("value");
    const auto by = map.whole("year");
    const auto number = map.number("value");
    out.assumption = map.text("assumption");
    out.because = map.localized("because");
    out.cite = map.citation();
    map.finish();
    if (!year || !value || !by || !number) return std::nullopt;
    out.year = *by;
    out.value = *number;
    return out;
}

/// One goal, or several of which each is in force from a day on.
void read_goals(const Yaml& node, Target& target, const std::string& context, Diagnostics& diagnostics) {
    const auto add = [&](const Yaml& item, bool later) {
        auto goal = read_goal(item, context, later, diagnostics);
        if (!goal) return;
        if (later && !target.goals.empty() && goal->from && target.goals.back().from &&
            *goal->from <= *target.goals.back().from)
            diagnostics.add(Kind::bad_target, *item.source, item.span,
                            fmt::format("a goal of {} is in force from {}, not after the one before", context,
                                        goal->from->to_string()),
                            "goals in the order in which they came into force");
        if (target.base && goal->year <= target.base->year)
            diagnostics.add(
                Kind::bad_target, *item.source, item.span,
                fmt::format("{} has its goal in {}, not after its base in {}", context, goal->year, target.base->year),
                "a goal year after the base year");
        target.goals.push_back(std::move(*goal));
    };
    if (!node.is_sequence()) return add(node, false);
    for (const auto& item : node.items) add(item, &item != &node.items.front());
    if (node.items.empty())
        diagnostics.add(Kind::wrong_shape, *node.source, node.span, fmt::format("`goal` of {} is empty", context),
                        "`{year: …, value: …}`, or a list of them, each but the first with `from`");
}

/// Of `prior x`, the value of the last review, and `prior x, 2 years`, that of two years ago: what stands after the
/// word.
void read_years_back(const Yaml& key, std::string what, TestRecord::Given& given, Diagnostics& diagnostics) {
    given.years_back = 1;
    given.name = std::move(what);
    const auto comma = given.name.rfind(", ");
    if (comma == std::string::npos) return;
    auto count = given.name.substr(comma + 2);
    for (const auto* unit : {" years", " year"})
        if (count.ends_with(unit)) count.resize(count.size() - std::string_view(unit).size());
    const auto number = feel::Decimal::parse(count);
    const auto years = number ? number->to_int64() : std::nullopt;
    if (!years || *years < 1 || *years > 100) {
        diagnostics.add(Kind::wrong_shape, *key.source, key.span,
                        fmt::format("`{}` does not say how many years back", key.scalar),
                        "`prior x`, or `prior x, 2 years`");
        return;
    }
    given.name.resize(comma);
    given.years_back = static_cast<int>(*years);
}

/// A single value; what is none is reported.
feel::Value single_value(const Yaml& key, const Yaml& value, Diagnostics& diagnostics) {
    if (value.is_sequence() || value.is_mapping())
        diagnostics.add(Kind::wrong_shape, *value.source, value.span,
                        fmt::format("`{}` is {}", key.scalar, to_string(value.shape)),
                        "a number, a text, `true`, `false`, a date or `null`");
    return scalar_value(value);
}

feel::Value list_or_single(const Yaml& key, const Yaml& value, Diagnostics& diagnostics) {
    if (!value.is_sequence()) return single_value(key, value, diagnostics);
    feel::List list;
    for (const auto& item : value.items) list.push_back(single_value(key, item, diagnostics));
    return {std::move(list)};
}

/// Records of another kind: a list of what each is given.
bool is_of_kind(const Yaml& value) {
    return value.is_sequence() && !value.items.empty() &&
           std::all_of(value.items.begin(), value.items.end(), [](const Yaml& item) { return item.is_mapping(); });
}

TestRecord::GivenKind read_given_kind(const Yaml& key, const Yaml& value, Diagnostics& diagnostics) {
    TestRecord::GivenKind out{key.scalar, {}, key.source, key.span};
    for (const auto& item : value.items) {
        auto& record = out.records.emplace_back();
        for_each_entry(item, key.scalar, diagnostics, [&](const Yaml& name, const Yaml& one) {
            if (is_of_kind(one))
                record.kinds.push_back(read_given_kind(name, one, diagnostics));
            else
                record.given.push_back(
                    {name.scalar, 0, list_or_single(name, one, diagnostics), name.source, name.span});
        });
    }
    return out;
}

void read_given(const Yaml& node, TestRecord& record, Diagnostics& diagnostics) {
    constexpr std::string_view prefix = "prior ", call = "prior(";  // as in formulas
    for_each_entry(node, "given", diagnostics, [&](const Yaml& key, const Yaml& value) {
        if (is_of_kind(value)) {
            record.kinds.push_back(read_given_kind(key, value, diagnostics));
            return;
        }
        TestRecord::Given given{key.scalar, 0, list_or_single(key, value, diagnostics), key.source, key.span};
        const auto& name = key.scalar;
        if (name.starts_with(prefix)) read_years_back(key, name.substr(prefix.size()), given, diagnostics);
        if (name.starts_with(call) && name.ends_with(')'))
            read_years_back(key, name.substr(call.size(), name.size() - call.size() - 1), given, diagnostics);
        record.given.push_back(std::move(given));
    });
}

void read_expect(const Yaml& node, TestRecord& record, Diagnostics& diagnostics) {
    constexpr std::string_view rule_prefix = "rule of ", open_prefix = "undetermined ";
    for_each_entry(node, "expect", diagnostics, [&](const Yaml& key, const Yaml& value) {
        TestRecord::Expect expect{key.scalar, false,   false, list_or_single(key, value, diagnostics),
                                  key.source, key.span};
        if (key.scalar == "rule" || key.scalar.starts_with(rule_prefix)) {
            expect.rule = true;
            expect.name = key.scalar == "rule" ? "" : key.scalar.substr(rule_prefix.size());
        } else if (key.scalar == "undetermined" || key.scalar.starts_with(open_prefix)) {
            expect.undetermined = true;
            expect.name = key.scalar == "undetermined" ? "" : key.scalar.substr(open_prefix.size());
        }
        record.expect.push_back(std::move(expect));
    });
}

TestRecord read_test_record(std::string id, MapReader& map, Diagnostics& diagnostics) {
    TestRecord record{std::move(id), {}, {}};
    if (const auto* given = map.take("given")) read_given(*given, record, diagnostics);
    if (const auto* expect = map.take("expect")) read_expect(*expect, record, diagnostics);
    return record;
}

}  // namespace

void read_targets(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics) {
    for_each_entry(section, "targets", diagnostics, [&](const Yaml& key, const Yaml& body) {
        auto target = begin_definition<Target>(key);
        const auto context = fmt::format("target `{}`", key.scalar);
        MapReader map(body, context, diagnostics);
        map.common(target);
        target.kind = target_kind(map.choice("kind", {"growth", "linear", "cumulative reduction", "level"}));
        target.up = map.choice("direction", {"up", "down"}).value_or("up") == "up";
        if (const auto* base = map.take("base"))
            target.base = read_observation(*base, "`base` of " + context, diagnostics);
        if (const auto* goal = map.require("goal")) read_goals(*goal, target, context, diagnostics);
        if (const auto* is = map.take("is")) target.is = read_expression(*is, map.context(), diagnostics);
        if (const auto* observed = map.take("observed")) {
            if (!observed->is_sequence()) map.wrong(*observed, "observed", "a list: `- {year: …, value: …}`");
            for (const auto& item : observed->items)
                if (auto o = read_observation(item, "an observation of " + context, diagnostics))
                    target.observed.push_back(std::move(*o));
        }
        const bool needs_base = target.kind == Target::Kind::growth || target.kind == Target::Kind::linear;
        if (needs_base && !target.base && body.is_mapping())
            diagnostics.add(Kind::bad_target, *key.source, key.span, fmt::format("{} has no `base`", context),
                            "`base: {year: …, value: …}`: growth is measured from somewhere");
        map.finish();
        rules.targets.push_back(std::move(target));
    });
}

void read_tests(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics) {
    if (!section.is_sequence()) {
        diagnostics.add(Kind::wrong_shape, *section.source, section.span, "`tests` is not a list",
                        "a list: `- name: …`");
        return;
    }
    for (const auto& item : section.items) {
        MapReader map(item, fmt::format("test {}", rules.tests.size() + 1), diagnostics);
        Test test;
        test.source = item.source;
        test.span = item.span;
        map.require("name");
        test.name = map.text("name");
        if (const auto year = map.whole("year")) test.year = *year;
        if (const auto* records = map.take("records"))
            for_each_entry(*records, "records", diagnostics, [&](const Yaml& id, const Yaml& body) {
                MapReader record(body, fmt::format("record `{}` of test `{}`", id.scalar, test.name), diagnostics);
                test.records.push_back(read_test_record(id.scalar, record, diagnostics));
                record.finish();
            });
        else
            test.records.push_back(read_test_record("", map, diagnostics));
        map.finish();
        rules.tests.push_back(std::move(test));
    }
}

}  // namespace zoneval::model
