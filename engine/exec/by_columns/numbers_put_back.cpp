// What numbers that later years read come to with the blanks put back.
#include <algorithm>

#include "engine/exec/by_columns/open_records.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::NodeId;

OpenRecords::Filled OpenRecords::Filled::of(const Cell& filled, const Cell& now) {
    Filled out;
    if (filled.is == Cell::Is::beyond || now.is == Cell::Is::beyond) {
        out.is = Is::beyond;
        return out;
    }
    if (same(filled, now)) return out;
    const auto low = filled.low.rounded(kept_decimals, feel::Rounding::floor),
               high = filled.high.rounded(kept_decimals, feel::Rounding::ceiling);
    out.is = filled.is == Cell::Is::open ? Is::open : filled.is == Cell::Is::value ? Is::other : Is::beyond;
    if (out.is == Is::other && (!now.low.exact() || !filled.low.exact())) out.is = Is::beyond;
    if ((filled.has_low && !low.exact()) || (filled.has_high && !high.exact())) out.is = Is::beyond;
    out.there = filled.there, out.certainly_null = filled.certainly_null;
    out.has_low = filled.has_low, out.has_high = filled.has_high;
    if (out.is == Is::beyond) return out;
    if (out.is == Is::other) out.low = filled.low.decimal();
    if (out.is == Is::open && out.has_low) out.low = low.decimal();
    if (out.is == Is::open && out.has_high) out.high = high.decimal();
    return out;
}

std::optional<AbstractValue> OpenRecords::Filled::value() const {
    if (is == Is::as_now) return std::nullopt;
    if (is == Is::other) return AbstractValue{Value(low), {}, {}, {}};
    static const Value open = Value::missing(feel::Missing::not_reported, feel::reasons::open());
    AbstractValue out{open, {}, {}, {}};
    if (has_low) out.low = low;
    if (has_high) out.high = high;
    out.there = there, out.certainly_null = certainly_null;
    return out;
}

std::optional<std::size_t> OpenRecords::PutBack::place(std::size_t record) const {
    const auto found = std::lower_bound(records.begin(), records.end(), record);
    if (found == records.end() || *found != record) return std::nullopt;
    return static_cast<std::size_t>(found - records.begin());
}

std::optional<std::optional<Reopened>> OpenRecords::reopened(NodeId number, std::size_t record) const {
    const auto of_number = put_back_.find(number);
    if (of_number == put_back_.end()) return std::nullopt;
    const auto& [records, found, which, shared] = of_number->second;
    const auto place = of_number->second.place(record);
    if (!place) return std::nullopt;
    if (!which.empty() && which[*place] != 0) return shared[which[*place] - 1];
    const auto& [of_scores, all] = found[*place];
    if (all.is == Filled::Is::beyond || of_scores.is == Filled::Is::beyond) return std::nullopt;
    if (all.is == Filled::Is::as_now) return std::optional<Reopened>();
    return Reopened{of_scores.value(), all.value()};
}

}  // namespace zoneval::exec
