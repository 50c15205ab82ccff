// Inputs, parameters and measures.
#include "engine/model/read_definitions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "engine/model/read_boxed.hpp"

namespace zoneval::model {

namespace {

const std::vector<std::string> missing_words = {"not reported", "not applicable", "suppressed", "too small", "late"};

feel::Type::Kind input_type(const std::string& word) {
    if (word == "string") return feel::Type::Kind::string;
    if (word == "boolean") return feel::Type::Kind::boolean;
    if (word == "date") return feel::Type::Kind::date;
    return feel::Type::Kind::number;
}

/// A figure that YAML takes for a text: reported here, where it stands, and not wherever it is used.
void refuse_number_slip(const Yaml& node, const std::string& parameter, Diagnostics& diagnostics) {
    if (node.quoted || scalar_value(node).kind() != feel::Type::Kind::string) return;
    const std::string_view text = node.scalar;
    const auto digits =
        text.substr(!text.empty() && (text[0] == '-' || text[0] == '+' || text[0] == '<' || text[0] == '>') ? 1 : 0);
    if (digits.empty() || digits[0] < '0' || digits[0] > '9') return;
    std::string hint = "a text that begins with a digit stands in quotes";
    auto plain = node.scalar;
    std::erase_if(plain, [](char c) { return c == ',' || c == ' ' || c == '_'; });
    if (feel::Decimal::parse(plain))
        hint = fmt::format("leave the thousands separators out: write `{}`", plain);
    else if (text.ends_with("%"))
        hint = "write the number, and `unit: '%'`";
    else if (text.find_first_not_of("0123456789.,+- ") != std::string_view::npos &&
             text.find('-', 1) == std::string_view::npos)
        hint = "write the number alone, and its `unit`; a text stands in quotes";
    diagnostics.add(Kind::wrong_shape, *node.source, node.span,
                    fmt::format("in parameter `{}`, `{}` is not a number", parameter, node.scalar),
                    "a number, a date such as 2021-01-31, or a text in quotes", std::move(hint));
}

/// A value that stands in a list twice is a slip for another one.
void refuse_repeats(const Yaml* list, MapReader& map) {
    if (!list || !list->is_sequence()) return;
    std::set<std::string_view> seen;
    for (const auto& item : list->items)
        if (item.is_scalar() && !seen.insert(item.scalar).second)
            map.wrong(item, "values", "each value once", "it stands in the list before; remove one of the two");
}

void read_dated_values(const Yaml& node, Parameter& parameter, Diagnostics& diagnostics) {
    for_each_entry(node, "values", diagnostics, [&](const Yaml& key, const Yaml& value) {
        const auto date = feel::Date::parse(key.scalar);
        if (!date) {
            diagnostics.add(Kind::wrong_shape, *key.source, key.span,
                            fmt::format("in parameter `{}`, `{}` is not a date", parameter.name, key.scalar),
                            "the day from which the value holds, e.g. 2021-01-31");
            return;
        }
        if (!parameter.values.empty() && *parameter.values.back().from >= *date)
            diagnostics.add(Kind::parameter_dates, *key.source, key.span,
                            fmt::format("in parameter `{}`, {} does not come after {}", parameter.name, key.scalar,
                                        parameter.values.back().from->to_string()),
                            "dates in ascending order, each once");
        if (value.is_sequence() || value.is_mapping()) {
            diagnostics.add(Kind::wrong_shape, *value.source, value.span,
                            fmt::format("in parameter `{}`, the value from {} is {}", parameter.name, key.scalar,
                                        to_string(value.shape)),
                            "a number, a text, `true`, `false`, a date or `null`");
            return;
        }
        refuse_number_slip(value, parameter.name, diagnostics);
        parameter.values.push_back({date, scalar_value(value), value.source, value.span});
    });
}

}  // namespace

namespace {

/// Values that a label can stand for.
std::vector<std::string> values_of(const Input& input) {
    return input.type == feel::Type::Kind::boolean ? std::vector<std::string>{"true", "false"} : input.values;
}

/// What an input and what another rule set says have in common: the values that it can have.
void read_domain(const Yaml& body, MapReader& map, Input& input) {
    const auto type = map.choice("type", {"number", "string", "boolean", "date"});
    // One that is none is told once: whatever is made of the input may be right.
    const bool mistaken = !type && body.find("type");
    input.type = mistaken ? feel::Type::Kind::any : input_type(type.value_or("number"));
    input.min = map.number("min");
    input.max = map.number("max");
    if (input.min && input.max && *input.max < *input.min)
        map.wrong(*map.take("max"), "max", "a number not below `min`");
    refuse_repeats(body.find("values"), map);
    input.values = map.texts("values");
    if (!input.values.empty() && !type && !mistaken) input.type = feel::Type::Kind::string;
    read_labels(input, values_of(input), map);
}

}  // namespace

void read_labels(Definition& definition, const std::vector<std::string>& values, MapReader& map) {
    const auto* node = map.take("labels");
    if (!node) return;
    if (!node->is_mapping()) return map.wrong(*node, "labels", "for each value a text: `{none: {zh: 无}}`");
    for_each_entry(*node, "labels", map.diagnostics(), [&](const Yaml& key, const Yaml& text) {
        const auto is_one = [&](const std::string& value) {
            return std::find(values.begin(), values.end(), value) != values.end();
        };
        const auto value = is_one(key.scalar) ? key.scalar : scalar_value(key).to_string();
        if (values.empty() || is_one(value))
            definition.labels.emplace_back(value, map.localized(text, "labels"));
        else
            map.diagnostics().add(
                Kind::undeclared_value, *key.source, key.span,
                fmt::format("`labels` of {} names `{}`, which is not among its values", map.context(), key.scalar),
                fmt::format("one of {}", fmt::join(values, ", ")), did_you_mean(key.scalar, values));
    });
}

void read_inputs(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics) {
    for_each_entry(section, "inputs", diagnostics, [&](const Yaml& key, const Yaml& body) {
        auto input = begin_definition<Input>(key);
        if (body.shape != Yaml::Shape::null) {
            MapReader map(body, fmt::format("input `{}`", key.scalar), diagnostics);
            map.common(input, &input.round);
            read_domain(body, map, input);
            input.required = map.flag("required");
            if (const auto blank = map.choice("blank", missing_words)) input.blank = *feel::missing_from_string(*blank);
            input.column = map.text("column");
            map.finish();
        }
        rules.inputs.push_back(std::move(input));
    });
}

void read_uses(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics) {
    for_each_entry(section, "uses", diagnostics, [&](const Yaml& key, const Yaml& body) {
        auto used = begin_definition<OtherOutcome>(key);
        MapReader map(body, fmt::format("`{}` under `uses`", key.scalar), diagnostics);
        map.common(used);
        map.require("of");
        used.ruleset = map.text("of");
        used.outcome = map.text("outcome");
        if (used.outcome.empty()) used.outcome = used.name;
        used.years_back = map.whole("years back").value_or(0);
        constexpr int most_years_back = 100;
        if (used.years_back < 0 || used.years_back > most_years_back)
            map.wrong(*body.find("years back"), "years back", "a whole number from 0 to 100");
        read_domain(body, map, used);
        if (map.choice("no row", {"not reported", "not applicable"}) == "not applicable")
            used.blank = feel::Missing::not_applicable;
        map.finish();
        rules.uses.push_back(std::move(used));
    });
}

void read_parameters(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics) {
    for_each_entry(section, "parameters", diagnostics, [&](const Yaml& key, const Yaml& body) {
        auto parameter = begin_definition<Parameter>(key);
        if (body.is_scalar()) {
            refuse_number_slip(body, key.scalar, diagnostics);
            parameter.values.push_back({std::nullopt, scalar_value(body), body.source, body.span});
            rules.parameters.push_back(std::move(parameter));
            return;
        }
        MapReader map(body, fmt::format("parameter `{}`", key.scalar), diagnostics);
        map.common(parameter);
        parameter.assumption = map.localized("assumption");
        parameter.until = map.date("until");
        const auto* value = map.take("value");
        const auto* values = map.take("values");
        if (value && values) map.wrong(*values, "values", "either `value` or `values`, not both");
        if (!value && !values) map.require("value");
        if (value && value->is_scalar()) {
            refuse_number_slip(*value, key.scalar, diagnostics);
            parameter.values.push_back({std::nullopt, scalar_value(*value), value->source, value->span});
        } else if (value)
            map.wrong(*value, "value", "a number, a text, `true`, `false` or a date");
        if (values) read_dated_values(*values, parameter, diagnostics);
        read_labels(parameter, {}, map);  // it may be supposed to be another word
        map.finish();
        rules.parameters.push_back(std::move(parameter));
    });
}

void read_measures(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics) {
    for_each_entry(section, "measures", diagnostics, [&](const Yaml& key, const Yaml& body) {
        auto measure = begin_definition<Measure>(key);
        if (body.is_scalar()) {
            measure.is = body.expression();
        } else {
            MapReader map(body, fmt::format("measure `{}`", key.scalar), diagnostics);
            map.common(measure);
            if (const auto* node = map.require("is"))
                if (auto is = read_expression(*node, map.context(), diagnostics)) measure.is = std::move(*is);
            map.rounded(measure);
            read_labels(measure, {}, map);
            measure.smallest_group = map.smallest_group();
            map.finish();
        }
        if (measure.is.source) rules.measures.push_back(std::move(measure));
    });
}

}  // namespace zoneval::model
