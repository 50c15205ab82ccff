#include "engine/score/variants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "engine/exec/by_columns/again.hpp"
#include "engine/score/draws.hpp"

namespace zoneval::score {

using feel::Decimal;
using model::IndicatorGroup;

namespace {

feel::ExpressionText text_of(const SourcePtr& source, const std::string& text) {
    feel::ExpressionText out;
    out.source = source;
    out.text = text;
    for (std::size_t i = 0; i <= text.size(); ++i) out.offsets.push_back(0);
    return out;
}

/// Changes a score of a copy of the rules, walking it as tree_of does.
class Rewriting {
  public:
    Rewriting(model::RuleSet& rules, const Base& base, const Variant& variant, const std::vector<bool>& lower)
        : rules_(rules), base_(base), variant_(variant), lower_(lower) {}

    /// Parameters that now are the weights of nodes of the tree.
    std::vector<std::pair<std::size_t, int>> parameters;

    void rewrite(model::Score& score) {
        node_ = 0;
        leaf_ = 0;
        low_ = score.low;
        high_ = score.high;
        rewrite(score.whole);
    }

  private:
    void rewrite(IndicatorGroup& group) {
        group.aggregation = aggregated(base_.choices, variant_, *base_.tree.score, group.aggregation);
        group.weigh = IndicatorGroup::Weigh::as_written;  // as they came out for the run
        const auto own = group.indicators.size();
        std::vector<model::Indicator> kept;
        for (std::size_t i = 0; i < own; ++i) {
            auto& indicator = group.indicators[i];
            name_weight(indicator.weight);
            const auto leaf = static_cast<std::size_t>(leaf_++);
            normalise(indicator, lower_[leaf]);
            if (variant_.impute >= 0)
                indicator.impute = base_.choices.impute[static_cast<std::size_t>(variant_.impute)];
            if (variant_.winsorise >= 0) {
                winsorise(indicator, base_.choices.winsorise[static_cast<std::size_t>(variant_.winsorise)]);
            }
            // Alone in its group it stays, and the group counts for nothing: rules may ask for the group.
            if (static_cast<int>(leaf) != variant_.left_out || own == 1) kept.push_back(std::move(indicator));
        }
        group.indicators = std::move(kept);
        for (auto& inner : group.groups) {
            name_weight(inner.weight);
            rewrite(inner);
        }
    }

    void name_weight(model::Weight& weight) {
        const auto node = ++node_;
        const auto& tree = base_.tree;
        if (std::find(tree.weighted.begin(), tree.weighted.end(), node) == tree.weighted.end()) return;
        model::Parameter parameter;
        parameter.name = fmt::format("weight {} of a reading", node);
        parameter.source = tree.score->source;
        parameter.span = tree.score->span;
        const Decimal as_written = Decimal(1);
        parameter.values.push_back({std::nullopt, as_written, tree.score->source, tree.score->span});
        parameters.emplace_back(rules_.parameters.size(), node);
        weight.by = text_of(tree.score->source, parameter.name);
        rules_.parameters.push_back(std::move(parameter));
    }

    /// So many at most; what is done where that does not suffice stays.
    static void winsorise(model::Indicator& indicator, int most) {
        using Step = model::Treatment::Step;
        if (!indicator.treatment || indicator.treatment->always) indicator.treatment = model::Treatment{};
        auto& steps = indicator.treatment->steps;
        std::erase_if(steps, [](const Step& step) { return step.how == Step::How::winsorise; });
        if (most > 0) steps.insert(steps.begin(), {Step::How::winsorise, Decimal(std::int64_t{most})});
    }

    void normalise(model::Indicator& indicator, bool lower) const {
        using enum model::Indicator::Normalise;
        if (variant_.normalise < 0 || indicator.normalise == categories) return;
        indicator.normalise = base_.choices.normalise[static_cast<std::size_t>(variant_.normalise)];
        indicator.lower_is_better = lower;
        indicator.truncate.reset();
        if (indicator.normalise == percent_rank) indicator.reference_years.reset();  // a place among this year's
        if (indicator.normalise != z_score) return;
        // On the scale: its middle, and five standard deviations from end to end.
        indicator.mean = (low_ + high_) / Decimal(2);
        indicator.deviation = (high_ - low_) / Decimal(5);
    }

