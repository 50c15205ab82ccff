// Slips that types cannot see: comparing with a text that is never a value, and definitions nobody uses.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/feel/syntax/decision_table.hpp"
#include "engine/feel/syntax/never_true.hpp"
#include "engine/graph/builder.hpp"

namespace zoneval::graph {

namespace {

/// The texts a node can have, when its definition lists them; empty: anything.
std::vector<std::string> possible_texts(const Graph& graph, NodeId id) {
    const auto& n = graph.node(id);
    if (const auto* history = std::get_if<HistoryForm>(&n.form); history && !history->list) {
        auto out = possible_texts(graph, history->of);
        if (history->first && history->first->string() && !out.empty()) out.push_back(*history->first->string());
        return out;
    }
    if (const auto* input = std::get_if<InputForm>(&n.form)) return input->input->values;
    if (const auto* other = std::get_if<OtherForm>(&n.form)) return other->other->values;
    std::vector<std::string> out;
    if (const auto* of_kind = std::get_if<KindForm>(&n.form))
        for (const auto& value : of_kind->values)
            if (value.string()) out.push_back(*value.string());
    if (const auto* decision = decision_of(n))
        for (const auto& value : decision->values)
            if (value.string()) out.push_back(*value.string());
    return out;
}

struct Comparisons {
    const Graph& graph;
    Diagnostics& diagnostics;
    const SourcePtr& source;

    void compare(const feel::Expr& name, const feel::Expr& other) const {
        const auto* n = name.as<feel::Name>();
        if (!n || n->slot < 0) return;
        const auto texts = possible_texts(graph, n->slot);
        if (texts.empty()) return;
        if (const auto* list = other.as<feel::ListExpr>())
            for (const auto& item : list->items) compare(name, *item);
        const auto* literal = other.as<feel::Literal>();
        const auto* text = literal ? literal->value.string() : nullptr;
        if (!text || std::find(texts.begin(), texts.end(), *text) != texts.end()) return;
        diagnostics.add(Kind::undeclared_value, *source, other.span,
                        fmt::format("`{}` is never \"{}\"", graph.node(n->slot).name, *text),
                        fmt::format("one of \"{}\"", fmt::join(texts, "\", \"")), did_you_mean(*text, texts));
    }

    /// A decision with texts and numbers among its values, beside something that is always one of them.
    void compare_kinds(const feel::Expr& at, const feel::Expr& name, const feel::Expr& other) const {
        const auto* mixed = name.as<feel::Name>();
        const auto* plain = other.as<feel::Name>();
        if (!mixed || !plain || mixed->slot < 0 || plain->slot < 0) return;
        const auto* decision = decision_of(graph.node(mixed->slot));
        const auto& type = graph.node(plain->slot).type;
        if (!decision || !type) return;
        const bool number = type->kind == feel::Type::Kind::number;
        if (!number && type->kind != feel::Type::Kind::string) return;
        const auto fits = [&](const feel::Value& v) { return number ? v.number() != nullptr : v.string() != nullptr; };
        const auto odd = std::find_if_not(decision->values.begin(), decision->values.end(), fits);
        if (odd == decision->values.end()) return;
        diagnostics.add(Kind::mixed_comparison, *source, at.span,
                        fmt::format("`{}` can be {}, and `{}` is a {}", graph.node(mixed->slot).name, odd->to_feel(),
                                    graph.node(plain->slot).name, number ? "number" : "text"),
                        "a comparison of two values of one kind", "ask for the other kind first, in a rule of its own");
    }

    void compare_cells(const feel::DecisionTable& table) const {
        for (const auto& rule : table.rules)
            for (std::size_t i = 0; i < rule.tests.size(); ++i)
                if (const auto* tests = rule.tests[i]->as<feel::UnaryTests>())
                    for (const auto& test : tests->tests) compare(*table.inputs[i].expression, *test.expression);
    }

