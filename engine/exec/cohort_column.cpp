#include "engine/exec/cohort_column.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_map>

#include "engine/exec/radix.hpp"
#include "engine/table/scaled.hpp"

namespace zoneval::exec {

using feel::Decimal;
using feel::Value;

namespace {

__extension__ using Wide = __int128;          // sums of 2^53 over four thousand million records fit

bool has_value(const NodeColumn& column, std::size_t record) { return column.masks.empty() || column.masks[record] == 0; }

Decimal exact_number(const NodeColumn& column, std::size_t record) {
    return Decimal::scaled(static_cast<std::int64_t>(column.numbers[record]), -column.bound.scale);
}

/// Keys of one group's records: the value in the upper bits, the position among the group's records in the lower.
class Sorted {
  public:
    Sorted(const NodeColumn& values, const ExactValue& exact) : values_(values), exact_(exact) {
        const auto& b = values.bound;
        if (b.exact()) {
            key_bits_ = static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(b.high - b.low)));
        } else {                                 // as fine as there is room; what falls together is told apart afterwards
            key_bits_ = 44;
            const auto width = b.high - b.low;
            step_ = width > 0 ? 0x1p43 / width : 0;
        }
    }

    /// Sorts the group's records that have a value, ascending.
    void sort(const std::uint32_t* records, std::uint32_t n) {
        records_ = records;
        const auto position_bits = static_cast<unsigned>(std::bit_width(n));
        fits_ = key_bits_ + position_bits <= 64;
        words_.clear();
        words_.reserve(n);
        const auto low = values_.bound.low;
        const bool whole = values_.bound.exact();
        for (std::uint32_t p = 0; p < n; ++p) {
            const auto record = records ? records[p] : p;
            if (!has_value(values_, record)) continue;
            const auto k = values_.numbers[record];
            const auto key = static_cast<std::uint64_t>(whole ? k - low : std::max(0.0, (k - low) * step_));
            words_.push_back(fits_ ? (key << position_bits) | p : p);
        }
        position_mask_ = (std::uint64_t{1} << position_bits) - 1;
        spare_.resize(words_.size());
        if (fits_) radix_sort(words_.data(), spare_.data(), words_.size(), position_bits, position_bits + key_bits_);
        else std::stable_sort(words_.begin(), words_.end(), [this](auto a, auto b) { return number(a) < number(b); });
        if (!whole && fits_) order_within_keys(position_bits);
    }

    std::size_t size() const { return words_.size(); }
    std::uint32_t record(std::size_t i) const {
        const auto p = static_cast<std::uint32_t>(words_[i] & position_mask_);
        return records_ ? records_[p] : p;
    }

    /// Calls f(first, last) for each run of equal values, ascending.
    template <class F>
    void each_tie(F f) {
        const bool whole = values_.bound.exact();
        for (std::size_t first = 0; first < size();) {
            std::size_t last = first + 1;
            if (whole) {
                const auto k = number_at(first);
                while (last < size() && number_at(last) == k) ++last;
                f(first, last);
            } else {
                while (last < size() && too_close(last - 1, last)) ++last;
                if (last == first + 1) f(first, last);
                else settle(first, last, f);
            }
            first = last;
        }
    }

  private:
    double number(std::uint64_t word) const { return values_.numbers[record_of(word)]; }
    double number_at(std::size_t i) const { return values_.numbers[record(i)]; }
    std::uint32_t record_of(std::uint64_t word) const {
        const auto p = static_cast<std::uint32_t>(word & position_mask_);
        return records_ ? records_[p] : p;
    }

    bool too_close(std::size_t i, std::size_t j) const {
        const auto a = number_at(i), b = number_at(j);
        const auto& bound = values_.bound;
        return b - a <= 2 * bound.absolute + bound.relative * (std::abs(a) + std::abs(b));
    }

    void order_within_keys(unsigned position_bits) {
        for (std::size_t first = 0; first < words_.size();) {
            std::size_t last = first + 1;
            while (last < words_.size() && words_[last] >> position_bits == words_[first] >> position_bits) ++last;
            if (last > first + 1)
                std::stable_sort(words_.begin() + static_cast<std::ptrdiff_t>(first), words_.begin() + static_cast<std::ptrdiff_t>(last),
                                 [this](auto a, auto b) { return number(a) < number(b); });
            first = last;
        }
    }

