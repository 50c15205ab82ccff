#include "engine/audit/turning_points.hpp"

#include <algorithm>

namespace zoneval::audit {

using feel::Decimal;
using feel::Value;
using graph::NodeId;
using Flip = WouldChange::Flip;

namespace {

constexpr std::int64_t few_values = 200;    ///< tried one by one
constexpr std::size_t nearest_others = 16;  ///< on each side
constexpr std::size_t probes_beyond = 24, most_stretches = 4;

/// As many places as the column has, for one who reported 8.10 wrote 8.1.
int places(const Column& column) {
    constexpr std::size_t looked_at = 1000;
    int out = 0;
    for (std::size_t row = 0; row < std::min(column.size(), looked_at); ++row)
        if (column.missing(row) == feel::Missing::none) out = std::max(out, decimals_of(column.at(row)));
    return out;
}

/// Between `same`, where the outcome is `before`, and `other`, where it is not: a place from which on it is not.
template <class With>
std::int64_t turning(const With& with, const std::string& before, std::int64_t same, std::int64_t other) {
    while (other - same > 1) {
        const auto middle = same + (other - same) / 2;
        (with(middle) == before ? same : other) = middle;
    }
    return other;
}

/// The first of the probes, ascending, at which it is not `before`, down to one step.
template <class With>
std::optional<std::int64_t> first_turning(const With& with, const std::string& before,
                                          const std::vector<std::int64_t>& probes, std::int64_t within) {
    std::int64_t last = 0;
    for (std::size_t p = 0; p < probes.size() && last < within; last = probes[p++]) {
        const auto probe = std::min(probes[p], within);
        if (with(probe) != before) return turning(with, before, last, probe);
    }
    return std::nullopt;
}

/// Near `place`, from `least`, where the outcome is `before`, to `most`: where it ceases to be. nullopt: not near.
template <class With>
std::optional<std::int64_t> turning_near(const With& with, const std::string& before, std::int64_t place,
                                         std::int64_t least, std::int64_t most) {
    constexpr std::int64_t far = 1 << 20;
    auto same = place - 1, other = place;
    for (std::int64_t step = 1; with(other) == before; step *= 2) {
        if (step > far || other == most) return std::nullopt;
        same = other;
        other = std::min(other + step, most);
    }
    for (std::int64_t step = 1; same > least && with(same) != before; step *= 2) {
        other = same;
        same = std::max(same - step, least);
    }
    return turning(with, before, same, other);
}

/// Places next to each other with one outcome, from the first probe to the last, as far as the probes tell; `most` and
/// what is begun then.
template <class With>
std::vector<std::pair<std::int64_t, std::int64_t>> runs_of(const With& with, const std::set<std::int64_t>& probes,
                                                           std::size_t most) {
    std::vector<std::pair<std::int64_t, std::int64_t>> out;
    if (probes.empty()) return out;
    auto begin = *probes.begin(), last = begin;
    for (const auto n : probes) {
        while (with(n) != with(begin) && out.size() < most) {
            const auto place = turning(with, with(begin), last, n);
            out.emplace_back(begin, place - 1);
            begin = last = place;
        }
        if (out.size() == most && with(n) != with(begin)) break;
        last = n;
    }
    out.emplace_back(begin, last);
    return out;
}

}  // namespace

int decimals_of(const Value& value) {
    const auto text = value.number()->to_string();
    const auto point = text.find('.');
    return point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

std::vector<Decimal> ascending(std::vector<Decimal> figures) {
    std::sort(figures.begin(), figures.end());
    figures.erase(std::unique(figures.begin(), figures.end()), figures.end());
    return figures;
}

std::vector<Decimal> figures_of_others(const Column& column, const exec::Evaluation& e, std::size_t record,
                                       bool ends_alone) {
    std::vector<Decimal> out;
    for (std::size_t i = 0; i < e.size(); ++i)
        if (i != record && column.missing(e.rows[i]) == feel::Missing::none)
            out.push_back(*column.at(e.rows[i]).number());
    if (ends_alone && !out.empty()) {  // they lie so close that each tells next to nothing
        const auto [least, most] = std::minmax_element(out.begin(), out.end());
        return {*least, *most};
    }
    return ascending(std::move(out));
}

std::vector<Value> words_of(const model::Input& input) {
    if (input.type == feel::Type::Kind::boolean) return {Value(true), Value(false)};
    return {input.values.begin(), input.values.end()};
}

Axis axis_of(NodeId node, const model::Input& input, const Column& column, const Decimal& reported) {
    const int decimals = input.decimals.value_or(places(column));
    const auto step = Decimal::scaled(1, -decimals), zero = Decimal(0);
    return {node,
            decimals,
            step,
            input.min.value_or(reported < zero ? reported * Decimal(times_reported) : zero),
            input.max.value_or(std::max(reported * Decimal(times_reported), step * Decimal(few_values))),
            reported};
}

Axis whole_axis(NodeId node, const model::Input& input, const Column& column, const std::vector<Decimal>& others) {
    const auto low = input.min.value_or(others.front()), high = std::max(input.max.value_or(others.back()), low);
    auto out = axis_of(node, input, column, low);
    out.low = low;
    out.high = high;
    return out;
}

Search::Search(Tries& tries, const Axis& axis, std::vector<Decimal> others)
    : tries_(tries),
      axis_(axis),
      others_(std::move(others)),
      looks_first_(!tries.others_stand() && !tries.is_parameter(axis.node) && (tries.many_others() || !every_value())) {
}

bool Search::every_value() const { return axis_.steps(true) <= few_values && axis_.steps(false) <= few_values; }

std::optional<std::int64_t> Search::turns(bool up, std::int64_t within) {
    const auto with = this->with(up);
    const auto& now = tries_.now();
    const auto probes = probes_on(up);
    if (looks_first_ && !probes.empty()) {
        const auto last = std::min(probes.back(), within);
        const auto place = first_turning(first_order(up), now, probes, within);
        if (place)
            if (const auto near = turning_near(with, now, *place, 0, last)) return near;
        if (!place && with(last) == now && (tries_.many_others() || with(probes[probes.size() / 2]) == now))
            return std::nullopt;
    }
    return first_turning(with, now, probes, within);
}

std::optional<Flip> Search::towards(bool up, std::vector<WouldChange::Stretch>* stretches) {
    const auto place = turns(up);
    if (!place) return std::nullopt;
    if (stretches) beyond(up, *place, *stretches);
    return tries_.flip(axis_.node, axis_.at(up, *place));
}

std::optional<Flip> Search::nearest() {
    const auto down = turns(false), up = turns(true, down.value_or(INT64_MAX));
    if (!down && !up) return std::nullopt;
    return tries_.flip(axis_.node, axis_.at(up.has_value(), up.value_or(down.value_or(0))));
}

/// In steps from what was reported, ascending.
std::vector<std::int64_t> Search::probes_on(bool up) const {
    const auto all = axis_.steps(up);
    std::set<std::int64_t> out;
    if (all <= few_values) {
        for (std::int64_t n = 1; n <= all; ++n) out.insert(n);
        return {out.begin(), out.end()};
    }
    for (std::int64_t n = 1; n<all; n = n> all / 2 ? all : n * 2) out.insert(n);
    out.insert(all);
    const auto beside = [&](const Decimal& figure) {
        const auto away = ((up ? figure - axis_.from : axis_.from - figure) / axis_.step).floor().to_int64();
        for (const int more : {0, 1})  // as high as they, and above
            if (away && *away + more >= 1 && *away + more <= all) out.insert(*away + more);
    };
    const auto here = std::lower_bound(others_.begin(), others_.end(), axis_.from) - others_.begin();
    for (std::size_t k = 0; k < nearest_others; ++k) {
        const auto place = up ? here + static_cast<std::ptrdiff_t>(k) : here - 1 - static_cast<std::ptrdiff_t>(k);
        if (place >= 0 && place < std::ssize(others_)) beside(others_[static_cast<std::size_t>(place)]);
    }
    return {out.begin(), out.end()};
}

void Search::beyond(bool up, std::int64_t flip, std::vector<WouldChange::Stretch>& out) {
    std::set<std::int64_t> probes{flip};
    const auto all = axis_.steps(up);
    for (std::int64_t n = 1; n <= 16 && flip + n <= all; ++n) probes.insert(flip + n);
    for (const auto n : probes_on(up))
        if (n > flip && probes.size() <= probes_beyond) probes.insert(n);
    const auto runs = runs_on(up, probes, most_stretches);
    if (runs.size() < 2) return;  // it stays as it has become
    for (const auto& [begin, end] : runs)
        out.push_back({axis_.at(up, up ? begin : end), axis_.at(up, up ? end : begin), with(up)(begin)});
}

/// Of each run both ends, and where it turns, are found with all computed anew; among very many others, as far as they
/// come out as the first look said.
Search::Runs Search::runs_on(bool up, const std::set<std::int64_t>& probes, std::size_t most) {
    const auto with = this->with(up);
    if (!looks_first_) return runs_of(with, probes, most);
    const auto first_order = this->first_order(up);
    const auto near = runs_of(first_order, probes, most);
    Runs out;
    const auto otherwise = [&] { return tries_.many_others() ? out : runs_of(with, probes, most); };
    auto begin = near.empty() ? 0 : near.front().first;
    for (std::size_t k = 0; k < near.size(); ++k) {
        const auto& outcome = first_order(near[k].first);
        if (with(begin) != outcome) return otherwise();
        if (k + 1 == near.size()) {
            if (with(near[k].second) != outcome) return otherwise();
            out.emplace_back(begin, near[k].second);
            break;
        }
        const auto next = turning_near(with, outcome, near[k + 1].first, begin, near.back().second);
        if (!next) return otherwise();
        out.emplace_back(begin, *next - 1);
        begin = *next;
    }
    return out;
}

std::vector<WouldChange::Stretch> Search::all_the_way(std::size_t most_others, std::vector<std::int64_t>* probed) {
    std::set<std::int64_t> probes{0, axis_.steps(true)};
    const auto every = std::max<std::size_t>(others_.size() / most_others, 1);
    for (std::size_t i = 0; i < others_.size(); i += every) {
        const auto n = ((others_[i] - axis_.from) / axis_.step).floor().to_int64();
        if (n && *n >= 0 && *n <= axis_.steps(true)) probes.insert(*n);
        // Halfway to the next: where few report figures like these, much may lie between.
        if (i + every >= others_.size()) continue;
        const auto middle = ((others_[i] + others_[i + every]) / Decimal(2) - axis_.from) / axis_.step;
        if (const auto m = middle.floor().to_int64(); m && *m >= 0 && *m <= axis_.steps(true)) probes.insert(*m);
    }
    if (probed) probed->assign(probes.begin(), probes.end());
    std::vector<WouldChange::Stretch> out;
    // Few others are computed anew at every probe, for among them an outcome turns back more often.
    const auto runs = tries_.many_others() ? runs_on(true, probes, SIZE_MAX) : runs_of(with(true), probes, SIZE_MAX);
    for (const auto& [begin, end] : runs)
        out.push_back({axis_.at(true, begin), axis_.at(true, end), with(true)(begin)});
    return out;
}

}  // namespace zoneval::audit
