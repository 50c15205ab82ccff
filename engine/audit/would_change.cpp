#include "engine/audit/would_change.hpp"

#include <algorithm>
#include <atomic>

#include "engine/audit/shared_reading.hpp"
#include "engine/audit/turning_points.hpp"
#include "engine/exec/by_columns/portions.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::audit {

using feel::Decimal;
using feel::Value;
using graph::NodeId;
using wording::Answer;
using Flip = WouldChange::Flip;

namespace {

constexpr std::size_t kept_pairs = 3;

std::optional<Decimal> change_of(const WouldChange::Input& input) {
    std::optional<Decimal> out;
    if (!input.reported.number()) return out;
    for (const auto* flip : {&input.down, &input.up})
        if (*flip)
            if (const auto size = (*(*flip)->needed.number() - *input.reported.number()).abs(); !out || size < *out)
                out = size;
    return out;
}

/// Changes of different figures beside each other.
std::optional<Decimal> relative(const WouldChange::Input& input) {
    const auto change = change_of(input);
    if (!change) return std::nullopt;
    const auto& reported = *input.reported.number();
    return reported.is_zero() ? *change : *change / reported.abs();
}

/// Between a share with which nothing turns and one with which it does: about the least with which it does.
template <class Turns>
Decimal halved(const Turns& turns, Decimal same, Decimal other, int halvings) {
    for (int n = 0; n < halvings; ++n) {
        const auto middle = (same + other) / Decimal(2);
        (turns(middle) ? other : same) = middle;
    }
    return other;
}

void try_words(Tries& tries, NodeId node, const model::Input& input, WouldChange::Input& out) {
    out.every_value = true;
    for (const auto& value : words_of(input))
        if (!feel::identical(value, out.reported) && tries.differs(node, value))
            out.others.push_back(tries.flip(node, value));
}

/// What a figure that was not reported would lead to, between the least and the greatest of the others' or its limits.
void try_unreported(Tries& tries, NodeId node, const model::Input& input, const Column& column,
                    const std::vector<Decimal>& others, WouldChange::Input& out) {
    if (others.empty()) return;
    const auto axis = whole_axis(node, input, column, others);
    out.decimals = axis.decimals;
    out.stretches = Search(tries, axis, others).all_the_way();
}

class Changes {
  public:
    Changes(const assess::Assessment& a, const graph::Node& decision, std::size_t record, std::string_view language,
            unsigned threads, WouldChange& out)
        : a_(a), graph_(*a.graph), decision_(decision), record_(record), language_(language), out_(out) {
        for (unsigned t = 0; t < threads; ++t)
            workers_.push_back(std::make_unique<Worker>(a, mutex_, decision, record));
    }

    void run() {
        const auto& tries = workers_.front()->tries;
        if (tries.score() >= 0) {
            const auto& score = graph_.node(tries.score());
            out_.score = subject_of(graph_, score, year(), language_).title;
            out_.score_decimals = score.decimals;
        }
        alone();
        std::stable_sort(out_.inputs.begin(), out_.inputs.end(), [](const auto& x, const auto& y) {
            const auto of_x = relative(x), of_y = relative(y);
            if (of_x && of_y) return *of_x < *of_y;
            if (of_x || of_y) return of_x.has_value();
            return !x.reported.is_null() && y.reported.is_null();
        });
        std::stable_sort(out_.outside.begin(), out_.outside.end(), [](const auto& x, const auto& y) {
            const auto change = [](const WouldChange::Outside& o) {
                return (*o.flip.needed.number() - *o.now.number()).abs() / o.now.number()->abs();
            };
            return change(x) < change(y);
        });
        pairs();
        std::set<std::string> tried;
        for (const auto& worker : workers_) worker->tries.add_tried(tried);
        out_.tried = tried.size();
        out_.others_stand = tries.others_stand();
    }

  private:
    struct Worker {
        Worker(const assess::Assessment& a, std::mutex& mutex, const graph::Node& decision, std::size_t record)
            : reading(a, mutex), tries(reading.evaluation(), reading.history(), decision, record) {}
        SharedReading reading;
        Tries tries;
    };
    struct Tried {
        Axis axis;
        Subject of;
        std::string unit;
        std::optional<Flip> down, up;
        /// The smaller change, as a share of what was reported; nullopt: it cannot alone.
        std::optional<Decimal> alone() const {
            std::optional<Decimal> out;
            for (const auto* flip : {&down, &up})
                if (*flip && !axis.from.is_zero())
                    if (const auto share = (*(*flip)->needed.number() - axis.from).abs() / axis.from.abs();
                        !out || share < *out)
                        out = share;
            return out;
        }
    };
    /// What came of one input, or of one parameter.
    struct Found {
        std::optional<WouldChange::Input> input;
        std::optional<WouldChange::Outside> outside;
        std::optional<Tried> axis;
        std::string held, cannot;  ///< titles
    };

