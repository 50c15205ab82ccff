#include "engine/exec/compile/load_columns.hpp"

#include <algorithm>
#include <cmath>

namespace zoneval::exec {

namespace {

/// The doubles of decimals that do not fit a machine word.
Bound to_doubles(const Numbers& from, std::vector<double>& out) {
    Bound bound{0, 0, 0, unit_roundoff, 1, 0};
    for (std::size_t i = 0; i < from.size(); ++i) {
        const auto k = from.at(i).to_double();
        out.push_back(k);
        bound.low = std::min(bound.low, k);
        bound.high = std::max(bound.high, k);
        if (k != 0)
            bound.tiny = std::min(bound.tiny, std::abs(k));
        else if (!from.at(i).is_zero())
            bound.tiny = 0;  // too small for a double: it would pass for 0, and is out of reach
    }
    return bound;
}

constexpr std::int64_t most_exact = std::int64_t{1} << 53;
constexpr std::size_t most_strings = 50'000;  // more are names, not classes
constexpr double reach = 1e200;               // beyond, bounds are not worth having

}  // namespace

Maybe ColumnLoads::data(const Table& table, const graph::Node& input) {
    const auto* from = table.column(input.name);
    if (!from) return std::nullopt;
    Maybe out;
    if (from->numbers()) {
        out = numbers(*from);
    } else if (const auto* texts = from->strings()) {
        out = strings(*texts);
    } else if (const auto* truths = from->booleans()) {
        out.emplace().shape = Shape::truth;
        out->data = load(Op::load_bytes, truths->data(), true);
    } else {
        out = dates(*from->dates());
    }
    if (!out) return out;
    out->kinds = static_cast<Mask>(from->missing_kinds() & ~1u);
    if (out->kinds == 0) return out;
    const auto states = emitter_.source({from->states().data(), true, nullptr, 0, out->kinds});
    out->mask = emitter_.emit(Op::load_states, {}, states);
    return out;
}

Maybe ColumnLoads::numbers(const Column& from) {
    const auto& all = *from.numbers();
    if (all.compact() && all.low() >= -most_exact && all.high() <= most_exact)
        return whole_numbers(all, from.has_zero());
    auto doubles = std::make_unique<std::vector<double>>();
    Compiled out;
    out.bound = to_doubles(all, *doubles);
    if (!(out.bound.most() < reach) || out.bound.tiny < 1 / reach) return std::nullopt;
    out.data = load(Op::load_numbers, doubles->data(), true);
    doubles_.push_back(std::move(doubles));
    return out;
}

Compiled ColumnLoads::whole_numbers(const Numbers& from, bool has_zero) {
    Compiled out;
    out.bound = {static_cast<double>(std::min<std::int64_t>(from.low(), 0)),
                 static_cast<double>(std::max<std::int64_t>(from.high(), 0)),
                 0,
                 0,
                 std::max(1.0, std::min(static_cast<double>(from.least()), exact_limit)),
                 from.decimals()};
    out.bound.nonzero = !has_zero;
    const auto& coefficients = from.coefficients();
    const auto* first = coefficients.visit([](auto all) { return static_cast<const void*>(all.data()); });
    out.data = load(coefficients.is_narrow() ? Op::load_small : Op::load_integers, first, true);
    return out;
}

Maybe ColumnLoads::strings(const Strings& from) {
    if (from.dictionary().size() > most_strings) return std::nullopt;
    std::vector<std::uint16_t> codes;
    for (const auto& text : from.dictionary()) {
        const auto code = strings_.code(text);
        if (!code) return std::nullopt;
        codes.push_back(*code);
    }
    Compiled out;
    out.shape = Shape::code;
    out.own = texts_.add({load(Op::load_strings, from.codes().data(), true), false, std::move(codes), {}});
    return out;
}

Compiled ColumnLoads::dates(const std::vector<feel::Date>& from) {
    auto days = std::make_unique<std::vector<double>>();
    for (const auto& date : from) days->push_back(static_cast<double>(date.days_since_epoch()));
    Compiled out;
    out.days = true;
    out.bound = {-1e9, 1e9, 0, 0, 1, 0};
    out.data = load(Op::load_numbers, days->data(), true);
    doubles_.push_back(std::move(days));
    return out;
}

Compiled ColumnLoads::computed(const NodeColumn& from) {
    Compiled out;
    out.shape = from.shape;
    out.days = from.days;
    out.bound = from.bound;
    switch (from.shape) {
        case Shape::number: out.data = load(Op::load_numbers, from.numbers.data(), false); break;
        case Shape::truth: out.data = load(Op::load_bytes, from.truths.data(), false); break;
        case Shape::code: out.data = load(Op::load_codes, from.codes.data(), false); break;
    }
    if (from.masks.empty()) return out;
    out.mask = load(Op::load_bytes, from.masks.data(), false);
    out.kinds = from.kinds;
    return out;
}

Maybe ColumnLoads::cohort(const CohortColumn& from) {
    const auto& grouping = *from.grouping;
    const bool percent = from.function == CohortFunction::percent_rank;
    Compiled by_group;
    by_group.bound = from.bound;
    if (percent) {
        by_group.bound = {1, 1, 0, 0, 1, 0};
        for (const auto n : from.by_group) by_group.bound.high = std::max(by_group.bound.high, n);
    }
    if (percent || !from.ranks()) {
        by_group.data =
            grouping.group.empty()
                ? emitter_.number(from.by_group.front())
                : emitter_.emit(
                      Op::load_by_group, {},
                      emitter_.source({from.by_group.data(), false, grouping.group.data(), grouping.groups, 0}));
    }
    Maybe out = by_group;
    if (from.ranks()) {
        out->bound = from.bound;
        out->data = load(Op::load_places, from.places.data(), false);
        if (percent) out = numbers_.divide(*out, by_group);
        if (percent && out) out->bound.high = std::min(out->bound.high, 1.0);
    }
    if (!out || !from.masks) return out;
    out->mask = load(Op::load_bytes, from.masks->data(), false);
    out->kinds = from.kinds;
    return out;
}

}  // namespace zoneval::exec
