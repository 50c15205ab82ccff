#include "engine/feel/syntax/ast.hpp"

#include <algorithm>

#include "engine/feel/syntax/decision_table.hpp"

namespace zoneval::feel {

namespace {

/// Visits the child slots of a node in source order. One place that knows the shape of every node;
/// E is Expr or const Expr, and f gets ExprPtr& or const ExprPtr&.
template <class E, class F>
struct ChildVisitor {
    F& f;

    template <class P>
    void one(P& child) const {
        if (child) f(child);
    }
    template <class L>
    void each(L& children) const {
        for (auto& child : children) one(child);
    }
    template <class L>
    void tests(L& all) const {
        for (auto& test : all) one(test.expression);
    }
    template <class L>
    void iterators(L& all) const {
        for (auto& iterator : all) {
            one(iterator.in);
            one(iterator.to);
        }
    }

    template <class T>
    void table(T& all) const {
        for (auto& input : all.inputs) one(input.expression), one(input.allowed);
        for (auto& output : all.outputs) one(output.allowed), one(output.default_value);
        for (auto& rule : all.rules) each(rule.tests), each(rule.outputs);
    }

    template <class N>
    void operator()(N& node) const {
        using T = std::remove_const_t<N>;
        if constexpr (std::is_same_v<T, Negate>)
            one(node.operand);
        else if constexpr (std::is_same_v<T, Binary>)
            one(node.left), one(node.right);
        else if constexpr (std::is_same_v<T, If>)
            one(node.condition), one(node.then), one(node.otherwise);
        else if constexpr (std::is_same_v<T, Between>)
            one(node.value), one(node.low), one(node.high);
        else if constexpr (std::is_same_v<T, In>)
            one(node.value), tests(node.tests);
        else if constexpr (std::is_same_v<T, For> || std::is_same_v<T, Quantified>)
            iterators(node.iterators), one(node.body);
        else if constexpr (std::is_same_v<T, Filter>)
            one(node.list), one(node.condition);
        else if constexpr (std::is_same_v<T, Path>)
            one(node.object);
        else if constexpr (std::is_same_v<T, InstanceOf>)
            one(node.value);
        else if constexpr (std::is_same_v<T, ListExpr>)
            each(node.items);
        else if constexpr (std::is_same_v<T, RangeExpr>)
            one(node.start), one(node.end);
        else if constexpr (std::is_same_v<T, FunctionExpr>)
            one(node.definition->body);
        else if constexpr (std::is_same_v<T, Call>)
            one(node.callee), each(node.arguments);
        else if constexpr (std::is_same_v<T, UnaryTests>)
            one(node.input), tests(node.tests);
        else if constexpr (std::is_same_v<T, TableExpr>)
            table(*node.table);
        else if constexpr (std::is_same_v<T, ContextExpr>) {
            for (auto& entry : node.entries) one(entry.value);
        }
    }
};

template <class E, class F>
void visit_children(E& expression, F f) {
    std::visit(ChildVisitor<E, F>{f}, expression.node);
}

void collect_slots(const Expr& expression, std::vector<int>& out) {
    if (const auto* name = expression.as<Name>(); name != nullptr && name->slot >= 0) out.push_back(name->slot);
    visit_children(expression, [&](const ExprPtr& child) { collect_slots(*child, out); });
}

bool same_type(const TypePtr& a, const TypePtr& b) {
    return (a ? a->to_string() : "Any") == (b ? b->to_string() : "Any");
}

bool same_iterators(const std::vector<Iterator>& a, const std::vector<Iterator>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Iterator& x, const Iterator& y) {
        return x.name == y.name && static_cast<bool>(x.to) == static_cast<bool>(y.to);
    });
}

bool same_tables(const DecisionTable& a, const DecisionTable& b) {
    const auto same_inputs = [](const auto& x, const auto& y) {
        return same_type(x.type, y.type) && static_cast<bool>(x.allowed) == static_cast<bool>(y.allowed);
    };
    const auto same_outputs = [](const auto& x, const auto& y) {
        return x.name == y.name && same_type(x.type, y.type) &&
               static_cast<bool>(x.allowed) == static_cast<bool>(y.allowed) &&
               static_cast<bool>(x.default_value) == static_cast<bool>(y.default_value);
    };
    return a.hit_policy == b.hit_policy && a.aggregator == b.aggregator && a.rules.size() == b.rules.size() &&
           std::equal(a.inputs.begin(), a.inputs.end(), b.inputs.begin(), b.inputs.end(), same_inputs) &&
           std::equal(a.outputs.begin(), a.outputs.end(), b.outputs.begin(), b.outputs.end(), same_outputs);
}

