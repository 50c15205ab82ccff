#include "engine/graph/analyse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/syntax/print.hpp"
#include "engine/graph/cases.hpp"
#include "engine/graph/domains.hpp"

namespace zoneval::graph {

using feel::Value;
using Choice = CaseAnalysis::Choice;
using Judgement = CaseAnalysis::Judgement;

namespace {

constexpr std::size_t case_limit = 50'000;     // choices tried for one question about one decision
constexpr std::size_t work_limit = 3'000'000;  // conditions evaluated for one decision: about a second

/// The last day on which the rules are in effect.
feel::Date last_day(const model::RuleSet& rules) { return rules.effective_until.value_or(feel::Date{9999, 12, 31}); }

/// Days on which the parameters behind a definition have different values, the last first: what holds on one day may
/// not on another. Each stands for the time from it to the one before.
std::vector<feel::Date> days_of(const Graph& graph, const Node& node) {
    const auto& rules = *graph.rules;
    std::set<NodeId> behind;
    std::vector<NodeId> todo{node.id};
    std::set<feel::Date, std::greater<>> days;
    while (!todo.empty()) {
        const auto id = todo.back();
        todo.pop_back();
        if (!behind.insert(id).second) continue;
        const auto& uses = graph.node(id).uses;
        todo.insert(todo.end(), uses.begin(), uses.end());
        if (const auto* form = std::get_if<ParameterForm>(&graph.node(id).form))
            for (const auto& value : form->parameter->values)
                if (value.from && *value.from <= last_day(rules)) days.insert(*value.from);
    }
    std::vector<feel::Date> out{last_day(rules)};
    constexpr std::size_t most = 12;
    // The newest value holds on the last day as well; one before the rules took effect holds on no day of theirs but
    // the first.
    for (auto day = days.begin(); day != days.end() && out.size() < most; ++day) {
        if (rules.effective_from && *day <= *rules.effective_from) break;
        out.push_back(feel::Date::from_days(static_cast<std::int32_t>(day->days_since_epoch()) - 1));
    }
    return out;
}

CaseAnalysis::Known parameters_known(const Graph& graph, feel::Date day) {
    return [&graph, day](NodeId id) -> std::optional<Value> {
        const auto* form = std::get_if<ParameterForm>(&graph.node(id).form);
        if (!form) return std::nullopt;
        const Value* found = nullptr;
        for (const auto& value : form->parameter->values)
            if (!value.from || *value.from <= day) found = &value.value;
        if (!found && !form->parameter->values.empty()) found = &form->parameter->values.front().value;
        return found ? std::optional(*found) : std::nullopt;
    };
}

/// A rule or a row, for the analysis: conditions that must all hold.
struct Line {
    std::string id;
    std::vector<std::size_t> conditions;
    std::optional<Value> outcome;  ///< when it is the same for every record
    bool has_reason = false;       ///< a reason or a clause of its own, which a reader would miss
    const Source* source = nullptr;
    Span span;
};

class DecisionAnalysis {
  public:
    /// On one day.
    DecisionAnalysis(const Graph& graph, const Node& node, const std::vector<feel::AbstractValue>& domains,
                     feel::Date day, Diagnostics& diagnostics)
        : cases_(graph, parameters_known(graph, day), CaseAnalysis::NullTests::open),
          node_(node),
          diagnostics_(diagnostics) {
        const auto domain = [&domains](NodeId id) -> const auto& { return domains[static_cast<std::size_t>(id)]; };
        const auto is_formula = [&graph](NodeId id) {
            return std::holds_alternative<ExpressionForm>(graph.node(id).form);
        };
        cases_.narrow([=](NodeId id) {
            const auto& d = domain(id);
            if (!is_formula(id)) return std::vector<Value>{};  // what is declared says it all
            return d.open() ? d.options : std::vector{d.value};
        });
        cases_.bound([=](NodeId id) { return std::pair(domain(id).low, domain(id).high); });
    }

    void run() {
        add_rules(std::get<DecisionForm>(node_.form));
        if (broken_) return;
        cases_.close();
        for (std::size_t i = 0; i < lines_.size() && work_ <= work_limit; ++i) check_line(i);
        if (!has_default_) check_gap();
        if (policy_ == feel::HitPolicy::unique || policy_ == feel::HitPolicy::any) check_overlaps();
    }

