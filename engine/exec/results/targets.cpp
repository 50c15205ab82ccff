#include "engine/exec/results/targets.hpp"

#include <fmt/format.h>

namespace zoneval::exec {

using feel::Decimal;
using feel::Value;
using model::Target;

namespace {

Value unknown(std::string message) {
    feel::Cause cause;
    cause.message = std::move(message);
    return Value::null(feel::make_cause(std::move(cause)));
}

const Decimal one(1), hundred(100);

/// Yearly growth rate between two positive values: (to / from) ^ (1 / years) - 1.
Value yearly_growth(Decimal from, Decimal to, std::int32_t years) {
    if (from.is_zero() || from.is_negative() || to.is_zero() || to.is_negative())
        return unknown("compound growth needs positive values");
    return (to / from).pow(one / Decimal(years)) - one;
}

Value divide(const Value& observed, const Value& required) {
    if (observed.is_null()) return observed;
    if (required.is_null()) return required;
    if (required.number()->is_zero()) return unknown("the goal equals the base");
    return *observed.number() / *required.number();
}

Value growth_ratio(const Target& t, std::int32_t year, Decimal value) {
    return divide(yearly_growth(t.base->value, value, year - t.base->year),
                  yearly_growth(t.base->value, t.goal, t.goal_year - t.base->year));
}

Value linear_ratio(const Target& t, std::int32_t year, Decimal value) {
    const auto elapsed = Decimal(year - t.base->year) / Decimal(t.goal_year - t.base->year);
    return divide(value - t.base->value, (t.goal - t.base->value) * elapsed);
}

/// A reduction of r per cent over k years is a yearly rate of -ln(1 - r/100) / k.
Value reduction_ratio(const Target& t, std::int32_t year, Decimal reduced) {
    if (!t.base) return unknown("a cumulative reduction needs a base year");
    if (reduced >= hundred || t.goal >= hundred) return unknown("a reduction of 100 % or more has no yearly rate");
    const auto rate = [](Decimal reduction, std::int32_t years) {
        return (one - reduction / hundred).log() / Decimal(years);
    };
    return divide(rate(reduced, year - t.base->year), rate(t.goal, t.goal_year - t.base->year));
}

Value ratio_of(const Target& t, std::int32_t year, Decimal value) {
    switch (t.kind) {
        case Target::Kind::growth: return growth_ratio(t, year, value);
        case Target::Kind::linear: return linear_ratio(t, year, value);
        case Target::Kind::cumulative_reduction: return reduction_ratio(t, year, value);
        case Target::Kind::level: return divide(value, t.goal);
    }
    return {};
}

bool reached(const Target& t, Decimal value) {
    const bool upwards = t.up || t.kind == Target::Kind::cumulative_reduction;
    return upwards ? value >= t.goal : value <= t.goal;
}

/// The bands of Open SDG (docs/progress-methodology): 95 %, 60 %, 0.
std::string band(Decimal ratio) {
    if (ratio >= Decimal::scaled(95, -2)) return "on track";
    if (ratio >= Decimal::scaled(60, -2)) return "acceleration needed";
    if (ratio >= Decimal(0)) return "limited progress";
    return "deterioration";
}

}  // namespace

Progress measure_progress(const Target& target, std::int32_t year, const Value& value) {
    Progress out;
    out.year = year;
    out.value = value;
    const auto* number = value.number();
    if (!number) {
        out.ratio = value;
        out.status = "unknown";
        return out;
    }
    if (target.base && year <= target.base->year) {
        out.ratio = unknown("growth is measured after the base year");
        out.status = "base year";
        return out;
    }
    out.ratio = ratio_of(target, year, *number);
    if (reached(target, *number))
        out.status = "achieved";
    else if (target.kind == Target::Kind::level)
        out.status = "not reached";
    else
        out.status = out.ratio.number() ? band(*out.ratio.number()) : "unknown";
    return out;
}

std::vector<Progress> published_progress(const Target& target, std::int32_t year) {
    std::vector<Progress> out;
    for (const auto& observation : target.observed) {
        if (observation.year > year) continue;
        auto progress = measure_progress(target, observation.year, observation.value);
        progress.published = true;
        progress.observation = &observation;
        const auto& base_definition = target.base ? target.base->definition : std::string();
        if (observation.definition != base_definition) {
            progress.status = "not comparable";
            progress.ratio = unknown(fmt::format("measured as `{}`, the base as `{}`", observation.definition,
                                                 base_definition.empty() ? "the plan's table" : base_definition));
        }
        out.push_back(std::move(progress));
    }
    return out;
}

}  // namespace zoneval::exec