    std::int32_t year() const { return a_.evaluation.year; }
    /// Calls f(worker, i) for 0 to count - 1, on all threads.
    template <class F>
    void each(std::size_t count, const F& f) {
        std::atomic<std::size_t> next = 0;
        exec::in_portions(
            count, workers_.size(), [&] { return [&f, &worker = *workers_[next++]](std::size_t i) { f(worker, i); }; },
            1);
    }

    void alone() {
        std::vector<NodeId> inputs, all;
        for (const auto id : exec::nodes_behind(graph_, decision_)) {
            if (std::holds_alternative<graph::InputForm>(graph_.node(id).form)) inputs.push_back(id);
            if (std::holds_alternative<graph::ParameterForm>(graph_.node(id).form)) all.push_back(id);
        }
        const auto parameters = all.size();  // first, for they take longer
        all.insert(all.end(), inputs.begin(), inputs.end());
        std::vector<Found> found(all.size());
        each(all.size(), [&](Worker& worker, std::size_t i) {
            const auto& form = graph_.node(all[i]).form;
            if (i < parameters)
                parameter(worker, all[i], *std::get<graph::ParameterForm>(form).parameter, found[i]);
            else
                input(worker, all[i], *std::get<graph::InputForm>(form).input, found[i]);
        });
        for (auto& one : found) {
            if (one.axis) axes_.push_back(std::move(*one.axis));
            if (one.input) out_.inputs.push_back(std::move(*one.input));
            if (one.outside) out_.outside.push_back(std::move(*one.outside));
            if (!one.held.empty()) out_.held.push_back(std::move(one.held));
            if (!one.cannot.empty()) out_.cannot.push_back(std::move(one.cannot));
        }
    }

    void input(Worker& worker, NodeId id, const model::Input& input, Found& out) {
        const auto* column = a_.table->column(graph_.node(id).name);
        if (!column) return;
        auto& tries = worker.tries;
        const auto& e = worker.reading.evaluation();
        WouldChange::Input one{subject_of(graph_, graph_.node(id), year(), language_),
                               exec::labels_in(graph_, graph_.node(id), language_),
                               input.unit,
                               0,
                               e.value(id, record_),
                               {},
                               {},
                               {},
                               false,
                               {}};
        const bool words = !input.values.empty() || input.type == feel::Type::Kind::boolean;
        const bool number = input.type == feel::Type::Kind::number;
        if ((!words && !number) || !tries.can(id)) {
            out.held = one.of.title;
            return;
        }
        if (words) {
            try_words(tries, id, input, one);
        } else {
            const auto others = figures_of_others(*column, e, record_, tries.others_stand());
            if (const auto* reported = one.reported.number()) {
                const auto axis = axis_of(id, input, *column, *reported);
                Search search(tries, axis, others);
                one.decimals = axis.decimals;
                one.every_value = search.every_value();
                one.down = search.towards(false, &one.stretches);
                one.up = search.towards(true, &one.stretches);
                out.axis = {axis, one.of, one.unit, one.down, one.up};
            } else {
                try_unreported(tries, id, input, *column, others, one);
                if (std::all_of(one.stretches.begin(), one.stretches.end(),
                                [&](const auto& stretch) { return stretch.outcome == tries.now(); }))
                    one.stretches.clear();
            }
        }
        if (one.down || one.up || !one.others.empty() || !one.stretches.empty())
            out.input = std::move(one);
        else
            out.cannot = one.of.title;
    }

    void parameter(Worker& worker, NodeId id, const model::Parameter& parameter, Found& out) {
        auto& tries = worker.tries;
        const auto now = worker.reading.evaluation().value(id, record_);
        if (!now.number() || now.number()->is_zero() || tries.too_much(id)) return;
        constexpr int at_least = 2;  // a line of 60 may become 59.25
        const int decimals = std::max(decimals_of(now), at_least);
        const auto &from = *now.number(), most = from.abs() * Decimal(times_reported), zero = Decimal(0);
        const Axis axis{id,
                        decimals,
                        Decimal::scaled(1, -decimals),
                        from.is_negative() ? -most : zero,
                        from.is_negative() ? zero : most,
                        from};
        if (auto flip = Search(tries, axis, {}).nearest())
            out.outside = {parameter.name,
                           subject_of(graph_, graph_.node(id), year(), language_).title,
                           parameter.unit,
                           !parameter.assumption.empty(),
                           now,
                           decimals,
                           std::move(*flip)};
    }

