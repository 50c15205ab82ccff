#include "engine/exec/patterns/lanes.hpp"

#include <algorithm>

#include "engine/exec/patterns/cell_values.hpp"
#include "engine/exec/patterns/rank_bounds.hpp"

namespace zoneval::exec {

using feel::Missing;
using graph::NodeId;
using Kind = CellProgram::Kind;

Lanes::Lanes(const LaneProgram& program) : program_(program), rows_(program.cells().sources().rows) {
    const auto steps = program.steps().size();
    for (const auto reading : {Reading::now, Reading::of_scores, Reading::all}) {
        room_[reading].resize(steps * lanes_at_once);
        changed_room_[reading].assign(steps * lanes_at_once, 0);
        for (std::size_t s = 0; s < steps; ++s) {
            lanes_[reading].push_back(room_[reading].data() + s * lanes_at_once);
            changed_[reading].push_back(changed_room_[reading].data() + s * lanes_at_once);
        }
    }
    kinds_.assign(steps * lanes_at_once, 0);
}

void Lanes::read(std::span<const std::uint32_t> records) {
    size_ = records.size();
    for (std::size_t i = 0; i < size_; ++i) {
        record_[i] = records[i];
        row_[i] = static_cast<std::uint32_t>(rows_[records[i]]);
    }
    told_.fill(1);
    branches_.fill(0);
    for (std::size_t step = 0; step < program_.steps().size(); ++step) {
        load(step);
        const auto* now = lanes_[Reading::now][step];
        for (std::size_t i = 0; i < size_; ++i) told_[i] &= now[i].told();
        for (const auto reading : program_.readings().subspan(1)) fill(step, reading);
    }
}

void Lanes::load(std::size_t s) {
    const auto& step = program_.steps()[s];
    const auto& cells = *step.cells;
    auto* out = room_[Reading::now].data() + s * lanes_at_once;
    auto* kinds = kinds_.data() + s * lanes_at_once;
    std::fill_n(kinds, size_, 0);
    const auto each = [&](auto lane) {
        for (std::size_t i = 0; i < size_; ++i) out[i] = lane(i);
    };
    if (!step.known_form) return each([](std::size_t) { return Lane{}; });
    constexpr std::uint32_t nobody = 7;
    switch (cells.kind) {
        case Kind::constant: return each([&](std::size_t) { return step.constant; });
        case Kind::number:
        case Kind::coded:
            if (cells.data) return load_data(step, *cells.data, out, kinds);
            std::fill_n(kinds, size_, nobody);
            return each([&](std::size_t) { return step.open; });
        case Kind::earlier: return each([&](std::size_t i) { return earlier(step, row_[i], kinds[i]); });
        case Kind::earlier_list: return each([&](std::size_t i) { return list(step, i); });
        case Kind::cohort: return each([&](std::size_t i) { return cohort(step, record_[i]); });
        case Kind::formula:
            if (!cells.column) return load_formula(step, out);
            [[fallthrough]];
        case Kind::computed: return load_column(step, out);
        case Kind::decision:
            return each([&](std::size_t i) {
                const auto rule = cells.rules->rules[record_[i]];
                return rule == DecisionColumn::open ? Lane::any() : Lane::of(End{static_cast<double>(rule)});
            });
        case Kind::none: return each([](std::size_t) { return Lane{}; });
    }
}

void Lanes::load_data(const Step& step, const Column& data, Lane* out, std::uint32_t* kinds) const {
    const auto* numbers = data.numbers();
    if (!numbers || !numbers->compact()) {
        for (std::size_t i = 0; i < size_; ++i) {
            kinds[i] = static_cast<std::uint32_t>(data.missing(row_[i]));
            out[i] = datum(step, data, row_[i]);
        }
        return;
    }
    numbers->coefficients().visit([&](auto all) {
        for (std::size_t i = 0; i < size_; ++i) {
            const auto missing = data.missing(row_[i]);
            const auto k = static_cast<double>(all[row_[i]]);
            kinds[i] = static_cast<std::uint32_t>(missing);
            if (missing != Missing::none)
                out[i] = missing == Missing::not_applicable ? Lane::null() : step.open;
            else
                out[i] = End::fits(k) ? Lane::of(End{k}) : Lane{};
        }
    });
}

Lane Lanes::datum(const Step& step, const Column& data, std::uint32_t row) const {
    const auto missing = data.missing(row);
    if (missing != Missing::none) return missing == Missing::not_applicable ? Lane::null() : step.open;
    if (const auto* numbers = data.numbers()) return Lane::of(cell_of(*numbers, row), step.scale);
    if (const auto* texts = data.strings()) return Lane::of(End{static_cast<double>(texts->codes()[row])});
    if (const auto* truths = data.booleans()) return Lane::of((*truths)[row] != 0);
    return Lane::of(End{static_cast<double>((*data.dates())[row].days_since_epoch())});
}

Lane Lanes::earlier(const Step& step, std::uint32_t row, std::uint32_t& kind) const {
    const auto& earlier = step.cells->earlier->front();
    const auto place = earlier.places[row];
    kind = no_place | (place - EarlierColumn::unknown);  // unless there is one
    if (place == EarlierColumn::absent) return Lane::null();
    if (place == EarlierColumn::unknown) return step.open;
    if (earlier.data) {
        kind = static_cast<std::uint32_t>(earlier.data->missing(place));
        if (earlier.data->numbers()) return datum(step, *earlier.data, place);
        return Lane::of(cell_at(earlier, place, step.cells->open), step.scale);
    }
    kind = earlier.repeated ? place : 0;
    if (earlier.repeated) return step.places[place];
    const auto& value = (*earlier.values)[place];  // what a null is called, each has for itself
    if (earlier.put_back(row) || (value.is_null() && value.cause())) return {};
    return Lane::of(cell_at(earlier, place, step.cells->open), step.scale);
}

/// Told where all its elements are there: then nothing is open that reads it.
Lane Lanes::list(const Step& step, std::size_t i) const {
    const auto now = program_.step_of()[exec::at(step.cells->list_of)];
    if (now < 0 || !lane(Reading::now, static_cast<std::size_t>(now), i).is(Lane::value)) return {};
    for (const auto reading : program_.readings().subspan(1))
        if (changed(reading, static_cast<std::size_t>(now), i)) return {};
    for (const auto& earlier : *step.cells->earlier) {
        const auto place = earlier.places[row_[i]];
        if (place == EarlierColumn::absent) continue;
        if (place == EarlierColumn::unknown || !earlier.data || earlier.data->missing(place) != Missing::none)
            return {};
    }
    return Lane::of(End{});
}

void Lanes::load_column(const Step& step, Lane* out) const {
    const auto* column = step.cells->column;
    const auto each = [&](auto value) {
        for (std::size_t i = 0; i < size_; ++i) {
            const auto mask = column && !column->masks.empty() ? column->masks[record_[i]] : Mask{0};
            out[i] = mask != 0 ? Lane::of(null_cell(mask), 0) : value(record_[i]);
        }
    };
    if (!column) return each([](std::uint32_t) { return Lane{}; });
    if (column->shape == Shape::truth) return each([&](std::uint32_t r) { return Lane::of(column->truths[r] != 0); });
    if (column->shape == Shape::code)
        return each([&](std::uint32_t r) { return Lane::of(End{static_cast<double>(column->codes[r])}); });
    const auto& bound = column->bound;
    const auto more = step.scale - bound.scale;
    each([&](std::uint32_t r) {
        const auto k = column->numbers[r];
        if (bound.exact()) return Lane::of(End{k}.under(more));
        return Lane::of(End{k, (bound.absolute + bound.relative * std::abs(k)) * End::slack}.under(more));
    });
}

/// What has no column.
void Lanes::load_formula(const Step& step, Lane* out) {
    std::fill_n(out, size_, Lane{});
    if (!step.term) return;
    std::array<std::uint8_t, lanes_at_once> which;
    for (std::size_t i = 0; i < size_; ++i) which[i] = static_cast<std::uint8_t>(i);
    eval(*step.term, Reading::now, step.cells->of_score, {which.data(), size_}, found_.data());
    for (std::size_t i = 0; i < size_; ++i) {
        out[i] = found_[i].under(step.scale - step.term->scale);
        if (out[i].is(Lane::plain)) out[i] = Lane::any(Lane::certainly_null);
        if (out[i].is(Lane::value) && !out[i].low.in_reach()) out[i] = {};
    }
}

Lane Lanes::cohort(const Step& step, std::size_t record) const {
    const auto& column = *step.cells->cohort_column;
    if (const auto mask = column.masks ? (*column.masks)[record] : Mask{0}; mask != 0)
        return Lane::of(null_cell(mask), 0);
    const auto group = column.grouping->of(record);
    if (group == Grouping::none) return {};
    if (!column.ranks()) return step.by_group[group].is(Lane::value) ? step.by_group[group] : Lane{};
    const End rank{static_cast<double>(column.places[record])};
    if (column.function == CohortFunction::rank) return Lane::of(rank);
    const End others{static_cast<double>(column.sizes[group]) - 1};
    return others.k > 0 ? Lane::of(rank / others) : Lane{};
}

std::optional<bool> Lanes::has_say(const std::vector<NodeId>& makers, std::size_t i) const {
    const auto is_open = [&](NodeId id) {
        const auto step = static_cast<std::size_t>(program_.step_of()[exec::at(id)]);
        return std::optional(lane(Reading::now, step, i).is(Lane::open));
    };
    return exec::has_say(makers, program_.cells(), row_[i], is_open);
}

LaneReading Lanes::reading_of(Reading reading, bool of_score) const {
    LaneReading out;
    out.lanes = lanes_[reading].data();
    out.now = lanes_[Reading::now].data();
    out.steps = &program_.step_of();
    out.there_when_filled = &program_.there_when_filled();
    out.branches = branches_.data();
    out.first_branch = static_cast<int>(reading) * program_.branches();
    out.null_tests = of_score && reading != Reading::now ? NullTests::of_score
                     : reading == Reading::all           ? NullTests::filled
                                                         : NullTests::as_things_are;
    return out;
}

void Lanes::eval(const LaneTerm& term, Reading reading, bool of_score, std::span<const std::uint8_t> which, Lane* out) {
    evaluator_.eval(term, reading_of(reading, of_score), which, out);
}

/// Which records come to something else than now, because what a step reads does; how many there are.
std::size_t Lanes::to_fill(std::size_t s, Reading reading, std::uint8_t* out) const {
    const auto& step = program_.steps()[s];
    const auto kind = step.cells->kind;
    const bool by_place = !step.put_back[reading].empty();
    if (kind == Kind::constant || kind == Kind::number || kind == Kind::coded || kind == Kind::earlier_list ||
        (kind == Kind::earlier && !by_place) || step.cells->as_it_is)
        return 0;
    std::array<std::uint8_t, lanes_at_once> asks{};
    for (const auto used : step.uses) {
        if (used < 0) asks.fill(1);
        if (used < 0 || by_place) continue;
        const auto* changed = changed_[reading][static_cast<std::size_t>(used)];
        for (std::size_t i = 0; i < size_; ++i) asks[i] |= changed[i];
    }
    if (by_place)
        for (std::size_t i = 0; i < size_; ++i) asks[i] = kind_of(s, i) < no_place;
    std::size_t count = 0;
    const auto* now = lanes_[Reading::now][s];
    for (std::size_t i = 0; i < size_; ++i) {
        out[count] = static_cast<std::uint8_t>(i);
        count += asks[i] != 0 && now[i].told();
    }
    return count;
}

/// As RecordCells::filled.
void Lanes::fill(std::size_t s, Reading reading) {
    const auto& step = program_.steps()[s];
    const auto kind = step.cells->kind;
    if (reading == Reading::all && !step.may_differ) {
        lanes_[reading][s] = lanes_[Reading::of_scores][s];
        changed_[reading][s] = changed_[Reading::of_scores][s];
        return;
    }
    const auto* now = lanes_[reading][s] = lanes_[Reading::now][s];
    auto* changed = changed_room_[reading].data() + s * lanes_at_once;
    for (std::size_t i = 0; i < size_; ++i) changed[i] = !now[i].known();
    std::array<std::uint8_t, lanes_at_once> again;
    const std::span<const std::uint8_t> which(again.data(), to_fill(s, reading, again.data()));
    if (which.empty()) return;
    if (kind == Kind::formula && step.term) eval(*step.term, reading, step.cells->of_score, which, found_.data());
    auto* out = room_[reading].data() + s * lanes_at_once;
    lanes_[reading][s] = out;
    std::copy_n(now, size_, out);
    std::size_t j = 0;
    for (const auto i : which) {
        out[i] = kind == Kind::earlier    ? step.put_back[reading][kind_of(s, i)]
                 : kind == Kind::decision ? Lane::any()
                 : kind == Kind::cohort   ? of_cohort(step, reading, i)
                 : kind == Kind::formula  ? filled(step, now[i], found_[j++])
                                          : Lane{};
        changed[i] = !out[i].known() || now[i].is(Lane::open) || !same(out[i], now[i]);
        told_[i] &= out[i].told();
    }
}

/// As RecordCells::of_formula.
Lane Lanes::filled(const Step& step, const Lane& before, const Lane& found) const {
    if (!step.term || !found.told()) return {};
    if (found.is(Lane::plain)) return Lane::any(Lane::certainly_null);
    auto out = found.under(step.scale - step.term->scale);
    if ((out.is(Lane::has_low) && !out.low.in_reach()) || (out.is(Lane::has_high) && !out.high.in_reach())) return {};
    if (out.is(Lane::value) && before.is(Lane::value) && !same(out, before) &&
        order(out.low, before.low) == untold_order)
        return {};
    if (!out.is(Lane::open) || out.is(Lane::certainly_null)) return out;
    const auto limit = [&](const std::optional<End>& bound, Lane::Kind has, End& end, bool from_below) {
        if (!bound) return;
        end = out.is(has) ? extreme(end, *bound, from_below) : *bound;
        out.set(has, true);
    };
    limit(step.low, Lane::has_low, out.low, true), limit(step.high, Lane::has_high, out.high, false);
    if (step.cells->of_score && before.is(Lane::value) && out.finite()) out.set(Lane::there, false);
    return out;
}

/// As RecordCells::of_cohort, of ranks.
Lane Lanes::of_cohort(const Step& step, Reading reading, std::size_t i) const {
    const auto& form = *step.cells->cohort;
    if (!graph::is_rank(form.function) || !step.numbers) return {};
    const auto step_of = [&](NodeId id) { return program_.step_of()[exec::at(id)]; };
    const auto value = step_of(form.value);
    if (value < 0) return {};
    const auto& own = lane(reading, static_cast<std::size_t>(value), i);
    const auto& own_now = lane(Reading::now, static_cast<std::size_t>(value), i);
    if (!own.told() || !own_now.told()) return {};
    if (form.group) {
        const auto by = step_of(*form.group);
        if (by < 0) return {};
        const auto& group = lane(reading, static_cast<std::size_t>(by), i);
        if (group.is(Lane::open)) {
            if (form.smallest > 0 || !group.never_null() || !own.never_null() ||
                form.function == CohortFunction::percent_rank)
                return Lane::any();
            auto out = Lane::any(Lane::has_low | Lane::has_high);
            out.low = End{1}, out.high = End{static_cast<double>(rows_.size())};
            return out;
        }
        if (!group.is(Lane::value) || changed(reading, static_cast<std::size_t>(by), i)) return {};
    }
    const auto group = step.cells->cohort_column->grouping->of(record_[i]);
    if (group == Grouping::none || form.function == CohortFunction::dense_rank ||
        form.function == CohortFunction::average_rank)
        return {};
    const auto others = static_cast<std::int64_t>(step.numbers->size(group)) - (own_now.is(Lane::value) ? 1 : 0);
    if (others + 1 < form.smallest) return {};
    if (!own.never_null()) return Lane::any();
    const auto scale = program_.steps()[static_cast<std::size_t>(value)].scale;
    return of_rank(step, group, scale, own, own_now);
}

/// As RecordCells::of_rank.
Lane Lanes::of_rank(const Step& step, std::size_t group, int scale, const Lane& own, const Lane& mine) const {
    const auto& numbers = *step.numbers;
    const bool percent = step.cells->cohort->function == CohortFunction::percent_rank, has_own = mine.is(Lane::value);
    const auto others = static_cast<std::int64_t>(numbers.size(group)) - has_own;
    auto out = Lane::any();
    if (percent && others == 0) return out;
    bool told = true;
    const auto below = [&](const End& bound, bool or_equal) -> std::int64_t {
        const auto all = count_below(numbers, group, bound, scale, or_equal);
        const auto which = has_own ? order(mine.low, bound) : 1;
        told = told && all && which != untold_order;
        if (!told) return 0;
        return *all - (has_own && (which < 0 || (or_equal && which == 0)));
    };
    const auto [least, most] = rank_bounds(percent, others, own.is(Lane::has_low) ? &own.low : nullptr,
                                           own.is(Lane::has_high) ? &own.high : nullptr, below);
    out.set(Lane::has_low | Lane::has_high, true);
    out.low = End{static_cast<double>(least)}, out.high = End{static_cast<double>(most)};
    if (!percent) return told ? out : Lane{};
    const End all{static_cast<double>(others)};
    for (auto* end : {&out.low, &out.high}) *end = end->k == all.k ? End{1} : *end / all;
    return told ? out : Lane{};
}

}  // namespace zoneval::exec
