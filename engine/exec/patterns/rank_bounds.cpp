#include "engine/exec/patterns/rank_bounds.hpp"

#include <cmath>

namespace zoneval::exec {

namespace {

/// The first whole number under the scale that is not below (or is above) a bound; nullopt: it cannot be told.
std::optional<double> first_not_below(const Approximate& bound, int scale, bool above) {
    const auto under = bound * Approximate::whole(powers_of_ten[static_cast<std::size_t>(scale)]);
    if (!above) {
        const auto up = under.rounded(0, feel::Rounding::ceiling);
        return up.exact() ? std::optional(up.value()) : std::nullopt;
    }
    const auto down = under.rounded(0, feel::Rounding::floor);
    return down.exact() ? std::optional(down.value() + 1) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> count_below(const GroupedNumbers& numbers, std::size_t group, const Approximate& bound,
                                        bool or_equal) {
    if (numbers.whole()) {
        if (numbers.scale() < 0 || numbers.scale() > most_decimals) return std::nullopt;
        const auto first = first_not_below(bound, numbers.scale(), or_equal);
        return first ? std::optional(numbers.below_whole(group, *first)) : std::nullopt;
    }
    const auto not_above = [&](const feel::Decimal& at) {
        return static_cast<std::int64_t>(numbers.size(group)) - numbers.above(group, at);
    };
    if (bound.exact()) return or_equal ? not_above(bound.decimal()) : numbers.below(group, bound.decimal());
    // Where nobody lies as near as it is known, all are on the same side of it.
    constexpr int places = 9;
    constexpr double unit = 1e9, most = 9e9;
    if (!(std::abs(bound.value()) + bound.error() < most)) return std::nullopt;
    const auto end = [&](double number) { return feel::Decimal::scaled(static_cast<std::int64_t>(number), -places); };
    const auto out = numbers.below(group, end(std::floor((bound.value() - bound.error()) * unit)));
    return out == not_above(end(std::ceil((bound.value() + bound.error()) * unit))) ? std::optional(out) : std::nullopt;
}

std::optional<std::int64_t> count_below(const GroupedNumbers& numbers, std::size_t group, const End& bound, int scale,
                                        bool or_equal) {
    if (!numbers.whole()) {
        const auto unit = static_cast<double>(powers_of_ten[static_cast<std::size_t>(scale)]);
        const auto value = bound.k / unit;
        return count_below(
            numbers, group,
            bound.exact()
                ? Approximate::whole(static_cast<std::int64_t>(bound.k), scale)
                : Approximate::near(value, (bound.error / unit + unit_roundoff * std::abs(value)) * End::slack),
            or_equal);
    }
    if (numbers.scale() < 0 || numbers.scale() > most_decimals) return std::nullopt;
    const auto under = bound.under(numbers.scale() - scale);
    if (under.exact()) return numbers.below_whole(group, under.k + (or_equal ? 1 : 0));
    const auto margin = (under.error + unit_roundoff * std::abs(under.k)) * End::slack;
    const auto first = std::ceil(under.k - margin);
    if (!End::fits(under.k) || !(first > under.k + margin)) return std::nullopt;  // a whole number may lie there
    return numbers.below_whole(group, first);
}

}  // namespace zoneval::exec
