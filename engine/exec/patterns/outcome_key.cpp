#include "engine/exec/patterns/outcome_key.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "engine/feel/syntax/never_true.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::exec {

using feel::BinaryOp;
using feel::Expr;
using graph::NodeId;
using Kind = CellProgram::Kind;

namespace {

constexpr std::array all_readings = {RecordCells::now, RecordCells::of_scores, RecordCells::all};

/// Its cell says nothing of its elements.
bool is_list(const CellProgram& program, NodeId slot) {
    const auto* step = program.step(slot);
    return step && step->kind == Kind::earlier_list;
}

}  // namespace

/// The largest pieces of formulas that have terms over cells.
class OutcomeKey::Pieces {
  public:
    /// `around`: by node, names that no piece may read.
    Pieces(const CellProgram& program, std::vector<bool> around)
        : program_(program), names_(program.names()), around_(std::move(around)) {}

    /// False: some of it has no cells.
    bool add(const Expr& e, bool of_score) {
        const auto slots = feel::slots_read(e);
        if (slots.empty()) return true;
        const bool whole = std::none_of(slots.begin(), slots.end(), [&](int slot) { return around_[at(slot)]; });
        if (whole && add_whole(e, of_score)) return true;
        if (const auto* name = e.as<feel::Name>()) {
            if (name->slot < 0 || !name->items.empty()) return false;
            return around_[at(name->slot)] || program_.sources().constant(name->slot) || add(name->slot, of_score);
        }
        bool out = true;
        feel::for_each_child(e, [&](const Expr& child) { out = out && add(child, of_score); });
        return out;
    }
    bool add_whole(const Expr& e, bool of_score) {
        auto term = term_of(e, names_);
        if (!term) return false;
        std::erase_if(term->slots, [&](int slot) { return program_.sources().constant(slot) != nullptr; });
        if (!std::all_of(term->slots.begin(), term->slots.end(), [&](int slot) { return program_.step(slot); }))
            return false;
        found.push_back({std::move(*term), of_score});
        return true;
    }
    bool add(NodeId slot, bool of_score) {
        if (!program_.step(slot) || is_list(program_, slot)) return false;
        CellTerm term;
        term.form = CellTerm::Form::slot;
        term.slot = slot;
        term.slots = {slot};
        found.push_back({std::move(term), of_score});
        return true;
    }

    std::vector<Piece> found;

  private:
    const CellProgram& program_;
    const CellNames names_;
    const std::vector<bool> around_;
};

/// How the formulas of a decision read each name.
class OutcomeKey::Reads {
  public:
    Reads(const CellProgram& program, NodeId tested, Pieces& pieces)
        : program_(program), tested_(tested), pieces_(pieces) {}

    void add(const graph::Node& decision) {
        const auto& form = std::get<graph::DecisionForm>(decision.form);
        for (const auto& rule : form.rules) {
            for (const auto& condition : rule.conditions) {
                tested_is_ = -1;
                if (condition.tested) {
                    const auto* name = condition.tested->expr->as<feel::Name>();
                    tested_is_ = name ? name->slot : -1;
                    if (!name) walk(*condition.tested->expr);
                }
                walk(*condition.formula.expr);
            }
            if (rule.then.formula) walk(*rule.then.formula.expr);
        }
        tested_is_ = -1;
        if (form.otherwise.formula) walk(*form.otherwise.formula.expr);
    }

    std::map<NodeId, Slot> slots;

  private:
    /// The slot that a plain name stands for; -1: it is something else.
    int slot_of(const Expr& e) const {
        const auto* name = e.as<feel::Name>();
        if (!name || name->slot < 0 || !name->items.empty()) return -1;
        return name->slot == tested_ ? tested_is_ : name->slot;
    }

