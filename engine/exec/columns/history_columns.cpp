#include "engine/exec/columns/history_columns.hpp"

#include <algorithm>

#include "engine/exec/columns/node_columns.hpp"
#include "engine/feel/value/reason.hpp"

namespace zoneval::exec {

using feel::Type;
using feel::Value;
using graph::NodeId;

namespace {

constexpr Mask bit_of(feel::Missing kind) { return static_cast<Mask>(1u << static_cast<unsigned>(kind)); }

/// Whole numbers that doubles hold.
bool whole(const Numbers& numbers) {
    const auto most = static_cast<std::int64_t>(exact_limit);
    return numbers.compact() && numbers.low() > -most && numbers.high() < most;
}

}  // namespace

const std::vector<EarlierColumn>* HistoryColumns::of(NodeId id) {
    auto [place, is_new] = joined_.try_emplace(id);
    if (is_new) {
        const auto& form = std::get<graph::HistoryForm>(graph_.node(id).form);
        auto& all = place->second.emplace();
        for (const int back : form.years_back()) {
            auto earlier = history_.column(graph_.node(form.of), table_, table_.year - back);
            if (!earlier) {
                place->second.reset();
                break;
            }
            if (form.first) place_first(*earlier, *form.first);
            all.push_back(std::move(*earlier));
        }
    }
    return place->second ? &*place->second : nullptr;
}

/// Behind the values that were recorded: only what runs record is looked back at so, no data.
void HistoryColumns::place_first(EarlierColumn& earlier, const Value& first) {
    if (std::find(earlier.places.begin(), earlier.places.end(), EarlierColumn::absent) == earlier.places.end()) return;
    auto& values = with_first_.emplace_back();
    if (earlier.values) values = *earlier.values;
    if (!earlier.values) earlier.repeated = true;
    std::replace(earlier.places.begin(), earlier.places.end(), EarlierColumn::absent,
                 static_cast<std::uint32_t>(values.size()));
    values.push_back(first);
    earlier.values = &values;
}

std::optional<NodeColumn> HistoryColumns::values(NodeId id, StringCodes& strings) {
    const auto& node = graph_.node(id);
    const auto& form = std::get<graph::HistoryForm>(node.form);
    const auto* years = form.list || !node.type ? nullptr : of(id);
    if (!years) return std::nullopt;
    const auto& earlier = years->front();
    NodeColumn out;
    out.masks.resize(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const auto place = earlier.places[rows_[i]];
        auto& mask = out.masks[i];
        if (place == EarlierColumn::absent)
            mask = mask_not_applicable;
        else if (place == EarlierColumn::unknown)
            mask = bit_of(feel::Missing::not_reported);
        else if (earlier.data && earlier.data->missing(place) != feel::Missing::none)
            mask = bit_of(earlier.data->missing(place));
        out.kinds = static_cast<Mask>(out.kinds | mask);
    }
    if (!earlier.data && !earlier.values) return nothing_there(std::move(out), node.type->kind);
    if (earlier.data && earlier.data->numbers() && whole(*earlier.data->numbers()))
        return of_data(earlier, std::move(out));
    return of_values(earlier, std::move(out), node.type->kind, strings);
}

/// Nobody has anything to look back at.
std::optional<NodeColumn> HistoryColumns::nothing_there(NodeColumn masked, Type::Kind kind) const {
    switch (kind) {
        case Type::Kind::number:
        case Type::Kind::date:
            masked.days = kind == Type::Kind::date;
            masked.numbers.assign(rows_.size(), 0);
            masked.bound = {0, 0, 0, 0, exact_limit, 0};
            return masked;
        case Type::Kind::boolean:
            masked.shape = Shape::truth;
            masked.truths.assign(rows_.size(), 0);
            return masked;
        case Type::Kind::string:
            masked.shape = Shape::code;
            masked.codes.assign(rows_.size(), 0);
            return masked;
        default: return std::nullopt;
    }
}

std::optional<NodeColumn> HistoryColumns::of_data(const EarlierColumn& earlier, NodeColumn out) {
    const auto& numbers = *earlier.data->numbers();
    out.numbers.resize(rows_.size());
    double low = 0, high = 0, least = exact_limit;
    numbers.coefficients().visit([&](auto all) {
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const auto k = out.masks[i] == 0 ? static_cast<double>(all[earlier.places[rows_[i]]]) : 0;
            out.numbers[i] = k;
            low = std::min(low, k);
            high = std::max(high, k);
            if (k != 0) least = std::min(least, std::abs(k));
        }
    });
    out.bound = {low, high, 0, 0, std::max(1.0, least), numbers.decimals()};
    if (out.kinds == 0) out.masks.clear();
    return out;
}

