#include "engine/results/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "engine/assess/rulings.hpp"
#include "engine/audit/explain.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/wording/pages.hpp"

namespace zoneval::results {

using assess::Assessment;
using feel::Decimal;
using feel::Value;

namespace {

/// A hybrid of two years (0: before, 1: after): whose figures the record has, whose the others, and which year it is
/// with its earlier outcomes.
struct World {
    std::size_t own, peers, year;
};

/// Figures of each record by its own side, moved to the world's year; earlier outcomes as that year's run read them.
class MixedHistory : public exec::History {
  public:
    MixedHistory(const std::array<const Assessment*, 2>& sides, const std::string& record, World world)
        : sides_(sides), record_(record), world_(world) {}

    std::optional<Value> value(const graph::Node& node, const std::string& record, std::int32_t year) const override {
        const auto side = side_of(node, record);
        return sides_[side]->history->value(node, record, moved(side, year));
    }
    std::optional<exec::Reopened> reopened(const graph::Node& node, const std::string& record,
                                           std::int32_t year) const override {
        const auto side = side_of(node, record);
        return sides_[side]->history->reopened(node, record, moved(side, year));
    }

  private:
    std::size_t side_of(const graph::Node& node, const std::string& record) const {
        if (node.kind != graph::NodeKind::input) return world_.year;
        return record == record_ ? world_.own : world_.peers;
    }
    std::int32_t moved(std::size_t side, std::int32_t year) const {
        return year - sides_[world_.year]->evaluation.year + sides_[side]->evaluation.year;
    }

    const std::array<const Assessment*, 2>& sides_;
    const std::string& record_;
    World world_;
};

std::string value_text(const Value& value) {
    if (value.is_null()) return "";
    if (!value.list()) return value.to_string();
    std::string out;
    for (const auto& item : *value.list()) out += (out.empty() ? "" : " | ") + item.to_string();
    return out;
}

std::string outcome_text(const exec::Evaluation& e, graph::NodeId decision, std::size_t record,
                         const std::string& undetermined) {
    return e.outcome(decision, record).settled() ? value_text(e.value(decision, record)) : undetermined;
}

/// Outcomes as they stand: by a ruling, where there is one.
class Standing {
  public:
    Standing(const Assessment& assessment, const graph::Node& decision, const std::string& undetermined)
        : e_(assessment.evaluation), decision_(decision), undetermined_(undetermined), rulings_(assessment.rulings) {}

    std::string outcome(std::size_t record) const {
        const auto* ruling = ruled(record);
        return ruling ? value_text(feel::from_feel(ruling->outcome))
                      : outcome_text(e_, decision_.id, record, undetermined_);
    }
    const store::Ruling* ruled(std::size_t record) const {
        if (!rulings_.any(e_.year, decision_.name)) return nullptr;
        return rulings_.standing(e_.year, e_.record(record), decision_.name,
                                 e_.outcome(decision_.id, record).settled());
    }

  private:
    const exec::Evaluation& e_;
    const graph::Node& decision_;
    const std::string& undetermined_;
    const assess::Rulings rulings_;
};

/// Both sides under one rule set.
class Worlds {
  public:
    Worlds(const Assessment& from, const Assessment& to) : sides_{&from, &to} {}

    struct Seen {
        std::string outcome;
        Value score;
    };
    Seen see(const std::string& record, World world, const graph::Node* decision, const graph::Node* score,
             const std::string& undetermined) {
        std::unique_ptr<Made> apart;
        if (world.own != world.peers)
            apart = std::make_unique<Made>(sides_, world, record);
        else if (!same_[world.own][world.year])  // the same for every record
            same_[world.own][world.year] = std::make_unique<Made>(sides_, world, "");
        const auto& e = (apart ? apart : same_[world.own][world.year])->evaluation;
        Seen out;
        const auto place = e.find(record);
        if (!place) return out;
        if (decision) out.outcome = outcome_text(e, decision->id, *place, undetermined);
        if (score) out.score = e.value(score->id, *place);
        return out;
    }