  private:
    void add_rules(const DecisionForm& form) {
        policy_ = form.decision->hit_policy;
        what_ = form.decision->is_table() ? "row" : "rule";
        has_default_ = form.otherwise || form.decision->otherwise_null || form.decision->gives_list() ||
                       policy_ == feel::HitPolicy::collect;
        default_ = fixed(form.otherwise);
        for (const auto& rule : form.rules) {
            Line line{rule.rule->id,           {},
                      fixed(rule.then),        rule.rule->because || rule.rule->cite,
                      rule.rule->source.get(), rule.rule->span};
            for (const auto& [formula, tested] : rule.conditions) {
                if (!formula || (tested && !*tested)) return void(broken_ = true);
                line.conditions.push_back(tested ? cases_.add_tests(formula, *tested) : cases_.add(formula));
            }
            lines_.push_back(std::move(line));
        }
    }

    /// The outcome, when it is the same for every record.
    static std::optional<Value> fixed(const OutcomeForm& outcome) {
        if (outcome.value) return outcome.value;
        const auto* literal = outcome.formula ? outcome.formula.expr->as<feel::Literal>() : nullptr;
        return literal ? std::optional(literal->value) : std::nullopt;
    }

    Judgement holds(const Line& line, const Choice& choice) const {
        bool unknown = false;
        work_ += line.conditions.size();
        for (const auto condition : line.conditions) {
            const auto value = cases_.evaluate(condition, choice);
            if (value.is_true()) continue;
            if (!feel::is_unknown(value)) return Judgement::no;
            unknown = true;
        }
        return unknown ? Judgement::unknown : Judgement::yes;
    }

    static Judgement both(Judgement a, Judgement b) {
        if (a == Judgement::no || b == Judgement::no) return Judgement::no;
        return a == Judgement::yes && b == Judgement::yes ? Judgement::yes : Judgement::unknown;
    }
    static Judgement negated(Judgement a) {
        return a == Judgement::no ? Judgement::yes : a == Judgement::yes ? Judgement::no : Judgement::unknown;
    }

    /// The first case of which `judge` says yes; "too large" when it cannot be told.
    enum class Found { none, one, too_large };
    Found find(const std::function<Judgement(const Choice&)>& judge, Choice& example) {
        Found found = Found::none;
        std::size_t budget = work_ > work_limit ? 0 : case_limit;
        const bool complete = cases_.search(
            cases_.open_choice(),
            [&](const Choice& choice) {
                if (work_ > work_limit) budget = 0;
                return judge(choice);
            },
            [&](const Choice& choice) {
                example = choice;
                found = Found::one;
                return false;
            },
            budget);
        if (!complete && found == Found::none && !told_too_large_) {
            told_too_large_ = true;
            diagnostics_.add(Kind::analysis_incomplete, *node_.definition->source, node_.definition->span,
                             fmt::format("decision `{}` has too many cases to look through", node_.name), {},
                             "split it into smaller decisions to have all of it checked");
        }
        return !complete && found == Found::none ? Found::too_large : found;
    }

    void check_line(std::size_t i) {
        Choice example;
        if (find([&](const Choice& c) { return holds(lines_[i], c); }, example) == Found::none) {
            diagnostics_.add(Kind::never_fires, *lines_[i].source, lines_[i].span,
                             fmt::format("{} `{}` of decision `{}` can never hold", what_, lines_[i].id, node_.name),
                             "a condition that some record can meet", "remove it, or mend its condition");
            return;
        }
        if (policy_ != feel::HitPolicy::first) return;
        if (i == 0) return check_redundant(i);
        const auto unshadowed = [&](const Choice& c) {
            auto judgement = holds(lines_[i], c);
            for (std::size_t above = 0; above < i && judgement != Judgement::no; ++above)
                judgement = both(judgement, negated(holds(lines_[above], c)));
            return judgement;
        };
        if (find(unshadowed, example) != Found::none) return check_redundant(i);
        diagnostics_.add(Kind::shadowed, *lines_[i].source, lines_[i].span,
                         fmt::format("{} `{}` of decision `{}` is never reached: whenever it holds, {} above it holds",
                                     what_, lines_[i].id, node_.name, above_names(i)),
                         "a condition that the rules above leave something to",
                         "move it up, remove it, or narrow those above");
    }

    /// The rule decides somewhere; does it ever decide otherwise than those below it would?
    void check_redundant(std::size_t i) {
        if (!lines_[i].outcome || lines_[i].has_reason) return;
        const auto differs = [&](const Choice& c) {
            auto judgement = holds(lines_[i], c);
            for (std::size_t above = 0; above < i && judgement != Judgement::no; ++above)
                judgement = both(judgement, negated(holds(lines_[above], c)));
            for (std::size_t below = i + 1; below < lines_.size() && judgement != Judgement::no; ++below) {
                const auto next = holds(lines_[below], c);
                const bool same = lines_[below].outcome && feel::identical(*lines_[below].outcome, *lines_[i].outcome);
                if (next == Judgement::unknown) return Judgement::unknown;
                if (next == Judgement::yes) return same ? Judgement::no : judgement;
            }
            if (judgement == Judgement::no) return judgement;
            return default_ && feel::identical(*default_, *lines_[i].outcome) ? Judgement::no : judgement;
        };
        Choice example;
        if (find(differs, example) != Found::none) return;
        diagnostics_.add(
            Kind::redundant, *lines_[i].source, lines_[i].span,
            fmt::format("{} `{}` of decision `{}` makes no difference: without it the outcome would be the same", what_,
                        lines_[i].id, node_.name),
            "a rule that decides something", "remove it, or mend it");
    }

