#include "engine/exec/patterns/outcome_key.hpp"

#include <algorithm>
#include <set>

#include "engine/feel/syntax/never_true.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::exec {

using feel::BinaryOp;
using feel::Expr;
using graph::NodeId;
using Kind = CellProgram::Kind;

/// How the formulas of a decision read each name.
class OutcomeKey::Reads {
  public:
    Reads(const CellProgram& program, NodeId tested) : program_(program), tested_(tested) {}

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
        }
        if (const auto* between = e.as<feel::Between>())
            if (compared(*between->value, *between->low) && compared(*between->value, *between->high)) return;
        if (const auto* in = e.as<feel::In>())
            if (tested(*in->value, in->tests)) return;
        if (const auto* cell = e.as<feel::UnaryTests>())
            if (cell->any || tested(*cell->input, cell->tests)) return;
        if (const auto slot = slot_of(e); slot >= 0) return read_exactly(slot);
        feel::for_each_child(e, [this](const Expr& child) { walk(child); });
    }

    const CellProgram& program_;
    const NodeId tested_;
    int tested_is_ = -1;  ///< the slot that `?` stands for
};

std::optional<OutcomeKey> OutcomeKey::of(const graph::Node& decision, const CellProgram& program, const Guard& guard) {
    const auto& graph = program.sources().graph;
    OutcomeKey out;
    out.program_ = &program;
    Reads reads(program, graph.tested);
    std::set<NodeId> leaves, apart;
    for (const auto id : nodes_behind(graph, decision)) {
        const auto& node = graph.node(id);
        // What a decision before it came to hangs on the same words as that decision's own key.
        if (graph::decision_of(node)) {
            reads.add(node);
            out.makers_.push_back(fact_makers(graph, node));
            for (const auto& rule : std::get<graph::DecisionForm>(node.form).rules)
                out.asks_why_ = out.asks_why_ || !rule.rule->if_missing.empty();
            for (const auto blank : guard.taken_apart(node)) apart.insert(blank);
        }
        const auto* step = program.step(id);
        if (!step && id != decision.id && !graph::decision_of(node)) return std::nullopt;
        if (!step) continue;
        if (step->kind == Kind::number || step->kind == Kind::coded || step->kind == Kind::earlier ||
            step->kind == Kind::earlier_list)
            leaves.insert(id);
        if (step->kind == Kind::cohort) out.compared_.push_back(id);
    }
    for (auto& [id, slot] : reads.slots) {
        if (!program.step(id)) return std::nullopt;
        if (graph::decision_of(graph.node(id))) continue;  // its own words are there
        std::sort(slot.constants.begin(), slot.constants.end(),
                  [](const Approximate& a, const Approximate& b) { return a.value() < b.value(); });
        const bool exact =
            std::all_of(slot.constants.begin(), slot.constants.end(), [](const Approximate& c) { return c.exact(); });
        if (!exact) slot.by_position = false;
        out.slots_.push_back(slot);
        const auto& step = *program.step(id);
        if (step.kind == Kind::earlier && step.earlier->front().repeated) out.earlier_.push_back(id);
    }
    out.leaves_.assign(leaves.begin(), leaves.end());
    out.taken_apart_.assign(apart.begin(), apart.end());
    constexpr std::size_t most_decisions = 64;  // a bit each
    if (out.makers_.size() > most_decisions) return std::nullopt;
    constexpr std::size_t readings = 3, words_a_cell = 3;
    out.size_ = out.slots_.size() * readings * words_a_cell + out.earlier_.size() + 1;
    return out;
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

}  // namespace

bool OutcomeKey::append_slot(const Slot& slot, const RecordCells& cells, std::vector<std::uint64_t>& words) const {
    for (const auto reading : {RecordCells::now, RecordCells::of_scores, RecordCells::all}) {
        const auto& cell = cells.cell(reading, slot.id);
        if (cell.is == Cell::Is::beyond) return false;
        words.push_back(state_of(cell));
        for (const auto& [has, bound] : {std::pair(cell.has_low, &cell.low), {cell.has_high, &cell.high}}) {
            const auto told = !has               ? std::optional<std::uint64_t>(0)
                              : slot.by_position ? position(*bound, slot.constants)
                                                 : whole_of(*bound);
            if (!told) return false;
            words.push_back(*told);
        }
    }
    return true;
}

/// What is missing there, and what it was called.
bool OutcomeKey::append_leaf(NodeId id, const RecordCells& cells, std::vector<std::uint64_t>& words) const {
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
        if (earlier.reopened && earlier.has(cells.row()))
            if (const auto found = earlier.reopened->find(place); found != earlier.reopened->end())
                for (const auto* filled : {found->second.with(Blanks::of_scores), found->second.with(Blanks::all)})
                    if (filled && filled->open()) add_names(filled->value.cause());
        if (place == EarlierColumn::absent) {
            add(absent);
        } else if (place == EarlierColumn::unknown) {
            add(unknown);
        } else if (earlier.data) {
            add(static_cast<std::uint64_t>(earlier.data->missing(place)));
        } else if (earlier.repeated) {
            add(std::uint64_t{1} << 40 | place);
        } else if (const auto& value = (*earlier.values)[place]; value.is_null()) {
            if (!value.cause()) return false;
            add(null + static_cast<std::uint64_t>(feel::missing_kind(value.cause())));
            add_names(value.cause());
        } else {
            add(0);
        }
    }
    words.push_back(word);
    return true;
}

std::optional<bool> has_say(const std::vector<NodeId>& makers, const CellProgram& program, const RecordCells& cells) {
    const auto& graph = program.sources().graph;
    bool out = false;
    for (const auto maker : makers) {
        const auto& node = graph.node(maker);
        if (std::holds_alternative<graph::HistoryForm>(node.form)) {
            const auto* step = program.step(maker);
            if (!step) return std::nullopt;
            for (const auto& earlier : *step->earlier)
                out = out || (earlier.reopened && earlier.has(cells.row()) &&
                              earlier.reopened->contains(cells.place(earlier)));
        }
        for (const auto used : node.uses) {
            if (!program.step(used)) return std::nullopt;
            const auto& cell = cells.cell(RecordCells::now, used);
            if (cell.is == Cell::Is::beyond) return std::nullopt;
            out = out || cell.is == Cell::Is::open;
        }
    }
    return out;
}

bool OutcomeKey::append(const RecordCells& cells, std::vector<std::uint64_t>& words) const {
    const auto before = words.size();
    const auto failed = [&] {
        words.resize(before + size_);
        return false;
    };
    for (const auto blank : taken_apart_) {
        const auto* step = program_->step(blank);
        if (!step || cells.cell(RecordCells::now, blank).is == Cell::Is::open) return failed();
    }
    for (const auto& slot : slots_)
        if (!append_slot(slot, cells, words)) return failed();
    for (const auto id : earlier_)
        if (!append_leaf(id, cells, words)) return failed();
    std::uint64_t say = 0;
    for (const auto& makers : makers_) {
        const auto one = has_say(makers, *program_, cells);
        if (!one) return failed();
        say = say << 1 | std::uint64_t{*one};
    }
    words.push_back(say);
    return true;
}

bool OutcomeKey::append_blanks(const RecordCells& cells, std::vector<std::uint64_t>& words) const {
    for (const auto id : compared_)  // how many its group has is said
        if (const auto group = cells.too_small(id)) words.insert(words.end(), {static_cast<std::uint64_t>(id), *group});
    return std::all_of(leaves_.begin(), leaves_.end(), [&](NodeId leaf) { return append_leaf(leaf, cells, words); });
}

}  // namespace zoneval::exec