    std::optional<Approximate> constant(const Expr& e) const {
        if (const auto* literal = e.as<feel::Literal>())
            if (const auto* number = literal->value.number()) return Approximate::of(*number);
        if (const auto* negate = e.as<feel::Negate>())
            if (const auto positive = constant(*negate->operand)) return -*positive;
        const auto slot = slot_of(e);
        const auto* value = slot >= 0 ? program_.sources().constant(slot) : nullptr;
        return value && value->number() ? std::optional(Approximate::of(*value->number())) : std::nullopt;
    }

    Slot* read(int id) {
        if (program_.sources().constant(id)) return nullptr;
        auto [place, is_new] = slots.try_emplace(id);
        auto& slot = place->second;
        if (is_new) {
            slot.id = id;
            const auto& type = program_.sources().graph.node(id).type;
            slot.by_position = type && type->kind == feel::Type::Kind::number;
        }
        return &slot;
    }
    void read_exactly(int id) {
        if (auto* slot = read(id)) slot->by_position = false;
    }
    bool compared(const Expr& name, const Expr& with) {
        const auto id = slot_of(name);
        const auto value = constant(with);
        if (id < 0 || !value || program_.sources().constant(id)) return false;
        read(id)->constants.push_back(*value);
        return true;
    }
    /// Tests of a name that are all constants, or ranges of them.
    bool tested(const Expr& name, const std::vector<feel::Test>& tests) {
        return slot_of(name) >= 0 && std::all_of(tests.begin(), tests.end(), [&](const feel::Test& test) {
                   if (test.mentions_input) return false;
                   if (feel::is_null_literal(*test.expression)) return true;
                   const auto* range = test.expression->as<feel::RangeExpr>();
                   if (!range) return compared(name, *test.expression);
                   return (!range->start || compared(name, *range->start)) &&
                          (!range->end || compared(name, *range->end));
               });
    }

    void walk(const Expr& e) {
        if (const auto* b = e.as<feel::Binary>(); b && b->op >= BinaryOp::equal && b->op <= BinaryOp::greater_equal) {
            if (compared(*b->left, *b->right) || compared(*b->right, *b->left)) return;
            // Whether it is null is in any slot.
            for (const auto& [one, other] : {std::pair(b->left.get(), b->right.get()), {b->right.get(), b->left.get()}})
                if (feel::is_null_literal(*one) && slot_of(*other) >= 0) {
                    read(slot_of(*other));
                    return;
                }
            if (pieces_.add_whole(e, false)) return;
        }
        if (const auto* between = e.as<feel::Between>())
            if (compared(*between->value, *between->low) && compared(*between->value, *between->high)) return;
        if (const auto* in = e.as<feel::In>())
            if (tested(*in->value, in->tests)) return;
        if (const auto* cell = e.as<feel::UnaryTests>())
            if (cell->any || tested(*cell->input, cell->tests)) return;
        if (const auto* call = e.as<feel::Call>(); call && call->arguments.size() == 1)
            if (const auto list = slot_of(*call->arguments[0]); list >= 0 && is_list(program_, list))
                if (pieces_.add_whole(e, false)) return;
        if (const auto slot = slot_of(e); slot >= 0) return read_exactly(slot);
        feel::for_each_child(e, [this](const Expr& child) { walk(child); });
    }

    const CellProgram& program_;
    const NodeId tested_;
    Pieces& pieces_;
    int tested_is_ = -1;  ///< the slot that `?` stands for
};

/// Of its condition and its branches; empty: it is none, or some of it has no cells.
std::vector<OutcomeKey::Piece> OutcomeKey::pieces_of_choice(const graph::Node& node, const CellProgram& program) {
    if (!std::holds_alternative<graph::ExpressionForm>(node.form)) return {};
    const auto& formula = *std::get<graph::ExpressionForm>(node.form).formula.expr;
    if (!formula.as<feel::If>()) return {};
    Pieces pieces(program, std::vector<bool>(program.sources().graph.nodes.size()));
    bool all = true;
    feel::for_each_child(formula, [&](const Expr& child) { all = all && pieces.add(child, node.of_score); });
    return all ? std::move(pieces.found) : std::vector<Piece>();
}

