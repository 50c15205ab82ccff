// Inputs, parameters, measures and scores.
#include "engine/model/read_definitions.hpp"

#include <fmt/format.h>

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
    if (node.quoted || !scalar_value(node).string()) return;
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

std::optional<std::pair<feel::ExpressionText, feel::ExpressionText>> read_goalposts(const Yaml& node, MapReader& map) {
    const auto text = node.expression();
    const auto dots = node.is_scalar() ? text.text.find("..") : std::string::npos;
    if (dots == std::string::npos) {
        map.wrong(node, "from", "goalposts `worst..best`, e.g. `0..10`");
        return std::nullopt;
    }
    const auto part = [&](std::size_t begin, std::size_t end) {
        return feel::ExpressionText{text.source,
                                    text.text.substr(begin, end - begin),
                                    {text.offsets.begin() + static_cast<std::ptrdiff_t>(begin),
                                     text.offsets.begin() + static_cast<std::ptrdiff_t>(end + 1)}};
    };
    return std::pair{part(0, dots), part(dots + 2, text.text.size())};
}

std::optional<Indicator::Normalise> read_normalise(MapReader& map) {
    using enum Indicator::Normalise;
    constexpr std::pair<std::string_view, Indicator::Normalise> names[] = {
        {"goalposts", goalposts}, {"min-max", min_max}, {"percent rank", percent_rank}, {"none", none}};
    const auto name = map.choice("normalise", {"goalposts", "min-max", "percent rank", "none"});
    for (const auto& [word, how] : names)
        if (name == word) return how;
    return std::nullopt;
}

void read_indicators(const Yaml& list, IndicatorGroup& group, const std::string& context, Diagnostics& diagnostics) {
    if (!list.is_sequence()) {
        diagnostics.add(Kind::wrong_shape, *list.source, list.span,
                        fmt::format("`indicators` of {} is {}", context, to_string(list.shape)),
                        "a list: `- {of: …, weight: …}`");
        return;
    }
    if (list.items.empty())
        diagnostics.add(Kind::wrong_shape, *list.source, list.span, fmt::format("`indicators` of {} is empty", context),
                        "at least one: `- {of: …, weight: …}`");
    for (const auto& item : list.items) {
        MapReader map(item, "an indicator of " + context, diagnostics);
        Indicator indicator;
        indicator.source = item.source;
        indicator.span = item.span;
        if (map.require("of"))
            if (auto of = map.expression("of")) indicator.of = std::move(*of);
        if (map.require("weight"))
            if (const auto weight = map.share("weight")) indicator.weight = *weight;
        const auto* from = map.take("from");
        if (from)
            if (auto posts = read_goalposts(*from, map)) {
                indicator.worst = std::move(posts->first);
                indicator.best = std::move(posts->second);
            }
        const auto how = read_normalise(map);
        indicator.normalise = how.value_or(Indicator::Normalise::goalposts);
        if (!how && !from && item.is_mapping())
            diagnostics.add(Kind::missing_key, *item.source, item.span,
                            fmt::format("an indicator of {} does not say how its value becomes points", context),
                            "`from: worst..best`, or `normalise: min-max`, `percent rank` or `none`");
        if (how == Indicator::Normalise::goalposts && !from) map.require("from");
        indicator.lower_is_better = map.flag("lower is better");
        indicator.within = map.expression("within");
        indicator.smallest_group = map.smallest_group();
        map.finish();
        group.indicators.push_back(std::move(indicator));
    }
}

void read_missing_policy(const Yaml& node, Score& score, Diagnostics& diagnostics) {
    const std::string context = fmt::format("`missing` of score `{}`", score.name);
    if (node.is_scalar()) {
        if (node.scalar == "unknown") return;
        if (node.scalar == "zero") {
            score.on_missing = Score::OnMissing::zero;
            return;
        }
        diagnostics.add(Kind::wrong_shape, *node.source, node.span, fmt::format("{} is `{}`", context, node.scalar),
                        "`unknown`, `zero`, or `{at most: 20 %, then: reweight}`");
        return;
    }
    MapReader map(node, context, diagnostics);
    score.on_missing = Score::OnMissing::reweight;
    if (map.require("at most"))
        if (const auto share = map.share("at most")) score.at_most = *share;
    if (map.require("then")) map.choice("then", {"reweight"});
    map.finish();
}

