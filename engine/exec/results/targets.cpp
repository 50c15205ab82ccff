#include "engine/exec/results/targets.hpp"

#include "engine/feel/value/cause.hpp"

namespace zoneval::exec {

using feel::Decimal;
using feel::null_because;
using feel::Value;
namespace reasons = feel::reasons;
using model::Target;
using Goal = model::Target::Goal;

namespace {

const Decimal one(1), hundred(100);

/// Yearly growth rate between two positive values: (to / from) ^ (1 / years) - 1.
Value yearly_growth(Decimal from, Decimal to, std::int32_t years) {
    if (from.is_zero() || from.is_negative() || to.is_zero() || to.is_negative())
        return null_because(reasons::growth_not_positive());
    return (to / from).pow(one / Decimal(years)) - one;
}

Value divide(const Value& observed, const Value& required) {
    if (observed.is_null()) return observed;
    if (required.is_null()) return required;
    if (required.number()->is_zero()) return null_because(reasons::goal_is_base());
    return *observed.number() / *required.number();
}

Value growth_ratio(const Target& t, const Goal& goal, std::int32_t year, Decimal value) {
    return divide(yearly_growth(t.base->value, value, year - t.base->year),
                  yearly_growth(t.base->value, goal.value, goal.year - t.base->year));
}

Value linear_ratio(const Target& t, const Goal& goal, std::int32_t year, Decimal value) {
    const auto elapsed = Decimal(year - t.base->year) / Decimal(goal.year - t.base->year);
    return divide(value - t.base->value, (goal.value - t.base->value) * elapsed);
}

/// A reduction of r per cent over k years is a yearly rate of -ln(1 - r/100) / k.
Value reduction_ratio(const Target& t, const Goal& goal, std::int32_t year, Decimal reduced) {
    if (!t.base) return null_because(reasons::reduction_without_base());
    if (reduced >= hundred || goal.value >= hundred) return null_because(reasons::reduction_complete());
    const auto rate = [](Decimal reduction, std::int32_t years) {
        return (one - reduction / hundred).log() / Decimal(years);
    };
    return divide(rate(reduced, year - t.base->year), rate(goal.value, goal.year - t.base->year));
}

Value ratio_of(const Target& t, const Goal& goal, std::int32_t year, Decimal value) {
    switch (t.kind) {
        case Target::Kind::growth: return growth_ratio(t, goal, year, value);
        case Target::Kind::linear: return linear_ratio(t, goal, year, value);
        case Target::Kind::cumulative_reduction: return reduction_ratio(t, goal, year, value);
        case Target::Kind::level: return divide(value, goal.value);
    }
    return {};
}

bool reached(const Target& t, const Goal& goal, Decimal value) {
    const bool upwards = t.up || t.kind == Target::Kind::cumulative_reduction;
    return upwards ? value >= goal.value : value <= goal.value;
}

/// The bands of Open SDG (docs/progress-methodology): 95 %, 60 %, 0.
std::string band(Decimal ratio) {
    if (ratio >= Decimal::scaled(95, -2)) return "on track";
    if (ratio >= Decimal::scaled(60, -2)) return "acceleration needed";
    if (ratio >= Decimal(0)) return "limited progress";
    return "deterioration";
}

}  // namespace

Progress measure_progress(const Target& target, std::int32_t year, const Value& value, const DayOf& day_of) {
    const auto day = (day_of ? day_of(year) : std::nullopt).value_or(feel::Date{year, 12, 31});
    Progress out;
    out.year = year;
    out.value = value;
    out.goal = target.goal_on(day);
    const auto* number = value.number();
    if (!number) {
        out.ratio = value;
        out.status = "unknown";
        return out;
    }
    if (target.base && year <= target.base->year) {
        out.ratio = null_because(reasons::not_after_base());
        out.status = "base year";
        return out;
    }
    if (!out.goal) {
        out.ratio = null_because(reasons::no_goal_yet(day.to_string()));
        out.status = "unknown";
        return out;
    }
    out.ratio = ratio_of(target, *out.goal, year, *number);
    if (reached(target, *out.goal, *number))
        out.status = "achieved";
    else if (target.kind == Target::Kind::level)
        out.status = "not reached";
    else
        out.status = out.ratio.number() ? band(*out.ratio.number()) : "unknown";
    return out;
}

std::vector<Progress> published_progress(const Target& target, std::int32_t year, const DayOf& day_of) {
    std::vector<Progress> out;
    for (const auto& observation : target.observed) {
        if (observation.year > year) continue;
        auto progress = measure_progress(target, observation.year, observation.value, day_of);
        progress.published = true;
        progress.observation = &observation;
        const auto& base_definition = target.base ? target.base->definition : std::string();
        if (observation.definition != base_definition) {
            progress.status = "not comparable";
            progress.ratio = null_because(base_definition.empty()
                                              ? reasons::not_as_planned(observation.definition)
                                              : reasons::other_definition(observation.definition, base_definition));
        }
        out.push_back(std::move(progress));
    }
    return out;
}

}  // namespace zoneval::exec
