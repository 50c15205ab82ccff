#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/parsing/check.hpp"
#include "engine/graph/builder.hpp"
#include "engine/model/by_language.hpp"

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

namespace {

struct FunctionName {
    std::string_view name;
    CohortFunction function;
};
constexpr FunctionName cohort_functions[] = {
    {"rank", CohortFunction::rank},
    {"dense rank", CohortFunction::dense_rank},
    {"average rank", CohortFunction::average_rank},
    {"percent rank", CohortFunction::percent_rank},
    {"cohort sum", CohortFunction::sum},
    {"cohort mean", CohortFunction::mean},
    {"cohort median", CohortFunction::median},
    {"cohort min", CohortFunction::min},
    {"cohort max", CohortFunction::max},
    {"cohort count", CohortFunction::count},
    {"cohort stddev", CohortFunction::stddev},
    {"cohort quantile", CohortFunction::quantile},
    {"cohort skewness", CohortFunction::skewness},
    {"cohort kurtosis", CohortFunction::kurtosis},
    {"cohort correlation", CohortFunction::correlation},
    {"cohort rank correlation", CohortFunction::rank_correlation},
    {"cohort concordance", CohortFunction::concordance},
    {"cohort alpha", CohortFunction::alpha},
    {"cohort component share", CohortFunction::component_share},
    {"cohort component loading", CohortFunction::component_loading},
    {"diversity", CohortFunction::diversity},
    {"first component", CohortFunction::component},
    {"balance", CohortFunction::balance},
    {"treated", CohortFunction::treated},
    {"copeland", CohortFunction::copeland},
    {"cohort component score", CohortFunction::component_score},
};
constexpr std::string_view kind_functions[] = {"sum", "mean",  "min",    "max",      "count",
                                               "any", "every", "latest", "earliest", "median"};

}  // namespace

std::string_view to_string(CohortFunction function) {
    return cohort_functions[static_cast<std::size_t>(function)].name;
}

std::optional<CohortFunction> cohort_function(std::string_view feel_name) {
    for (const auto& entry : cohort_functions)
        if (entry.name == feel_name) return entry.function;
    return std::nullopt;
}

std::string_view to_string(KindFunction function) { return kind_functions[static_cast<std::size_t>(function)]; }

const model::Decision* decision_of(const Node& node) {
    const auto* form = std::get_if<DecisionForm>(&node.form);
    return form ? form->decision : nullptr;
}

const Node* Graph::find(std::string_view name) const {
    const auto found = by_name.find(std::string(name));
    return found == by_name.end() ? nullptr : &node(found->second);
}

const Template& Reasons::in(std::string_view language) const {
    return model::in_language(by_language, language, [](const auto& reason) { return std::string_view(reason.first); })
        ->second;
}

std::vector<std::string> Graph::visible_names() const {
    std::vector<std::string> out;
    for (const auto& n : nodes)
        if (n.kind != NodeKind::hidden && n.id != tested) out.push_back(n.name);
    return out;
}

Builder::Builder(std::shared_ptr<const model::RuleSet> rules, Diagnostics& diagnostics, const Types& types)
    : rules_(std::move(rules)), diagnostics_(diagnostics), types_(types) {
    graph_.rules = rules_;
}

Builder::~Builder() = default;

void Builder::define_visible(const std::string& name, Formula formula) {
    if (const auto* place = graph_.find(name)) node(place->id).form = ExpressionForm{std::move(formula)};
}

void Builder::parse_decision(const model::Decision& decision) {
    DecisionForm form{&decision, {}, {}, {}, {}};
    if (decision.subject) form.subject = parse(decision.subject->who);
    for (const auto& input : decision.inputs) form.inputs.push_back(std::make_unique<Formula>(parse(input)));
    for (const auto& rule : decision.rules) {
        DecisionForm::Rule out{&rule, {}, parse_outcome(rule.then, rule.then_is_value, decision), {}, {}};
        if (rule.clause) out.clause = parse_template(*rule.clause);
        if (!decision.is_table()) out.conditions.push_back({parse(rule.when)});
        for (std::size_t i = 0; i < rule.cells.size(); ++i)
            out.conditions.push_back({parse_tests(rule.cells[i]), form.inputs[i].get()});
        for (const auto& reason : rule.because)
            out.because.by_language.emplace_back(reason.language, parse_template(reason.text));
        hold_in_force(out.conditions, rule);
        if (!rule.from.empty()) guard_transition(out.conditions.front().formula, rule, decision);
        form.rules.push_back(std::move(out));
    }
    if (decision.lifecycle)
        if (const auto* before = graph_.find(decision.name + " before"))
            form.otherwise.formula = {feel::make_name(decision.span, before->name, before->id), decision.source,
                                      before->name};
    if (decision.otherwise) form.otherwise = parse_outcome(*decision.otherwise, decision.otherwise_is_value, decision);
    if (const auto* place = graph_.find(decision.name)) node(place->id).form = std::move(form);
}