  private:
    using Sides = std::array<const Assessment*, 2>;
    struct Made {
        Made(const Sides& sides, World world, const std::string& of)
            : record(of), table(*sides[world.peers]->table), history(sides, record, world) {
            table.year = sides[world.year]->evaluation.year;
            if (world.own != world.peers) take_row(*sides[world.own]->table, record, table);
            evaluation = exec::evaluate_columns(*sides[0]->graph, table, history);
        }
        std::string record;
        zoneval::Table table;
        MixedHistory history;
        exec::Evaluation evaluation;
    };

    static void take_row(const zoneval::Table& from, const std::string& record, zoneval::Table& to) {
        const auto there = from.row(record), here = to.row(record);
        for (std::size_t c = 0; there && here && c < to.columns.size(); ++c) {
            const auto& cells = from.columns[c];
            const auto kind = cells.missing(*there);
            if (kind == feel::Missing::none)
                to.columns[c].set(*here, cells.at(*there));
            else
                to.columns[c].set_missing(*here, kind);
        }
    }

    Sides sides_;
    std::unique_ptr<Made> same_[2][2];
};

struct Found {
    const Assessment &from, &middle, &to;  ///< middle: the later figures under the earlier rules
    bool same_rules;
    const graph::Node *decision_from, *decision_middle, *decision_to, *score_from, *score_middle, *score_to;
    std::string undetermined;
};

std::size_t place_of(std::vector<std::string>& outcomes, const std::string& outcome) {
    const auto found = std::find(outcomes.begin(), outcomes.end(), outcome);
    if (found != outcomes.end()) return static_cast<std::size_t>(found - outcomes.begin());
    outcomes.push_back(outcome);
    return outcomes.size() - 1;
}

Cause cause_of(const Found& f, Worlds& worlds, const Changes::Move& move) {
    if (move.cause == Cause::ruled) return Cause::ruled;
    if (move.from == f.undetermined || move.to == f.undetermined) return Cause::undetermined;
    std::vector<Cause> alone;
    const auto leads = [&](World world) {
        return worlds.see(move.record, world, f.decision_from, nullptr, f.undetermined).outcome == move.to;
    };
    if (leads({1, 0, 0})) alone.push_back(Cause::own);
    if (leads({0, 1, 0})) alone.push_back(Cause::peers);
    if (f.from.evaluation.year != f.to.evaluation.year || f.from.run.built_on != f.to.run.built_on)
        if (leads({0, 0, 1})) alone.push_back(Cause::history);
    if (!f.same_rules) {
        const auto record = f.middle.evaluation.find(move.record);
        if (record && outcome_text(f.middle.evaluation, f.decision_middle->id, *record, f.undetermined) == move.from)
            alone.push_back(Cause::rules);
    }
    return alone.empty() ? Cause::together : alone.size() == 1 ? alone.front() : Cause::several;
}

std::optional<Changes::Score::Parts> parts_of(const Found& f, Worlds& worlds, const Changes::Score& score) {
    const auto at = [&](World world) {
        return worlds.see(score.record, world, nullptr, f.score_from, f.undetermined).score;
    };
    const auto own = at({1, 0, 0}), peers = at({0, 1, 0}), both = at({1, 1, 0});
    if (!own.number() || !peers.number() || !both.number()) return std::nullopt;
    const Decimal two(2);
    Changes::Score::Parts out;
    out.own = (*own.number() - score.before + *both.number() - *peers.number()) / two;
    out.peers = (*peers.number() - score.before + *both.number() - *own.number()) / two;
    out.rest = score.after - *both.number();
    return out;
}

void compare_outcomes(const Found& f, Changes& out) {
    const auto& declared = graph::decision_of(*f.decision_to)->values;
    for (const auto& value : declared) out.outcomes.push_back(value.to_string());
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    std::vector<Changes::Move> moves;
    const Standing from(f.from, *f.decision_from, f.undetermined), to(f.to, *f.decision_to, f.undetermined);
    for (std::size_t i = 0; i < f.to.evaluation.size(); ++i) {
        const auto& record = f.to.evaluation.record(i);
        const auto before = f.from.evaluation.find(record);
        if (!before) continue;
        const bool ruled = from.ruled(*before) || to.ruled(i);
        Changes::Move move{record, from.outcome(*before), to.outcome(i), ruled ? Cause::ruled : Cause::unknown};
        pairs.emplace_back(place_of(out.outcomes, move.from), place_of(out.outcomes, move.to));
        if (move.from != move.to) moves.push_back(std::move(move));
    }
    out.matrix.assign(out.outcomes.size() * out.outcomes.size(), 0);
    for (const auto& [row, column] : pairs) ++out.matrix[row * out.outcomes.size() + column];
    out.moved = std::move(moves);
}

void compare_scores(const Found& f, Changes& out) {
    for (std::size_t i = 0; i < f.to.evaluation.size(); ++i) {
        const auto before = f.from.evaluation.find(f.to.evaluation.record(i));
        if (!before) continue;
        const auto a = f.from.evaluation.value(f.score_from->id, *before), b = f.to.evaluation.value(f.score_to->id, i);
        if (a.number() && b.number())
            out.scores.push_back({f.to.evaluation.record(i), *a.number(), *b.number(), std::nullopt});
    }
    std::stable_sort(out.scores.begin(), out.scores.end(),
                     [](const auto& a, const auto& b) { return a.change().abs() > b.change().abs(); });
}

void find_causes(const Found& f, const ChangesOptions& options, Changes& out) {
    Worlds worlds(f.from, f.middle);
    const auto work = [&](std::size_t records) { return records * f.to.evaluation.size() <= options.most_work; };
    const bool look = work(out.moved.size());
    for (auto& move : out.moved) {
        if (look) move.cause = cause_of(f, worlds, move);
        ++out.causes[static_cast<std::size_t>(move.cause)];
    }
    out.parted = work(out.scores.size());
    for (auto& score : out.scores)
        if (out.parted) score.parts = parts_of(f, worlds, score);
}

Changes::Side side_of(const Assessment& a) { return {a.run.year, a.run.id, a.run.hash, a.run.ruleset_hash}; }

}  // namespace

Changes changes_between(const Assessment& from, const Assessment& to, const store::Store& store,
                        const ChangesOptions& options) {
    Changes out;
    out.from = side_of(from);
    out.to = side_of(to);
    for (std::size_t i = 0; i < to.evaluation.size(); ++i)
        if (from.evaluation.find(to.evaluation.record(i)))
            ++out.both;
        else
            out.entered.push_back(to.evaluation.record(i));
    for (std::size_t i = 0; i < from.evaluation.size(); ++i)
        if (!to.evaluation.find(from.evaluation.record(i))) out.left.push_back(from.evaluation.record(i));
    const bool same_rules = out.from.ruleset_hash == out.to.ruleset_hash;
    std::optional<Assessment> middle;
    if (!same_rules) middle = assess::assess(from.graph, store, to.run.year, assess::basis_of(to.run, store));
    const auto& between = middle ? *middle : to;
    const auto main_of = [](const Assessment& a) { return audit::decision_to_explain(*a.graph, ""); };
    const auto score_of = [](const Assessment& a) {
        return a.graph->rules->scores.empty() ? nullptr : a.graph->find(a.graph->rules->scores.front().name);
    };
    const Found f{from,
                  between,
                  to,
                  same_rules,
                  main_of(from),
                  main_of(between),
                  main_of(to),
                  score_of(from),
                  score_of(between),
                  score_of(to),
                  wording::say(wording::Page::undetermined, options.language)};
    if (f.decision_from && f.decision_to && f.decision_from->name != f.decision_to->name)
        throw InputError(Diagnostic{Kind::no_run,
                                    fmt::format("run {} decides `{}` and run {} `{}`", from.run.id,
                                                f.decision_from->name, to.run.id, f.decision_to->name),
                                    {},
                                    "two runs of one kind of rule set",
                                    ""});
    if (f.decision_from && f.decision_to) {
        out.decision = f.decision_to->name;
        compare_outcomes(f, out);
        out.labels = audit::labels_in(*graph::decision_of(*f.decision_to), code(options.language));
    }
    if (f.score_from && f.score_to) {
        out.score = f.score_to->name;
        compare_scores(f, out);
    }
    find_causes(f, options, out);
    return out;
}

}  // namespace zoneval::results
