#include "engine/audit/close_calls.hpp"

#include <algorithm>

#include "engine/audit/turning_points.hpp"

namespace zoneval::audit {

using feel::Decimal;
using graph::NodeId;

namespace {

constexpr std::size_t most_figures = 3;

class Finder {
  public:
    Finder(const assess::Assessment& a, const graph::Node& decision, std::size_t record, std::string_view language,
           CloseCalls& out)
        : a_(a), record_(record), language_(language), tries_(a.evaluation, *a.history, decision, record), out_(out) {
        if (tries_.score() < 0) return;
        const auto& score = a_.graph->node(tries_.score());
        out_.score = subject_of(*a_.graph, score, a_.evaluation.year, language);
        out_.unit = score.unit.empty() ? "points" : score.unit;
        out_.decimals = score.decimals.value_or(2);
    }

    void waits_for(std::size_t count) { waiting_for_ = count; }

    void by_points() {
        const auto id = tries_.score();
        if (id < 0 || tries_.others_stand() || tries_.blank_behind(id)) return;
        const auto& e = a_.evaluation;
        const auto reached = e.value(id, record_);  // kept: its number is part of it
        const auto* now = reached.number();
        if (!now) return;
        std::vector<Decimal> others;
        for (std::size_t i = 0; i < e.size(); ++i)
            if (const auto value = e.value(id, i); i != record_ && value.number()) others.push_back(*value.number());
        others = ascending(std::move(others));
        const auto least = others.empty() ? *now : std::min(*now, others.front());
        const auto most = others.empty() ? *now : std::max(*now, others.back());
        const auto wide = std::max(most - least, now->abs());
        const Axis axis{id, out_.decimals, Decimal::scaled(1, -out_.decimals), *now - wide, *now + wide, *now};
        Search search(tries_, axis, others);
        for (const bool more : {true, false})
            if (const auto steps = search.turns(more))
                out_.by_points.push_back({more, axis.step * Decimal(*steps), tries_.with(id, axis.at(more, *steps))});
    }

    /// One that was not reported.
    void figure(const std::string& name) {
        const auto* node = a_.graph->find(name);
        const auto* form = node ? std::get_if<graph::InputForm>(&node->form) : nullptr;
        const auto* column = node ? a_.table->column(name) : nullptr;
        if (!form || !column || !tries_.can(node->id) || !a_.evaluation.value(node->id, record_).is_null()) return;
        CloseCalls::Figure out{subject_of(*a_.graph, *node, a_.evaluation.year, language_),
                               node->unit,
                               0,
                               exec::labels_in(*a_.graph, *node, language_),
                               {}};
        if (form->input->type == feel::Type::Kind::number)
            numbers(*node, *form->input, *column, out);
        else
            words(*node, *form->input, out);
        const bool settles = std::any_of(out.stretches.begin(), out.stretches.end(),
                                         [](const auto& stretch) { return !stretch.outcome.empty(); });
        out.others_missing = waiting_for_ > 1;
        if (settles) out_.figures.push_back(std::move(out));
    }

  private:
    void numbers(const graph::Node& node, const model::Input& input, const Column& column, CloseCalls::Figure& out) {
        const auto others = figures_of_others(column, a_.evaluation, record_, false);
        if (others.empty()) return;
        const auto axis = whole_axis(node.id, input, column, others);
        out.decimals = axis.decimals;
        constexpr std::size_t most_others = 200;
        std::vector<std::int64_t> probed;
        for (auto& stretch : Search(tries_, axis, others).all_the_way(most_others, &probed)) {
            CloseCalls::Figure::Stretch one{stretch.from, stretch.to, stretch.outcome, {}, {}};
            const auto widen = [&](const feel::Value& value) {
                const auto score = score_with(node.id, value);
                if (!score) return;
                one.score_from = one.score_from ? std::min(*one.score_from, *score) : *score;
                one.score_to = one.score_to ? std::max(*one.score_to, *score) : *score;
            };
            widen(stretch.from);
            widen(stretch.to);
            for (const auto n : probed)
                if (const auto value = axis.at(true, n);
                    *value.number() > *stretch.from.number() && *value.number() < *stretch.to.number())
                    widen(value);
            out.stretches.push_back(std::move(one));
        }
    }

    void words(const graph::Node& node, const model::Input& input, CloseCalls::Figure& out) {
        for (const auto& value : words_of(input)) {
            const auto score = score_with(node.id, value);
            out.stretches.push_back({value, value, tries_.with(node.id, value), score, score});
        }
    }

    std::optional<Decimal> score_with(NodeId input, const feel::Value& value) {
        if (tries_.score() < 0) return std::nullopt;
        const auto score = tries_.score_with(input, value);
        return score.number() ? std::optional(*score.number()) : std::nullopt;
    }

    const assess::Assessment& a_;
    std::size_t record_;
    std::string_view language_;
    Tries tries_;
    CloseCalls& out_;
    std::size_t waiting_for_ = 0;
};

}  // namespace

CloseCalls close_calls(const assess::Assessment& a, const graph::Node& decision, std::size_t record,
                       const std::vector<std::string>& waiting_for, std::string_view language) {
    CloseCalls out;
    Finder finder(a, decision, record, language, out);
    const auto& outcome = a.evaluation.outcome(decision.id, record);
    finder.waits_for(waiting_for.size());
    if (outcome.settled()) finder.by_points();
    if (outcome.open())
        for (const auto& name : waiting_for)
            if (out.figures.size() < most_figures) finder.figure(name);
    return out;
}

}  // namespace zoneval::audit
