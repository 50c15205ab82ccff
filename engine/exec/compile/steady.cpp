#include "engine/exec/compile/steady.hpp"

#include <algorithm>
#include <map>

#include "engine/exec/decisions/completions.hpp"
#include "engine/exec/results/ranks_and_aggregates.hpp"
#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/syntax/never_true.hpp"

namespace zoneval::exec {

using feel::BinaryOp;
using feel::Decimal;
using feel::Expr;
using feel::is_null_literal;
using graph::NodeId;

namespace {

/// What is certain of a formula's spread, beside its value as things are.
struct Trait {
    bool keeps = false;    ///< known as things are: the spread is that value
    bool opens = false;    ///< unknown as things are: the spread is open
    bool present = false;  ///< never a null that is known
    bool options = false;  ///< an open spread may list options
    std::optional<Bounds> range =
        std::nullopt;  ///< an open spread's exact bounds; Bounds{} also where it never is open
    const Decimal* literal = nullptr;
    bool settled = false;  ///< made of literals and questions for null: never unknown

    bool free() const { return range && !range->low && !range->high; }
};

const Trait known{true, true, true, false, Bounds{}};

/// A null that is known can come of these although something they read is not.
bool branches(const Expr& e) {
    bool found = e.as<feel::If>() || is_null_literal(e);
    feel::for_each_child(e, [&](const Expr& child) { found = found || branches(child); });
    return found;
}

bool is_arithmetic(BinaryOp op) {
    return op == BinaryOp::add || op == BinaryOp::subtract || op == BinaryOp::multiply || op == BinaryOp::divide;
}
bool is_comparison(BinaryOp op) { return op >= BinaryOp::equal && op <= BinaryOp::greater_equal; }

class Steadiness {
  public:
    Steadiness(const graph::Graph& graph, const MayBeAbsent& may_be_absent)
        : graph_(graph), may_be_absent_(may_be_absent) {}

    const Trait& of(NodeId id) {
        const auto [place, is_new] = nodes_.try_emplace(id);
        if (is_new) place->second = of_node(graph_.node(id));
        return place->second;
    }

  private:
    Trait of_node(const graph::Node& node) {
        for (const auto used : node.uses)
            if (!of(used).keeps) return {};
        if (const auto* input = std::get_if<graph::InputForm>(&node.form))
            return of_datum(*input->input, !may_be_absent_(node.id));
        if (const auto* e = std::get_if<graph::ExpressionForm>(&node.form)) {
            // As the scores left nothing out, such a part reads nothing that is unknown.
            if (node.of_score && mentions_null(*e->formula.expr)) return {true, true, false, false, Bounds{}};
            auto out = of(*e->formula.expr);
            out.literal = nullptr;
            if (node.low || node.high) out.range.reset();
            return out;
        }
        if (const auto* cohort = std::get_if<graph::CohortForm>(&node.form)) {
            return {graph::is_rank(cohort->function), true, false, false, std::nullopt};
        }
        if (const auto* history = std::get_if<graph::HistoryForm>(&node.form)) {
            const auto& back = graph_.node(history->of);
            if (history->list) return {};
            if (const auto* input = std::get_if<graph::InputForm>(&back.form)) return of_datum(*input->input, false);
            return {true, true, false, true, std::nullopt};
        }
        if (graph::decision_of(node)) return of_decision(node);
        return {true, true, false, false, Bounds{}};  // parameters, the year
    }

    static Trait of_datum(const model::Input& input, bool present) {
        return {true, true, present, input.type == feel::Type::Kind::boolean || !input.values.empty(),
                Bounds{input.min, input.max}};
    }

    Trait of_decision(const graph::Node& node) {
        bool keeps = true;
        graph::for_each_formula(
            node, [&](const graph::Formula& f) { keeps = keeps && of(*f.expr).keeps; }, graph::Formulas::deciding);
        return {keeps, false, false, true, std::nullopt};
    }

    Trait of(const Expr& e) {
        auto out = of_form(e);
        for (const auto slot : feel::slots_read(e)) out.options = out.options || of(slot).options;
        // One open name with listed values is tried value by value, and all may give the same.
        if (out.options && !e.as<feel::Name>() && !mentions_null(e)) out.opens = false;
        return out;
    }

