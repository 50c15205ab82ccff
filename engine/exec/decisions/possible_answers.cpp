#include "engine/exec/decisions/possible_answers.hpp"

#include <algorithm>
#include <bit>

#include "engine/exec/decisions/decide.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/graph/cases.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::CaseAnalysis;
using graph::Formula;
using graph::NodeId;
using Choice = CaseAnalysis::Choice;
using Judgement = CaseAnalysis::Judgement;

namespace {

constexpr std::size_t case_limit = 20'000;    // choices tried to find the outcomes of one decision for one record
constexpr std::size_t subset_limit = 20'000;  // and to find the shortest list that settles it
constexpr std::size_t most_variables = 10;

/// What a `then` can give: branches under conditions, down to values and names (`then: prior(verdict)`).
struct OutcomeTree {
    enum class Kind { fixed, variable, branch, anything } kind = Kind::anything;
    Value value;
    std::size_t condition = 0;
    std::unique_ptr<OutcomeTree> then, otherwise;
};

class Explorer {
  public:
    Explorer(const graph::Graph& graph, const graph::Node& decision, const Reading& reading)
        : reading_(reading),
          cases_(
              graph,
              [&reading](graph::NodeId id) -> std::optional<Value> {
                  const auto& v = reading.node(id);
                  return feel::is_unknown(v) ? std::nullopt : std::optional(v);
              },
              CaseAnalysis::NullTests::settled),
          decision_(graph::decision_of(decision)) {
        if (reading.sees_more())
            cases_.settle(
                [&reading](const feel::Expr& e, const SourcePtr& source) { return reading.settled(e, source); });
        add_rules(std::get<graph::DecisionForm>(decision.form));
        cases_.narrow([this](graph::NodeId id) { return still_possible(reading_.node(id)); });
        cases_.bound([this](graph::NodeId id) {
            const auto bounds = reading_.bounds(id).value_or(Bounds{});
            return std::pair(bounds.low, bounds.high);
        });
        cases_.close();
    }

    PossibleAnswers run(bool with_settling) {
        PossibleAnswers out;
        std::size_t budget = case_limit;
        // One of the declared values, or none: of lists of them, and of what aggregates come to, there are more.
        const bool one_value = !decision_->gives_list() && decision_->aggregator == feel::Aggregator::none;
        const auto all_found = [&] {
            const auto all = decision_->values.size() + 1;  // asked after each ending: their number tells first
            return one_value && all > 1 && out.endings.size() >= all && distinct(out.endings) >= all;
        };
        out.complete = endings(cases_.open_choice(), out.endings, budget, all_found);
        if (out.complete && out.endings.size() > 1) out.waiting_for = shortest();
        if (out.complete && out.endings.size() > 1 && with_settling) out.settling = settling();
        return out;
    }

  private:
    struct Line {
        std::vector<std::size_t> conditions;
        OutcomeTree outcome;
        std::optional<bool> settled;  ///< by `if missing`
    };

    void add_rules(const graph::DecisionForm& form) {
        for (const auto& rule : form.rules) {
            Line line{{}, tree(rule.then), std::nullopt};
            if (!rule.rule->if_missing.empty()) line.settled = reading_.counts_as(rule, reading_.raw_condition(rule));
            if (!line.settled)
                for (const auto& [formula, tested] : rule.conditions)
                    line.conditions.push_back(tested ? cases_.add_tests(formula, *tested) : cases_.add(formula));
            lines_.push_back(std::move(line));
        }
        if (form.otherwise) otherwise_ = tree(form.otherwise);
    }

    OutcomeTree tree(const graph::OutcomeForm& outcome) {
        if (outcome.value) return {OutcomeTree::Kind::fixed, *outcome.value, 0, nullptr, nullptr};
        return tree(*outcome.formula.expr, outcome.formula.source);
    }