    void pairs() {
        constexpr std::size_t figures = 7;
        std::erase_if(axes_, [](const Tried& t) { return t.axis.from.is_zero(); });
        std::stable_sort(axes_.begin(), axes_.end(), [](const Tried& x, const Tried& y) {
            const auto of_x = x.alone(), of_y = y.alone();
            return of_x && (!of_y || *of_x < *of_y);
        });
        if (axes_.size() > figures) axes_.resize(figures);
        std::vector<Together> all;
        for (std::size_t i = 0; i < axes_.size(); ++i)
            for (std::size_t k = i + 1; k < axes_.size(); ++k)
                for (const bool up_first : {false, true})
                    for (const bool up_second : {false, true})
                        all.push_back({&axes_[i], &axes_[k], up_first, up_second, {}});
        each(all.size(), [&](Worker& worker, std::size_t i) { all[i].nearly = nearly(worker.tries, all[i]); });
        std::stable_sort(all.begin(), all.end(), [](const Together& x, const Together& y) {
            return x.nearly && (!y.nearly || *x.nearly < *y.nearly);
        });
        for (const auto& together : all) pair(workers_.front()->tries, together);
    }

    /// Both by the same share, each up or down.
    struct Together {
        const Tried *first, *second;
        bool up_first, up_second;
        std::optional<Decimal> nearly;  ///< about the share it takes while the others stand

        Tries::What by(const Decimal& share) const {
            return {{first->axis.node, first->axis.by_share(up_first, share)},
                    {second->axis.node, second->axis.by_share(up_second, share)}};
        }
        /// Less than either alone, by more than a trifle.
        Decimal most() const {
            return std::min(first->alone().value_or(Decimal(1)), second->alone().value_or(Decimal(1))) *
                   *Decimal::parse("0.9");
        }
    };

    static std::optional<Decimal> nearly(Tries& tries, const Together& together) {
        constexpr int halvings = 5;
        const auto turns = [&](const Decimal& share) { return tries.first_order(together.by(share)) != tries.now(); };
        const auto most = together.most();
        return turns(most) ? std::optional(halved(turns, Decimal(0), most, halvings)) : std::nullopt;
    }

    /// Of pairs that take more than those there are, none; of the same two, the one that takes less.
    void pair(Tries& tries, const Together& together) {
        const auto &first = *together.first, &second = *together.second;
        auto& pairs = out_.pairs;
        const auto same = std::find_if(pairs.begin(), pairs.end(), [&](const WouldChange::Pair& one) {
            return one.first.of.name == first.of.name && one.second.of.name == second.of.name;
        });
        auto most = together.most();
        if (pairs.size() == kept_pairs) most = std::min(most, pairs.back().change);
        if (same != pairs.end()) most = std::min(most, same->change);
        const auto turns = [&](const Decimal& share) { return tries.with(together.by(share)) != tries.now(); };
        if (!turns(most)) return;
        const auto share = halved(turns, Decimal(0), most, 12);
        const auto found = together.by(share);
        if (tries.differs(found[0].first, found[0].second) || tries.differs(found[1].first, found[1].second)) return;
        if (same != pairs.end()) pairs.erase(same);
        pairs.push_back({{first.of, first.unit, first.axis.decimals, Value(first.axis.from), found[0].second},
                         {second.of, second.unit, second.axis.decimals, Value(second.axis.from), found[1].second},
                         tries.with(found),
                         share});
        std::stable_sort(pairs.begin(), pairs.end(), [](const auto& x, const auto& y) { return x.change < y.change; });
        if (pairs.size() > kept_pairs) pairs.pop_back();
    }

    const assess::Assessment& a_;
    const graph::Graph& graph_;
    const graph::Node& decision_;
    std::size_t record_;
    std::string_view language_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Worker>> workers_;  ///< one for each thread
    std::vector<Tried> axes_;
    WouldChange& out_;
};

}  // namespace

WouldChange would_change(const assess::Assessment& a, const graph::Node& decision, std::size_t record,
                         std::string_view language, unsigned threads) {
    const auto& graph = *a.graph;
    const auto& e = a.evaluation;
    WouldChange out;
    out.language = wording::language_from_string(language).value_or(wording::Language::en);
    out.record = e.record(record);
    if (const auto* label = graph.find(graph.rules->label_input)) out.label = e.value(label->id, record).to_string();
    out.decision = decision.name;
    out.labels = exec::labels_in(graph, decision, language);
    out.year = e.year;
    out.run = a.run.id;
    out.seal = a.run.hash;
    out.standing = a.run.standing;
    out.revision = a.basis.snapshot.revision;
    out.outcome = e.outcome(decision.id, record).settled() ? e.value(decision.id, record).to_string()
                                                           : say(Answer::undetermined, out.language);
    Changes(a, decision, record, language, std::max(1u, threads), out).run();
    return out;
}

}  // namespace zoneval::audit
