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
            if (!place->second) break;
            auto earlier = history_.column(graph_.node(form.of), table_, table_.year - back);
            if (earlier)
                all.push_back(std::move(*earlier));
            else
                place->second.reset();
        }
    }
    return place->second ? &*place->second : nullptr;
}

std::optional<NodeColumn> HistoryColumns::values(NodeId id, StringCodes& strings) {
    const auto& node = graph_.node(id);
    const auto& form = std::get<graph::HistoryForm>(node.form);
    const auto* years = form.list || form.first || !node.type ? nullptr : of(id);
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
                if (const auto row = static_cast<std::uint32_t>(rows_[i]);
                    earlier.has(row) && earlier.reopened->contains(earlier.places[row]))
                    mark(i);
        return out;
    }
    std::vector<int> asked;
    for (const int back : form.years_back())
        if (history_.may_be_reopened(of_node, table_.year - back)) asked.push_back(back);
    for (std::size_t i = 0; i < rows_.size() && !asked.empty(); ++i)
        for (const int back : asked)
            if (history_.reopened(of_node, table_.records[rows_[i]], table_.year - back)) mark(i);
    return out;
}

}  // namespace zoneval::exec
