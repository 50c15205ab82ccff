#include "engine/exec/patterns/record_cells.hpp"

#include <algorithm>
#include <cmath>

#include "engine/exec/patterns/cell_values.hpp"
#include "engine/exec/patterns/rank_bounds.hpp"
#include "engine/exec/results/ranks_and_aggregates.hpp"
#include "engine/feel/value/null_meaning.hpp"
#include "engine/table/scaled.hpp"

namespace zoneval::exec {

using feel::Missing;
using feel::Type;
using feel::Value;
using graph::Node;
using graph::NodeId;
using Kind = CellProgram::Kind;

RecordCells::RecordCells(const CellProgram& program) : program_(program) {
    const auto n = program.sources().graph.nodes.size();
    for (const auto reading : {now, of_scores, all}) {
        cells_[reading].resize(n);
        changed_[reading].assign(n, 1);  // what has no step may be anything
    }
    to_find_.assign(n, 0);
    differs_.assign(n, 1);
    for (const auto reading : {now, of_scores, all}) {
        auto& r = readings_[reading];
        r.cells = &cells_[reading];
        r.now = &cells_[now];
        r.null_tests = reading == all ? NullTests::filled : NullTests::as_things_are;
        r.elements = [this](int slot, std::vector<Cell>& out) { elements(slot, out); };
        r.there_when_filled = [&graph = program.sources().graph](int slot) { return there_when_filled(graph, slot); };
    }
}

void RecordCells::read(std::size_t record) {
    record_ = record;
    row_ = static_cast<std::uint32_t>(program_.sources().rows[record]);
    for (const auto& step : program_.steps()) {
        const auto id = at(step.id);
        to_find_[id] = stays(step);
        if (to_find_[id]) {
            changed_[of_scores][id] = changed_[all][id] = differs_[id] = 0;
            continue;
        }
        const auto& before = cells_[now][id] = as_it_is(step);
        differs_[id] = may_differ(step);
        for (const auto reading : {of_scores, all}) {
            if (reading != told(reading)) continue;
            if (reading == all && !differs_[id]) {
                cells_[all][id] = cells_[of_scores][id];
                changed_[all][id] = changed_[of_scores][id];
                continue;
            }
            const auto other = filled(step, reading);
            const auto& cell = cells_[reading][id] = other.value_or(before);
            changed_[reading][id] = cell.is == Cell::Is::open || before.is == Cell::Is::open ||
                                    cell.is == Cell::Is::beyond || (other && !same(cell, before));
        }
        if (step.kind == Kind::earlier_list)  // open or not: there are no bounds
            differs_[id] = cells_[all][id].is != cells_[of_scores][id].is;
    }
}

namespace {

/// A datum whose cell is a value in reach, as every whole number under a power of ten is.
bool is_plain(const Column& data, std::uint32_t row) {
    return data.missing(row) == Missing::none && (!data.numbers() || data.numbers()->compact());
}

}  // namespace

bool RecordCells::stays(const Step& step) const {
    const auto unchanged = [&] { return !reads_changed(step, of_scores) && !reads_changed(step, all); };
    switch (step.kind) {
        case Kind::constant: return true;
        case Kind::number:
        case Kind::coded: return step.data && is_plain(*step.data, row_);
        case Kind::earlier: {
            const auto& earlier = step.earlier->front();
            if (earlier.repeated || !earlier.data || place(earlier) >= EarlierColumn::unknown) return false;
            return !earlier.put_back(row_) && earlier.data->numbers() && is_plain(*earlier.data, place(earlier));
        }
        case Kind::cohort: {
            const auto& column = *step.cohort_column;
            if (column.masks && (*column.masks)[record_] != 0) return false;
            const auto group = column.grouping->of(record_);
            if (group == Grouping::none) return false;
            const bool known = column.ranks() ? column.sizes[group] > 1 : step.by_group[group].is == Cell::Is::value;
            return known && unchanged();
        }
        case Kind::formula: return !step.may_fail && unchanged();
        default: return false;
    }
}

void RecordCells::find(NodeId id) const {
    if (!to_find_[at(id)]) return;
    to_find_[at(id)] = 0;
    const auto& found = cells_[now][at(id)] = as_it_is(*program_.step(id));
    for (const auto reading : {of_scores, all}) cells_[reading][at(id)] = found;
}

Cell RecordCells::as_it_is(const Step& step) const {
    switch (step.kind) {
        case Kind::constant: return step.constant;
        case Kind::number:
        case Kind::coded: {
            if (!step.data) return step.open;
            const auto kind = step.data->missing(row_);
            if (kind != Missing::none) return missing_cell(kind, step.open);
            if (const auto* numbers = step.data->numbers()) return cell_of(*numbers, row_);
            if (const auto* texts = step.data->strings()) return Cell::of(Approximate::whole(texts->codes()[row_]));
            if (const auto* truths = step.data->booleans()) return Cell::of((*truths)[row_] != 0);
            return Cell::of(Approximate::whole((*step.data->dates())[row_].days_since_epoch()));
        }
        case Kind::earlier: return of_earlier(step);
        case Kind::earlier_list: return Cell::of(Approximate::whole(0));
        case Kind::cohort: return cohort_now(step);
        case Kind::computed: return of_computed(step);
        case Kind::decision: {
            const auto rule = step.rules->rules[record_];
            return rule == DecisionColumn::open ? Cell::open() : Cell::of(Approximate::whole(rule));
        }
        case Kind::formula: {
            if (!step.column) return of_formula(step, now);
            const auto found = of_computed(step);
            const bool more_exact = found.is == Cell::Is::value && !found.low.exact() && step.may_be_exact;
            return found.is == Cell::Is::beyond || more_exact ? of_formula(step, now) : found;
        }
        case Kind::none: break;
    }
    return {};
}

bool RecordCells::may_differ(const Step& step) const {
    if (step.kind == Kind::earlier) return step.earlier->front().reopened != nullptr;
    return step.kind == Kind::earlier_list || step.asks_null ||
           std::any_of(step.uses->begin(), step.uses->end(), [&](NodeId used) { return differs_[at(used)] != 0; });
}

std::optional<std::uint32_t> RecordCells::too_small(NodeId cohort) const {
    const auto& column = *program_.step(cohort)->cohort_column;
    const bool is = column.masks && ((*column.masks)[record_] & mask_too_small) != 0;
    return is ? std::optional(column.grouping->of(record_)) : std::nullopt;
}

std::optional<Value> RecordCells::why_too_small(NodeId cohort) const {
    const auto* step = program_.step(cohort);
    if (!step || step->kind != Kind::cohort || step->cohort->smallest == 0) return std::nullopt;
    const auto group = step->cohort_column->grouping->of(record_);
    const auto* numbers = program_.sources().members.numbers(*step->cohort);
    if (group == Grouping::none || !numbers) return std::nullopt;
    return group_too_small(numbers->size(group), step->cohort->smallest);
}

bool RecordCells::reads_changed(const Step& step, Reading reading) const {
    return std::any_of(step.uses->begin(), step.uses->end(), [&](NodeId used) { return changed(reading, used); });
}

/// nullopt: what it is with the blanks blank.
std::optional<Cell> RecordCells::filled(const Step& step, Reading reading) {
    const auto& before = cells_[now][at(step.id)];
    switch (step.kind) {
        case Kind::earlier: {
            const auto* put_back = step.earlier->front().put_back(row_);
            const auto* value = put_back ? put_back->with(reading == all ? Blanks::all : Blanks::of_scores) : nullptr;
            return value ? std::optional(cell_of(*value)) : std::nullopt;
        }
        case Kind::earlier_list: return of_list(step, reading);
        case Kind::constant:
        case Kind::number:
        case Kind::coded:
        case Kind::none: return std::nullopt;
        default: break;
    }
    if (step.as_it_is || before.is == Cell::Is::beyond || !reads_changed(step, reading)) return std::nullopt;
    switch (step.kind) {
        case Kind::cohort: return of_cohort(step, reading);
        case Kind::formula: {
            const auto out = of_formula(step, reading);
            // Two that are close may be the same, and then nothing has changed.
            const bool close = out.is == Cell::Is::value && before.is == Cell::Is::value && !same(out, before) &&
                               !compare(out.low, before.low);
            return close ? Cell{} : out;
        }
        case Kind::decision: return Cell::open();
        default: return Cell{};
    }
}

namespace {

/// 10 to the power of -scale, within half a unit in the last place.
double unit_of(int scale) {
    static constexpr std::array units = {1.0,   1e-1,  1e-2,  1e-3,  1e-4,  1e-5,  1e-6,  1e-7,  1e-8, 1e-9,
                                         1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16, 1e-17, 1e-18};
    const auto place = static_cast<std::size_t>(scale);
    return place < units.size() ? units[place] : std::pow(10.0, -scale);
}

}  // namespace

Cell RecordCells::of_computed(const Step& step) const {
    const auto& column = *step.column;
    if (const auto mask = column.masks.empty() ? Mask{0} : column.masks[record_]; mask != 0) return null_cell(mask);
    if (column.shape == Shape::truth) return Cell::of(column.truths[record_] != 0);
    if (column.shape == Shape::code) return Cell::of(Approximate::whole(column.codes[record_]));
    const auto k = column.numbers[record_];
    const auto& bound = column.bound;
    if (bound.exact()) return Cell::of(Approximate::whole(static_cast<std::int64_t>(k), bound.scale));
    const auto unit = unit_of(bound.scale);
    return Cell::of(Approximate::near(
        k * unit, (bound.absolute + (bound.relative + 8 * unit_roundoff) * std::abs(k)) * unit * (1 + 1e-9)));
}

Cell RecordCells::of_earlier(const Step& step) const {
    const auto& earlier = step.earlier->front();
    const auto place = this->place(earlier);
    if (!earlier.repeated || place >= EarlierColumn::unknown) return cell_at(earlier, place, step.open);
    const auto& out = step.earlier_values[place];
    return out.is == Cell::Is::open ? step.open : out;
}

/// A list counts as open when this year's value is, or when an element is to be filled in.
Cell RecordCells::of_list(const Step& step, Reading reading) const {
    const auto& this_year = cell(reading, step.list_of);
    if (!this_year.known()) return this_year.is == Cell::Is::open ? Cell::open() : Cell{};
    if (step.put_back(row_)) return {};
    for (const auto& earlier : *step.earlier) {
        const auto place = this->place(earlier);
        if (reading != all || place == EarlierColumn::absent) continue;
        const bool blank = place == EarlierColumn::unknown ||
                           (earlier.data ? earlier.data->missing(place) != Missing::none &&
                                               earlier.data->missing(place) != Missing::not_applicable
                                         : feel::is_unknown((*earlier.values)[place]));
        if (blank) return Cell::open();
    }
    return cell(now, step.id);
}

/// The list as it is: of years in which the record took part, and this one.
void RecordCells::elements(NodeId list, std::vector<Cell>& out) const {
    const auto& step = *program_.step(list);
    for (auto earlier = step.earlier->rbegin(); earlier != step.earlier->rend(); ++earlier) {
        const auto place = this->place(*earlier);
        if (place != EarlierColumn::absent) out.push_back(cell_at(*earlier, place, Cell::open()));
    }
    out.push_back(cell(now, step.list_of));
}

namespace {

bool add_once(std::vector<RecordCells::Blank>& out, RecordCells::Blank blank) {
    if (std::find(out.begin(), out.end(), blank) == out.end()) out.push_back(blank);
    return true;
}

}  // namespace

std::optional<std::uint32_t> RecordCells::likeness(const Blank& blank) const {
    const auto* step = program_.step(blank.node);
    if (!step || blank.element >= 0) return std::nullopt;
    const auto of_kind = [](const Column& data, std::uint32_t row) {
        return static_cast<std::uint32_t>(data.missing(row));
    };
    if (step->kind == Kind::number || step->kind == Kind::coded)
        return step->data ? std::optional(of_kind(*step->data, row_)) : std::nullopt;
    if (step->kind != Kind::earlier) return std::nullopt;
    const auto& earlier = step->earlier->front();
    const auto place = this->place(earlier);
    if (place >= EarlierColumn::unknown) return std::nullopt;
    return earlier.data       ? std::optional(of_kind(*earlier.data, place))
           : earlier.repeated ? std::optional(place)
                              : std::nullopt;
}

/// False: there is none.
bool RecordCells::blank_elements(NodeId list, bool first_only, std::vector<Blank>& out) const {
    std::vector<Cell> cells;
    elements(list, cells);
    bool any = false;
    for (std::size_t i = 0; i < cells.size() && !(first_only && any); ++i)
        if (cells[i].is == Cell::Is::open) any = add_once(out, {list, static_cast<int>(i)});
    return any;
}

bool RecordCells::blanks_behind(Reading reading, NodeId id, std::vector<Blank>& out) const {
    const auto* step = program_.step(id);
    const auto& here = cell(reading, id);
    if (!step || here.is != Cell::Is::open || here.certainly_null) return false;
    const auto add = [&] { return add_once(out, {id, -1}); };
    switch (step->kind) {
        case Kind::number:
        case Kind::coded: return add();
        case Kind::earlier: return !step->put_back(row_) && add();
        case Kind::earlier_list: {
            const auto of = step->list_of;
            return cell(reading, of).is == Cell::Is::open ? blanks_behind(reading, of, out)
                                                          : blank_elements(id, true, out);
        }
        case Kind::cohort:
            if (here.behind && here.behind->empty()) return why_too_small(id) && add();
            break;
        case Kind::formula: break;
        default: return false;
    }
    const auto& names = here.behind ? *here.behind : *step->uses;
    bool any = false;
    for (const auto name : names) {
        // A look back at a year that no data stand behind is one blank for everybody.
        const auto* constant = program_.sources().constant(name);
        if (constant && feel::is_unknown(*constant)) {
            any = add_once(out, {name, -1});
        } else if (cell(reading, name).is == Cell::Is::open) {
            if (!blanks_behind(reading, name, out)) return false;
            any = true;
        }
    }
    if (any) return true;
    // Nothing it reads is open, but a list has blanks in it.
    for (const auto name : names)
        if (const auto* list = program_.step(name); list && list->kind == Kind::earlier_list)
            any = blank_elements(name, false, out) || any;
    return any;
}

Cell RecordCells::cohort_now(const Step& step) const {
    const auto& column = *step.cohort_column;
    if (const auto mask = column.masks ? (*column.masks)[record_] : Mask{0}; mask != 0) return null_cell(mask);
    const auto group = column.grouping->of(record_);
    if (group == Grouping::none) return {};
    if (!column.ranks()) return step.by_group[group].is == Cell::Is::value ? step.by_group[group] : Cell{};
    const auto rank = Approximate::whole(column.places[record_]);
    if (column.function == CohortFunction::rank) return Cell::of(rank);
    return Cell::of(rank / Approximate::whole(static_cast<std::int64_t>(column.sizes[group]) - 1));
}

/// As Completions::of_cohort, for a record whose group is known and stays.
Cell RecordCells::of_cohort(const Step& step, Reading reading) {
    const auto& form = *step.cohort;
    const auto& graph = program_.sources().graph;
    const auto& own = cell(reading, form.value);
    const auto& own_now = cell(now, form.value);
    if (own.is == Cell::Is::beyond || own_now.is == Cell::Is::beyond) return {};
    if (form.group) {
        const auto& group = cell(reading, *form.group);
        if (group.is == Cell::Is::open) {
            if (!graph::is_rank(form.function) || form.smallest > 0 || !group.never_null() || !own.never_null())
                return form.function == CohortFunction::count ? Cell{} : Cell::open();
            auto out = Cell::open();
            if (form.function == CohortFunction::percent_rank) return out;
            out.has_low = out.has_high = true;
            out.low = Approximate::whole(1);
            out.high = Approximate::whole(static_cast<std::int64_t>(program_.sources().rows.size()));
            return out;
        }
        if (group.is != Cell::Is::value || changed(reading, *form.group)) return {};
    }
    const auto group = step.cohort_column->grouping->of(record_);
    if (group == Grouping::none || form.function == CohortFunction::dense_rank || graph::is_statistic(form.function) ||
        form.function == CohortFunction::average_rank || !is_number(graph.node(form.value)))
        return {};
    if (form.function == CohortFunction::count) {
        if (own_now.is == Cell::Is::value && (own.never_null() || graph.node(form.value).of_score))
            return cell(now, step.id);
        const auto& counted = cell(now, step.id);
        if (counted.is != Cell::Is::value) return {};
        auto out = Cell::open();
        out.has_low = out.has_high = true;
        out.low = own_now.is == Cell::Is::value ? counted.low - Approximate::whole(1) : counted.low;
        out.high = out.low + Approximate::whole(1);
        return out;
    }
    const auto mine = own_now.is == Cell::Is::value ? std::optional(own_now.low) : std::nullopt;
    const auto* numbers = program_.sources().members.numbers(form);
    if (!numbers) return {};
    const auto others = static_cast<std::int64_t>(numbers->size(group)) - (mine ? 1 : 0);
    if (others + 1 < form.smallest) return too_small_to_compare();
    if (!own.never_null()) return Cell::open();
    return graph::is_rank(form.function) ? of_rank(step, *numbers, group, own, mine)
                                         : of_aggregate(step, *numbers, group, own, mine);
}

Cell RecordCells::of_rank(const Step& step, const GroupedNumbers& numbers, std::size_t group, const Cell& own,
                          const std::optional<Approximate>& mine) const {
    const bool percent = step.cohort->function == CohortFunction::percent_rank;
    const auto others = static_cast<std::int64_t>(numbers.size(group)) - (mine ? 1 : 0);
    auto out = Cell::open();
    if (percent && others == 0) return out;
    bool told = true;
    // Others below a bound, or not above it.
    const auto below = [&](const Approximate& bound, bool or_equal) -> std::int64_t {
        const auto all = count_below(numbers, group, bound, or_equal);
        const auto order = mine ? compare(*mine, bound) : std::strong_ordering::greater;
        told = told && all && order;
        if (!told) return 0;
        const bool own_counted = mine && (*order < 0 || (or_equal && *order == 0));
        return *all - own_counted;
    };
    const auto [least, most] =
        rank_bounds(percent, others, own.has_low ? &own.low : nullptr, own.has_high ? &own.high : nullptr, below);
    out.has_low = out.has_high = true;
    out.low = Approximate::whole(least), out.high = Approximate::whole(most);
    if (percent) out.low = out.low / Approximate::whole(others), out.high = out.high / Approximate::whole(others);
    return told ? out : Cell{};
}

Cell RecordCells::of_aggregate(const Step& step, const GroupedNumbers& numbers, std::size_t group, const Cell& own,
                               const std::optional<Approximate>& mine) const {
    const auto function = step.cohort->function;
    const auto others = static_cast<std::int64_t>(numbers.size(group)) - (mine ? 1 : 0);
    auto out = Cell::open();
    if (function == CohortFunction::median || function == CohortFunction::stddev) return out;
    if (function != CohortFunction::min && function != CohortFunction::max) return {};  // sums are for decimals
    out.has_low = own.has_low, out.has_high = own.has_high;
    out.low = own.low, out.high = own.high;
    if (others == 0) return out;
    const bool least = function == CohortFunction::min;
    const auto last = numbers.size(group) - 1;
    auto best = Approximate::of(numbers.ascending(group, least ? 0 : last));
    if (mine) {
        const auto order = compare(*mine, best);
        if (!order) return {};
        if (*order == 0) best = Approximate::of(numbers.ascending(group, least ? 1 : last - 1));
    }
    auto& has_sure = least ? out.has_high : out.has_low;
    auto& sure = least ? out.high : out.low;
    auto& has_other = least ? out.has_low : out.has_high;
    auto& other = least ? out.low : out.high;
    for (auto [has, bound] : {std::pair(&has_sure, &sure), std::pair(&has_other, &other)}) {
        if (!*has) {
            if (has == &has_sure) *has = true, *bound = best;
            continue;
        }
        const auto order = compare(best, *bound);
        if (!order) return {};
        if (least ? *order < 0 : *order > 0) *bound = best;
    }
    return out;
}

Cell RecordCells::value(Reading reading, const CellTerm& term, bool of_score) const {
    for (const auto used : term.slots) find(used);
    return evaluated(told(reading), term, term.slots, of_score);
}

/// Over completions, what cannot be told behind it may be open: then nor can this, though it need not be looked at.
Cell RecordCells::evaluated(Reading reading, const CellTerm& term, const std::vector<int>& uses, bool of_score) const {
    if (reading != now &&
        std::any_of(uses.begin(), uses.end(), [&](NodeId used) { return cell(reading, used).is == Cell::Is::beyond; }))
        return {};
    auto& r = readings_[reading];
    const auto usual = r.null_tests;
    if (of_score && reading != now) r.null_tests = NullTests::of_score;
    const auto out = evaluate(term, r);
    r.null_tests = usual;
    return out;
}

Cell RecordCells::of_formula(const Step& step, Reading reading) const {
    for (const auto used : *step.uses) find(used);
    auto out = evaluated(reading, step.term, *step.uses, step.of_score);
    if (out.is == Cell::Is::beyond) return out;
    if (out.is == Cell::Is::absent && out.plain) {  // a formula's own null is a missing value
        out = Cell::open();
        out.certainly_null = true;
    }
    if (reading == now || out.is != Cell::Is::open || out.certainly_null) return out;
    const auto limit = [](const std::optional<Approximate>& bound, bool& has, Approximate& value, bool from_below) {
        if (!bound) return;
        value = has ? Approximate::extreme(value, *bound, from_below) : *bound;
        has = true;
    };
    limit(step.low, out.has_low, out.low, true), limit(step.high, out.has_high, out.high, false);
    if (step.of_score && cell(now, step.id).is == Cell::Is::value && out.has_low && out.has_high) {
        out.there = false;
        out.behind = nullptr;
    }
    return out;
}

}  // namespace zoneval::exec