/// Everything of two nodes except their children, which same() compares.
struct SameNode {
    const Expr& other;

    template <class N>
    bool operator()(const N& a) const {
        const N& b = *other.as<N>();
        if constexpr (std::is_same_v<N, Literal>)
            return identical(a.value, b.value);
        else if constexpr (std::is_same_v<N, Name>)
            return a.name == b.name;
        else if constexpr (std::is_same_v<N, Binary>)
            return a.op == b.op;
        else if constexpr (std::is_same_v<N, For>)
            return same_iterators(a.iterators, b.iterators);
        else if constexpr (std::is_same_v<N, Quantified>)
            return a.every == b.every && same_iterators(a.iterators, b.iterators);
        else if constexpr (std::is_same_v<N, Path>)
            return a.name == b.name;
        else if constexpr (std::is_same_v<N, InstanceOf>)
            return same_type(a.type, b.type);
        else if constexpr (std::is_same_v<N, ContextExpr>)
            return std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
                              [](const auto& x, const auto& y) { return x.name == y.name; });
        else if constexpr (std::is_same_v<N, RangeExpr>)
            return a.form == b.form && a.start_included == b.start_included && a.end_included == b.end_included &&
                   static_cast<bool>(a.start) == static_cast<bool>(b.start);
        else if constexpr (std::is_same_v<N, FunctionExpr>) {
            const auto &x = a.definition->parameters, &y = b.definition->parameters;
            return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const auto& p, const auto& q) {
                return p.name == q.name && same_type(p.type, q.type);
            });
        } else if constexpr (std::is_same_v<N, Call>)
            return a.builtin == b.builtin && a.argument_names == b.argument_names;
        else if constexpr (std::is_same_v<N, TableExpr>)
            return same_tables(*a.table, *b.table);
        else if constexpr (std::is_same_v<N, UnaryTests>)
            return a.any == b.any && a.negated == b.negated;
        else
            return true;
    }
};

std::vector<const Expr*> children_of(const Expr& expression) {
    std::vector<const Expr*> out;
    visit_children(expression, [&](const ExprPtr& child) { out.push_back(child.get()); });
    return out;
}

struct Cloner {
    static ExprPtr copy(const ExprPtr& e) { return e ? clone(*e) : nullptr; }
    static std::vector<ExprPtr> copy(const std::vector<ExprPtr>& all) {
        std::vector<ExprPtr> out;
        for (const auto& e : all) out.push_back(copy(e));
        return out;
    }
    static std::vector<Test> copy(const std::vector<Test>& all) {
        std::vector<Test> out;
        for (const auto& t : all) out.push_back({copy(t.expression), t.mentions_input});
        return out;
    }
    static std::vector<Iterator> copy(const std::vector<Iterator>& all) {
        std::vector<Iterator> out;
        for (const auto& i : all) out.push_back({i.name, copy(i.in), copy(i.to), i.local});
        return out;
    }

