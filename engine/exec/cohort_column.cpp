#include "engine/exec/cohort_column.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "engine/exec/ordering.hpp"
#include "engine/table/scaled.hpp"

namespace zoneval::exec {

using feel::Decimal;
using feel::Value;

namespace {

__extension__ using Wide = __int128;             // sums of 2^53 over four thousand million records fit

bool has_value(const NodeColumn& column, std::size_t record) { return column.masks.empty() || column.masks[record] == 0; }

Decimal exact_number(const NodeColumn& column, std::size_t record) {
    return Decimal::scaled(static_cast<std::int64_t>(column.numbers[record]), -column.bound.scale);
}

void rank(const NodeColumn& values, const Grouping& grouping, const ExactValue& exact, SortSpace& space, CohortColumn& out) {
    out.places.resize(values.numbers.size());
    const bool from_top = out.function == CohortFunction::rank;
    Ordering ordering(values, grouping, exact, space);
    std::uint32_t most = 1;
    for (std::size_t g = 0; g < grouping.groups; ++g) {
        const auto n = ordering.size(g);
        out.sizes.push_back(static_cast<std::uint32_t>(n));
        most = std::max(most, out.sizes.back());
        ordering.each_tie(g, [&](std::size_t first, std::size_t last) {
            const auto place = static_cast<std::uint32_t>(from_top ? n - last + 1 : first);
            for (auto i = first; i < last; ++i) out.places[ordering.record(g, i)] = place;
        });
    }
    out.bound = from_top ? Bound{1, static_cast<double>(most), 0, 0, 1, 0} : Bound{0, static_cast<double>(most), 0, 0, 1, 0};
    for (const auto size : out.sizes) out.by_group.push_back(size > 1 ? size - 1 : 1);
    out.by_group.push_back(1);
}

Decimal decimal_of(Wide coefficient, int scale) {
    constexpr std::int64_t part = 1'000'000'000'000'000'000;
    const auto high = static_cast<std::int64_t>(coefficient / part), low = static_cast<std::int64_t>(coefficient % part);
    return Decimal::scaled(high, 18 - scale) + Decimal::scaled(low, -scale);
}

/// The least or the greatest of each group, where decimals may have to choose among the nearest.
std::vector<Value> extremes(const NodeColumn& values, const Grouping& grouping, const ExactValue& exact, bool least) {
    constexpr std::uint32_t nobody = UINT32_MAX;
    std::vector<std::uint32_t> best(grouping.groups, nobody);
    std::vector<double> number(grouping.groups);
    const auto n = values.numbers.size();
    for (std::size_t i = 0; i < n; ++i) {
        const auto g = grouping.of(i);
        if (g == Grouping::none || !has_value(values, i)) continue;
        const auto k = values.numbers[i];
        if (best[g] != nobody && !(least ? k < number[g] : k > number[g])) continue;
        best[g] = static_cast<std::uint32_t>(i);
        number[g] = k;
    }
    std::vector<Value> out(grouping.groups);
    if (values.bound.exact()) {
        for (std::size_t g = 0; g < out.size(); ++g)
            if (best[g] != nobody) out[g] = exact_number(values, best[g]);
        return out;
    }
    const auto& bound = values.bound;
    for (std::size_t i = 0; i < n; ++i) {
        const auto g = grouping.of(i);
        if (g == Grouping::none || !has_value(values, i)) continue;
        const auto k = values.numbers[i];
        if (std::abs(k - number[g]) > 2 * bound.absolute + bound.relative * (std::abs(k) + std::abs(number[g]))) continue;
        const auto decimal = exact(i);
        const auto* so_far = out[g].number();
        if (!so_far || (least ? decimal < *so_far : decimal > *so_far)) out[g] = decimal;
    }
    return out;
}

/// As the reference evaluator adds up: over ascending values.
Value stddev(const NodeColumn& values, const Ordering& ordering, std::size_t g, const Decimal& sum) {
    const auto n = ordering.size(g);
    if (n < 2) return Value::missing(feel::Missing::not_applicable, "a standard deviation needs two values");
    const Decimal count(static_cast<std::int64_t>(n));
    const auto mean = sum / count;
    Decimal squares{0};
    for (std::size_t i = 0; i < n; ++i) {
        const auto off = exact_number(values, ordering.record(g, i)) - mean;
        squares = squares + off * off;
    }
    return (squares / (count - Decimal(1))).sqrt();
}

/// Of exact columns: sums of whole numbers are exact, as decimal128 sums of that size are.
std::vector<Value> totals(CohortFunction function, const NodeColumn& values, const Grouping& grouping, const ExactValue& exact, SortSpace& space) {
    std::vector<Wide> total(grouping.groups);
    std::vector<std::int64_t> count(grouping.groups);
    for (std::size_t i = 0; i < values.numbers.size(); ++i) {
        const auto g = grouping.of(i);
        if (g == Grouping::none || !has_value(values, i)) continue;
        total[g] += static_cast<std::int64_t>(values.numbers[i]);
        ++count[g];
    }
    std::optional<Ordering> ordering;
    if (function == CohortFunction::median || function == CohortFunction::stddev) ordering.emplace(values, grouping, exact, space);
    std::vector<Value> out(grouping.groups);
    for (std::size_t g = 0; g < out.size(); ++g) {
        if (count[g] == 0) {
            if (function == CohortFunction::sum) out[g] = Decimal(0);
            continue;
        }
        const auto sum = decimal_of(total[g], values.bound.scale);
        const auto n = static_cast<std::size_t>(count[g]);
        if (function == CohortFunction::sum) out[g] = sum;
        else if (function == CohortFunction::mean) out[g] = sum / Decimal(count[g]);
        else if (function == CohortFunction::stddev) out[g] = stddev(values, *ordering, g, sum);
        else if (n % 2 == 1) out[g] = exact_number(values, ordering->record(g, n / 2));
        else out[g] = (exact_number(values, ordering->record(g, n / 2 - 1)) + exact_number(values, ordering->record(g, n / 2))) / Decimal(2);
    }
    return out;
}

std::vector<Value> counts(const NodeColumn& values, const Grouping& grouping, std::size_t records) {
    std::vector<std::int64_t> count(grouping.groups);
    for (std::size_t i = 0; i < records; ++i) {
        const auto g = grouping.of(i);
        if (g == Grouping::none || !has_value(values, i)) continue;
        count[g] += values.shape != Shape::truth || values.truths[i] != 0;
    }
    std::vector<Value> out;
    for (const auto c : count) out.push_back(Decimal(c));
    return out;
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

Mask kind_of(const Value& null) { return static_cast<Mask>(1u << static_cast<unsigned>(feel::missing_kind(null.cause()))); }

/// Nulls: a value that is not there has no rank; alone in its group it has nothing to be compared with; and what is in no
/// group has nothing at all.
void set_masks(const NodeColumn& values, const Grouping& grouping, std::size_t records, CohortColumn& out) {
    const bool lonely = out.function == CohortFunction::percent_rank && std::find(out.sizes.begin(), out.sizes.end(), 1u) != out.sizes.end();
    const bool empty_group = std::any_of(out.results.begin(), out.results.end(), [](const Value& v) { return v.is_null(); });
    const bool from_values = out.ranks() && !values.masks.empty();
    if (!lonely && !empty_group && !from_values && grouping.masks.empty()) return;
    if (from_values) out.masks = values.masks;
    out.masks.resize(records);
    for (std::size_t i = 0; i < records; ++i) {
        auto& m = out.masks[i];
        const auto g = grouping.of(i);
        if (g == Grouping::none) {
            m = grouping.masks[i] == mask_plain ? mask_not_applicable : grouping.masks[i];
        } else if (m == mask_plain) {
            m = mask_failed;
        } else if (m == 0) {
            if (lonely && out.sizes[g] == 1) m = mask_not_applicable;
            if (empty_group && out.results[g].is_null()) m = kind_of(out.results[g]);
        }
        out.kinds = static_cast<Mask>(out.kinds | m);
    }
}

}  // namespace

std::optional<Grouping> make_grouping(const NodeColumn* by, std::size_t count) {
    Grouping out;
    if (!by) return out;
    if (by->shape == Shape::number && !by->bound.exact()) return std::nullopt;
    out.group.resize(count);
    out.masks = by->masks;
    out.groups = 0;
    std::unordered_map<double, std::uint32_t> numbers;
    std::vector<std::uint32_t> codes(by->shape == Shape::code ? 65'536 : 2, Grouping::none);
    for (std::size_t i = 0; i < count; ++i) {
        if (!has_value(*by, i)) {
            out.group[i] = Grouping::none;
            continue;
        }
        auto& group = by->shape == Shape::number ? numbers.try_emplace(by->numbers[i], Grouping::none).first->second
                      : by->shape == Shape::code ? codes[by->codes[i]]
                                                 : codes[by->truths[i]];
        if (group == Grouping::none) group = static_cast<std::uint32_t>(out.groups++);
        out.group[i] = group;
    }
    return out;
}

Value CohortColumn::at(std::size_t record) const {
    const auto g = grouping->of(record);
    if (!ranks()) return results[g];
    if (function == CohortFunction::rank) return Value(static_cast<std::int64_t>(places[record]));
    if (sizes[g] == 1) return Value::missing(feel::Missing::not_applicable, "no other record to compare with");
    return Decimal(static_cast<std::int64_t>(places[record])) / Decimal(static_cast<std::int64_t>(sizes[g]) - 1);
}

bool compute_cohort(CohortFunction function, const NodeColumn& values, const Grouping& grouping, const ExactValue& exact,
                    SortSpace& space, CohortColumn& out) {
    out.function = function;
    out.grouping = &grouping;
    const auto records = std::max({values.numbers.size(), values.truths.size(), values.codes.size()});
    const bool extreme = function == CohortFunction::min || function == CohortFunction::max;
    if (function != CohortFunction::count) {
        if (values.shape != Shape::number || values.days) return false;
        if (!values.bound.exact() && !out.ranks() && !extreme) return false;
    }
    if (out.ranks()) {
        rank(values, grouping, exact, space, out);
    } else {
        out.results = function == CohortFunction::count ? counts(values, grouping, records)
                      : extreme                         ? extremes(values, grouping, exact, function == CohortFunction::min)
                                                        : totals(function, values, grouping, exact, space);
        for (auto& v : out.results)
            if (v.is_null() && !v.cause()) v = Value::missing(feel::Missing::not_reported, "no record has a value");
        prepare_numbers(out);
    }
    set_masks(values, grouping, records, out);
    return true;
}

}  // namespace zoneval::exec