void Builder::parse_definitions() {
    smallest_group_ = rules_->smallest_group;
    for (const auto& measure : rules_->measures) {
        smallest_group_ = measure.smallest_group.value_or(rules_->smallest_group);
        auto formula = parse(measure.is);
        smallest_group_ = rules_->smallest_group;
        round(formula, measure);
        define_visible(measure.name, std::move(formula));
    }
    for (const auto& score : rules_->scores) lower_score(score);
    for (const auto& decision : rules_->decisions)
        if (decision.lifecycle) define_years_in(decision);
    for (const auto& decision : rules_->decisions)
        if (decision.over_time) define_set(decision);
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
        if (const auto* years = std::get_if<YearsForm>(&n.form)) {
            n.uses.push_back(years->value);
            if (years->group) n.uses.push_back(*years->group);
        }
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
    return decision.gives_list() ? Type::list_of(type) : type;
}

feel::TypePtr type_before_inference(const Node& n) {
    if (n.kind == NodeKind::score || n.kind == NodeKind::group) return Type::of(Type::Kind::number);
    if (const auto* decision = decision_of(n)) return decision_type(*decision);
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

void Builder::check_decision(const DecisionForm& form) {
    const auto check = [&](const Formula& f) {
        if (f) feel::check(*f.expr, graph_.names, f.source, diagnostics_);
    };
    for (const auto& input : form.inputs) check(*input);
    for (const auto& rule : form.rules) {
        for (const auto& condition : rule.conditions)
            if (!condition.tested)
                check_condition(condition.formula, fmt::format("`when` of rule `{}`", rule.rule->id));
        check(rule.then.formula);
    }
    check(form.otherwise.formula);
    if (!form.subject) return;
    const auto type = feel::check(*form.subject.expr, graph_.names, form.subject.source, diagnostics_);
    if (type && type->kind != Type::Kind::string && type->kind != Type::Kind::any && type->kind != Type::Kind::null)
        diagnostics_.add(Kind::type_error, *form.subject.source, form.subject.expr->span,
                         fmt::format("`subject` of decision `{}` is a {}", form.decision->name, type->to_string()),
                         "a text that names whom the outcome is about");
}

/// What an earlier year's value is where a measure looks back at itself: taken to be nothing at first, then what the
/// measure comes to with that, until it stays. By induction over the years it is that in each of them.
std::map<NodeId, feel::TypePtr> Builder::types_of_earlier_years() {
    std::map<NodeId, feel::TypePtr> out;
    const auto types = [&](NodeId id) -> feel::TypePtr& {
        return graph_.names.entries[static_cast<std::size_t>(id)].type;
    };
    for (const auto& n : graph_.nodes)
        if (const auto* history = std::get_if<HistoryForm>(&n.form);
            history && !history->list && !history->first &&
            std::holds_alternative<ExpressionForm>(node(history->of).form))
            out.emplace(n.id, Type::of(Type::Kind::null));
    constexpr int most_rounds = 5;
    for (int round = 0; round < most_rounds && !out.empty(); ++round) {
        for (const auto& [id, type] : out) types(id) = type;
        for (const auto id : graph_.order) {
            const auto* e = std::get_if<ExpressionForm>(&node(id).form);
            Diagnostics unheard;
            if (!e || !e->formula) continue;
            auto type = feel::check(*e->formula.expr, graph_.names, e->formula.source, unheard);
            types(id) = type ? std::move(type) : Type::of(Type::Kind::any);
        }
        bool stays = true;
        for (auto& [id, type] : out) {
            const auto& found = types(std::get<HistoryForm>(node(id).form).of);
            stays = stays && found->to_string() == type->to_string();
            type = found;
        }
        if (stays) return out;
    }
    return {};
}

void Builder::infer_types() {
    const auto set = [&](Node& n, feel::TypePtr type) {
        n.type = type ? std::move(type) : Type::of(Type::Kind::any);
        graph_.names.entries[static_cast<std::size_t>(n.id)].type = n.type;
    };
    for (auto& n : graph_.nodes) set(n, type_before_inference(n));
    for (auto& [id, type] : types_of_earlier_years()) set(node(id), std::move(type));
    for (const auto id : graph_.order) {
        auto& n = node(id);
        if (const auto* history = std::get_if<HistoryForm>(&n.form)) {
            const auto of = node(history->of).type;
            if (history->list || n.type->kind == Type::Kind::any) set(n, history->list ? Type::list_of(of) : of);
        } else if (const auto* e = std::get_if<ExpressionForm>(&n.form)) {
            Diagnostics found;
            if (e->formula) set(n, feel::check(*e->formula.expr, graph_.names, e->formula.source, found));
            tell_at_place(id, std::move(found));
        } else if (const auto* form = std::get_if<DecisionForm>(&n.form)) {
            check_decision(*form);
        }
    }
    if (graph_.cohort_when)
        if (const auto& f = std::get<ExpressionForm>(node(*graph_.cohort_when).form).formula)
            check_condition(f, "`cohort: when`");
}

void Builder::check_cohort_operands() {
    using Kind = feel::Type::Kind;
    const auto computes = [](const Type& type) {
        return type.kind == Kind::number || type.kind == Kind::any || type.kind == Kind::null;
    };
    for (const auto& call : cohort_calls_) {
        const auto& type = *node(call.operand).type;
        if (call.function == "cohort count" || computes(type)) continue;
        std::string hint;
        if (type.kind == Kind::boolean)
            hint = "`cohort count` counts the records where it is true; or write `if … then 1 else 0`";
        else if (type.kind == Kind::string)
            hint = "`cohort count` counts the records that have one; `number(…)` reads a number from a text";
        diagnostics_.add(zoneval::Kind::type_error, *call.source, call.span,
                         fmt::format("`{}` computes with numbers, and this is a {}", call.function, type.to_string()),
                         "a number", hint);
    }
}

void Builder::set_cycle() {
    for (auto& n : graph_.nodes)
        if (auto* history = std::get_if<HistoryForm>(&n.form)) history->cycle = rules_->cycle;
}

// Decisions and scores are what an assessment is about; the rest is kept when a later year looks back at it. Groups are
// also where results show them: another rule set may use those.
void Builder::mark_kept() {
    for (auto& n : graph_.nodes)
        if (n.kind == NodeKind::score) n.kept = true;
    for (const auto& published : rules_->publish)
        if (const auto* n = graph_.find(published.name); n && n->kind == NodeKind::group) node(n->id).kept = true;
    for (const auto& n : graph_.nodes)
        if (const auto* history = std::get_if<HistoryForm>(&n.form))
            if (auto& of = node(history->of); of.kind == NodeKind::measure || of.kind == NodeKind::group)
                of.kept = true;
}

void Builder::declare() {
    declare_context();
    declare_definitions();
    declare_kinds();
}

Graph Builder::build() {
    declare();
    return finish();
}

Graph Builder::finish() {
    parse_definitions();
    parse_rest();
    finish_kinds();
    define_of_owner();
    collect_uses();
    order();
    order_kinds();
    infer_types();
    check_cohort_operands();
    check_years();
    mark_kept();
    set_cycle();
    check_values();
    check_citations();
    check_published();
    check_lifecycles();
    check_units();
    report_unused();
    name_sources();
    return std::move(graph_);
}

/// What fails names the definition it stands in.
void Builder::name_sources() {
    for (auto& n : graph_.nodes)
        if (n.definition)
            for_each_formula(n, [&](Formula& formula) {
                if (formula.source) formula.source = formula.source->within(n.name);
            });
}

namespace {

bool kinds_read_owners(const Graph& graph) {
    return std::any_of(graph.kinds.begin(), graph.kinds.end(),
                       [](const KindGraph& kind) { return !kind.reads.empty() || kinds_read_owners(*kind.graph); });
}

void add_types(const Graph& graph, const std::string& of, Builder::Types& out) {
    for (const auto& node : graph.nodes)
        if (node.kind == NodeKind::measure) out.emplace(std::pair(of, node.name), node.type);
    for (const auto& kind : graph.kinds) add_types(*kind.graph, kind.kind->name, out);
}

}  // namespace

Graph build_graph(std::shared_ptr<const model::RuleSet> rules, Diagnostics& diagnostics) {
    static const Builder::Types none;
    Diagnostics found;
    auto out = Builder(rules, found, none).build();
    if (found.has_errors() || !kinds_read_owners(out)) {
        diagnostics.append(std::move(found));
        return out;
    }
    Builder::Types types;
    add_types(out, "", types);
    return Builder(std::move(rules), diagnostics, types).build();
}

}  // namespace zoneval::graph