    model::RuleSet& rules_;
    const Base& base_;
    const Variant& variant_;
    const std::vector<bool>& lower_;
    Decimal low_, high_;
    int node_ = 0, leaf_ = 0;
};

/// Decimal of a double that has nine places.
Decimal nine_places(double x) { return Decimal::scaled(static_cast<std::int64_t>(std::llround(x * 1e9)), -9); }

void collect(const graph::ScoreNodes::Group& group, std::vector<graph::NodeId>& points) {
    for (const auto& part : group.parts) points.push_back(part.points);
    for (const auto& inner : group.groups) collect(inner, points);
}

/// An outcome as one text; undetermined: "".
std::string text_of(const exec::Evaluation& e, graph::NodeId decision, std::size_t record) {
    if (!e.outcome(decision, record).settled()) return "";
    const auto value = e.value(decision, record);
    return value.is_null() ? "null" : value.to_string();
}

std::uint16_t code_of(const std::string& text, std::vector<std::string>& outcomes) {
    const auto place = static_cast<std::size_t>(std::find(outcomes.begin(), outcomes.end(), text) - outcomes.begin());
    if (place == outcomes.size()) outcomes.push_back(text);
    return static_cast<std::uint16_t>(place);
}

/// Records that share an outcome are asked once.
std::vector<std::uint16_t> outcome_codes(const exec::Evaluation& e, graph::NodeId decision,
                                         std::vector<std::string>& outcomes) {
    const auto coded = e.coded(decision);
    std::map<const exec::CodedOutcomes::Plain*, std::uint16_t> known;
    std::vector<std::uint16_t> out;
    for (std::size_t i = 0; i < e.size(); ++i) {
        const auto* plain = coded.but_for_its_reason(i);
        if (!plain) {
            out.push_back(code_of(text_of(e, decision, i), outcomes));
            continue;
        }
        const auto [place, is_new] = known.try_emplace(plain, std::uint16_t{0});
        if (is_new)
            place->second = code_of(!plain->outcome.settled() ? ""
                                    : plain->value.is_null()  ? "null"
                                                              : plain->value.to_string(),
                                    outcomes);
        out.push_back(place->second);
    }
    return out;
}

/// Reasons, tests and targets decide nothing, and take time.
void leave_words_out(model::RuleSet& rules) {
    for (auto& decision : rules.decisions)
        for (auto& rule : decision.rules) rule.because.clear();
    rules.tests.clear();
    rules.targets.clear();
}

}  // namespace

VariantRules::VariantRules(const Base& base, const Variant& variant, const std::vector<bool>& lower)
    : base_(base), rules_(std::make_shared<model::RuleSet>(*base.run.graph->rules)) {
    Rewriting rewriting(*rules_, base, variant, lower);
    for (auto& score : rules_->scores)
        if (score.name == base.tree.score->name) rewriting.rewrite(score);
    parameters_ = std::move(rewriting.parameters);
    leave_words_out(*rules_);
    Diagnostics found;
    auto graph = std::make_shared<const graph::Graph>(graph::build_graph(rules_, found));
    if (found.has_errors()) throw InputError(std::move(found));
    assess::Options how;
    assessed_ = assess::assess(graph, base.store, base.run.run.year, base.run.basis, how);
    for (const auto& nodes : assessed_.graph->scores)
        if (nodes.score->name == base.tree.score->name) nodes_ = &nodes;
    if (base.choices.data_error <= 0) {
        std::vector<graph::NodeId> weights;
        for (const auto& [parameter, node] : parameters_)
            if (const auto* weight = assessed_.graph->find(rules_->parameters[parameter].name))
                weights.push_back(weight->id);
        kept_ = std::make_unique<exec::KeptValues>(*assessed_.graph, weights);
        return;
    }
    for (const auto& name : amounts_behind(*base.run.graph, base.tree))
        for (std::size_t c = 0; c < assessed_.table->columns.size(); ++c) {
            const auto& column = assessed_.table->columns[c];
            if (column.name() != name) continue;
            Amount amount{c, {}, {}, {}};
            if (const auto* input = rules_->input(name)) amount.min = input->min, amount.max = input->max;
            for (std::size_t row = 0; row < column.size(); ++row) amount.values.push_back(column.at(row));
            amounts_.push_back(std::move(amount));
        }
}

VariantRules::~VariantRules() = default;

Points VariantRules::points(int left_out) const {
    std::vector<graph::NodeId> nodes;
    collect(nodes_->whole, nodes);
    const auto& e = assessed_.evaluation;
    Points out{e.size(), {}};
    constexpr auto nothing = std::numeric_limits<double>::quiet_NaN();
    for (const auto id : nodes) {
        if (out.values.size() == static_cast<std::size_t>(left_out) * e.size())
            out.values.resize(out.values.size() + e.size(), nothing);
        for (std::size_t i = 0; i < e.size(); ++i) {
            const auto value = e.value(id, i);
            out.values.push_back(value.number() ? value.number()->to_double() : nothing);
        }
    }
    out.values.resize(base_.tree.leaves.size() * e.size(), nothing);  // where it was the last
    return out;
}

void VariantRules::set_weights(const Reading& reading) {
    const auto weights = weights_of(reading, base_.tree);
    for (const auto& [parameter, node] : parameters_)
        rules_->parameters[parameter].values.front().value = nine_places(weights[static_cast<std::size_t>(node)]);
}

/// The key makes the errors; the figures as reported are kept.
void VariantRules::disturb(const Reading& reading) {
    auto& table = *assessed_.table;
    for (std::size_t a = 0; a < amounts_.size(); ++a) {
        const auto& amount = amounts_[a];
        for (std::size_t row = 0; row < amount.values.size(); ++row) {
            const auto* number = amount.values[row].number();
            if (!number) continue;
            if (reading.error == 0) {
                table.columns[amount.column].set(row, *number);
                continue;
            }
            const auto u = noise(mixed(mixed(reading.error, a), row));
            auto changed = *number * nine_places(1 + base_.choices.data_error * (2 * u - 1));
            if (amount.min) changed = std::max(changed, *amount.min);
            if (amount.max) changed = std::min(changed, *amount.max);
            constexpr int places = 6;  // more than any figure is reported with
            table.columns[amount.column].set(row, changed.rounded(places, feel::Rounding::half_even));
        }
    }
}

/// By the rules and figures as they are now.
const exec::Evaluation& VariantRules::evaluated() {
    const auto& graph = *assessed_.graph;
    if (last_ && kept_ && (!graph.cohort_when || kept_->stays(*graph.cohort_when))) {
        exec::evaluate_again(*last_, *kept_);
        return *last_;
    }
    exec::ColumnOptions how;
    how.only = {nodes_->whole.id};
    how.kept = kept_.get();
    if (const auto* decision = base_.decision.empty() ? nullptr : graph.find(base_.decision))
        how.only->push_back(decision->id);
    last_ = exec::evaluate_columns(graph, *assessed_.table, *assessed_.history, how);
    return *last_;
}

Readout VariantRules::read(const Reading& reading, std::vector<std::string>& outcomes) {
    set_weights(reading);
    if (!amounts_.empty()) disturb(reading);
    const auto& e = evaluated();
    if (e.size() != base_.run.evaluation.size())
        throw InputError(
            Diagnostic{Kind::no_run, "a reading changed who belongs to the cohort", {}, "the same records", ""});
    Readout out;
    for (std::size_t i = 0; i < e.size(); ++i) {
        const auto value = e.value(nodes_->whole.id, i);
        out.scores.push_back(value.number() ? value.number()->to_double() : std::numeric_limits<double>::quiet_NaN());
    }
    const auto* decision = base_.decision.empty() ? nullptr : assessed_.graph->find(base_.decision);
    if (decision) out.outcomes = outcome_codes(e, decision->id, outcomes);
    return out;
}

std::vector<bool> lower_is_better(const assess::Assessment& run, const ScoreTree& tree) {
    std::vector<bool> out;
    const auto& e = run.evaluation;
    for (const auto at : tree.leaves) {
        const auto& leaf = tree.nodes[static_cast<std::size_t>(at)];
        double n = 0, x = 0, y = 0, xy = 0;
        for (std::size_t i = 0; i < e.size(); ++i) {
            const auto value = e.value(leaf.value, i), points = e.value(leaf.id, i);
            if (!value.number() || !points.number()) continue;
            const auto a = value.number()->to_double(), b = points.number()->to_double();
            n += 1, x += a, y += b, xy += a * b;
        }
        const auto together = n * xy - x * y;
        out.push_back(together == 0 ? leaf.indicator->lower_is_better : together < 0);
    }
    return out;
}

std::vector<std::string> amounts_behind(const graph::Graph& graph, const ScoreTree& tree) {
    std::set<graph::NodeId> seen;
    std::vector<graph::NodeId> todo;
    for (const auto leaf : tree.leaves) todo.push_back(tree.nodes[static_cast<std::size_t>(leaf)].value);
    while (!todo.empty()) {
        const auto id = todo.back();
        todo.pop_back();
        if (!seen.insert(id).second) continue;
        for (const auto used : graph.node(id).uses) todo.push_back(used);
    }
    std::vector<std::string> out;
    for (const auto id : seen)
        if (const auto* input = std::get_if<graph::InputForm>(&graph.node(id).form);
            input && input->input->type == feel::Type::Kind::number)
            out.push_back(input->input->name);
    return out;
}

}  // namespace zoneval::score