/// Of the different values of a decision each is looked at once.
std::optional<NodeColumn> HistoryColumns::of_values(const EarlierColumn& earlier, NodeColumn out, Type::Kind kind,
                                                    StringCodes& strings) {
    if (!earlier.repeated || !earlier.values || kind != Type::Kind::string) {
        NodeColumn filled;
        return fill_column(filled, kind, one_by_one(earlier, out), strings) ? std::optional(std::move(filled))
                                                                            : std::nullopt;
    }
    std::vector<std::uint16_t> codes(earlier.values->size());
    std::vector<Mask> masks(codes.size());
    for (std::size_t v = 0; v < codes.size(); ++v) {
        const auto& value = (*earlier.values)[v];
        masks[v] = mask_of(value);
        if (value.is_null()) continue;
        const auto code = value.string() ? strings.code(*value.string()) : std::nullopt;
        if (!code) return std::nullopt;
        codes[v] = *code;
    }
    out.shape = Shape::code;
    out.codes.resize(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const auto row = static_cast<std::uint32_t>(rows_[i]);
        if (!earlier.has(row)) continue;
        const auto place = earlier.places[row];
        out.codes[i] = codes[place];
        out.masks[i] = masks[place];
        out.kinds = static_cast<Mask>(out.kinds | masks[place]);
    }
    if (out.kinds == 0) out.masks.clear();
    return out;
}

/// Nulls stand for their kind alone.
std::vector<Value> HistoryColumns::one_by_one(const EarlierColumn& earlier, const NodeColumn& masked) const {
    std::vector<Value> out(rows_.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto row = static_cast<std::uint32_t>(rows_[i]);
        if (masked.masks[i] == 0)
            out[i] = earlier.data ? earlier.data->at(earlier.places[row]) : (*earlier.values)[earlier.places[row]];
        else
            for (unsigned kind = 1; kind < 6; ++kind)
                if (masked.masks[i] == (1u << kind))
                    out[i] = Value::missing(static_cast<feel::Missing>(kind), feel::reasons::open());
    }
    return out;
}

