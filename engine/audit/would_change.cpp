#include "engine/audit/would_change.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "engine/exec/reference/counterfactual.hpp"
#include "engine/wording/answers.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::audit {

using feel::Decimal;
using feel::Value;
using graph::NodeId;
using wording::Answer;
using Flip = WouldChange::Flip;

namespace {

constexpr std::size_t most_records = 20'000;  ///< of whom others' figures are computed anew
constexpr std::int64_t few_values = 200;      ///< tried one by one
constexpr std::int64_t times_reported = 20;
constexpr std::size_t nearest_others = 16;  ///< on each side
constexpr std::size_t probes_beyond = 24, most_stretches = 4;

/// Values supposed, each set tried once.
class Tries {
  public:
    using What = std::vector<std::pair<NodeId, Value>>;  ///< of inputs, or of one parameter
    Tries(const assess::Assessment& a, const graph::Node& decision, std::size_t record)
        : e_(a.evaluation),
          decision_(decision),
          record_(record),
          others_stand_(a.evaluation.size() > most_records),
          supposed_(a.evaluation, *a.history,
                    others_stand_ ? exec::Counterfactual::Others::stand : exec::Counterfactual::Others::move) {
        now_ = outcome_of(e_.outcome(decision.id, record), e_.value(decision.id, record));
        for (const auto id : exec::nodes_behind(*a.graph, decision))
            if (score_ < 0 && a.graph->node(id).kind == graph::NodeKind::score) score_ = id;
    }

    const std::string& now() const { return now_; }
    NodeId score() const { return score_; }
    std::size_t count() const { return seen_.size(); }
    bool others_stand() const { return others_stand_; }
    /// Whether trying a parameter takes others' figures anew, of more than there is time for.
    bool too_much(NodeId parameter) {
        if (!others_stand_) return false;
        suppose({{parameter, e_.value(parameter, record_)}});
        return supposed_.moves_others(decision_.id);
    }
    bool can(NodeId input) const { return supposed_.can_suppose(input); }

    const std::string& with(const What& what) {
        std::string key;
        for (const auto& [node, value] : what) key += std::to_string(node) + '=' + value.to_feel() + ';';
        const auto [place, is_new] = seen_.try_emplace(std::move(key));
        if (is_new) {
            suppose(what);
            place->second = outcome_as_felt();
        }
        return place->second;
    }
    const std::string& with(NodeId node, const Value& value) { return with(What{{node, value}}); }
    bool differs(NodeId node, const Value& value) { return with(node, value) != now_; }

    Flip flip(NodeId node, const Value& value) {
        Flip out{value, with(node, value), {}, {}};
        suppose({{node, value}});
        if (score_ >= 0) out.score = supposed_.value(score_, record_);
        if (others_stand_ || !supposed_.reaches_others(decision_.id)) return out;
        for (std::size_t i = 0; i < e_.size(); ++i)
            if (i != record_ && !supposed_.stays(decision_.id, i) && outcome_of(supposed_.outcome(decision_.id, i), supposed_.value(decision_.id, i)) !=
                                    outcome_of(e_.outcome(decision_.id, i), e_.value(decision_.id, i)))
                out.also.push_back(e_.record(i));
        return out;
    }

  private:
    void suppose(const What& what) {
        supposed_.forget();
        for (const auto& [node, value] : what) {
            const bool parameter = std::holds_alternative<graph::ParameterForm>(e_.graph->node(node).form);
            parameter ? supposed_.suppose(node, value) : supposed_.suppose(node, record_, value);
        }
    }
    static std::string outcome_of(const exec::Outcome& outcome, const Value& value) {
        return outcome.settled() ? value.to_string() : "";
    }
    /// Computed where it is not the same as one that has been.
    std::string outcome_as_felt() {
        const auto felt = supposed_.felt(decision_.id, record_);
        if (!felt) return outcome();
        const auto [place, is_new] = by_felt_.try_emplace(*felt);
        if (is_new) place->second = outcome();
        return place->second;
    }
    std::string outcome() {
        try {
            if (supposed_.stays(decision_.id, record_)) return now_;
            return outcome_of(supposed_.outcome(decision_.id, record_), supposed_.value(decision_.id, record_));
        } catch (const InputError&) {
            return "";  // an outcome that the decision does not declare
        }
    }