    Trait of_form(const Expr& e) {
        if (const auto* literal = e.as<feel::Literal>()) {
            auto out = known;
            out.present = !literal->value.is_null();
            out.literal = literal->value.number();
            out.settled = out.present;
            return out;
        }
        if (const auto* name = e.as<feel::Name>(); name && name->slot >= 0) {
            if (name->slot == graph_.tested) return {true, false, false, true, std::nullopt};
            return std::count(present_.begin(), present_.end(), name->slot) > 0 ? known : of(name->slot);
        }
        if (feel::slots_read(e).empty()) return {true, true, false, false, Bounds{}};
        if (const auto* negate = e.as<feel::Negate>()) {
            auto out = strict(e, of(*negate->operand));
            if (!out.free()) out.range.reset(), out.opens = false;
            return out;
        }
        if (const auto* b = e.as<feel::Binary>()) return of_binary(e, *b);
        if (const auto* choice = e.as<feel::If>()) return of_choice(*choice);
        if (const auto* between = e.as<feel::Between>()) {
            const bool keep =
                of(*between->value).keeps && of(*between->low).keeps && of(*between->high).keeps && !branches(e);
            return {keep, false, true, false, std::nullopt};
        }
        if (const auto* in = e.as<feel::In>())
            return {in->value->as<feel::Name>() && of(*in->value).keeps && plain(in->tests), false, true, false,
                    std::nullopt};
        if (const auto* cell = e.as<feel::UnaryTests>())
            return {cell->any || (cell->input && cell->input->as<feel::Name>() && plain(cell->tests)), false, true,
                    false, std::nullopt};
        if (const auto* call = e.as<feel::Call>()) return of_call(e, *call);
        return {};
    }

    static bool plain(const std::vector<feel::Test>& tests) {
        return std::all_of(tests.begin(), tests.end(), [](const feel::Test& test) {
            return !test.mentions_input && !mentions_null(*test.expression) &&
                   feel::slots_read(*test.expression).empty();
        });
    }

    /// Of what is null as soon as an operand is.
    static Trait strict(const Expr& e, Trait operand) {
        operand.keeps = operand.keeps && (operand.present || !branches(e));
        operand.literal = nullptr;
        return operand;
    }

    Trait of_binary(const Expr& e, const feel::Binary& b) {
        if (is_null_literal(*b.left) || is_null_literal(*b.right)) {
            const auto& asked = is_null_literal(*b.left) ? *b.right : *b.left;
            const bool certain = asked.as<feel::Name>() && of(asked).keeps && of(asked).opens &&
                                 (b.op == BinaryOp::equal || b.op == BinaryOp::not_equal);
            auto out = certain ? known : Trait{};
            out.settled = certain;
            return out;
        }
        const auto left = of(*b.left), right = of(*b.right);
        Trait out{left.keeps && right.keeps, left.opens && right.opens, left.present && right.present, false,
                  std::nullopt};
        out.settled = left.settled && right.settled && b.op != BinaryOp::divide;
        if (b.op == BinaryOp::and_ || b.op == BinaryOp::or_) {
            out.keeps = out.keeps && out.present;
        } else if (is_comparison(b.op)) {
            const bool single =
                (left.literal && b.right->as<feel::Name>()) || (right.literal && b.left->as<feel::Name>());
            out.keeps = out.keeps && (left.present || right.present || !branches(e));
            out.opens = out.opens && (out.present || single) && undecided(left, right);
            out.present = true;
        } else if (is_arithmetic(b.op)) {
            out.keeps = out.keeps && (out.present || !branches(e));
            const auto factor = [](const Trait& t) { return t.literal && !t.literal->is_zero(); };
            const bool spreads =
                left.free() && right.free() && (b.op != BinaryOp::multiply || factor(left) || factor(right));
            out.opens = out.opens && spreads;
            if (spreads) out.range = Bounds{};
        } else {
            return {};
        }
        return out;
    }