namespace {

/// Data of one year in a list.
struct ListYear {
    const Column* data;                        ///< nullptr: there are none
    const std::vector<std::uint32_t>* places;  ///< by row; nullptr: the rows themselves
    std::uint32_t place(std::size_t row) const { return places ? (*places)[row] : static_cast<std::uint32_t>(row); }
    int decimals() const { return data ? data->numbers()->decimals() : 0; }
};

constexpr std::int64_t powers[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

/// With that many decimals more they stay whole numbers that doubles hold.
bool fits(const Numbers& numbers, int more) {
    if (more >= static_cast<int>(std::size(powers))) return false;
    const auto most = static_cast<std::int64_t>(exact_limit) / powers[static_cast<std::size_t>(more)];
    return numbers.low() > -most && numbers.high() < most;
}

/// The elements of a list, one after the other, as whole numbers under the power of ten that suits all.
struct ListTotal {
    feel::Kernel aggregate;
    std::int64_t value = 0;
    bool any = false;

    void add(std::int64_t k) {
        switch (aggregate) {
            case feel::Kernel::least: value = any ? std::min(value, k) : k; break;
            case feel::Kernel::greatest: value = any ? std::max(value, k) : k; break;
            default: value += k; break;
        }
        any = true;
    }
};

}  // namespace

std::optional<NodeColumn> HistoryColumns::over(NodeId list, feel::Kernel aggregate) {
    const auto& form = std::get<graph::HistoryForm>(graph_.node(list).form);
    const auto& of_node = graph_.node(form.of);
    const auto* earlier = std::holds_alternative<graph::InputForm>(of_node.form) ? of(list) : nullptr;
    if (!earlier || !of_node.type || of_node.type->kind != Type::Kind::number) return std::nullopt;
    std::vector<ListYear> years;
    for (const auto& year : *earlier) {
        if (year.values) return std::nullopt;
        years.push_back({year.data, &year.places});
    }
    years.push_back({table_.column(of_node.name), nullptr});
    int scale = 0;
    for (const auto& year : years) {
        if (year.data && (!year.data->numbers() || !whole(*year.data->numbers()))) return std::nullopt;
        scale = std::max(scale, year.decimals());
    }
    for (const auto& year : years)
        if (year.data && !fits(*year.data->numbers(), scale - year.decimals())) return std::nullopt;
    NodeColumn out;
    out.masks.resize(rows_.size());
    out.numbers.resize(rows_.size());
    out.bound = {0, 0, 0, 0, exact_limit, aggregate == feel::Kernel::count ? 0 : scale};
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        ListTotal total{aggregate};
        for (const auto& year : years) {
            const auto place = year.place(rows_[i]);
            if (place == EarlierColumn::absent) continue;
            const auto missing =
                place == EarlierColumn::unknown || !year.data ? feel::Missing::not_reported : year.data->missing(place);
            if (aggregate == feel::Kernel::count)
                total.add(1);
            else if (missing != feel::Missing::none)
                out.masks[i] = static_cast<Mask>(out.masks[i] | bit_of(missing));
            else
                total.add(year.data->numbers()->coefficients()[place] *
                          powers[static_cast<std::size_t>(scale - year.decimals())]);
        }
        const auto k = out.masks[i] == 0 ? static_cast<double>(total.value) : 0;
        if (std::abs(k) >= exact_limit) return std::nullopt;
        out.numbers[i] = k;
        out.kinds = static_cast<Mask>(out.kinds | out.masks[i]);
        out.bound.low = std::min(out.bound.low, k), out.bound.high = std::max(out.bound.high, k);
        if (k != 0) out.bound.tiny = std::min(out.bound.tiny, std::abs(k));
    }
    out.bound.tiny = std::max(1.0, out.bound.tiny);
    if (out.kinds == 0) out.masks.clear();
    return out;
}

NodeColumn HistoryColumns::rests_on_blanks(NodeId id) {
    const auto& form = std::get<graph::HistoryForm>(graph_.node(id).form);
    const auto& of_node = graph_.node(form.of);
    NodeColumn out;
    out.shape = Shape::truth;
    const auto mark = [&](std::size_t i) {
        out.truths.resize(rows_.size());
        out.truths[i] = 1;
    };
    if (const auto* years = of(id)) {
        for (const auto& earlier : *years)
            for (std::size_t i = 0; i < rows_.size() && earlier.reopened; ++i)
                if (earlier.put_back(static_cast<std::uint32_t>(rows_[i]))) mark(i);
        return out;
    }
    std::vector<int> asked;
    for (const int back : form.years_back())
        if (history_.may_be_reopened(of_node, table_.year - back)) asked.push_back(back);
    for (std::size_t i = 0; i < rows_.size() && !asked.empty(); ++i)
        for (const int back : asked)
            if (history_.reopened(of_node, {table_.records[rows_[i]], rows_[i]}, table_.year - back)) mark(i);
    return out;
}

}  // namespace zoneval::exec