    OutcomeTree tree(const feel::Expr& expr, const SourcePtr& source) {
        OutcomeTree out;
        const auto slots = feel::slots_read(expr);
        const bool known =
            std::all_of(slots.begin(), slots.end(), [&](int s) { return !feel::is_unknown(reading_.node(s)); });
        if (known) {
            out.kind = OutcomeTree::Kind::fixed;
            out.value = reading_.value(expr, source);
        } else if (const auto* choice = expr.as<feel::If>()) {
            out.kind = OutcomeTree::Kind::branch;
            out.condition = cases_.add(Formula{feel::clone(*choice->condition), source, ""});
            out.then = std::make_unique<OutcomeTree>(tree(*choice->then, source));
            out.otherwise = std::make_unique<OutcomeTree>(tree(*choice->otherwise, source));
        } else if (expr.as<feel::Name>()) {
            out.kind = OutcomeTree::Kind::variable;
            out.condition = cases_.add(Formula{feel::clone(expr), source, ""});
        }
        return out;
    }

    /// The rules under a choice of cases.
    class Chosen : public Candidates {
      public:
        Chosen(const Explorer& explorer, const Choice& choice) : explorer_(explorer), choice_(choice) {}
        std::size_t size() const override { return explorer_.lines_.size(); }
        bool has_otherwise() const override { return explorer_.otherwise_.has_value(); }
        Value condition(std::size_t i) const override { return explorer_.holds(explorer_.lines_[i], choice_); }
        Value outcome(std::size_t i) const override {
            return explorer_.outcome_of(tree(i), choice_).value_or(explorer_.still_open_);
        }
        Possible possible(std::size_t i) const override {
            if (auto value = explorer_.outcome_of(tree(i), choice_)) return {{std::move(*value)}};
            return {{}, true};
        }
        bool told_why() const override { return false; }

      private:
        const OutcomeTree& tree(std::size_t i) const {
            return i < size() ? explorer_.lines_[i].outcome : *explorer_.otherwise_;
        }
        const Explorer& explorer_;
        const Choice& choice_;
    };

    /// nullopt: it depends on what is still open. An outcome that may be anything shows as a null.
    std::optional<Value> outcome_of(const OutcomeTree& t, const Choice& choice) const {
        if (t.kind == OutcomeTree::Kind::fixed) return t.value;
        if (t.kind == OutcomeTree::Kind::anything) return anything_;
        const auto condition = cases_.evaluate(t.condition, choice);
        if (feel::is_unknown(condition)) return std::nullopt;
        if (t.kind == OutcomeTree::Kind::variable) return decision_->declares(condition) ? condition : anything_;
        return outcome_of(condition.is_true() ? *t.then : *t.otherwise, choice);
    }

    Value holds(const Line& line, const Choice& choice) const {
        if (line.settled) return Value(*line.settled);
        Value unknown;
        for (const auto c : line.conditions) {
            auto value = cases_.evaluate(c, choice);
            if (feel::is_unknown(value))
                unknown = std::move(value);
            else if (!value.is_true())
                return Value(false);
        }
        return unknown.cause() ? unknown : Value(true);
    }

    /// The decision for a choice of cases, by the same hit policies as any other; nullopt while open.
    std::optional<PossibleAnswers::Ending> ending(const Choice& choice) const {
        auto decided = decide(Chosen(*this, choice), *decision_);
        if (decided.outcome.open()) return std::nullopt;
        return PossibleAnswers::Ending{std::move(decided.outcome.ending), std::move(decided.value)};
    }

    static bool same(const decltype(Outcome::ending)& a, const decltype(Outcome::ending)& b) {
        if (a.index() != b.index()) return false;
        const auto *x = std::get_if<Outcome::Fired>(&a), *y = std::get_if<Outcome::Fired>(&b);
        return !x || x->rule == y->rule;
    }

