#include "engine/exec/patterns/cell_program.hpp"

#include <algorithm>

#include "engine/exec/patterns/cell_values.hpp"
#include "engine/feel/value/null_meaning.hpp"

namespace zoneval::exec {

using feel::Type;
using graph::Node;
using graph::NodeId;
using Kind = CellProgram::Kind;

namespace {

std::optional<Approximate> bound(const std::optional<feel::Decimal>& number) {
    return number ? std::optional(Approximate::of(*number)) : std::nullopt;
}

/// It may be null by itself: where it divides, looks back or has a null written in it.
bool may_fail(const CellTerm& term) {
    using Form = CellTerm::Form;
    switch (term.form) {
        case Form::constant: return term.constant.is != Cell::Is::value;
        case Form::over_mean:
        case Form::over_sum:
        case Form::over_least:
        case Form::over_greatest: return true;
        case Form::divide: {
            const auto& divisor = term.of[1];
            if (divisor.form != Form::constant || divisor.constant.is_false()) return true;
            break;
        }
        default: break;
    }
    return std::any_of(term.of.begin(), term.of.end(), may_fail);
}

}  // namespace

bool is_number(const Node& node) { return node.type && node.type->kind == Type::Kind::number; }

bool there_when_filled(const graph::Graph& graph, NodeId id) {
    const auto filled_in = [](const Node& node) { return node.of_score || node.kind == graph::NodeKind::input; };
    const auto& node = graph.node(id);
    const auto* history = std::get_if<graph::HistoryForm>(&node.form);
    return filled_in(node) || (history && (history->list || filled_in(graph.node(history->of))));
}

bool CellProgram::Step::put_back(std::uint32_t row) const {
    return std::any_of(earlier->begin(), earlier->end(),
                       [row](const EarlierColumn& column) { return column.put_back(row) != nullptr; });
}

std::optional<bool> has_say(const std::vector<NodeId>& makers, const CellProgram& program, std::uint32_t row,
                            const std::function<std::optional<bool>(NodeId)>& is_open,
                            const std::vector<bool>& passed_over) {
    const auto& graph = program.sources().graph;
    bool out = false;
    for (const auto maker : makers) {
        const auto& node = graph.node(maker);
        if (std::holds_alternative<graph::HistoryForm>(node.form)) {
            const auto* step = program.step(maker);
            if (!step) return std::nullopt;
            out = out || step->put_back(row);
        }
        for (const auto used : node.uses) {
            const bool has_cell = program.step(used) != nullptr;
            if (!has_cell && !passed_over.empty() && passed_over[at(used)]) continue;
            const auto open = has_cell ? is_open(used) : std::nullopt;
            if (!open) return std::nullopt;
            out = out || *open;
        }
    }
    return out;
}

CellProgram::CellProgram(const CellSources& sources, const std::vector<NodeId>& wanted)
    : sources_(sources), place_(sources.graph.nodes.size(), -1) {
    std::vector<bool> needed(place_.size());
    for (const auto id : wanted)
        for (const auto behind : nodes_behind(sources.graph, sources.graph.node(id))) needed[at(behind)] = true;
    for (const auto id : sources.graph.order) {
        if (!needed[at(id)]) continue;
        auto step = make(sources.graph.node(id));
        if (step.kind == Kind::none) continue;
        place_[at(id)] = static_cast<int>(steps_.size());
        steps_.push_back(std::move(step));
    }
}

CellProgram::Step CellProgram::make(const Node& node) {
    Step out;
    out.id = node.id;
    out.of_score = node.of_score;
    out.as_it_is = node.settled_as_is;
    out.uses = &node.uses;
    out.low = bound(node.low), out.high = bound(node.high);
    if (const auto* value = sources_.constant(node.id)) {
        out.constant = cell_of(*value, 0);
        if (out.constant.is == Cell::Is::value) out.kind = Kind::constant;
    } else if (std::holds_alternative<graph::InputForm>(node.form)) {
        of_input(node, out);
    } else if (const auto* history = std::get_if<graph::HistoryForm>(&node.form)) {
        of_history(*history, out);
    } else if (const auto* cohort = std::get_if<graph::CohortForm>(&node.form)) {
        of_cohort(*cohort, out);
    } else if (graph::decision_of(node)) {
        out.rules = sources_.rules(node.id);
        if (out.rules) out.kind = Kind::decision;
    } else if (const auto* e = std::get_if<graph::ExpressionForm>(&node.form)) {
        if (const auto* list = list_picked(*e->formula.expr)) {
            out.kind = Kind::earlier_list;
            out.earlier = list->earlier;
            out.list_of = list->list_of;
            all_differs_ = true;
            return out;
        }
        auto term = term_of(*e->formula.expr, names());
        of_column(out);
        if (term && !node.settled_as_is) {
            out.term = std::move(*term);
            out.kind = Kind::formula;
            out.may_be_exact = may_be_exact(out.term);
            out.may_fail = may_fail(out.term);
            out.asks_null = !node.of_score && mentions_null(*e->formula.expr);
            all_differs_ = all_differs_ || out.asks_null;
        }
    }
    all_differs_ = all_differs_ || out.kind == Kind::earlier_list || (out.earlier && out.earlier->front().reopened);
    return out;
}

void CellProgram::of_input(const Node& node, Step& out) {
    const auto& input = *std::get<graph::InputForm>(node.form).input;
    out.data = sources_.table.column(node.name);
    out.open = Cell::open();
    out.open.there = true;
    if (const auto low = bound(input.min)) out.open.has_low = true, out.open.low = *low;
    if (const auto high = bound(input.max)) out.open.has_high = true, out.open.high = *high;
    out.kind = is_number(node) ? Kind::number : Kind::coded;
    if (out.data && is_number(node) != (out.data->numbers() != nullptr)) out.kind = Kind::none;
}

void CellProgram::of_history(const graph::HistoryForm& form, Step& out) {
    out.earlier = sources_.earlier.of(out.id);
    if (!out.earlier) return;
    const auto& of = sources_.graph.node(form.of);
    constexpr std::size_t most_years = 12;
    if (form.list) {
        out.list_of = form.of;
        if (out.earlier->size() <= most_years && is_number(of)) out.kind = Kind::earlier_list;
        return;
    }
    out.kind = Kind::earlier;
    out.open = Cell::open();
    if (const auto* input = std::get_if<graph::InputForm>(&of.form)) {
        out.open.there = true;
        if (const auto low = bound(input->input->min)) out.open.has_low = true, out.open.low = *low;
        if (const auto high = bound(input->input->max)) out.open.has_high = true, out.open.high = *high;
    }
    const auto& earlier = out.earlier->front();
    if (!earlier.repeated) return;
    out.alike = alike_but_for_names(earlier);
    for (std::size_t place = 0; place < out.alike.size(); ++place)
        out.earlier_values.push_back(cell_of((*earlier.values)[place], out.alike[place]));
}

/// `over(x, n)` of a parameter n is a choice between lists: the one that its figure picks. nullptr: it is none.
const CellProgram::Step* CellProgram::list_picked(const feel::Expr& formula) const {
    if (const auto* name = formula.as<feel::Name>()) {
        const auto* list = name->slot >= 0 && name->items.empty() ? step(name->slot) : nullptr;
        return list && list->kind == Kind::earlier_list ? list : nullptr;
    }
    const auto* choice = formula.as<feel::If>();
    const auto* asked = choice ? choice->condition->as<feel::Binary>() : nullptr;
    const auto* parameter = asked && asked->op == feel::BinaryOp::equal ? asked->left->as<feel::Name>() : nullptr;
    const auto* figure = parameter ? asked->right->as<feel::Literal>() : nullptr;
    const auto* is = figure && parameter->slot >= 0 ? sources_.constant(parameter->slot) : nullptr;
    if (!is || !is->number() || !figure->value.number()) return nullptr;
    return list_picked(*is->number() == *figure->value.number() ? *choice->then : *choice->otherwise);
}

void CellProgram::of_cohort(const graph::CohortForm& form, Step& out) {
    out.cohort = &form;
    out.cohort_column = sources_.cohort(out.id);
    if (!out.cohort_column) return;
    for (const auto& value : out.cohort_column->results) out.by_group.push_back(cell_of(value));
    out.kind = Kind::cohort;
}

/// What has no term, but a column: as long as nothing it reads is open.
void CellProgram::of_column(Step& out) {
    out.column = sources_.column(out.id);
    if (out.column) out.kind = Kind::computed;
}

/// Not where it divides, or reads what did.
bool CellProgram::may_be_exact(const CellTerm& term) const {
    using Form = CellTerm::Form;
    if (term.form == Form::divide || term.form == Form::over_mean) return false;
    if (term.form == Form::constant) return term.constant.is != Cell::Is::value || term.constant.low.exact();
    if (term.form == Form::round || term.form == Form::compare || term.form == Form::between) return true;
    if (term.form != Form::slot)
        return std::all_of(term.of.begin(), term.of.end(), [this](const CellTerm& part) { return may_be_exact(part); });
    const auto* read = step(term.slot);
    if (!read) return true;
    const bool exact_column = !read->column || read->column->bound.exact();
    switch (read->kind) {
        case Kind::cohort:
            return read->cohort->function != CohortFunction::percent_rank &&
                   std::all_of(read->by_group.begin(), read->by_group.end(),
                               [](const Cell& c) { return c.is != Cell::Is::value || c.low.exact(); });
        case Kind::computed: return exact_column;
        case Kind::formula: return read->may_be_exact || (read->column && exact_column);
        default: return true;
    }
}

CellNames CellProgram::names() const {
    CellNames out;
    out.constant = sources_.constant;
    out.number_or_truth = [this](int slot) {
        const auto* known = step(slot);
        if (!known) return false;
        const auto& node = sources_.graph.node(slot);
        const bool number = is_number(node), truth = node.type && node.type->kind == Type::Kind::boolean;
        if (known->kind == Kind::formula || known->kind == Kind::computed) return number || truth;
        if (known->kind == Kind::coded && truth) return true;
        return number && known->kind != Kind::earlier_list && known->kind != Kind::decision;
    };
    out.list = [this](int slot) {
        const auto* known = step(slot);
        return known && known->kind == Kind::earlier_list;
    };
    out.code = [this](int slot, const std::string& text) -> std::optional<std::int64_t> {
        const auto* known = step(slot);
        if (!known || known->kind != Kind::coded || !known->data || !known->data->strings()) return std::nullopt;
        const auto& all = known->data->strings()->dictionary();
        const auto found = std::find(all.begin(), all.end(), text);
        return found == all.end() ? -1 : found - all.begin();
    };
    return out;
}

}  // namespace zoneval::exec