    /// Decimals decide between values whose doubles are too close.
    template <class F>
    void settle(std::size_t first, std::size_t last, F f) {
        struct Member { Decimal number; std::uint64_t word; };
        std::vector<Member> members;
        for (std::size_t i = first; i < last; ++i) members.push_back({exact_(record(i)), words_[i]});
        std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.number < b.number; });
        for (std::size_t i = 0; i < members.size(); ++i) words_[first + i] = members[i].word;
        for (std::size_t i = 0; i < members.size();) {
            std::size_t j = i + 1;
            while (j < members.size() && members[j].number == members[i].number) ++j;
            f(first + i, first + j);
            i = j;
        }
    }

    const NodeColumn& values_;
    const ExactValue& exact_;
    const std::uint32_t* records_ = nullptr;
    unsigned key_bits_ = 0;
    double step_ = 0;
    bool fits_ = true;
    std::uint64_t position_mask_ = 0;
    std::vector<std::uint64_t> words_, spare_;
};

const std::uint32_t* group_records(const Grouping& grouping, std::size_t g) {
    return grouping.group.empty() ? nullptr : grouping.records.data() + grouping.starts[g];
}
std::uint32_t group_size(const Grouping& grouping, std::size_t g) { return grouping.starts[g + 1] - grouping.starts[g]; }

void rank(const NodeColumn& values, const Grouping& grouping, const ExactValue& exact, CohortColumn& out) {
    out.places.resize(values.numbers.size());
    const bool from_top = out.function == CohortFunction::rank;
    Sorted sorted(values, exact);
    for (std::size_t g = 0; g < grouping.groups(); ++g) {
        sorted.sort(group_records(grouping, g), group_size(grouping, g));
        const auto n = sorted.size();
        out.sizes.push_back(static_cast<std::uint32_t>(n));
        sorted.each_tie([&](std::size_t first, std::size_t last) {
            const auto place = static_cast<std::uint32_t>(from_top ? n - last + 1 : first);
            for (auto i = first; i < last; ++i) out.places[sorted.record(i)] = place;
        });
    }
}

Value no_value(CohortFunction function) {
    if (function == CohortFunction::sum) return Decimal(0);
    return Value::missing(feel::Missing::not_reported, "no record has a value");
}

Decimal decimal_of(Wide coefficient, int scale) {
    constexpr std::int64_t part = 1'000'000'000'000'000'000;
    const auto high = static_cast<std::int64_t>(coefficient / part), low = static_cast<std::int64_t>(coefficient % part);
    return Decimal::scaled(high, 18 - scale) + Decimal::scaled(low, -scale);
}

/// The least or the greatest, where decimals may have to choose among the nearest.
Decimal extreme(const NodeColumn& values, const std::vector<std::uint32_t>& members, const ExactValue& exact, bool least) {
    const auto& bound = values.bound;
    auto best = members.front();
    for (const auto r : members)
        if (least ? values.numbers[r] < values.numbers[best] : values.numbers[r] > values.numbers[best]) best = r;
    if (bound.exact()) return exact_number(values, best);
    const auto k = values.numbers[best];
    std::optional<Decimal> out;
    for (const auto r : members) {
        const auto gap = std::abs(values.numbers[r] - k);
        if (gap > 2 * bound.absolute + bound.relative * (std::abs(k) + std::abs(values.numbers[r]))) continue;
        const auto number = exact(r);
        if (!out || (least ? number < *out : number > *out)) out = number;
    }
    return *out;
}

/// As the reference evaluator adds up: over ascending values.
Value stddev(const NodeColumn& values, Sorted& sorted, const Decimal& sum) {
    const auto n = sorted.size();
    if (n < 2) return Value::missing(feel::Missing::not_applicable, "a standard deviation needs two values");
    const Decimal count(static_cast<std::int64_t>(n));
    const auto mean = sum / count;
    Decimal squares{0};
    for (std::size_t i = 0; i < n; ++i) {
        const auto off = exact_number(values, sorted.record(i)) - mean;
        squares = squares + off * off;
    }
    return (squares / (count - Decimal(1))).sqrt();
}

