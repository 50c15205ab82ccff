#include "engine/exec/results/cohort.hpp"

#include <algorithm>
#include <map>

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

void rank_group(CohortFunction function, const std::vector<Member>& members, std::vector<Value>& out) {
    const auto n = static_cast<std::int64_t>(members.size());
    for (std::size_t first = 0; first < members.size();) {
        std::size_t last = first;
        while (last < members.size() && members[last].number == members[first].number) ++last;
        const auto below = static_cast<std::int64_t>(first), above = n - static_cast<std::int64_t>(last);
        for (std::size_t i = first; i < last; ++i) {
            if (function == CohortFunction::rank)
                out[members[i].row] = Decimal(above + 1);
            else if (n == 1)
                out[members[i].row] = feel::null_because(reasons::nobody_to_compare());
            else
                out[members[i].row] = Decimal(below) / Decimal(n - 1);
        }
        first = last;
    }
}

Decimal sum_of(const std::vector<Member>& members) {
    Decimal sum{0};
    for (const auto& m : members) sum = sum + m.number;
    return sum;
}

Value stddev_of(const std::vector<Member>& members) {
    if (members.size() < 2) return feel::null_because(reasons::stddev_of_one());
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

std::vector<Value> evaluate_cohort(CohortFunction function, const std::vector<Value>& values,
                                   const std::vector<Value>& groups) {
    std::vector<Value> out(values.size());
    for (const auto& [key, rows] : group_rows(values, groups)) {
        if (graph::is_rank(function)) {
            rank_group(function, sorted_members(rows, values), out);
            for (const auto row : rows)
                if (!values[row].number())
                    out[row] = values[row].is_null() && values[row].cause()
                                   ? Value::null(values[row].cause())
                                   : feel::null_because(reasons::rank_of_no_number());
            continue;
        }
        const auto result = function == CohortFunction::count ? count_of(rows, values)
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
