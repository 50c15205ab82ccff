#include "engine/exec/columns/cohort_columns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/exec/columns/counted_numbers.hpp"
#include "engine/exec/columns/ordering.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/table/scaled.hpp"

namespace zoneval::exec {

using feel::Decimal;
using feel::Value;

namespace {

__extension__ using Wide = __int128;  // sums of 2^53 over four thousand million records fit

Decimal decimal_of(double whole, int scale) { return Decimal::scaled(static_cast<std::int64_t>(whole), -scale); }

Decimal decimal_of(Wide coefficient, int scale) {
    constexpr std::int64_t part = 1'000'000'000'000'000'000;
    const auto high = static_cast<std::int64_t>(coefficient / part),
               low = static_cast<std::int64_t>(coefficient % part);
    return Decimal::scaled(high, 18 - scale) + Decimal::scaled(low, -scale);
}

/// As the reference evaluator adds up: over ascending values.
template <class Number>
Value stddev(std::size_t n, const Decimal& sum, Number number) {
    if (n < 2) return cannot_compare(feel::reasons::stddev_of_one());
    const Decimal count(static_cast<std::int64_t>(n));
    const auto mean = sum / count;
    Decimal squares{0};
    for (std::size_t i = 0; i < n; ++i) {
        const auto off = number(i) - mean;
        squares = squares + off * off;
    }
    return (squares / (count - Decimal(1))).sqrt();
}

/// The results as doubles: whole numbers under one scale where all fit.
void prepare_numbers(CohortColumn& out) {
    int scale = 0;
    bool exact = true;
    const auto coefficient = [&](const Decimal& n) -> std::optional<double> {
        const auto s = scaled(n);
        const auto k = s ? coefficient_with(*s, scale) : std::nullopt;
        if (!k || std::abs(static_cast<double>(*k)) >= exact_limit) return std::nullopt;
        return static_cast<double>(*k);
    };
    for (const auto& v : out.results)
        if (const auto* n = v.number())
            if (const auto s = scaled(*n)) scale = std::max(scale, s->decimals);
    for (const auto& v : out.results)
        if (const auto* n = v.number()) exact = exact && coefficient(*n);
    out.bound = {0, 0, 0, exact ? 0 : unit_roundoff, 1, exact ? scale : 0};
    bool first = true;
    for (const auto& v : out.results) {
        const auto* n = v.number();
        const auto k = !n ? 0.0 : exact ? *coefficient(*n) : n->to_double();
        out.by_group.push_back(k);
        if (!n) continue;
        out.bound.low = first ? k : std::min(out.bound.low, k);
        out.bound.high = first ? k : std::max(out.bound.high, k);
        if (k != 0) out.bound.tiny = std::min(out.bound.tiny, std::abs(k));
        first = false;
    }
    out.by_group.push_back(0);
}

Mask kind_of(const Value& null) {
    return static_cast<Mask>(1u << static_cast<unsigned>(feel::missing_kind(null.cause())));
}

}  // namespace

Value CohortColumn::at(std::size_t record) const {
    const auto g = grouping->of(record);
    if (!ranks()) return results[g];
    if (sizes[g] < smallest) return group_too_small(sizes[g], static_cast<int>(smallest));
    if (function == CohortFunction::rank) return Value(static_cast<std::int64_t>(places[record]));
    if (sizes[g] == 1) return cannot_compare(feel::reasons::nobody_to_compare());
    return Decimal(static_cast<std::int64_t>(places[record])) / Decimal(static_cast<std::int64_t>(sizes[g]) - 1);
}

Operand::Operand(const NodeColumn& values, const Grouping& grouping, ExactValue exact, SortSpace& space)
    : values_(values),
      grouping_(grouping),
      exact_(std::move(exact)),
      space_(space),
      records_(std::max({values.numbers.size(), values.truths.size(), values.codes.size()})) {}

Operand::~Operand() = default;

Ordering& Operand::ordering() {
    if (!ordering_) ordering_ = std::make_unique<Ordering>(values_, grouping_, exact_, space_);
    return *ordering_;
}

/// Calls f(record, group) for every record with a value and a group.
template <class F>
void Operand::each_value(F f) const {
    const auto* masks = values_.masks.empty() ? nullptr : values_.masks.data();
    for (std::size_t i = 0; i < records_; ++i) {
        const auto g = grouping_.of(i);
        if (g != Grouping::none && (!masks || masks[i] == 0)) f(i, g);
    }
}

void Operand::places_in_order(CohortColumn& out, bool from_top) {
    auto* places = out.places.data();
    auto& order = ordering();
    for (std::size_t g = 0; g < grouping_.groups; ++g) {
        const auto n = order.size(g);
        out.sizes.push_back(static_cast<std::uint32_t>(n));
        order.each_tie(g, [&](std::size_t first, std::size_t last) {
            const auto place = static_cast<std::uint32_t>(from_top ? n - last + 1 : first);
            for (auto i = first; i < last; ++i) places[order.record(g, i)] = place;
        });
    }
}

void Operand::places_by_counting(CohortColumn& out, bool from_top) const {
    const CountedNumbers counted(values_, grouping_);
    for (std::size_t g = 0; g < grouping_.groups; ++g) out.sizes.push_back(counted.size(g));
    auto* places = out.places.data();
    each_value([&](std::size_t i, std::uint32_t g) {
        const auto number = values_.numbers[i];
        places[i] = from_top ? out.sizes[g] - counted.not_above(g, number) + 1 : counted.below(g, number);
    });
}

void Operand::rank(CohortColumn& out) {
    out.places.resize(records_);
    const bool from_top = out.function == CohortFunction::rank;
    if (!ordering_ && CountedNumbers::suit(values_, grouping_))
        places_by_counting(out, from_top);
    else
        places_in_order(out, from_top);
    const auto most = std::max(1u, out.sizes.empty() ? 0u : *std::max_element(out.sizes.begin(), out.sizes.end()));
    out.bound =
        from_top ? Bound{1, static_cast<double>(most), 0, 0, 1, 0} : Bound{0, static_cast<double>(most), 0, 0, 1, 0};
    for (const auto size : out.sizes) out.by_group.push_back(size > 1 ? size - 1 : 1);
    out.by_group.push_back(1);
}

void Operand::find_extremes() {
    constexpr auto far = std::numeric_limits<double>::infinity();
    least_.assign(grouping_.groups, far);
    greatest_.assign(grouping_.groups, -far);
    if (ordering_ && values_.bound.exact()) {
        for (std::size_t g = 0; g < grouping_.groups; ++g) {
            if (ordering_->size(g) == 0) continue;
            least_[g] = values_.numbers[ordering_->record(g, 0)];
            greatest_[g] = values_.numbers[ordering_->record(g, ordering_->size(g) - 1)];
        }
        return;
    }
    each_value([&](std::size_t i, std::uint32_t g) {
        const auto k = values_.numbers[i];
        least_[g] = std::min(least_[g], k);
        greatest_[g] = std::max(greatest_[g], k);
    });
}

/// The least or the greatest of each group, where decimals may have to choose among the nearest.
std::vector<Value> Operand::extremes(bool least) {
    if (least_.empty()) find_extremes();
    const auto& best = least ? least_ : greatest_;
    const auto& bound = values_.bound;
    std::vector<Value> out(grouping_.groups);
    if (bound.exact()) {
        for (std::size_t g = 0; g < out.size(); ++g)
            if (std::isfinite(best[g])) out[g] = decimal_of(best[g], bound.scale);
        return out;
    }
    each_value([&](std::size_t i, std::uint32_t g) {
        const auto k = values_.numbers[i];
        if (std::abs(k - best[g]) > 2 * bound.absolute + bound.relative * (std::abs(k) + std::abs(best[g]))) return;
        const auto decimal = exact_(i);
        const auto* so_far = out[g].number();
        if (!so_far || (least ? decimal < *so_far : decimal > *so_far)) out[g] = decimal;
    });
    return out;
}

/// Of exact columns: sums of whole numbers are exact, as decimal128 sums of that size are.
std::vector<Value> Operand::totals(CohortFunction function) {
    std::vector<Wide> total(grouping_.groups);
    std::vector<std::int64_t> count(grouping_.groups);
    each_value([&](std::size_t i, std::uint32_t g) {
        total[g] += static_cast<std::int64_t>(values_.numbers[i]);
        ++count[g];
    });
    const auto number = [&](std::size_t g, std::size_t i) {
        return decimal_of(values_.numbers[ordering().record(g, i)], values_.bound.scale);
    };
    std::vector<Value> out(grouping_.groups);
    for (std::size_t g = 0; g < out.size(); ++g) {
        if (count[g] == 0) continue;
        const auto sum = decimal_of(total[g], values_.bound.scale);
        const auto n = static_cast<std::size_t>(count[g]);
        if (function == CohortFunction::sum)
            out[g] = sum;
        else if (function == CohortFunction::mean)
            out[g] = sum / Decimal(count[g]);
        else if (function == CohortFunction::stddev)
            out[g] = stddev(n, sum, [&](std::size_t i) { return number(g, i); });
        else if (n % 2 == 1)
            out[g] = number(g, n / 2);
        else
            out[g] = (number(g, n / 2 - 1) + number(g, n / 2)) / Decimal(2);
    }
    return out;
}

std::vector<Value> Operand::counts() const {
    std::vector<std::int64_t> count(grouping_.groups);
    each_value(
        [&](std::size_t i, std::uint32_t g) { count[g] += values_.shape != Shape::truth || values_.truths[i] != 0; });
    return {count.begin(), count.end()};
}

/// Nulls: a value that is not there has no rank; alone in its group it has nothing to be compared with; and what is in
/// no group has nothing at all.
void Operand::set_masks(CohortColumn& out) const {
    bool lonely = false;
    for (std::uint32_t g = 0; g < out.sizes.size(); ++g) lonely = lonely || (out.sizes[g] > 0 && out.too_few(g));
    const bool empty_group =
        std::any_of(out.results.begin(), out.results.end(), [](const Value& v) { return v.is_null(); });
    const bool from_values = out.ranks() && !values_.masks.empty();
    const bool own =
        lonely || empty_group || !grouping_.masks.empty() || (from_values && (values_.kinds & mask_plain) != 0);
    if (from_values) out.masks = &values_.masks, out.kinds = values_.kinds;
    if (!own) return;
    out.masks = &out.own_masks;
    out.kinds = 0;
    if (from_values) out.own_masks = values_.masks;
    out.own_masks.resize(records_);
    for (std::size_t i = 0; i < records_; ++i) {
        auto& m = out.own_masks[i];
        const auto g = grouping_.of(i);
        if (g == Grouping::none) {
            m = grouping_.masks[i] == mask_plain ? mask_not_applicable : grouping_.masks[i];
        } else if (m == mask_plain) {
            m = mask_failed;
        } else if (m == 0) {
            if (lonely && out.too_few(g)) m = mask_too_small;
            if (empty_group && out.results[g].is_null()) m = kind_of(out.results[g]);
        }
        out.kinds = static_cast<Mask>(out.kinds | m);
    }
}

/// Values of groups that are smaller than asked for.
void Operand::refuse_small(CohortColumn& out) const {
    if (out.smallest == 0) return;
    std::vector<std::size_t> count(grouping_.groups);
    each_value([&](std::size_t, std::uint32_t g) { ++count[g]; });
    for (std::size_t g = 0; g < count.size(); ++g)
        if (count[g] > 0 && count[g] < out.smallest)
            out.results[g] = group_too_small(count[g], static_cast<int>(out.smallest));
}

bool Operand::compute(const graph::CohortForm& form, CohortColumn& out) {
    const auto function = form.function;
    out.function = function;
    out.smallest = static_cast<std::uint32_t>(form.smallest);
    out.grouping = &grouping_;
    if (function == CohortFunction::dense_rank || function == CohortFunction::average_rank ||
        graph::is_statistic(function))
        return false;
    const bool extreme = function == CohortFunction::min || function == CohortFunction::max;
    if (function != CohortFunction::count) {
        if (values_.shape != Shape::number || values_.days) return false;
        if (!values_.bound.exact() && !out.ranks() && !extreme) return false;
    }
    if (out.ranks()) {
        rank(out);
    } else {
        out.results = function == CohortFunction::count ? counts()
                      : extreme                         ? extremes(function == CohortFunction::min)
                                                        : totals(function);
        for (auto& v : out.results)
            if (v.is_null() && !v.cause())
                v = Value::missing(feel::Missing::not_reported, feel::reasons::nobody_has_value());
        refuse_small(out);
        prepare_numbers(out);
    }
    set_masks(out);
    return true;
}

}  // namespace zoneval::exec
