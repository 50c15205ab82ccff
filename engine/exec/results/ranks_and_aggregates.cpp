#include "engine/exec/results/ranks_and_aggregates.hpp"

#include <algorithm>
#include <map>

#include "engine/exec/results/statistics.hpp"
#include "engine/feel/value/cause.hpp"

namespace zoneval::exec {

using feel::Decimal;
using feel::Value;
namespace reasons = feel::reasons;

namespace {

struct Member {
    std::size_t row;
    Decimal number;
};

/// Numbers of one group, ascending; equal numbers in row order.
std::vector<Member> sorted_members(const std::vector<std::size_t>& rows, const std::vector<Value>& values) {
    std::vector<Member> out;
    for (const auto row : rows)
        if (const auto* number = values[row].number()) out.push_back({row, *number});
    std::stable_sort(out.begin(), out.end(), [](const Member& a, const Member& b) { return a.number < b.number; });
    return out;
}

/// A row and what it is ranked by: one number, or several of which the first that differs decides.
struct Ranked {
    std::size_t row;
    std::vector<Decimal> keys;
};

/// Empty where a part is no number.
std::vector<Decimal> keys_of(const Value& value) {
    if (const auto* number = value.number()) return {*number};
    std::vector<Decimal> out;
    if (const auto* list = value.list())
        for (const auto& part : *list) {
            if (!part.number()) return {};
            out.push_back(*part.number());
        }
    return out;
}

/// The rows of one group, lowest first.
std::vector<Ranked> in_order(const std::vector<std::size_t>& rows, const std::vector<Value>& values) {
    std::vector<Ranked> out;
    for (const auto row : rows)
        if (auto keys = keys_of(values[row]); !keys.empty()) out.push_back({row, std::move(keys)});
    std::stable_sort(out.begin(), out.end(), [](const Ranked& a, const Ranked& b) { return a.keys < b.keys; });
    return out;
}

/// Of `equals` records with `above` higher ones, on `levels` different values, and `below` lower ones.
struct Place {
    std::int64_t above, levels, equals, below;
};

Value ranked(CohortFunction function, const Place& place) {
    switch (function) {
        case CohortFunction::rank: return Decimal(place.above + 1);
        case CohortFunction::dense_rank: return Decimal(place.levels + 1);
        case CohortFunction::average_rank: return Decimal(2 * place.above + place.equals + 1) / Decimal(2);
        default: break;
    }
    const auto others = place.above + place.equals + place.below - 1;
    if (others == 0) return cannot_compare(reasons::nobody_to_compare());
    return Decimal(place.below) / Decimal(others);
}

void rank_group(CohortFunction function, const std::vector<Ranked>& members, std::vector<Value>& out) {
    const auto n = static_cast<std::int64_t>(members.size());
    std::int64_t levels = 0;
    for (auto last = members.size(); last > 0; ++levels) {
        auto first = last;
        while (first > 0 && members[first - 1].keys == members[last - 1].keys) --first;
        const auto below = static_cast<std::int64_t>(first), equals = static_cast<std::int64_t>(last - first);
        const auto value = ranked(function, {n - below - equals, levels, equals, below});
        for (auto i = first; i < last; ++i) out[members[i].row] = value;
        last = first;
    }
}

Decimal sum_of(const std::vector<Member>& members) {
    Decimal sum{0};
    for (const auto& m : members) sum = sum + m.number;
    return sum;
}

Value stddev_of(const std::vector<Member>& members) {
    if (members.size() < 2) return cannot_compare(reasons::stddev_of_one());
    const Decimal n(static_cast<std::int64_t>(members.size()));
    const auto mean = sum_of(members) / n;
    Decimal squares{0};
    for (const auto& m : members) squares = squares + (m.number - mean) * (m.number - mean);
    return (squares / (n - Decimal(1))).sqrt();
}

Value aggregate(CohortFunction function, const std::vector<Member>& members) {
    if (members.empty()) return Value::missing(feel::Missing::not_reported, reasons::nobody_has_value());
    const auto n = members.size();
    switch (function) {
        case CohortFunction::sum: return sum_of(members);
        case CohortFunction::mean: return sum_of(members) / Decimal(static_cast<std::int64_t>(n));
        case CohortFunction::min: return members.front().number;
        case CohortFunction::max: return members.back().number;
        case CohortFunction::stddev: return stddev_of(members);
        case CohortFunction::median:
            if (n % 2 == 1) return members[n / 2].number;
            return (members[n / 2 - 1].number + members[n / 2].number) / Decimal(2);
        default: return {};
    }
}

Value count_of(const std::vector<std::size_t>& rows, const std::vector<Value>& values) {
    const auto counted = std::count_if(rows.begin(), rows.end(),
                                       [&](std::size_t r) { return !values[r].is_null() && !values[r].is_false(); });
    return Decimal(static_cast<std::int64_t>(counted));
}

using Groups = std::map<std::string, std::vector<std::size_t>>;

Groups group_rows(const std::vector<Value>& values, const std::vector<Value>& groups) {
    Groups out;
    for (std::size_t row = 0; row < values.size(); ++row) {
        if (groups.empty())
            out[""].push_back(row);
        else if (!groups[row].is_null())
            out[groups[row].to_feel()].push_back(row);
    }
    return out;
}

}  // namespace

Value cannot_compare(feel::Fact why) { return Value::missing(feel::Missing::too_small, std::move(why)); }

Value group_too_small(std::size_t records, int smallest) {
    return cannot_compare(reasons::group_too_small(static_cast<std::int64_t>(records), smallest));
}

std::vector<Value> evaluate_cohort(const graph::CohortForm& form, const std::vector<Value>& values,
                                   const std::vector<Value>& groups) {
    const auto function = form.function;
    std::vector<Value> out(values.size());
    for (const auto& [key, rows] : group_rows(values, groups)) {
        const auto with_value = static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](std::size_t row) {
            return values[row].number() || !keys_of(values[row]).empty();
        }));
        const bool few = form.smallest > 0 && with_value < static_cast<std::size_t>(form.smallest);
        if (graph::is_rank(function)) {
            rank_group(function, in_order(rows, values), out);
            for (const auto row : rows)
                if (keys_of(values[row]).empty())
                    out[row] = values[row].is_null() && values[row].cause()
                                   ? Value::null(values[row].cause())
                                   : feel::null_because(reasons::rank_of_no_number());
                else if (few)
                    out[row] = group_too_small(with_value, form.smallest);
            continue;
        }
        if (graph::is_statistic(function)) {
            for (const auto row : rows) out[row] = group_too_small(with_value, form.smallest);
            if (!few) evaluate_statistic(form, rows, values, out);
            continue;
        }
        const auto result = function == CohortFunction::count ? count_of(rows, values)
                            : few && with_value > 0           ? group_too_small(with_value, form.smallest)
                                                              : aggregate(function, sorted_members(rows, values));
        for (const auto row : rows) out[row] = result;
    }
    for (std::size_t row = 0; row < groups.size(); ++row)
        if (groups[row].is_null())
            out[row] = groups[row].cause() ? Value::null(groups[row].cause())
                                           : Value::missing(feel::Missing::not_applicable, reasons::group_is_null());
    return out;
}

}  // namespace zoneval::exec
