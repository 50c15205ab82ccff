#include "engine/exec/patterns/cell_values.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "engine/exec/decisions/reading.hpp"
#include "engine/feel/value/null_meaning.hpp"

namespace zoneval::exec {

using feel::Missing;
using feel::Value;

Cell cell_of(const Value& value, std::optional<std::int64_t> text) {
    if (const auto* number = value.number()) return Cell::of(Approximate::of(*number));
    if (const auto* truth = value.boolean()) return Cell::of(*truth);
    if (value.is_null() && !feel::is_unknown(value)) return Cell::absent(!value.cause());
    if (value.is_null()) {
        const auto possible = still_possible(value);
        if (std::any_of(possible.begin(), possible.end(), [](const Value& v) { return v.number(); }))
            return {};  // one of several numbers: each is tried by itself
        auto out = Cell::open();
        if (const auto within = bounds_known(value)) {
            if ((out.has_low = within->low.has_value())) out.low = Approximate::of(*within->low);
            if ((out.has_high = within->high.has_value())) out.high = Approximate::of(*within->high);
        }
        return out;
    }
    return text ? Cell::of(Approximate::whole(*text)) : Cell{};
}

Cell cell_of(const AbstractValue& filled) {
    if (!filled.open()) return cell_of(filled.value, -1);
    auto out = Cell::open();
    out.there = filled.there;
    out.certainly_null = filled.certainly_null;
    out.has_low = filled.low.has_value(), out.has_high = filled.high.has_value();
    if (filled.low) out.low = Approximate::of(*filled.low);
    if (filled.high) out.high = Approximate::of(*filled.high);
    return out;
}

Cell missing_cell(Missing kind, const Cell& open) { return kind == Missing::not_applicable ? Cell::absent() : open; }

Cell too_small_to_compare() {
    static const std::vector<int> nothing;
    auto out = Cell::open();
    out.behind = &nothing;
    return out;
}

Cell null_cell(Mask mask) {
    if (mask == mask_not_applicable) return Cell::absent();
    if ((mask & (mask_failed | mask_plain)) != 0) return {};
    return (mask & mask_too_small) != 0 ? too_small_to_compare() : Cell::open();
}

Cell cell_of(const Numbers& numbers, std::size_t row) {
    return Cell::of(numbers.compact() ? Approximate::whole(numbers.coefficients()[row], numbers.decimals())
                                      : Approximate::of(numbers.at(row)));
}

Cell cell_at(const EarlierColumn& earlier, std::uint32_t place, const Cell& open) {
    if (place == EarlierColumn::absent) return Cell::absent();
    if (place == EarlierColumn::unknown) return open;
    if (earlier.values) {
        const auto out = cell_of((*earlier.values)[place]);
        return out.is == Cell::Is::open && !out.has_low && !out.has_high ? open : out;
    }
    const auto kind = earlier.data->missing(place);
    if (kind != Missing::none) return missing_cell(kind, open);
    const auto* numbers = earlier.data->numbers();
    return numbers ? cell_of(*numbers, place) : cell_of(earlier.data->at(place));
}

namespace {

std::string without_names(const Value& value) {
    if (!value.is_null()) return value.to_feel();
    auto out = "null " + std::to_string(mask_of(value));
    for (const auto& possible : still_possible(value)) out += " or " + possible.to_feel();
    if (const auto within = bounds_known(value))
        for (const auto& end : {within->low, within->high}) out += end ? " bound " + end->to_string() : " no bound";
    return out;
}

std::string without_names(const std::optional<AbstractValue>& filled) {
    if (!filled) return "-";
    auto out = without_names(filled->value);
    for (const auto& option : filled->options) out += " option " + option.to_feel();
    for (const auto& end : {filled->low, filled->high}) out += end ? " end " + end->to_string() : " no end";
    return out + (filled->there ? " there" : "") + (filled->certainly_null ? " null" : "");
}

}  // namespace

std::vector<std::uint32_t> alike_but_for_names(const EarlierColumn& earlier) {
    std::vector<std::uint32_t> out;
    std::map<std::string, std::uint32_t> known;
    for (std::uint32_t place = 0; place < earlier.values->size(); ++place) {
        auto text = without_names((*earlier.values)[place]);
        if (earlier.reopened)
            if (const auto found = earlier.reopened->find(place); found != earlier.reopened->end())
                text +=
                    " of scores " + without_names(found->second.of_scores) + " all " + without_names(found->second.all);
        out.push_back(known.try_emplace(std::move(text), static_cast<std::uint32_t>(known.size())).first->second);
    }
    return out;
}

}  // namespace zoneval::exec