    const exec::Evaluation& e_;
    const graph::Node& decision_;
    std::size_t record_;
    bool others_stand_;
    exec::Counterfactual supposed_;
    std::string now_;
    NodeId score_ = -1;
    std::map<std::string, std::string> seen_, by_felt_;
};

int decimals_of(const Value& value) {
    const auto text = value.number()->to_string();
    const auto point = text.find('.');
    return point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

/// As many places as the column has, for one who reported 8.10 wrote 8.1.
int places(const Column& column) {
    constexpr std::size_t looked_at = 1000;
    int out = 0;
    for (std::size_t row = 0; row < std::min(column.size(), looked_at); ++row)
        if (column.missing(row) == feel::Missing::none) out = std::max(out, decimals_of(column.at(row)));
    return out;
}

/// A number, and where it may go by steps of its last place.
struct Axis {
    NodeId node;
    int decimals;
    Decimal step, low, high, from;

    std::int64_t steps(bool up) const {
        const auto way = up ? high - from : from - low;
        return (way / step).floor().to_int64().value_or(INT64_MAX / 4);
    }
    Value at(bool up, std::int64_t n) const {
        const auto away = step * Decimal(n);
        return up ? from + away : from - away;
    }
    /// As far as that share of it, up or down.
    Value by_share(bool up, const Decimal& share) const {
        const auto moved =
            (up ? from + from.abs() * share : from - from.abs() * share).rounded(decimals, feel::Rounding::half_even);
        return std::clamp(moved, low, high);
    }
};

Axis axis_of(NodeId node, const model::Input& input, const Column& column, const Decimal& reported) {
    const int decimals = input.decimals.value_or(places(column));
    const auto step = Decimal::scaled(1, -decimals), zero = Decimal(0);
    return {node,
            decimals,
            step,
            input.min.value_or(reported < zero ? reported * Decimal(times_reported) : zero),
            input.max.value_or(std::max(reported * Decimal(times_reported), step * Decimal(few_values))),
            reported};
}

/// Between `same`, where the outcome is `before`, and `other`, where it is not: a place from which on it is not.
template <class With>
std::int64_t turning(const With& with, const std::string& before, std::int64_t same, std::int64_t other) {
    while (other - same > 1) {
        const auto middle = same + (other - same) / 2;
        (with(middle) == before ? same : other) = middle;
    }
    return other;
}

/// Places next to each other with one outcome, from the first probe to the last, as far as the probes tell; `most` and
/// what is begun then.
template <class With>
std::vector<std::pair<std::int64_t, std::int64_t>> runs_of(const With& with, const std::set<std::int64_t>& probes,
                                                           std::size_t most) {
    std::vector<std::pair<std::int64_t, std::int64_t>> out;
    if (probes.empty()) return out;
    auto begin = *probes.begin(), last = begin;
    for (const auto n : probes) {
        while (with(n) != with(begin) && out.size() < most) {
            const auto place = turning(with, with(begin), last, n);
            out.emplace_back(begin, place - 1);
            begin = last = place;
        }
        if (out.size() == most && with(n) != with(begin)) break;
        last = n;
    }
    out.emplace_back(begin, last);
    return out;
}

/// The nearest change of one number, on each side, and what comes beyond it.
class Search {
  public:
    /// `others`: figures at which the outcome may turn; ascending.
    Search(Tries& tries, const Axis& axis, std::vector<Decimal> others)
        : tries_(tries), axis_(axis), others_(std::move(others)) {}

    bool every_value() const { return axis_.steps(true) <= few_values && axis_.steps(false) <= few_values; }

    std::optional<Flip> towards(bool up, std::vector<WouldChange::Stretch>* stretches = nullptr) {
        std::int64_t last = 0;
        const auto probes = probes_on(up);
        for (std::size_t p = 0; p < probes.size(); last = probes[p++]) {
            if (with(up, probes[p]) == tries_.now()) continue;
            const auto place = turning([&](std::int64_t n) { return with(up, n); }, tries_.now(), last, probes[p]);
            if (stretches) beyond(up, place, *stretches);
            return tries_.flip(axis_.node, axis_.at(up, place));
        }
        return std::nullopt;
    }

  private:
    const std::string& with(bool up, std::int64_t n) { return tries_.with(axis_.node, axis_.at(up, n)); }

    /// In steps from what was reported, ascending.
    std::vector<std::int64_t> probes_on(bool up) const {
        const auto all = axis_.steps(up);
        std::set<std::int64_t> out;
        if (all <= few_values) {
            for (std::int64_t n = 1; n <= all; ++n) out.insert(n);
            return {out.begin(), out.end()};
        }
        for (std::int64_t n = 1; n<all; n = n> all / 2 ? all : n * 2) out.insert(n);
        out.insert(all);
        const auto beside = [&](const Decimal& figure) {
            const auto away = ((up ? figure - axis_.from : axis_.from - figure) / axis_.step).floor().to_int64();
            for (const int more : {0, 1})  // as high as they, and above
                if (away && *away + more >= 1 && *away + more <= all) out.insert(*away + more);
        };
        const auto here = std::lower_bound(others_.begin(), others_.end(), axis_.from) - others_.begin();
        for (std::size_t k = 0; k < nearest_others; ++k) {
            const auto place = up ? here + static_cast<std::ptrdiff_t>(k) : here - 1 - static_cast<std::ptrdiff_t>(k);
            if (place >= 0 && place < std::ssize(others_)) beside(others_[static_cast<std::size_t>(place)]);
        }
        return {out.begin(), out.end()};
    }

    void beyond(bool up, std::int64_t flip, std::vector<WouldChange::Stretch>& out) {
        std::set<std::int64_t> probes{flip};
        const auto all = axis_.steps(up);
        for (std::int64_t n = 1; n <= 16 && flip + n <= all; ++n) probes.insert(flip + n);
        for (const auto n : probes_on(up))
            if (n > flip && probes.size() <= probes_beyond) probes.insert(n);
        const auto runs = runs_of([&](std::int64_t n) { return with(up, n); }, probes, most_stretches);
        if (runs.size() == 1) return;  // it stays as it has become
        for (const auto& [begin, end] : runs)
            out.push_back({axis_.at(up, up ? begin : end), axis_.at(up, up ? end : begin), with(up, begin)});
    }

    Tries& tries_;
    const Axis& axis_;
    std::vector<Decimal> others_;
};

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

void try_words(Tries& tries, NodeId node, const model::Input& input, WouldChange::Input& out) {
    std::vector<Value> values;
    for (const auto& text : input.values) values.emplace_back(text);
    if (input.type == feel::Type::Kind::boolean) values = {Value(true), Value(false)};
    out.every_value = true;
    for (const auto& value : values)
        if (!feel::identical(value, out.reported) && tries.differs(node, value))
            out.others.push_back(tries.flip(node, value));
}

/// What a figure that was not reported would lead to, between the least and the greatest of the others' or its limits.
void try_unreported(Tries& tries, NodeId node, const model::Input& input, const Column& column,
                    const std::vector<Decimal>& others, WouldChange::Input& out) {
    if (others.empty()) return;
    const auto low = input.min.value_or(others.front()), high = std::max(input.max.value_or(others.back()), low);
    auto axis = axis_of(node, input, column, low);
    axis.low = low;
    axis.high = high;
    out.decimals = axis.decimals;
    std::set<std::int64_t> probes{0, axis.steps(true)};
    const auto every = std::max<std::size_t>(others.size() / nearest_others, 1);
    for (std::size_t i = 0; i < others.size(); i += every) {
        const auto n = ((others[i] - low) / axis.step).floor().to_int64();
        if (n && *n >= 0 && *n <= axis.steps(true)) probes.insert(*n);
    }
    const auto with = [&](std::int64_t n) { return tries.with(node, axis.at(true, n)); };
    for (const auto& [begin, end] : runs_of(with, probes, SIZE_MAX))
        out.stretches.push_back({axis.at(true, begin), axis.at(true, end), with(begin)});
}

std::vector<Decimal> figures_of_others(const Column& column, const exec::Evaluation& e, std::size_t record) {
    std::vector<Decimal> out;
    for (std::size_t i = 0; i < e.size(); ++i)
        if (i != record && column.missing(e.rows[i]) == feel::Missing::none)
            out.push_back(*column.at(e.rows[i]).number());
    if (e.size() > most_records && !out.empty()) {  // they lie so close that each tells next to nothing
        const auto [least, most] = std::minmax_element(out.begin(), out.end());
        return {*least, *most};
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

class Changes {
  public:
    Changes(const assess::Assessment& a, const graph::Node& decision, std::size_t record, std::string_view language,
            WouldChange& out)
        : a_(a),
          graph_(*a.graph),
          e_(a.evaluation),
          decision_(decision),
          record_(record),
          language_(language),
          tries_(a, decision, record),
          out_(out) {}

    void run() {
        if (tries_.score() >= 0) {
            const auto& score = graph_.node(tries_.score());
            out_.score = subject_of(graph_, score, e_.year, language_).title;
            out_.score_decimals = score.decimals;
        }
        const auto behind = exec::nodes_behind(graph_, decision_);
        for (const auto id : behind)
            if (const auto* form = std::get_if<graph::InputForm>(&graph_.node(id).form)) input(id, *form->input);
        for (const auto id : behind)
            if (const auto* form = std::get_if<graph::ParameterForm>(&graph_.node(id).form))
                parameter(id, *form->parameter);
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
        out_.tried = tries_.count();
        out_.others_stand = tries_.others_stand();
    }

  private:
    void input(NodeId id, const model::Input& input) {
        const auto* column = a_.table->column(graph_.node(id).name);
        if (!column) return;
        WouldChange::Input one{subject_of(graph_, graph_.node(id), e_.year, language_),
                               input.unit,
                               0,
                               e_.value(id, record_),
                               {},
                               {},
                               {},
                               false,
                               {}};
        const bool words = !input.values.empty() || input.type == feel::Type::Kind::boolean;
        const bool number = input.type == feel::Type::Kind::number;
        if ((!words && !number) || !tries_.can(id)) {
            out_.held.push_back(one.of.title);
            return;
        }
        if (words) {
            try_words(tries_, id, input, one);
        } else {
            const auto others = figures_of_others(*column, e_, record_);
            if (const auto* reported = one.reported.number()) {
                const auto axis = axis_of(id, input, *column, *reported);
                Search search(tries_, axis, others);
                one.decimals = axis.decimals;
                one.every_value = search.every_value();
                one.down = search.towards(false, &one.stretches);
                one.up = search.towards(true, &one.stretches);
                axes_.push_back({axis, one.of, one.unit, one.down, one.up});
            } else {
                try_unreported(tries_, id, input, *column, others, one);
                if (std::all_of(one.stretches.begin(), one.stretches.end(),
                                [&](const auto& stretch) { return stretch.outcome == tries_.now(); }))
                    one.stretches.clear();
            }
        }
        if (one.down || one.up || !one.others.empty() || !one.stretches.empty())
            out_.inputs.push_back(std::move(one));
        else
            out_.cannot.push_back(one.of.title);
    }

    void parameter(NodeId id, const model::Parameter& parameter) {
        const auto now = e_.value(id, record_);
        if (!now.number() || now.number()->is_zero() || tries_.too_much(id)) return;
        constexpr int at_least = 2;  // a line of 60 may become 59.25
        const int decimals = std::max(decimals_of(now), at_least);
        const auto &from = *now.number(), most = from.abs() * Decimal(times_reported), zero = Decimal(0);
        const Axis axis{id,
                        decimals,
                        Decimal::scaled(1, -decimals),
                        from.is_negative() ? -most : zero,
                        from.is_negative() ? zero : most,
                        from};
        Search search(tries_, axis, {});
        const auto down = search.towards(false), up = search.towards(true);
        const auto* nearest = !down                                                         ? &up
                              : !up                                                         ? &down
                              : from - *down->needed.number() < *up->needed.number() - from ? &down
                                                                                            : &up;
        if (!*nearest) return;
        out_.outside.push_back({parameter.name, subject_of(graph_, graph_.node(id), e_.year, language_).title,
                                parameter.unit, !parameter.assumption.empty(), now, decimals, **nearest});
    }

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

    void pairs() {
        constexpr std::size_t figures = 7, kept = 3;
        std::erase_if(axes_, [](const Tried& t) { return t.axis.from.is_zero(); });
        std::stable_sort(axes_.begin(), axes_.end(), [](const Tried& x, const Tried& y) {
            const auto of_x = x.alone(), of_y = y.alone();
            return of_x && (!of_y || *of_x < *of_y);
        });
        if (axes_.size() > figures) axes_.resize(figures);
        for (std::size_t i = 0; i < axes_.size(); ++i)
            for (std::size_t k = i + 1; k < axes_.size(); ++k) pair(axes_[i], axes_[k]);
        std::stable_sort(out_.pairs.begin(), out_.pairs.end(),
                         [](const auto& x, const auto& y) { return x.change < y.change; });
        if (out_.pairs.size() > kept) out_.pairs.resize(kept);
    }

    /// Both by the same share, each up or down.
    void pair(const Tried& first, const Tried& second) {
        auto limit = std::min(first.alone().value_or(Decimal(1)), second.alone().value_or(Decimal(1)));
        std::optional<WouldChange::Pair> best;
        for (const bool up_first : {false, true})
            for (const bool up_second : {false, true}) {
                const auto with = [&](const Decimal& share) {
                    return Tries::What{{first.axis.node, first.axis.by_share(up_first, share)},
                                       {second.axis.node, second.axis.by_share(up_second, share)}};
                };
                const auto turns = [&](const Decimal& share) { return tries_.with(with(share)) != tries_.now(); };
                auto other = limit * *Decimal::parse("0.9");  // less than either alone, by more than a trifle
                if (!turns(other)) continue;
                auto same = Decimal(0);
                constexpr int halvings = 12;
                for (int n = 0; n < halvings; ++n) {
                    const auto middle = (same + other) / Decimal(2);
                    (turns(middle) ? other : same) = middle;
                }
                const auto found = with(other);
                if (tries_.differs(found[0].first, found[0].second) || tries_.differs(found[1].first, found[1].second))
                    continue;
                limit = other;
                best = {{first.of, first.unit, first.axis.decimals, Value(first.axis.from), found[0].second},
                        {second.of, second.unit, second.axis.decimals, Value(second.axis.from), found[1].second},
                        tries_.with(found),
                        other};
            }
        if (best) out_.pairs.push_back(std::move(*best));
    }

    const assess::Assessment& a_;
    const graph::Graph& graph_;
    const exec::Evaluation& e_;
    const graph::Node& decision_;
    std::size_t record_;
    std::string_view language_;
    Tries tries_;
    std::vector<Tried> axes_;
    WouldChange& out_;
};

}  // namespace

WouldChange would_change(const assess::Assessment& a, const graph::Node& decision, std::size_t record,
                         std::string_view language) {
    const auto& graph = *a.graph;
    const auto& e = a.evaluation;
    WouldChange out;
    out.language = wording::language_from_string(language).value_or(wording::Language::en);
    out.record = e.record(record);
    if (const auto* label = graph.find(graph.rules->label_input)) out.label = e.value(label->id, record).to_string();
    out.decision = decision.name;
    out.labels = labels_in(*graph::decision_of(decision), language);
    out.year = e.year;
    out.run = a.run.id;
    out.seal = a.run.hash;
    out.standing = a.run.standing;
    out.revision = a.basis.snapshot.revision;
    out.outcome = e.outcome(decision.id, record).settled() ? e.value(decision.id, record).to_string()
                                                           : say(Answer::undetermined, out.language);
    Changes(a, decision, record, language, out).run();
    return out;
}

}  // namespace zoneval::audit
