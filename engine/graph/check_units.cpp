// Unit checking: quantities that are added or compared must have one unit, and a declared unit must be the formula's.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/feel/builtins/builtins.hpp"
#include "engine/graph/builder.hpp"
#include "engine/table/units.hpp"

namespace zoneval::graph {

using feel::BinaryOp;
using feel::Decimal;

namespace {

/// The unit of an expression, as far as it is known. A factor 100 or 10,000 may be a conversion or just a number, so
/// several scales may be possible.
struct Quantity {
    bool known = false;  ///< false: a literal, a text, or something without a declared unit
    Unit unit;
    std::vector<Decimal> scales;  ///< possible scales of `unit`
};

Quantity of_unit(Unit unit) { return {true, unit, {unit.scale}}; }

bool has_scale(const Quantity& q, Decimal scale) {
    return std::find(q.scales.begin(), q.scales.end(), scale) != q.scales.end();
}

bool agree(const Quantity& a, const Quantity& b) {
    if (!a.known || !b.known) return true;
    return a.unit.dimensions == b.unit.dimensions &&
           std::any_of(a.scales.begin(), a.scales.end(), [&](Decimal s) { return has_scale(b, s); });
}

std::string describe(const Quantity& q) {
    auto unit = q.unit;
    unit.scale = q.scales.front();
    return unit.to_string();
}

/// 10, 100, 1000 … or their inverses: what conversions multiply by.
bool is_power_of_ten(Decimal number) {
    if (number.is_zero() || number.is_negative() || number == Decimal(1)) return false;
    for (int power = -12; power <= 12; ++power)
        if (number == Decimal::scaled(1, power)) return true;
    return false;
}

const Decimal* literal_number(const feel::Expr& expr) {
    const auto* literal = expr.as<feel::Literal>();
    return literal ? literal->value.number() : nullptr;
}

class UnitChecker {
  public:
    /// `hint`: what helps where units are of different kinds.
    UnitChecker(const std::vector<Quantity>& nodes, Diagnostics& diagnostics, SourcePtr source, std::string_view hint)
        : nodes_(nodes), diagnostics_(diagnostics), source_(std::move(source)), hint_(hint) {}

    Quantity visit(const feel::Expr& expr) {
        if (const auto* name = expr.as<feel::Name>()) {
            if (name->slot >= 0) return nodes_[static_cast<std::size_t>(name->slot)];
            const auto local = locals_.find(name->local);
            return local == locals_.end() ? Quantity{} : local->second;
        }
        if (const auto* negate = expr.as<feel::Negate>()) return visit(*negate->operand);
        if (const auto* binary = expr.as<feel::Binary>()) return visit_binary(*binary, expr.span);
        if (const auto* choice = expr.as<feel::If>()) {
            visit(*choice->condition);
            const auto then = visit(*choice->then), otherwise = visit(*choice->otherwise);
            return agree(then, otherwise) ? (then.known ? then : otherwise) : Quantity{};
        }
        if (const auto* between = expr.as<feel::Between>()) {
            const auto value = visit(*between->value);
            compare(value, visit(*between->low), expr.span, "compared");
            compare(value, visit(*between->high), expr.span, "compared");
            return {};
        }
        if (const auto* filter = expr.as<feel::Filter>()) return visit(*filter->list);
        if (const auto* call = expr.as<feel::Call>()) return visit_call(*call, expr.span);
        if (const auto* path = expr.as<feel::Path>()) return visit_path(*path);
        if (const auto* context = expr.as<feel::ContextExpr>()) return visit_entries(*context, "");
        if (const auto* function = expr.as<feel::FunctionExpr>()) {  // a body counts its locals for itself
            const auto outer = std::exchange(locals_, {});
            if (function->definition->body) visit(*function->definition->body);
            locals_ = outer;
            return {};
        }
        feel::for_each_child(expr, [&](const feel::Expr& child) { visit(child); });
        return {};
    }

  private:
    /// The entry of a context written out, as a boxed context with a result is.
    Quantity visit_path(const feel::Path& path) {
        if (const auto* context = path.object->as<feel::ContextExpr>()) return visit_entries(*context, path.name);
        visit(*path.object);
        return {};
    }

    Quantity visit_entries(const feel::ContextExpr& context, const std::string& wanted) {
        Quantity out;
        for (const auto& entry : context.entries) {
            const auto quantity = visit(*entry.value);
            locals_[entry.local] = quantity;
            if (entry.name == wanted) out = quantity;
        }
        return out;
    }

    void compare(const Quantity& a, const Quantity& b, Span span, std::string_view verb) {
        if (agree(a, b)) return;
        const bool same_kind = a.unit.dimensions == b.unit.dimensions;
        diagnostics_.add(Kind::unit_mismatch, *source_, span,
                         fmt::format("{} and {} are {}", describe(a), describe(b), verb), "quantities of one unit",
                         same_kind ? "convert one of the two" : std::string(hint_));
    }