    /// Whether the bounds of what is open never settle a comparison.
    static bool undecided(const Trait& left, const Trait& right) {
        if (left.free() && right.free()) return true;
        const auto inside = [](const Trait& t, const Decimal* number) {
            return t.range && number && (!t.range->low || *t.range->low < *number) &&
                   (!t.range->high || *number < *t.range->high);
        };
        return inside(left, right.literal) || inside(right, left.literal);
    }

    Trait of_choice(const feel::If& choice) {
        const auto condition = of(*choice.condition);
        const auto* test = choice.condition->as<feel::Binary>();
        const bool asks = test && (is_null_literal(*test->left) || is_null_literal(*test->right));
        const bool sure = condition.settled;
        const auto branch = [&](const Expr& e, BinaryOp absent) {
            const auto* name = asks && test->op != absent
                                   ? (is_null_literal(*test->left) ? *test->right : *test->left).as<feel::Name>()
                                   : nullptr;
            if (name) present_.push_back(name->slot);
            auto out = of(e);
            if (name) present_.pop_back();
            return out;
        };
        const auto then = branch(*choice.then, BinaryOp::equal),
                   otherwise = branch(*choice.otherwise, BinaryOp::not_equal);
        Trait out{condition.keeps && then.keeps && otherwise.keeps, condition.opens && then.opens && otherwise.opens,
                  then.present && otherwise.present, !sure || then.options || otherwise.options, std::nullopt};
        const bool apart = then.range && otherwise.range;  // what is open between the branches is no single number
        out.opens = out.opens && (sure || apart);
        if (sure && then.free() && otherwise.free()) out.range = Bounds{};
        out.settled = sure && then.settled && otherwise.settled;
        return out;
    }

    Trait of_call(const Expr& e, const feel::Call& call) {
        const auto kernel = feel::traits_of(call.overloads).kernel;
        if (call.arguments.empty() || !call.argument_names.empty()) return {};
        std::vector<Trait> arguments;
        for (const auto& argument : call.arguments) arguments.push_back(of(*argument));
        const auto all_literal = [&](auto from) {
            return std::all_of(from, arguments.end(), [](const Trait& t) { return t.literal != nullptr; });
        };
        if (kernel == feel::Kernel::negation && arguments.size() == 1) {
            auto out = arguments.front();
            out.keeps = out.keeps && out.present;
            return out;
        }
        if (kernel == feel::Kernel::round) {
            if (!all_literal(arguments.begin() + 1)) return {};
            auto out = strict(e, arguments.front());
            if (!out.free()) out.range.reset(), out.opens = false;
            return out;
        }
        if ((kernel == feel::Kernel::least || kernel == feel::Kernel::greatest) && arguments.size() > 1)
            return extreme(e, arguments, kernel == feel::Kernel::greatest);
        return {};
    }

    /// Literals and one thing more, which they clamp.
    static Trait extreme(const Expr& e, const std::vector<Trait>& arguments, bool most) {
        const Trait* open = nullptr;
        for (const auto& argument : arguments) {
            if (!argument.keeps || (open && !argument.literal)) return {};
            if (!argument.literal) open = &argument;
        }
        if (!open) return known;
        auto out = strict(e, *open);
        if (!out.range) return out.opens = false, out;
        for (const auto& argument : arguments) {
            if (!argument.literal) continue;
            auto& sure = most ? out.range->low : out.range->high;
            auto& other = most ? out.range->high : out.range->low;
            const auto beyond = [&](const Decimal& a, const Decimal& b) { return most ? b < a : a < b; };
            if (!sure || beyond(*argument.literal, *sure)) sure = *argument.literal;
            if (other && beyond(*argument.literal, *other)) other = *argument.literal;
        }
        const bool single = out.range->low && out.range->high && !(*out.range->low < *out.range->high);
        if (single) out.opens = false;
        return out;
    }

    const graph::Graph& graph_;
    const MayBeAbsent& may_be_absent_;
    std::map<NodeId, Trait> nodes_;
    std::vector<NodeId> present_;  ///< names that the branch at hand knows to be there
};

}  // namespace

bool steady_when_filled(const graph::Graph& graph, const graph::Node& decision, const MayBeAbsent& may_be_absent) {
    return Steadiness(graph, may_be_absent).of(decision.id).keeps;
}

}  // namespace zoneval::exec