    static void add(std::vector<PossibleAnswers::Ending>& out, const PossibleAnswers::Ending& ending) {
        const bool there = std::any_of(out.begin(), out.end(), [&](const PossibleAnswers::Ending& e) {
            return same(e.ending, ending.ending) && feel::identical(e.value, ending.value);
        });
        if (!there) out.push_back(ending);
    }

    /// Every ending that the open variables of `from` can lead to. `enough` says when no more need be found; `by`: the
    /// choice that led to each, where somebody asks.
    bool endings(const Choice& from, std::vector<PossibleAnswers::Ending>& out, std::size_t& budget,
                 const std::function<bool()>& enough, std::vector<Choice>* by = nullptr) const {
        bool decided_everywhere = true, found_enough = false;
        const bool complete = cases_.search(
            from,
            [&](const Choice& choice) {
                if (found_enough) return Judgement::no;
                const auto e = ending(choice);
                if (!e) {
                    const bool stuck = !cases_.next_variable(choice);
                    if (stuck) decided_everywhere = false;
                    return stuck ? Judgement::no : Judgement::unknown;
                }
                const bool anything = e->value.is_null() && e->value.cause() == anything_.cause();
                if (anything && decision_->values.empty()) decided_everywhere = false;  // nobody can list them
                if (anything)
                    for (const auto& v : decision_->values) add(out, {e->ending, v});
                else
                    add(out, *e);
                if (by) by->resize(out.size(), choice);
                found_enough = enough();
                return Judgement::no;  // everything below ends the same way
            },
            [](const Choice&) { return true; }, budget);
        return complete && decided_everywhere;
    }

    static std::size_t distinct(const std::vector<PossibleAnswers::Ending>& endings) {
        std::vector<Value> seen;
        for (const auto& e : endings)
            if (std::none_of(seen.begin(), seen.end(), [&](const Value& v) { return feel::identical(v, e.value); }))
                seen.push_back(e.value);
        return seen.size();
    }

    static std::vector<std::size_t> variables_of(unsigned mask) {
        std::vector<std::size_t> out;
        for (std::size_t i = 0; mask >> i; ++i)
            if ((mask >> i) & 1u) out.push_back(i);
        return out;
    }

    /// `differing`: where two choices that agree on what is chosen lead to different outcomes, the variables on which
    /// they disagree. Nothing settles the outcome without one of them.
    bool settled_by(const std::vector<std::size_t>& chosen, std::size_t next, Choice& choice, std::size_t& budget,
                    unsigned* differing = nullptr) const {
        if (next == chosen.size()) {
            std::vector<PossibleAnswers::Ending> out;
            std::vector<Choice> by;
            const auto two = [&] {
                return std::any_of(out.begin(), out.end(),
                                   [&](const auto& e) { return !feel::identical(out[0].value, e.value); });
            };
            const bool settled = endings(choice, out, budget, two, differing ? &by : nullptr) && !two();
            if (differing && two())
                for (std::size_t k = 1; k < out.size(); ++k)
                    if (!feel::identical(out[0].value, out[k].value)) *differing = disagreeing(by[0], by[k]);
            return settled;
        }
        const auto variable = chosen[next];
        bool settled = true;
        for (std::size_t c = 0; c < cases_.variables()[variable].cases.size() && settled; ++c) {
            choice[variable] = static_cast<int>(c);
            settled = settled_by(chosen, next + 1, choice, budget, differing);
        }
        choice[variable] = -1;
        return settled;
    }

    static unsigned disagreeing(const Choice& a, const Choice& b) {
        unsigned out = 0;
        for (std::size_t v = 0; v < a.size(); ++v)
            if (a[v] != b[v] && a[v] >= 0 && b[v] >= 0) out |= 1u << v;  // what is open may be alike: it has no say
        return out;
    }