    Expr::Node operator()(const Literal& n) const { return n; }
    Expr::Node operator()(const Name& n) const { return n; }
    Expr::Node operator()(const Negate& n) const { return Negate{copy(n.operand)}; }
    Expr::Node operator()(const Binary& n) const { return Binary{n.op, copy(n.left), copy(n.right)}; }
    Expr::Node operator()(const If& n) const { return If{copy(n.condition), copy(n.then), copy(n.otherwise)}; }
    Expr::Node operator()(const Between& n) const { return Between{copy(n.value), copy(n.low), copy(n.high)}; }
    Expr::Node operator()(const In& n) const { return In{copy(n.value), copy(n.tests), n.input}; }
    Expr::Node operator()(const For& n) const {
        return For{copy(n.iterators), copy(n.body), n.partial, n.uses_partial};
    }
    Expr::Node operator()(const Quantified& n) const { return Quantified{n.every, copy(n.iterators), copy(n.body)}; }
    Expr::Node operator()(const Filter& n) const { return Filter{copy(n.list), copy(n.condition), n.item}; }
    Expr::Node operator()(const Path& n) const { return Path{copy(n.object), n.name}; }
    Expr::Node operator()(const InstanceOf& n) const { return InstanceOf{copy(n.value), n.type}; }
    Expr::Node operator()(const ListExpr& n) const { return ListExpr{copy(n.items)}; }
    Expr::Node operator()(const ContextExpr& n) const {
        ContextExpr out;
        for (const auto& e : n.entries) out.entries.push_back({e.name, copy(e.value), e.local});
        return out;
    }
    Expr::Node operator()(const RangeExpr& n) const {
        return RangeExpr{n.form, copy(n.start), copy(n.end), n.start_included, n.end_included};
    }
    Expr::Node operator()(const FunctionExpr& n) const {
        auto d = std::make_shared<FunctionDefinition>();
        d->parameters = n.definition->parameters;
        d->body = copy(n.definition->body);
        d->captures = n.definition->captures;
        d->locals = n.definition->locals;
        d->self = n.definition->self;
        return FunctionExpr{std::move(d)};
    }
    Expr::Node operator()(const Call& n) const {
        return Call{n.builtin, n.overloads, copy(n.callee), copy(n.arguments), n.argument_names};
    }
    Expr::Node operator()(const TableExpr& n) const {
        auto t = std::make_shared<DecisionTable>();
        t->hit_policy = n.table->hit_policy;
        t->aggregator = n.table->aggregator;
        for (const auto& i : n.table->inputs) t->inputs.push_back({copy(i.expression), i.type, copy(i.allowed)});
        for (const auto& o : n.table->outputs)
            t->outputs.push_back({o.name, o.type, copy(o.allowed), copy(o.default_value)});
        for (const auto& r : n.table->rules) t->rules.push_back({copy(r.tests), copy(r.outputs)});
        return TableExpr{std::move(t), n.input};
    }
    Expr::Node operator()(const UnaryTests& n) const {
        return UnaryTests{copy(n.input), n.any, n.negated, copy(n.tests)};
    }
};

}  // namespace

std::string_view spelling(BinaryOp op) {
    switch (op) {
        case BinaryOp::add: return "+";
        case BinaryOp::subtract: return "-";
        case BinaryOp::multiply: return "*";
        case BinaryOp::divide: return "/";
        case BinaryOp::power: return "**";
        case BinaryOp::equal: return "=";
        case BinaryOp::not_equal: return "!=";
        case BinaryOp::less: return "<";
        case BinaryOp::less_equal: return "<=";
        case BinaryOp::greater: return ">";
        case BinaryOp::greater_equal: return ">=";
        case BinaryOp::and_: return "and";
        case BinaryOp::or_: return "or";
    }
    return "";
}

ExprPtr make_expr(Span span, Expr::Node node) { return std::make_unique<Expr>(Expr{span, std::move(node)}); }
ExprPtr make_name(Span span, std::string name, int slot) {
    return make_expr(span, Name{std::move(name), slot, -1, {}});
}
ExprPtr make_literal(Span span, Value value) { return make_expr(span, Literal{std::move(value)}); }
ExprPtr clone(const Expr& expression) { return make_expr(expression.span, std::visit(Cloner{}, expression.node)); }

bool same(const Expr& a, const Expr& b) {
    if (a.node.index() != b.node.index() || !std::visit(SameNode{b}, a.node)) return false;
    const auto x = children_of(a), y = children_of(b);
    return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                      [](const Expr* p, const Expr* q) { return same(*p, *q); });
}

void for_each_child(Expr& expression, const std::function<void(ExprPtr&)>& f) {
    visit_children(expression, [&](ExprPtr& child) { f(child); });
}

void for_each_child(const Expr& expression, const std::function<void(const Expr&)>& f) {
    visit_children(expression, [&](const ExprPtr& child) { f(*child); });
}

std::vector<int> slots_read(const Expr& expression) {
    std::vector<int> out;
    collect_slots(expression, out);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace zoneval::feel