    std::string above_names(std::size_t i) const {
        std::vector<std::string> names;
        for (std::size_t above = 0; above < i; ++above) names.push_back(fmt::format("`{}`", lines_[above].id));
        return names.size() > 3 ? fmt::format("one of the {} {}s", names.size(), what_)
                                : fmt::format("{}", fmt::join(names, " or "));
    }

    void check_gap() {
        Choice example;
        const auto uncovered = [&](const Choice& c) {
            auto judgement = Judgement::yes;
            for (const auto& line : lines_) {
                judgement = both(judgement, negated(holds(line, c)));
                if (judgement == Judgement::no) break;
            }
            return judgement;
        };
        if (find(uncovered, example) != Found::one) return;
        diagnostics_.add(
            Kind::gap, *node_.definition->source, node_.definition->span,
            fmt::format("decision `{}` says nothing about {}", node_.name, cases_.describe(shrunk(uncovered, example))),
            fmt::format("a {} for every record", what_),
            what_ == "row" ? "add a row, or a `default`" : "add a rule, or `otherwise`");
    }

    void check_overlaps() {
        for (std::size_t a = 0; a < lines_.size(); ++a)
            for (std::size_t b = a + 1; b < lines_.size() && work_ <= work_limit; ++b) {
                if (policy_ == feel::HitPolicy::any && lines_[a].outcome && lines_[b].outcome &&
                    feel::identical(*lines_[a].outcome, *lines_[b].outcome))
                    continue;
                Choice example;
                const auto overlap = [&](const Choice& c) { return both(holds(lines_[a], c), holds(lines_[b], c)); };
                if (find(overlap, example) != Found::one) continue;
                diagnostics_.add(
                    Kind::overlap, *lines_[b].source, lines_[b].span,
                    fmt::format("{0}s `{1}` and `{2}` of decision `{3}` both hold for {4}, and the hit policy is {5}",
                                what_, lines_[a].id, lines_[b].id, node_.name,
                                cases_.describe(shrunk(overlap, example)),
                                policy_ == feel::HitPolicy::unique ? "unique" : "any"),
                    "conditions of which one holds at a time", "narrow one of the two, or use hit policy first");
            }
    }

    /// Leaves open what does not matter to the example.
    Choice shrunk(const std::function<Judgement(const Choice&)>& judge, Choice choice) const {
        for (auto& value : choice) {
            const auto kept = value;
            value = -1;
            if (judge(choice) != Judgement::yes) value = kept;
        }
        return choice;
    }

    CaseAnalysis cases_;
    const Node& node_;
    Diagnostics& diagnostics_;
    std::vector<Line> lines_;
    feel::HitPolicy policy_ = feel::HitPolicy::first;
    std::string what_;
    std::optional<Value> default_;
    mutable std::size_t work_ = 0;
    bool has_default_ = false, broken_ = false, told_too_large_ = false;
};

/// What an expression rests on, through measures and scores.
struct RestsOn {
    const Graph& graph;
    std::set<NodeId> seen = {};
    std::set<std::string> assumptions = {},
                          scores = {};  ///< parameters the authority does not give; scores that leave blanks out

    void add(NodeId id) {
        if (!seen.insert(id).second) return;
        const auto& node = graph.node(id);
        if (const auto* p = std::get_if<ParameterForm>(&node.form); p && !p->parameter->assumption.empty())
            assumptions.insert(node.name);
        if (node.kind == NodeKind::score && leaves_out(node.name)) scores.insert(node.name);
        for (const auto used : node.uses) add(used);
    }