Value aggregate(CohortFunction function, const NodeColumn& values, const Grouping& grouping, std::size_t g, const ExactValue& exact) {
    std::vector<std::uint32_t> members;
    const auto* records = group_records(grouping, g);
    for (std::uint32_t p = 0; p < group_size(grouping, g); ++p) {
        const auto record = records ? records[p] : p;
        if (has_value(values, record)) members.push_back(record);
    }
    if (members.empty()) return no_value(function);
    if (function == CohortFunction::min || function == CohortFunction::max)
        return extreme(values, members, exact, function == CohortFunction::min);
    Wide total = 0;
    for (const auto r : members) total += static_cast<std::int64_t>(values.numbers[r]);
    const auto sum = decimal_of(total, values.bound.scale);
    if (function == CohortFunction::sum) return sum;
    const auto n = members.size();
    if (function == CohortFunction::mean) return sum / Decimal(static_cast<std::int64_t>(n));
    Sorted sorted(values, exact);
    sorted.sort(records, group_size(grouping, g));
    if (function == CohortFunction::stddev) return stddev(values, sorted, sum);
    if (n % 2 == 1) return exact_number(values, sorted.record(n / 2));
    return (exact_number(values, sorted.record(n / 2 - 1)) + exact_number(values, sorted.record(n / 2))) / Decimal(2);
}

Value count(const NodeColumn& values, const Grouping& grouping, std::size_t g, std::size_t all) {
    const auto* records = group_records(grouping, g);
    const auto n = grouping.group.empty() ? all : group_size(grouping, g);
    std::int64_t out = 0;
    for (std::size_t p = 0; p < n; ++p) {
        const auto record = records ? records[p] : p;
        out += has_value(values, record) && (values.shape != Shape::truth || values.truths[record] != 0);
    }
    return Decimal(out);
}

/// One number of each group as a column: whole numbers under one scale where all fit.
void spread(const Grouping& grouping, std::size_t records, CohortColumn& out) {
    const auto groups = grouping.groups();
    std::vector<double> numbers(groups);
    std::vector<Mask> masks(groups);
    int scale = 0;
    bool exact = true;
    for (const auto& v : out.results)
        if (const auto* n = v.number()) {
            const auto s = scaled(*n);
            exact = exact && s.has_value();
            if (s) scale = std::max(scale, s->decimals);
        }
    auto& bound = out.column.bound;
    for (std::size_t g = 0; g < groups; ++g) {
        const auto* n = out.results[g].number();
        if (!n) {
            masks[g] = static_cast<Mask>(1u << static_cast<unsigned>(feel::missing_kind(out.results[g].cause())));
            continue;
        }
        const auto s = exact ? coefficient_with(*scaled(*n), scale) : std::nullopt;
        exact = exact && s && std::abs(static_cast<double>(*s)) < exact_limit;
        numbers[g] = exact ? static_cast<double>(*s) : n->to_double();
    }
    if (!exact)
        for (std::size_t g = 0; g < groups; ++g)
            if (const auto* n = out.results[g].number()) numbers[g] = n->to_double();
    bound = {0, 0, 0, exact ? 0 : unit_roundoff, 1, exact ? scale : 0};
    bool first = true;
    for (std::size_t g = 0; g < groups; ++g) {
        if (masks[g]) continue;
        bound.low = first ? numbers[g] : std::min(bound.low, numbers[g]);
        bound.high = first ? numbers[g] : std::max(bound.high, numbers[g]);
        if (numbers[g] != 0) bound.tiny = std::min(bound.tiny, std::abs(numbers[g]));
        first = false;
    }
    auto& column = out.column;
    column.numbers.resize(records);
    for (std::size_t i = 0; i < records; ++i) {
        const auto g = grouping.of(i);
        if (g != Grouping::none) column.numbers[i] = numbers[g];
    }
    for (const auto m : masks) column.kinds = static_cast<Mask>(column.kinds | m);
    if (column.kinds == 0) return;
    column.masks.resize(records);
    for (std::size_t i = 0; i < records; ++i) {
        const auto g = grouping.of(i);
        if (g != Grouping::none) column.masks[i] = masks[g];
    }
}