/// In all formulas on the way from a blank to a decision. nullopt: not all of them have cells.
std::optional<std::vector<OutcomeKey::Piece>> OutcomeKey::pieces_around(NodeId blank, const graph::Node& decision,
                                                                        const CellProgram& program) {
    const auto& graph = program.sources().graph;
    std::vector<bool> reached(graph.nodes.size()), behind(graph.nodes.size());
    reached[at(blank)] = true;
    for (const auto id : nodes_behind(graph, decision)) behind[at(id)] = true;
    std::vector<NodeId> on_the_way;
    for (const auto id : graph.order) {
        const auto& uses = graph.node(id).uses;
        if (!behind[at(id)] || std::none_of(uses.begin(), uses.end(), [&](NodeId used) { return reached[at(used)]; }))
            continue;
        reached[at(id)] = true;
        if (!graph::decision_of(graph.node(id))) on_the_way.push_back(id);  // decisions' own words are there
    }
    Pieces pieces(program, std::move(reached));
    if (!pieces.add(blank, false)) return std::nullopt;
    for (const auto id : on_the_way) {
        const auto* form = std::get_if<graph::ExpressionForm>(&graph.node(id).form);
        if (!form || !pieces.add(*form->formula.expr, graph.node(id).of_score)) return std::nullopt;
    }
    return std::move(pieces.found);
}

std::optional<OutcomeKey> OutcomeKey::of(const graph::Node& decision, const CellProgram& program, const Guard& guard) {
    const auto& graph = program.sources().graph;
    OutcomeKey out;
    out.program_ = &program;
    Pieces pieces(program, std::vector<bool>(graph.nodes.size()));
    Reads reads(program, graph.tested, pieces);
    std::set<NodeId> leaves, apart;
    out.told_by_pieces_.resize(graph.nodes.size());
    for (const auto id : nodes_behind(graph, decision)) {
        const auto& node = graph.node(id);
        // What a decision before it came to hangs on the same words as that decision's own key.
        if (graph::decision_of(node)) {
            reads.add(node);
            out.decisions_.push_back(id);
            out.makers_.push_back(fact_makers(graph, node));
            for (const auto& rule : std::get<graph::DecisionForm>(node.form).rules)
                out.asks_why_ = out.asks_why_ || !rule.rule->if_missing.empty();
            for (const auto blank : guard.taken_apart(node)) apart.insert(blank);
        }
        const auto* step = program.step(id);
        if (!step) {
            const auto* form = std::get_if<graph::ExpressionForm>(&node.form);
            if (form ? !pieces.add(*form->formula.expr, node.of_score) : !graph::decision_of(node)) return std::nullopt;
            out.told_by_pieces_[at(id)] = true;
            continue;
        }
        if (step->kind == Kind::number || step->kind == Kind::coded || step->kind == Kind::earlier ||
            step->kind == Kind::earlier_list)
            leaves.insert(id);
        if (step->kind == Kind::cohort) out.compared_.push_back(id);
        if (step->kind == Kind::cohort || step->kind == Kind::formula || step->kind == Kind::computed)
            out.between_.push_back(id);
        if (step->kind == Kind::formula) add_conditions(step->term, step->of_score, out.conditions_);
    }
    for (auto& [id, slot] : reads.slots) {
        if (graph::decision_of(graph.node(id))) continue;  // its own words are there
        if (out.told_by_pieces_[at(id)]) continue;
        if (!program.step(id) || is_list(program, id)) return std::nullopt;
        std::sort(slot.constants.begin(), slot.constants.end(),
                  [](const Approximate& a, const Approximate& b) { return a.value() < b.value(); });
        const bool exact =
            std::all_of(slot.constants.begin(), slot.constants.end(), [](const Approximate& c) { return c.exact(); });
        if (!exact) slot.by_position = false;
        const auto& step = *program.step(id);
        if (step.kind == Kind::formula || step.kind == Kind::computed)
            slot.instead = pieces_of_choice(graph.node(id), program);
        out.read_pieces(slot.instead);
        out.slots_.push_back(slot);
        if (step.kind == Kind::earlier && step.earlier->front().repeated) out.read_back(id);
    }
    out.leaves_.assign(leaves.begin(), leaves.end());
    constexpr std::size_t most_decisions = 64;  // a bit each
    if (out.makers_.size() > most_decisions) return std::nullopt;
    out.pieces_ = std::move(pieces.found);
    for (const auto blank : apart) out.apart_.push_back({blank, pieces_around(blank, decision, program)});
    return out;
}