    std::vector<std::string> data_behind(std::size_t variable) const {
        std::vector<std::string> out;
        const auto add_leaves = [&](const Value& value) {
            for (const auto& leaf : feel::leaves(value.cause())) {
                if (leaf->missing == feel::Missing::not_applicable) continue;
                auto name = wording::awaited(*leaf, wording::Language::en);
                if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
            }
        };
        for (const auto node : cases_.variables()[variable].reads) add_leaves(reading_.node(node));
        return out;
    }

    std::vector<std::string> names_of(const std::vector<std::size_t>& chosen) const {
        std::vector<std::string> out;
        for (const auto v : chosen)
            for (auto& name : data_behind(v))
                if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(std::move(name));
        return out;
    }

    std::vector<NodeId> reads_of(const std::vector<std::size_t>& chosen) const {
        std::vector<NodeId> out;
        for (const auto v : chosen)
            for (const auto node : cases_.variables()[v].reads) out.push_back(node);
        return out;
    }

    std::vector<std::vector<NodeId>> settling() const {
        constexpr std::size_t most = 5;
        const auto n = cases_.variables().size();
        if (n > most) return {};
        const auto all = (1u << n) - 1;
        std::vector<std::vector<NodeId>> out{reads_of(variables_of(all))};
        std::size_t budget = subset_limit;
        for (unsigned mask = 1; mask < all; ++mask) {
            const auto chosen = variables_of(mask);
            auto choice = cases_.open_choice();
            if (settled_by(chosen, 0, choice, budget)) out.push_back(reads_of(chosen));
        }
        return budget > 0 ? out : std::vector<std::vector<NodeId>>{};
    }

    /// The shortest list of data that settles the outcome, of several the first. Candidates, from the shortest on, are
    /// held against the disagreements found so far before they are tried (an implicit hitting set).
    std::vector<std::string> shortest() const {
        const auto n = cases_.variables().size();
        std::vector<std::size_t> every(n);
        for (std::size_t i = 0; i < n; ++i) every[i] = i;
        auto names = names_of(every);
        constexpr std::size_t most_names = 64;
        if (n > most_variables || names.size() > most_names) return names;
        std::vector<std::uint64_t> data(1u << n);  // of each set of variables, as a set of places in `names`
        for (const auto v : every)
            for (const auto& name : data_behind(v))
                data[1u << v] |= std::uint64_t{1} << (std::find(names.begin(), names.end(), name) - names.begin());
        std::vector<std::pair<std::size_t, unsigned>> candidates;  // how many data, which variables
        for (unsigned mask = 1; mask < (1u << n); ++mask) {
            data[mask] |= data[mask & (mask - 1)] | data[mask & -mask];
            const auto count = static_cast<std::size_t>(std::popcount(data[mask]));
            if (count < names.size()) candidates.emplace_back(count, mask);
        }
        std::stable_sort(candidates.begin(), candidates.end());
        std::vector<unsigned> disagreements;
        std::size_t budget = subset_limit;
        for (const auto& [size, mask] : candidates) {
            if (std::any_of(disagreements.begin(), disagreements.end(), [&, &m = mask](auto d) { return !(d & m); }))
                continue;
            auto choice = cases_.open_choice();
            unsigned differing = 0;
            if (settled_by(variables_of(mask), 0, choice, budget, &differing)) return names_of(variables_of(mask));
            if (differing) disagreements.push_back(differing);
        }
        return names;
    }

    const Reading& reading_;
    CaseAnalysis cases_;
    const model::Decision* decision_;
    std::vector<Line> lines_;
    std::optional<OutcomeTree> otherwise_;
    const Value still_open_ = Value::missing(feel::Missing::not_reported, feel::reasons::open());
    const Value anything_ = Value::missing(feel::Missing::not_applicable, feel::reasons::any_outcome());
};

}  // namespace

PossibleAnswers possible_answers(const graph::Graph& graph, const graph::Node& decision, const Reading& reading,
                                 bool with_settling) {
    return Explorer(graph, decision, reading).run(with_settling);
}

}  // namespace zoneval::exec