/// Ranks as a column: whole numbers, or shares of the other records.
void spread_ranks(const NodeColumn& values, const Grouping& grouping, CohortColumn& out) {
    auto& column = out.column;
    const auto n = values.numbers.size();
    column.numbers.resize(n);
    std::uint32_t most = 1;
    for (const auto s : out.sizes) most = std::max(most, s);
    if (out.function == CohortFunction::rank) {
        for (std::size_t i = 0; i < n; ++i) column.numbers[i] = out.places[i];
        column.bound = {1, static_cast<double>(most), 0, 0, 1, 0};
    } else {
        for (std::size_t i = 0; i < n; ++i) {
            const auto g = grouping.of(i);
            const auto others = g == Grouping::none ? 0 : out.sizes[g] - 1;
            column.numbers[i] = others == 0 ? 0.0 : out.places[i] / static_cast<double>(others);
        }
        column.bound = {0, 1, 0, unit_roundoff, 1 / static_cast<double>(most), 0};
    }
    // A value that is not there has no rank; alone in its group it has nothing to be compared with.
    const bool lonely = out.function == CohortFunction::percent_rank && std::find(out.sizes.begin(), out.sizes.end(), 1u) != out.sizes.end();
    if (values.masks.empty() && !lonely) return;
    column.masks = values.masks;
    column.masks.resize(n);
    for (auto& m : column.masks) m = m == mask_plain ? mask_failed : m;
    if (lonely)
        for (std::size_t i = 0; i < n; ++i)
            if (column.masks[i] == 0 && grouping.of(i) != Grouping::none && out.sizes[grouping.of(i)] == 1) column.masks[i] = mask_not_applicable;
}

}  // namespace

std::optional<Grouping> make_grouping(const NodeColumn* by, std::size_t count) {
    Grouping out;
    out.by = by;
    if (!by) {
        out.starts.push_back(static_cast<std::uint32_t>(count));
        return out;
    }
    if (by->shape == Shape::number && !by->bound.exact()) return std::nullopt;
    out.group.resize(count);
    std::unordered_map<double, std::uint32_t> numbers;
    std::vector<std::uint32_t> codes(by->shape == Shape::code ? 65'536 : 2, Grouping::none);
    std::vector<std::uint32_t> sizes;
    for (std::size_t i = 0; i < count; ++i) {
        if (!has_value(*by, i)) {
            out.group[i] = Grouping::none;
            continue;
        }
        auto& group = by->shape == Shape::number ? numbers.try_emplace(by->numbers[i], Grouping::none).first->second
                      : by->shape == Shape::code ? codes[by->codes[i]]
                                                 : codes[by->truths[i]];
        if (group == Grouping::none) {
            group = static_cast<std::uint32_t>(sizes.size());
            sizes.push_back(0);
        }
        out.group[i] = group;
        ++sizes[group];
    }
    for (const auto s : sizes) out.starts.push_back(out.starts.back() + s);
    out.records.resize(out.starts.back());
    auto next = out.starts;
    for (std::size_t i = 0; i < count; ++i)
        if (out.group[i] != Grouping::none) out.records[next[out.group[i]]++] = static_cast<std::uint32_t>(i);
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
                    CohortColumn& out) {
    out.function = function;
    out.grouping = &grouping;
    const auto records = std::max({values.numbers.size(), values.truths.size(), values.codes.size()});
    const bool extremes = function == CohortFunction::min || function == CohortFunction::max;
    if (function == CohortFunction::count) {
        for (std::size_t g = 0; g < grouping.groups(); ++g) out.results.push_back(count(values, grouping, g, records));
    } else {
        if (values.shape != Shape::number || values.days) return false;
        if (!values.bound.exact() && !out.ranks() && !extremes) return false;
        if (out.ranks()) rank(values, grouping, exact, out);
        else
            for (std::size_t g = 0; g < grouping.groups(); ++g) out.results.push_back(aggregate(function, values, grouping, g, exact));
    }
    if (out.ranks()) spread_ranks(values, grouping, out);
    else spread(grouping, records, out);
    if (!grouping.by || grouping.by->masks.empty()) {
        for (const auto m : out.column.masks) out.column.kinds = static_cast<Mask>(out.column.kinds | m);
        return true;
    }
    auto& masks = out.column.masks;
    masks.resize(records);
    for (std::size_t i = 0; i < records; ++i)
        if (const auto m = grouping.by->masks[i]) masks[i] = m == mask_plain ? mask_not_applicable : m;
    for (const auto m : masks) out.column.kinds = static_cast<Mask>(out.column.kinds | m);
    return true;
}

}  // namespace zoneval::exec