std::optional<OutcomeKey> OutcomeKey::of_choice(const graph::Node& number, const CellProgram& program) {
    OutcomeKey out;
    out.program_ = &program;
    out.pieces_ = pieces_of_choice(number, program);
    if (out.pieces_.empty()) return std::nullopt;
    out.read_pieces(out.pieces_);
    out.names_tell_ = true;
    out.makers_.push_back(fact_makers(program.sources().graph, number));
    return out;
}

/// What they look back at stands in a place, and is called something.
void OutcomeKey::read_pieces(const std::vector<Piece>& pieces) {
    for (const auto& piece : pieces)
        for (const auto slot : piece.term.slots)
            if (const auto* step = program_->step(slot); step && step->kind == Kind::earlier) read_back(slot);
}

void OutcomeKey::read_back(NodeId id) {
    if (std::find(earlier_.begin(), earlier_.end(), id) == earlier_.end()) earlier_.push_back(id);
}

void OutcomeKey::add_conditions(const CellTerm& term, bool of_score, std::vector<Piece>& out) {
    if (term.form == CellTerm::Form::choice && !asks_for_nulls(term.of[0])) out.push_back({term.of[0], of_score});
    for (const auto& part : term.of) add_conditions(part, of_score, out);
}

namespace {

std::uint64_t state_of(const Cell& c) {
    return static_cast<std::uint64_t>(c.is) | std::uint64_t{c.plain} << 8 | std::uint64_t{c.there} << 9 |
           std::uint64_t{c.certainly_null} << 10 | std::uint64_t{c.has_low} << 11 | std::uint64_t{c.has_high} << 12;
}

/// 2 i at the i-th constant, odd numbers between; nullopt: it cannot be told.
std::optional<std::uint64_t> position(const Approximate& number, const std::vector<Approximate>& constants) {
    std::uint64_t out = 1;
    for (const auto& constant : constants) {
        const auto order = compare(number, constant);
        if (!order) return std::nullopt;
        if (*order == 0) return out + 1;
        if (*order < 0) return out;
        out += 2;
    }
    return out;
}

/// The number itself, where it is exact.
std::optional<std::uint64_t> whole_of(const Approximate& number) {
    if (!number.exact()) return std::nullopt;
    auto coefficient = number.coefficient();
    auto scale = static_cast<std::uint64_t>(number.scale());
    while (scale > 0 && coefficient % 10 == 0) coefficient /= 10, --scale;
    return static_cast<std::uint64_t>(coefficient) << 6 ^ scale;
}

bool append_cell(const Cell& cell, const std::vector<Approximate>* constants, std::vector<std::uint64_t>& words) {
    if (cell.is == Cell::Is::beyond) return false;
    words.push_back(state_of(cell));
    for (const auto& [has, bound] : {std::pair(cell.has_low, &cell.low), {cell.has_high, &cell.high}}) {
        const auto told = !has        ? std::optional<std::uint64_t>(0)
                          : constants ? position(*bound, *constants)
                                      : whole_of(*bound);
        if (!told) return false;
        words.push_back(*told);
    }
    return true;
}

/// Under each reading; those that are as now take no words. INVARIANT: it is told how many words follow, here and
/// below, so that two records have the same words only where each word says the same of both.
template <class CellIn>
bool append_readings(const CellIn& cell_in, const std::vector<Approximate>* constants,
                     std::vector<std::uint64_t>& words) {
    constexpr std::size_t words_a_cell = 3;
    const auto before = words.size();
    words.push_back(0);
    for (const auto reading : all_readings) {
        const auto at = words.size();
        if (!append_cell(cell_in(reading), constants, words)) return false;
        if (reading == RecordCells::now) continue;
        const auto now = words.begin() + static_cast<std::ptrdiff_t>(before) + 1;
        if (std::equal(now, now + words_a_cell, words.begin() + static_cast<std::ptrdiff_t>(at)))
            words.resize(at);
        else
            words[before] |= std::uint64_t{1} << reading;
    }
    return true;
}

enum Told : std::uint64_t { by_cell, by_pieces, nothing_open };

}  // namespace

