#include "engine/exec/patterns/lane_program.hpp"

#include <algorithm>

#include "engine/exec/patterns/cell_values.hpp"

namespace zoneval::exec {

using Kind = CellProgram::Kind;

namespace {

/// The scale of what is exact among some cells.
int scale_of(const std::vector<Cell>& cells) {
    int out = 0;
    for (const auto& cell : cells)
        if (cell.is == Cell::Is::value && cell.low.exact()) out = std::max(out, cell.low.scale());
    return out;
}

int scale_of(const Column* data) {
    const auto* numbers = data ? data->numbers() : nullptr;
    return numbers && numbers->compact() ? numbers->decimals() : 0;
}

bool in_range(int scale) { return scale >= 0 && scale <= most_decimals; }

}  // namespace

LaneProgram::LaneProgram(const CellProgram& program) : program_(program) {
    const auto& graph = program.sources().graph;
    step_of_.assign(graph.nodes.size(), -1);
    for (const auto& node : graph.nodes) there_when_filled_.push_back(exec::there_when_filled(graph, node.id));
    steps_.reserve(program.steps().size());
    for (const auto& cells : program.steps()) {
        Step step;
        step.cells = &cells;
        for (const auto used : *cells.uses) step.uses.push_back(step_of_[exec::at(used)]);
        step.may_differ = cells.asks_null || (cells.kind == Kind::earlier && cells.earlier->front().reopened);
        for (const auto used : step.uses)
            step.may_differ = step.may_differ || (used >= 0 && steps_[static_cast<std::size_t>(used)].may_differ);
        all_differs_ = all_differs_ || step.may_differ;
        make(step);
        step_of_[exec::at(cells.id)] = static_cast<int>(steps_.size());
        steps_.push_back(std::move(step));
    }
}

std::optional<LaneTerm> LaneProgram::term(const CellTerm& term) {
    const auto scale_of = [this](int slot) {
        const auto step = step_of_[exec::at(slot)];
        return step < 0 ? std::nullopt : std::optional(steps_[static_cast<std::size_t>(step)].scale);
    };
    return lane_term_of(term, scale_of, branches_);
}

void LaneProgram::make(Step& out) {
    const auto& cells = *out.cells;
    switch (cells.kind) {
        case Kind::constant: out.scale = exec::scale_of({cells.constant}); break;
        case Kind::number:
        case Kind::coded: out.scale = exec::scale_of(cells.data); break;
        case Kind::earlier: {
            const auto& earlier = cells.earlier->front();
            out.scale = earlier.data ? exec::scale_of(earlier.data) : exec::scale_of(cells.earlier_values);
            break;
        }
        case Kind::cohort: out.scale = exec::scale_of(cells.by_group); break;
        case Kind::formula: out.term = term(cells.term); break;
        default: break;
    }
    if (out.term) out.scale = out.term->scale;
    if (cells.column) out.scale = std::max(out.scale, cells.column->bound.scale);
    out.known_form = in_range(out.scale) && (!cells.column || in_range(cells.column->bound.scale));
    if (!out.known_form) {
        out.scale = 0;
        return;
    }
    out.open = Lane::of(cells.open, out.scale);
    out.constant = Lane::of(cells.constant, out.scale);
    for (const auto& value : cells.earlier_values)
        out.places.push_back(value.is == Cell::Is::open ? out.open : Lane::of(value, out.scale));
    if (cells.kind == Kind::earlier && cells.earlier->front().repeated && cells.earlier->front().reopened)
        make_put_back(out);
    for (const auto& value : cells.by_group) out.by_group.push_back(Lane::of(value, out.scale));
    if (cells.low) out.low = End::of(*cells.low, out.scale);
    if (cells.high) out.high = End::of(*cells.high, out.scale);
    if (cells.kind == Kind::cohort && is_number(program_.sources().graph.node(cells.cohort->value)))
        out.numbers = program_.sources().members.numbers(*cells.cohort);
}

/// Of a place whose value rests on no blanks: that value.
void LaneProgram::make_put_back(Step& out) {
    for (const auto reading : {Reading::of_scores, Reading::all}) {
        out.put_back[reading] = out.places;
        for (const auto& [place, reopened] : *out.cells->earlier->front().reopened)
            if (const auto* value = reopened.with(reading == Reading::all ? Blanks::all : Blanks::of_scores))
                out.put_back[reading][place] = Lane::of(cell_of(*value), out.scale);
    }
}

}  // namespace zoneval::exec