    bool leaves_out(const std::string& name) const {
        const auto& all = graph.rules->scores;
        return std::any_of(all.begin(), all.end(), [&](const model::Score& s) {
            return s.name == name && s.on_missing != model::Score::OnMissing::unknown;
        });
    }
};

void check_adverse_rules(const Graph& graph, const Node& node, Diagnostics& diagnostics) {
    const auto& form = std::get<DecisionForm>(node.form);
    if (form.decision->adverse.empty()) return;
    for (const auto& rule : form.rules) {
        const bool may_be_adverse = !rule.then.value || form.decision->is_adverse(*rule.then.value);
        if (!may_be_adverse) continue;
        RestsOn on{graph};
        const auto reads = [&](const Formula& f) {
            if (f)
                for (const auto slot : feel::slots_read(*f.expr)) on.add(slot);
        };
        for (const auto& [formula, tested] : rule.conditions) {
            reads(formula);
            if (tested) reads(*tested);
        }
        const auto note = [&](Kind kind, const std::set<std::string>& names, std::string_view what) {
            if (!names.empty())
                diagnostics.add(
                    kind, *rule.rule->source, rule.rule->span,
                    fmt::format("adverse rule `{}` {}: `{}`", rule.rule->id, what, fmt::join(names, "`, `")));
        };
        note(Kind::adverse_on_assumption, on.assumptions, "rests on what the authors assumed");
        note(Kind::adverse_on_filled, on.scores,
             "reads a score that leaves blanks out; it is held back where they could change the outcome");
    }
}

void check_parameter_dates(const Graph& graph, const model::Parameter& p, Diagnostics& diagnostics) {
    const auto& rules = *graph.rules;
    if (!p.values.empty() && p.values.front().from && rules.effective_from &&
        *rules.effective_from < *p.values.front().from)
        diagnostics.add(Kind::parameter_hole, *p.source, p.span,
                        fmt::format("parameter `{}` has no value before {}, but the rules are in effect from {}",
                                    p.name, p.values.front().from->to_string(), rules.effective_from->to_string()),
                        "a value for every day of `effective`");
    if (p.until && rules.effective_until && *p.until < *rules.effective_until)
        diagnostics.add(Kind::parameter_hole, *p.source, p.span,
                        fmt::format("parameter `{}` ends on {}, but the rules are in effect until {}", p.name,
                                    p.until->to_string(), rules.effective_until->to_string()),
                        "a value for every day of `effective`");
}

/// Nobody can keep rules that are not yet known.
void check_effect(const model::RuleSet& rules, Diagnostics& diagnostics) {
    const auto& issued = rules.authority.issued;
    if (!issued || !rules.effective_from || *issued <= *rules.effective_from || rules.files.empty()) return;
    Location where;
    where.file = rules.files.front()->name();
    diagnostics.add({Kind::early_effect,
                     fmt::format("the rules take effect on {}, and were issued on {}",
                                 rules.effective_from->to_string(), issued->to_string()),
                     std::move(where), "", "say so where verdicts of that time are published, or mend the date"});
}

using DomainsOnDays = std::map<feel::Date, std::vector<feel::AbstractValue>>;

/// A rule is useless only where it is so on every day; a gap or an overlap is one on any.
void analyse_decision(const Graph& graph, const Node& node, DomainsOnDays& domains, Diagnostics& diagnostics) {
    std::vector<Diagnostics> on_days;
    for (const auto day : days_of(graph, node)) {
        auto [place, is_new] = domains.try_emplace(day);
        if (is_new) place->second = domains_of(graph, parameters_known(graph, day));
        DecisionAnalysis(graph, node, place->second, day, on_days.emplace_back()).run();
    }
    const auto same = [](const Diagnostic& a, const Diagnostic& b) {
        return a.kind == b.kind && a.where.file == b.where.file && a.where.line == b.where.line &&
               a.where.column == b.where.column;
    };
    const auto among = [&](const Diagnostics& found, const Diagnostic& one) {
        return std::any_of(found.all().begin(), found.all().end(), [&](const auto& d) { return same(d, one); });
    };
    Diagnostics told;
    for (const auto& found : on_days)
        for (const auto& one : found.all()) {
            const bool useless =
                one.kind == Kind::never_fires || one.kind == Kind::shadowed || one.kind == Kind::redundant;
            const auto there = [&](const Diagnostics& day) {
                return std::any_of(day.all().begin(), day.all().end(), [&](const Diagnostic& d) {
                    return same(d, one) ||
                           (useless && d.where.file == one.where.file && d.where.line == one.where.line &&
                            (d.kind == Kind::never_fires || d.kind == Kind::shadowed));
                });
            };
            if (among(told, one) || (useless && !std::all_of(on_days.begin(), on_days.end(), there))) continue;
            told.add(one);
        }
    diagnostics.append(told);
}

}  // namespace

void analyse(const Graph& graph, Diagnostics& diagnostics) {
    DomainsOnDays domains;
    for (const auto& node : graph.nodes) {
        if (!decision_of(node)) continue;
        analyse_decision(graph, node, domains, diagnostics);
        check_adverse_rules(graph, node, diagnostics);
    }
    for (const auto& parameter : graph.rules->parameters) check_parameter_dates(graph, parameter, diagnostics);
    check_effect(*graph.rules, diagnostics);
}

}  // namespace zoneval::graph