bool OutcomeKey::append_slot(const Slot& slot, const RecordCells& cells, std::vector<std::uint64_t>& words) const {
    const auto before = words.size();
    words.push_back(by_cell);
    if (append_readings([&](RecordCells::Reading reading) { return cells.cell(reading, slot.id); },
                        slot.by_position ? &slot.constants : nullptr, words))
        return true;
    if (slot.instead.empty()) return false;
    words.resize(before);
    words.push_back(by_pieces);
    return append_pieces(slot.instead, cells, words);
}

/// What it comes to; where something is open that it reads, what that is.
bool OutcomeKey::append_piece(const Piece& piece, const RecordCells& cells, std::vector<std::uint64_t>& words) const {
    const auto& slots = piece.term.slots;
    const bool all_known = std::all_of(slots.begin(), slots.end(), [&](int slot) {
        return std::all_of(all_readings.begin(), all_readings.end(),
                           [&](RecordCells::Reading reading) { return cells.cell(reading, slot).known(); });
    });
    words.push_back(all_known ? by_cell : by_pieces);
    if (all_known)
        return append_readings(
            [&](RecordCells::Reading reading) { return cells.value(reading, piece.term, piece.of_score); }, nullptr,
            words);
    return std::all_of(slots.begin(), slots.end(), [&](int slot) {
        return !is_list(*program_, slot) &&
               append_readings([&](RecordCells::Reading reading) { return cells.cell(reading, slot); }, nullptr, words);
    });
}

bool OutcomeKey::append_pieces(const std::vector<Piece>& pieces, const RecordCells& cells,
                               std::vector<std::uint64_t>& words) const {
    return std::all_of(pieces.begin(), pieces.end(),
                       [&](const Piece& piece) { return append_piece(piece, cells, words); });
}

bool OutcomeKey::append_apart(const Apart& apart, const RecordCells& cells, std::vector<std::uint64_t>& words) const {
    const bool open = is_open(apart, cells);
    words.push_back(open ? by_pieces : nothing_open);
    return !open || !apart.pieces || append_pieces(*apart.pieces, cells, words);
}

bool OutcomeKey::is_open(const Apart& apart, const RecordCells& cells) const {
    return !program_->step(apart.blank) || cells.cell(RecordCells::now, apart.blank).is == Cell::Is::open;
}

bool OutcomeKey::may_be_taken_apart(const RecordCells& cells) const {
    return std::any_of(apart_.begin(), apart_.end(),
                       [&](const Apart& apart) { return !apart.pieces && is_open(apart, cells); });
}