    Quantity visit_binary(const feel::Binary& binary, Span span) {
        const auto left = visit(*binary.left), right = visit(*binary.right);
        switch (binary.op) {
            case BinaryOp::add:
            case BinaryOp::subtract:
                compare(left, right, span, binary.op == BinaryOp::add ? "added" : "subtracted");
                return left.known ? left : right;
            case BinaryOp::multiply: return product(left, right, *binary.left, *binary.right, false);
            case BinaryOp::divide: return product(left, right, *binary.left, *binary.right, true);
            case BinaryOp::equal:
            case BinaryOp::not_equal:
            case BinaryOp::less:
            case BinaryOp::less_equal:
            case BinaryOp::greater:
            case BinaryOp::greater_equal: compare(left, right, span, "compared"); return {};
            default: return {};
        }
    }

    static Quantity product(const Quantity& left, const Quantity& right, const feel::Expr& l, const feel::Expr& r,
                            bool divide) {
        if (const auto* factor = literal_number(r); factor && left.known) return scaled(left, *factor, divide);
        if (const auto* factor = literal_number(l); factor && right.known)
            return scaled(divide ? Quantity{true, right.unit.inverse(), inverted(right.scales)} : right, *factor,
                          false);
        if (!left.known || !right.known) return {};
        Quantity out{true, left.unit * (divide ? right.unit.inverse() : right.unit), {}};
        for (const auto a : left.scales)
            for (const auto b : right.scales) out.scales.push_back(divide ? a / b : a * b);
        if (out.scales.size() > 8) out.scales.resize(8);
        return out;
    }

    static std::vector<Decimal> inverted(std::vector<Decimal> scales) {
        for (auto& s : scales) s = Decimal(1) / s;
        return scales;
    }

    /// A number times 100 is the same quantity in a unit 100 times smaller, if the 100 was meant as a conversion.
    static Quantity scaled(Quantity q, Decimal factor, bool divide) {
        if (!is_power_of_ten(factor)) return q;
        const auto count = q.scales.size();
        for (std::size_t i = 0; i < count; ++i)
            q.scales.push_back(divide ? q.scales[i] * factor : q.scales[i] / factor);
        return q;
    }

    Quantity visit_call(const feel::Call& call, Span span) {
        std::vector<Quantity> arguments;
        for (const auto& argument : call.arguments) arguments.push_back(visit(*argument));
        const auto unit = feel::traits_of(call.overloads).unit;
        if (unit == feel::UnitOf::none || arguments.empty()) return {};
        Quantity out = arguments.front();
        if (unit == feel::UnitOf::all)
            for (std::size_t i = 1; i < arguments.size(); ++i) {
                compare(out, arguments[i], span, "arguments of one call");
                if (!out.known) out = arguments[i];
            }
        return out;
    }

    std::map<int, Quantity> locals_;  ///< entries of enclosing contexts
    const std::vector<Quantity>& nodes_;
    Diagnostics& diagnostics_;
    SourcePtr source_;
    std::string_view hint_;
};

/// Formulas that are weights.
void collect_weights(const ScoreNodes::Group& group, std::set<NodeId>& out) {
    for (const auto& part : group.parts)
        if (part.weight) out.insert(*part.weight);
    for (const auto& inner : group.groups) {
        if (inner.weight) out.insert(*inner.weight);
        collect_weights(inner, out);
    }
}

}  // namespace

void Builder::check_units() {
    std::vector<Quantity> nodes(graph_.nodes.size());
    std::set<NodeId> weights;
    for (const auto& score : graph_.scores) collect_weights(score.whole, weights);
    for (const auto& n : graph_.nodes)
        if (const auto unit = parse_unit(n.unit)) nodes[static_cast<std::size_t>(n.id)] = of_unit(*unit);
    for (const auto id : graph_.order) {
        const auto& n = graph_.node(id);
        auto& mine = nodes[static_cast<std::size_t>(id)];
        if (const auto* cohort = std::get_if<CohortForm>(&n.form);
            cohort && feel::traits_of(feel::builtin_set(to_string(cohort->function))).unit == feel::UnitOf::first)
            mine = nodes[static_cast<std::size_t>(cohort->value)];
        if (const auto* history = std::get_if<HistoryForm>(&n.form))
            mine = nodes[static_cast<std::size_t>(history->of)];
        if (const auto* years = std::get_if<YearsForm>(&n.form)) mine = nodes[static_cast<std::size_t>(years->value)];
        const bool weighs = n.of_score && std::any_of(n.uses.begin(), n.uses.end(),
                                                      [&](NodeId used) { return weights.contains(used); });
        constexpr std::string_view of_weights =
            "weights beside each other have one unit, or none as `cohort mean(x)/cohort stddev(x)`";
        Quantity formula_unit;
        Diagnostics found;
        for_each_formula(n, [&](const Formula& f) {
            formula_unit = UnitChecker(nodes, found, f.source, weighs ? of_weights : "").visit(*f.expr);
        });
        tell_at_place(id, std::move(found));
        if (!std::holds_alternative<ExpressionForm>(n.form)) continue;
        if (mine.known && formula_unit.known && !agree(mine, formula_unit))
            diagnostics_.add(
                Kind::declared_unit, *n.definition->source, n.definition->span,
                fmt::format("`{}` is declared in {}, but its formula gives {}", n.name, n.unit, describe(formula_unit)),
                "the unit the formula gives", "convert in the formula, or mend `unit`");
        if (!mine.known) mine = formula_unit;
    }
}

}  // namespace zoneval::graph