template <typename Items>
void check_weights(const Items& items, const std::string& context, const Yaml& place, Diagnostics& diagnostics) {
    feel::Decimal sum{0};
    for (const auto& item : items) sum = sum + item.weight;
    if (items.empty() || sum == feel::Decimal(1)) return;
    diagnostics.add(Kind::weights_do_not_add_up, *place.source, place.span,
                    fmt::format("the weights of {} add up to {} %", context, (sum * feel::Decimal(100)).to_string()),
                    "100 %");
}

void read_scale(const Yaml& node, Score& score, MapReader& map) {
    if (auto range = read_goalposts(node, map)) {
        const auto low = parse_share(range->first.text), high = parse_share(range->second.text);
        if (low && high && *low < *high) {
            score.low = *low;
            score.high = *high;
            return;
        }
        map.wrong(node, "scale", "a range such as `0..100`");
    }
}

void read_groups(const Yaml& groups, Score& score, const std::string& context, Diagnostics& diagnostics) {
    for_each_entry(groups, "groups", diagnostics, [&](const Yaml& name, const Yaml& body) {
        const auto group_context = fmt::format("group `{}` of {}", name.scalar, context);
        MapReader map(body, group_context, diagnostics);
        IndicatorGroup group{name.scalar, {}, {}, name.source, name.span};
        if (map.require("weight"))
            if (const auto weight = map.share("weight")) group.weight = *weight;
        if (const auto* indicators = map.require("indicators")) {
            read_indicators(*indicators, group, group_context, diagnostics);
            check_weights(group.indicators, group_context, name, diagnostics);
        }
        map.finish();
        score.groups.push_back(std::move(group));
    });
    if (groups.is_mapping() && groups.entries.empty())
        diagnostics.add(Kind::wrong_shape, *groups.source, groups.span, fmt::format("`groups` of {} is empty", context),
                        "at least one: `name: {weight: …, indicators: […]}`");
    check_weights(score.groups, context, groups, diagnostics);
}

}  // namespace

void read_inputs(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics) {
    for_each_entry(section, "inputs", diagnostics, [&](const Yaml& key, const Yaml& body) {
        auto input = begin_definition<Input>(key);
        if (body.shape != Yaml::Shape::null) {
            MapReader map(body, fmt::format("input `{}`", key.scalar), diagnostics);
            map.common(input, &input.round);
            const auto type = map.choice("type", {"number", "string", "boolean", "date"});
            input.type = input_type(type.value_or("number"));
            input.min = map.number("min");
            input.max = map.number("max");
            if (input.min && input.max && *input.max < *input.min)
                map.wrong(*map.take("max"), "max", "a number not below `min`");
            refuse_repeats(body.find("values"), map);
            input.values = map.texts("values");
            if (!input.values.empty() && !type) input.type = feel::Type::Kind::string;
            input.required = map.flag("required");
            if (const auto blank = map.choice("blank", missing_words)) input.blank = *feel::missing_from_string(*blank);
            input.column = map.text("column");
            map.finish();
        }
        rules.inputs.push_back(std::move(input));
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
        parameter.assumption = map.text("assumption");
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
            measure.smallest_group = map.smallest_group();
            map.finish();
        }
        if (measure.is.source) rules.measures.push_back(std::move(measure));
    });
}

void read_scores(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics) {
    for_each_entry(section, "scores", diagnostics, [&](const Yaml& key, const Yaml& body) {
        auto score = begin_definition<Score>(key);
        const auto context = fmt::format("score `{}`", key.scalar);
        MapReader map(body, context, diagnostics);
        map.common(score);
        map.rounded(score);
        if (const auto* scale = map.take("scale")) read_scale(*scale, score, map);
        if (const auto* missing = map.take("missing")) read_missing_policy(*missing, score, diagnostics);
        const auto* groups = map.take("groups");
        const auto* indicators = map.take("indicators");
        if (groups && indicators) map.wrong(*indicators, "indicators", "either `groups` or `indicators`, not both");
        if (!groups && !indicators) map.require("groups");
        if (groups) read_groups(*groups, score, context, diagnostics);
        if (indicators) {
            IndicatorGroup only{"", feel::Decimal(1), {}, key.source, key.span};
            read_indicators(*indicators, only, context, diagnostics);
            check_weights(only.indicators, context, key, diagnostics);
            score.groups.push_back(std::move(only));
        }
        map.finish();
        rules.scores.push_back(std::move(score));
    });
}

}  // namespace zoneval::model