/// What is missing there.
bool OutcomeKey::append_leaf(NodeId id, const RecordCells& cells, bool named, std::vector<std::uint64_t>& words) const {
    const auto& step = *program_->step(id);
    constexpr std::uint64_t nobody = 7;
    if (step.kind == Kind::number || step.kind == Kind::coded) {
        words.push_back(step.data ? static_cast<std::uint64_t>(step.data->missing(cells.row())) : nobody);
        return true;
    }
    std::uint64_t word = 0;
    const auto add = [&](std::uint64_t told) { word = (word ^ told) * 0x9E3779B97F4A7C15ull + 1; };
    for (const auto& earlier : *step.earlier) {
        const auto place = cells.place(earlier);
        constexpr std::uint64_t absent = 8, unknown = 9, null = 10;
        const auto add_names = [&](const feel::CausePtr& cause) {
            for (const auto& leaf : feel::leaves(cause))
                add(std::hash<std::string>{}(wording::awaited(*leaf, wording::Language::en)));
        };
        if (const auto* put_back = earlier.put_back(cells.row()))
            for (const auto* filled : {put_back->with(Blanks::of_scores), put_back->with(Blanks::all)})
                if (filled && filled->open()) add_names(filled->value.cause());
        if (place == EarlierColumn::absent) {
            add(absent);
        } else if (place == EarlierColumn::unknown) {
            add(unknown);
        } else if (earlier.data) {
            add(static_cast<std::uint64_t>(earlier.data->missing(place)));
        } else if (earlier.repeated) {
            add(std::uint64_t{1} << 40 | (named ? place : step.alike[place]));
        } else if (const auto& value = (*earlier.values)[place]; value.is_null()) {
            if (!value.cause()) return false;
            add(null + static_cast<std::uint64_t>(feel::missing_kind(value.cause())));
            if (named) add_names(value.cause());
        } else {
            add(0);
        }
    }
    words.push_back(word);
    return true;
}

std::optional<bool> has_say(const std::vector<NodeId>& makers, const RecordCells& cells,
                            const std::vector<bool>& passed_over) {
    const auto is_open = [&](NodeId id) {
        const auto& cell = cells.cell(RecordCells::now, id);
        return cell.is == Cell::Is::beyond ? std::nullopt : std::optional(cell.is == Cell::Is::open);
    };
    return has_say(makers, cells.program(), cells.row(), is_open, passed_over);
}

bool OutcomeKey::append(const RecordCells& cells, std::vector<std::uint64_t>& words) const {
    for (const auto& apart : apart_)
        if (!append_apart(apart, cells, words)) return false;
    for (const auto& slot : slots_)
        if (!append_slot(slot, cells, words)) return false;
    if (!append_pieces(pieces_, cells, words)) return false;
    for (const auto id : earlier_)
        if (!append_leaf(id, cells, names_tell_, words)) return false;
    std::uint64_t say = 0;
    for (const auto& makers : makers_) {
        const auto one = has_say(makers, cells, told_by_pieces_);
        if (!one) return false;
        say = say << 1 | std::uint64_t{*one};
    }
    words.push_back(say);
    return true;
}

bool OutcomeKey::append_blanks(const RecordCells& cells, std::vector<std::uint64_t>& words) const {
    for (const auto id : compared_)  // how many its group has is said
        if (const auto group = cells.too_small(id)) words.insert(words.end(), {static_cast<std::uint64_t>(id), *group});
    // Only what is open on the way leads back to a blank: bounds may settle it before.
    for (const auto id : between_) {
        std::uint64_t word = 0;
        for (const auto reading : all_readings) {
            const auto& cell = cells.cell(reading, id);
            if (cell.is == Cell::Is::beyond) return false;
            word = word << 16 | state_of(cell);
        }
        words.push_back(word);
    }
    for (const auto& condition : conditions_)
        for (const auto reading : all_readings) {
            const auto holds = cells.value(reading, condition.term, condition.of_score);
            if (holds.is == Cell::Is::beyond) return false;
            words.push_back(state_of(holds) << 1 | std::uint64_t{holds.is_true()});
        }
    return std::all_of(leaves_.begin(), leaves_.end(),
                       [&](NodeId leaf) { return append_leaf(leaf, cells, true, words); });
}

}  // namespace zoneval::exec