    void visit(const feel::Expr& expr) const {
        if (const auto* b = expr.as<feel::Binary>();
            b && b->op >= feel::BinaryOp::equal && b->op <= feel::BinaryOp::greater_equal) {
            compare_kinds(expr, *b->left, *b->right);
            compare_kinds(expr, *b->right, *b->left);
        }
        if (const auto* b = expr.as<feel::Binary>();
            b && (b->op == feel::BinaryOp::equal || b->op == feel::BinaryOp::not_equal)) {
            compare(*b->left, *b->right);
            compare(*b->right, *b->left);
        }
        if (const auto* in = expr.as<feel::In>())
            for (const auto& test : in->tests) compare(*in->value, *test.expression);
        if (const auto* boxed = expr.as<feel::TableExpr>()) compare_cells(*boxed->table);
        feel::for_each_child(expr, [&](const feel::Expr& child) { visit(child); });
    }
};

/// The literals an outcome expression can give through its branches.
void branch_literals(const feel::Expr& expr, std::vector<const feel::Expr*>& out) {
    if (const auto* choice = expr.as<feel::If>()) {
        branch_literals(*choice->then, out);
        branch_literals(*choice->otherwise, out);
    }
    if (const auto* literal = expr.as<feel::Literal>(); literal && !literal->value.is_null()) out.push_back(&expr);
}

void check_outcome(const Formula& formula, const model::Decision& decision, Diagnostics& diagnostics) {
    if (!formula || decision.values.empty()) return;
    std::vector<const feel::Expr*> literals;
    branch_literals(*formula.expr, literals);
    const auto names = decision.value_names();
    for (const auto* expr : literals) {
        const auto& value = expr->as<feel::Literal>()->value;
        const bool computed = decision.aggregator != feel::Aggregator::none && !value.string();  // a sum, a count …
        if (!computed && !decision.declares(value))
            diagnostics.add(Kind::undeclared_value, *formula.source, expr->span,
                            fmt::format("{} is not a value of decision `{}`", value.to_feel(), decision.name),
                            fmt::format("one of {}", fmt::join(names, ", ")),
                            value.string() ? did_you_mean(*value.string(), names) : "");
    }
}

}  // namespace

namespace {
void check_if_missing(const DecisionForm& form, Diagnostics& diagnostics);
}

/// Who is last of two, or of one, is hardly last. A decision that asks how many there are knows.
void Builder::check_group_sizes(const Node& decision, const model::Decision& written) {
    if (written.adverse.empty()) return;
    std::vector<NodeId> behind{decision.id};
    std::set<NodeId> seen{decision.id};
    std::set<NodeId> counted;
    std::map<NodeId, NodeId> compared;  // group -> a comparison in it
    for (std::size_t i = 0; i < behind.size(); ++i) {
        const auto& n = graph_.node(behind[i]);
        const auto* cohort = std::get_if<CohortForm>(&n.form);
        if (cohort && cohort->group && cohort->function == CohortFunction::count) counted.insert(*cohort->group);
        const bool compares =
            cohort && cohort->function != CohortFunction::sum && cohort->function != CohortFunction::count;
        const bool any_size = cohort && (cohort->smallest == 0 || any_size_.contains(n.id));
        if (compares && cohort->group && any_size) compared.emplace(*cohort->group, n.id);
        for (const auto used : n.uses)
            if (seen.insert(used).second) behind.push_back(used);
    }
    for (const auto& [group, comparison] : compared)
        if (!counted.contains(group))
            diagnostics_.add(
                Kind::any_group_size, *written.source, written.span,
                fmt::format("adverse outcomes of `{}` rest on `{}`, in groups of any size", written.name,
                            graph_.node(comparison).name),
                "a size below which records are not compared",
                "say so: `cohort: {smallest group: 5}`, or `smallest group` beside a measure or an indicator");
}

void Builder::check_values() {
    for (const auto& n : graph_.nodes) {
        const auto* form = std::get_if<DecisionForm>(&n.form);
        for_each_formula(n, [&](const Formula& f) {
            if (form && f.expr->as<feel::UnaryTests>()) return;
            Comparisons{graph_, diagnostics_, f.source}.visit(*f.expr);
        });
        if (!form) continue;
        check_if_missing(*form, diagnostics_);
        check_group_sizes(n, *form->decision);
        for (const auto& rule : form->rules) {
            check_outcome(rule.then.formula, *form->decision, diagnostics_);
            for (const auto& [formula, tested] : rule.conditions) {
                const auto* tests = formula && tested && *tested ? formula.expr->as<feel::UnaryTests>() : nullptr;
                if (!tests) continue;
                for (const auto& test : tests->tests)
                    Comparisons{graph_, diagnostics_, formula.source}.compare(*tested->expr, *test.expression);
            }
        }
        check_outcome(form->otherwise.formula, *form->decision, diagnostics_);
    }
}

namespace {

/// `x = null` in a condition that leads to an adverse outcome punishes the blank itself.
void check_null_test(const feel::Expr& expr, const model::Rule& rule, const SourcePtr& source,
                     Diagnostics& diagnostics) {
    const auto* b = expr.as<feel::Binary>();
    if (b && b->op == feel::BinaryOp::equal && (feel::is_null_literal(*b->left) || feel::is_null_literal(*b->right)))
        diagnostics.add(Kind::adverse_on_missing, *source, expr.span,
                        fmt::format("adverse rule `{}` asks for missing data", rule.id),
                        "a condition on what is known");
    feel::for_each_child(expr, [&](const feel::Expr& child) { check_null_test(child, rule, source, diagnostics); });
}

void check_if_missing(const DecisionForm& list, Diagnostics& diagnostics) {
    const auto& adverse = list.decision->adverse;
    const bool default_is_adverse =
        list.otherwise && (!list.otherwise.value || list.decision->is_adverse(*list.otherwise.value));
    for (const auto& rule : list.rules) {
        const bool may_be_adverse =
            !adverse.empty() && (!rule.then.value || list.decision->is_adverse(*rule.then.value));
        // An adverse rule may be passed over for want of data, and any other may hold; the reverse leads to sanctions.
        const bool harms = std::any_of(rule.rule->if_missing.begin(), rule.rule->if_missing.end(),
                                       [&](const auto& e) { return e.second == may_be_adverse; });
        if (!adverse.empty() && (harms || (!rule.rule->if_missing.empty() && default_is_adverse)))
            diagnostics.add(
                Kind::adverse_on_missing, *rule.rule->source, rule.rule->span,
                fmt::format("rule `{}` could lead to an adverse outcome because data are missing", rule.rule->id),
                may_be_adverse ? "`if missing: does not hold`, or nothing" : "`if missing: holds`, or nothing");
        if (!may_be_adverse) continue;
        for (const auto& [formula, tested] : rule.conditions)
            if (formula) check_null_test(*formula.expr, *rule.rule, formula.source, diagnostics);
    }
}

void check_citation(const model::RuleSet& rules, const std::optional<model::Citation>& cite, Diagnostics& diagnostics) {
    const auto& clauses = rules.authority.clauses;
    if (!cite || !cite->document.empty() || clauses.empty()) return;
    if (std::find(clauses.begin(), clauses.end(), cite->clause) != clauses.end()) return;
    diagnostics.add(
        Kind::unknown_clause, *cite->source, cite->span,
        fmt::format("{} has no clause `{}`",
                    rules.authority.document.empty() ? "the authority" : rules.authority.document, cite->clause),
        "one of the clauses listed under `authority`", did_you_mean(cite->clause, clauses));
}

}  // namespace

void Builder::check_citations() {
    for (const auto& n : graph_.nodes)
        if (n.definition) check_citation(*rules_, n.definition->cite, diagnostics_);
    for (const auto& target : rules_->targets) check_citation(*rules_, target.cite, diagnostics_);
    for (const auto& decision : rules_->decisions) {
        for (const auto& rule : decision.rules)
            if (!rule.clause) check_citation(*rules_, rule.cite, diagnostics_);
    }
}

void Builder::check_published() {
    std::set<std::string> seen;
    for (const auto& [name, source, span] : rules_->publish) {
        const auto* node = graph_.find(name);
        if (!node || node->kind == NodeKind::context)
            diagnostics_.add(Kind::unknown_name, *source, span, fmt::format("nothing defines `{}`", name),
                             "the name of an input, parameter, measure, score or decision",
                             did_you_mean(name, graph_.visible_names()));
        else if (!seen.insert(name).second)
            diagnostics_.add(Kind::duplicate_definition, *source, span, fmt::format("`{}` is published twice", name),
                             "each name once");
    }
}

void Builder::report_unused() {
    std::set<NodeId> used;
    for (const auto& published : rules_->publish)
        if (const auto* node = graph_.find(published.name)) used.insert(node->id);
    for (const auto& n : graph_.nodes) {
        used.insert(n.uses.begin(), n.uses.end());
        if (const auto* history = std::get_if<HistoryForm>(&n.form)) used.insert(history->of);
    }
    used.insert(read_outside_.begin(), read_outside_.end());
    add_used_by_kinds(used);
    // A kind has parameters and inputs from outside, and reads its key and its dates beside all formulas.
    const auto of_others = [&](const Node& n) {
        return kind_ && (n.kind == NodeKind::parameter || n.name == kind_->key || n.name == kind_->dated ||
                         !rules_->input(n.name));
    };
    for (const auto kind : {NodeKind::input, NodeKind::parameter}) {
        std::vector<const Node*> unused;
        for (const auto& n : graph_.nodes)
            if (n.kind == kind && !used.contains(n.id) && n.name != rules_->label_input && !of_others(n))
                unused.push_back(&n);
        report_unused(unused);
    }
}

/// One finding: a file may bring many columns that no rule reads.
void Builder::report_unused(const std::vector<const Node*>& unused) {
    if (unused.empty()) return;
    constexpr std::size_t most_names = 20;
    std::string names;
    for (std::size_t i = 0; i < std::min(unused.size(), most_names); ++i)
        names += fmt::format("{}`{}`", i == 0 ? "" : ", ", unused[i]->name);
    if (unused.size() > most_names) names += fmt::format(" and {} more", unused.size() - most_names);
    const auto& first = *unused.front();
    const auto message = unused.size() == 1
                             ? fmt::format("nothing uses {} {}", to_string(first.kind), names)
                             : fmt::format("nothing uses {} {}s: {}", unused.size(), to_string(first.kind), names);
    diagnostics_.add(
        Kind::unused_definition, *first.definition->source, first.definition->span, message, {},
        unused.size() == 1 ? "use it in a definition, or remove it" : "use them in definitions, or remove them");
}

}  // namespace zoneval::graph
