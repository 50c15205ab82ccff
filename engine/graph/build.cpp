#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/parsing/check.hpp"
#include "engine/graph/builder.hpp"

namespace zoneval::graph {

using feel::Type;

std::string_view to_string(NodeKind kind) {
    switch (kind) {
        case NodeKind::context: return "fact";
        case NodeKind::input: return "input";
        case NodeKind::parameter: return "parameter";
        case NodeKind::measure: return "measure";
        case NodeKind::score: return "score";
        case NodeKind::group: return "group";
        case NodeKind::decision: return "decision";
        case NodeKind::hidden: return "expression";
    }
    return "";
}

const model::Decision* decision_of(const Node& node) {
    if (const auto* list = std::get_if<RuleListForm>(&node.form)) return list->decision;
    if (const auto* table = std::get_if<TableForm>(&node.form)) return table->decision;
    return nullptr;
}

const Node* Graph::find(std::string_view name) const {
    const auto found = by_name.find(std::string(name));
    return found == by_name.end() ? nullptr : &node(found->second);
}

std::vector<std::string> Graph::visible_names() const {
    std::vector<std::string> out;
    for (const auto& n : nodes)
        if (n.kind != NodeKind::hidden && n.id != tested) out.push_back(n.name);
    return out;
}

Builder::Builder(std::shared_ptr<const model::RuleSet> rules, Diagnostics& diagnostics)
    : rules_(std::move(rules)), diagnostics_(diagnostics) {
    graph_.rules = rules_;
}

void Builder::define_visible(const std::string& name, Formula formula) {
    if (const auto* place = graph_.find(name)) node(place->id).form = ExpressionForm{std::move(formula)};
}

void Builder::parse_rule_list(const model::Decision& decision) {
    RuleListForm form{&decision, {}, {}};
    for (const auto& rule : decision.rules) {
        RuleListForm::Rule out{&rule, parse(rule.when), parse_outcome(rule.then, rule.then_is_value, decision), {}};
        if (rule.because) out.because = parse_template(*rule.because);
        if (!rule.from.empty()) guard_transition(out.when, rule, decision);
        form.rules.push_back(std::move(out));
    }
    if (decision.lifecycle)
        form.otherwise.formula = parse_lowered(decision.name + " before", "lifecycle `" + decision.name + "`");
    if (decision.otherwise) form.otherwise = parse_outcome(*decision.otherwise, decision.otherwise_is_value, decision);
    if (const auto* place = graph_.find(decision.name)) node(place->id).form = std::move(form);
}

void Builder::parse_table(const model::Decision& decision) {
    TableForm form{&decision, {}, {}, {}};
    for (const auto& input : decision.table->inputs) form.inputs.push_back(parse(input));
    for (const auto& row : decision.table->rows) {
        TableForm::Row out{&row, {}, parse(row.outcome), {}};
        for (const auto& test : row.tests) out.tests.push_back(parse_tests(test));
        if (row.because) out.because = parse_template(*row.because);
        form.rows.push_back(std::move(out));
    }
    if (decision.table->otherwise) form.otherwise = parse(*decision.table->otherwise);
    if (const auto* place = graph_.find(decision.name)) node(place->id).form = std::move(form);
}

void Builder::parse_decision(const model::Decision& decision) {
    if (decision.table)
        parse_table(decision);
    else
        parse_rule_list(decision);
}

void Builder::parse_definitions() {
    for (const auto& measure : rules_->measures) {
        auto formula = parse(measure.is);
        if (measure.decimals) round_to(formula, *measure.decimals);
        define_visible(measure.name, std::move(formula));
    }
    for (const auto& score : rules_->scores) lower_score(score);
    for (const auto& decision : rules_->decisions)
        if (decision.lifecycle) define_years_in(decision);
    for (const auto& decision : rules_->decisions) parse_decision(decision);
}

void Builder::parse_rest() {
    if (rules_->cohort_when) {
        const auto id = hidden("cohort membership");
        auto formula = parse(*rules_->cohort_when);
        node(id).form = ExpressionForm{std::move(formula)};
        graph_.cohort_when = id;
    }
    if (rules_->assessment_date) {
        feel::Names only_year;
        only_year.entries.push_back({"year", Type::of(Type::Kind::number)});
        graph_.assessment_date = {feel::parse_expression(*rules_->assessment_date, only_year, diagnostics_),
                                  rules_->assessment_date->source, rules_->assessment_date->text};
    }
    for (const auto& target : rules_->targets) {
        TargetForm form{&target, std::nullopt};
        if (target.is) {
            const auto id = hidden("target: " + target.name);
            auto formula = parse(*target.is);
            node(id).form = ExpressionForm{std::move(formula)};
            form.is = id;
        }
        graph_.targets.push_back(form);
    }
}

void Builder::collect_uses() {
    for (auto& n : graph_.nodes) {
        if (const auto* cohort = std::get_if<CohortForm>(&n.form)) {
            n.uses.push_back(cohort->value);
            if (cohort->group) n.uses.push_back(*cohort->group);
        }
        if (const auto* history = std::get_if<HistoryForm>(&n.form); history && history->list)
            n.uses.push_back(history->of);
        for_each_formula(n, [&](const Formula& f) {
            for (const auto slot : feel::slots_read(*f.expr))
                if (slot != graph_.tested) n.uses.push_back(slot);
        });
        std::sort(n.uses.begin(), n.uses.end());
        n.uses.erase(std::unique(n.uses.begin(), n.uses.end()), n.uses.end());
    }
}

void Builder::report_cycle(const std::vector<NodeId>& path, NodeId back) {
    const auto first = std::find(path.begin(), path.end(), back);
    std::string circle;
    const Node* place = nullptr;
    for (auto it = first; it != path.end(); ++it) {
        if (node(*it).kind == NodeKind::hidden) continue;
        circle += fmt::format("`{}` → ", node(*it).name);
        if (!place && node(*it).definition) place = &node(*it);
    }
    if (!place) return;
    circle += fmt::format("`{}`", place->name);
    diagnostics_.add(Kind::definition_cycle, *place->definition->source, place->definition->span,
                     fmt::format("`{}` needs itself: {}", place->name, circle),
                     "definitions that can be computed one after the other",
                     "if last year's value is meant, write `prior(…)`");
}

bool Builder::visit(NodeId id, std::vector<int>& state, std::vector<NodeId>& path) {
    enum { unseen, open, done };
    auto& mine = state[static_cast<std::size_t>(id)];
    if (mine == done) return true;
    if (mine == open) {
        report_cycle(path, id);
        return false;
    }
    mine = open;
    path.push_back(id);
    for (const auto used : node(id).uses) visit(used, state, path);
    path.pop_back();
    state[static_cast<std::size_t>(id)] = done;
    graph_.order.push_back(id);
    return true;
}

void Builder::order() {
    std::vector<int> state(graph_.nodes.size());
    std::vector<NodeId> path;
    for (const auto& n : graph_.nodes) visit(n.id, state, path);
}

namespace {

feel::TypePtr decision_type(const model::Decision& decision) {
    feel::TypePtr type;
    for (const auto& value : decision.values) type = type ? feel::common_type(type, value.type()) : value.type();
    if (!type) return Type::of(Type::Kind::any);
    const bool many = decision.table ? decision.table->hit_policy.find("order") != std::string::npos ||
                                           decision.table->hit_policy == "collect"
                                     : decision.hit_policy == "collect";
    return many ? Type::list_of(type) : type;
}

feel::TypePtr type_before_inference(const Node& n) {
    if (n.kind == NodeKind::score || n.kind == NodeKind::group) return Type::of(Type::Kind::number);
    if (const auto* list = std::get_if<RuleListForm>(&n.form)) return decision_type(*list->decision);
    if (const auto* table = std::get_if<TableForm>(&n.form)) return decision_type(*table->decision);
    if (const auto* cohort = std::get_if<CohortForm>(&n.form); cohort) return Type::of(Type::Kind::number);
    return n.type;
}

}  // namespace

void Builder::check_condition(const Formula& formula, const std::string& what) {
    if (!formula) return;
    const auto type = feel::check(*formula.expr, graph_.names, formula.source, diagnostics_);
    if (!type || type->kind == Type::Kind::boolean || type->kind == Type::Kind::any || type->kind == Type::Kind::null)
        return;
    diagnostics_.add(Kind::type_error, *formula.source, formula.expr->span,
                     fmt::format("{} is a {}, not a condition", what, type->to_string()), "something true or false");
}

void Builder::tell_at_place(NodeId id, Diagnostics found) {
    const auto place = places_.find(id);
    if (place == places_.end()) return diagnostics_.append(std::move(found));
    const auto& [source, span, what] = place->second;
    for (const auto& d : found.all())
        if (d.kind == Kind::type_error)  // what the formula does with it is no concern of the author's
            diagnostics_.add(d.kind, *source, span, fmt::format("{} does not compute with numbers", what),
                             "numbers in `of` and `from`");
        else
            diagnostics_.add(d.kind, *source, span, fmt::format("{}: {}", what, d.message), d.expected, d.hint);
}

void Builder::infer_types() {
    const auto set = [&](Node& n, feel::TypePtr type) {
        n.type = type ? std::move(type) : Type::of(Type::Kind::any);
        graph_.names.entries[static_cast<std::size_t>(n.id)].type = n.type;
    };
    for (auto& n : graph_.nodes) set(n, type_before_inference(n));
    for (const auto id : graph_.order) {
        auto& n = node(id);
        if (const auto* history = std::get_if<HistoryForm>(&n.form)) {
            const auto of = node(history->of).type;
            set(n, history->list ? Type::list_of(of) : of);
        } else if (const auto* e = std::get_if<ExpressionForm>(&n.form)) {
            Diagnostics found;
            if (e->formula) set(n, feel::check(*e->formula.expr, graph_.names, e->formula.source, found));
            tell_at_place(id, std::move(found));
        } else if (const auto* list = std::get_if<RuleListForm>(&n.form)) {
            for (const auto& rule : list->rules) {
                check_condition(rule.when, fmt::format("`when` of rule `{}`", rule.rule->id));
                if (rule.then.formula)
                    feel::check(*rule.then.formula.expr, graph_.names, rule.then.formula.source, diagnostics_);
            }
        } else if (const auto* table = std::get_if<TableForm>(&n.form)) {
            for (const auto& input : table->inputs)
                if (input) feel::check(*input.expr, graph_.names, input.source, diagnostics_);
            for (const auto& row : table->rows)
                if (row.outcome) feel::check(*row.outcome.expr, graph_.names, row.outcome.source, diagnostics_);
        }
    }
    if (graph_.cohort_when)
        if (const auto& f = std::get<ExpressionForm>(node(*graph_.cohort_when).form).formula)
            check_condition(f, "`cohort: when`");
}

// Decisions and scores are what an assessment is about; the rest is kept when a later year looks back at it.
void Builder::mark_kept() {
    for (auto& n : graph_.nodes)
        if (n.kind == NodeKind::score || n.kind == NodeKind::group) n.kept = true;
    for (const auto& n : graph_.nodes)
        if (const auto* history = std::get_if<HistoryForm>(&n.form))
            if (node(history->of).kind == NodeKind::measure) node(history->of).kept = true;
}

Graph Builder::build() {
    declare_context();
    declare_definitions();
    parse_definitions();
    parse_rest();
    collect_uses();
    order();
    infer_types();
    mark_kept();
    check_values();
    check_citations();
    check_lifecycles();
    check_units();
    report_unused();
    return std::move(graph_);
}

Graph build_graph(std::shared_ptr<const model::RuleSet> rules, Diagnostics& diagnostics) {
    return Builder(std::move(rules), diagnostics).build();
}

}  // namespace zoneval::graph
