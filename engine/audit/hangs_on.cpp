#include "engine/audit/hangs_on.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "engine/exec/decisions/completions.hpp"
#include "engine/exec/decisions/decision.hpp"
#include "engine/exec/results/ranks_and_aggregates.hpp"
#include "engine/feel/value/null_meaning.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::audit {

using feel::AbstractValue;
using feel::Decimal;
using feel::Value;
using graph::CohortFunction;
using graph::NodeId;

namespace {

constexpr std::size_t most_compared = 2'000'000;  ///< values, one peer after the other

/// Somebody whose value in a comparison is not certain.
struct Peer {
    std::size_t place;  ///< in the group
    std::optional<Decimal> low, high;
};

/// Those a record is compared with, and itself; who is where among them.
struct Group {
    std::vector<std::size_t> records;
    std::vector<Value> values;
    std::size_t mine = 0;
};

class WhoseBlanks {
  public:
    WhoseBlanks(const assess::Assessment& assessment, const graph::Node& decision, std::size_t record)
        : graph_(*assessment.graph),
          e_(assessment.evaluation),
          decision_(decision),
          record_(record),
          known_(e_),
          members_(known_),
          memories_(graph_),
          now_(e_.value(decision.id, record)) {}

    std::vector<HangsOn> run() {
        std::vector<HangsOn> out;
        if (e_.size() > most_looked_through || !e_.outcome(decision_.id, record_).settled() ||
            outcomes(nullptr).size() > 1)
            return out;
        for (const auto id : exec::nodes_behind(graph_, decision_))
            if (const auto* form = std::get_if<graph::CohortForm>(&graph_.node(id).form))
                if (form->function != CohortFunction::stddev && !graph::is_statistic(form->function))
                    look_at(graph_.node(id), *form, out);
        return out;
    }

  private:
    void look_at(const graph::Node& node, const graph::CohortForm& form, std::vector<HangsOn>& out) {
        if (e_.value(form.value, record_).list()) return;  // ranked by several keys
        const auto any_value = any_value_of(node, form);
        if (outcomes(&any_value).size() < 2) return;
        const auto group = group_of(form);
        const auto sources = sources_of(form);
        const auto peers = uncertain(form, group, sources);
        if (peers.empty()) return;
        const auto together = with(node, form, group, peers);
        if (together.size() < 2) return;
        const auto tell = [&](const Peer& peer, const std::vector<std::string>& possible, bool alone) {
            const auto i = group.records[peer.place];
            out.push_back({e_.record(i), blanks_of(sources, i), node.name, possible, alone});
        };
        const bool only_sides = counts_sides(form.function);
        std::map<std::array<int, 3>, std::vector<std::string>> by_sides;
        const auto by_itself = [&](const Peer& peer) {
            if (!only_sides) return with(node, form, group, {peer});
            const auto [known, is_new] = by_sides.try_emplace(sides(group, peer));
            if (is_new) known->second = with(node, form, group, {peer});
            return known->second;
        };
        bool alone = false;
        if (only_sides || peers.size() * group.records.size() <= most_compared)
            for (const auto& peer : peers)
                if (const auto possible = by_itself(peer); possible.size() > 1) {
                    alone = true;
                    tell(peer, possible, true);
                }
        if (alone) return;
        for (const auto& peer : peers) tell(peer, together, false);
    }

    static exec::Assumption open(const graph::Node& node) {
        return {node.id, {Value::missing(feel::Missing::not_reported, feel::reasons::open()), {}, {}, {}}};
    }

    /// Whatever the comparison may give.
    static exec::Assumption any_value_of(const graph::Node& node, const graph::CohortForm& form) {
        auto out = open(node);
        if (form.function == CohortFunction::percent_rank) out.part.low = Decimal(0), out.part.high = Decimal(1);
        if (form.function == CohortFunction::rank) out.part.low = Decimal(1);
        return out;
    }

    /// Whether it gives a record the same wherever the others stand, as long as each stays on its side.
    static bool counts_sides(CohortFunction function) {
        return function == CohortFunction::rank || function == CohortFunction::average_rank ||
               function == CohortFunction::percent_rank || function == CohortFunction::count;
    }

    /// Of the record: where the peer stands now, and where its bounds are.
    static std::array<int, 3> sides(const Group& group, const Peer& peer) {
        const auto* mine = group.values[group.mine].number();
        const auto side = [&](const Decimal* of, int none) {
            return !of ? none : !mine ? 0 : *of < *mine ? -1 : *mine < *of ? 1 : 0;
        };
        return {side(group.values[peer.place].number(), 2), side(peer.low ? &*peer.low : nullptr, -1),
                side(peer.high ? &*peer.high : nullptr, 1)};
    }

    Group group_of(const graph::CohortForm& form) const {
        Group out;
        const auto key = form.group ? e_.value(*form.group, record_) : Value();
        for (std::size_t i = 0; i < e_.size(); ++i) {
            if (form.group && i != record_ && !feel::identical(e_.value(*form.group, i), key)) continue;
            if (i == record_) out.mine = out.records.size();
            out.records.push_back(i);
            out.values.push_back(e_.value(form.value, i));
        }
        return out;
    }

    /// Where blanks come in.
    std::vector<NodeId> sources_of(const graph::CohortForm& form) const {
        std::vector<NodeId> out;
        for (const auto id : exec::nodes_behind(graph_, graph_.node(form.value)))
            if (const auto& f = graph_.node(id).form;
                std::holds_alternative<graph::InputForm>(f) || std::holds_alternative<graph::HistoryForm>(f))
                out.push_back(id);
        return out;
    }

    bool is_blank(const std::vector<NodeId>& sources, std::size_t record) const {
        return std::any_of(sources.begin(), sources.end(), [&](NodeId id) {
            const auto value = e_.value(id, record);
            const auto* list = value.list();
            return feel::is_unknown(value) || (list && std::any_of(list->begin(), list->end(), feel::is_unknown)) ||
                   (std::holds_alternative<graph::HistoryForm>(graph_.node(id).form) && e_.earlier(id, record));
        });
    }

    /// Others of the record's group whose value rests on blanks, and what it may come to.
    std::vector<Peer> uncertain(const graph::CohortForm& form, const Group& group, const std::vector<NodeId>& sources) {
        std::vector<Peer> out;
        const auto add = [&](std::size_t place, const AbstractValue& filled) {
            if (filled.open()) out.push_back({place, filled.low, filled.high});
        };
        std::vector<std::uint32_t> known;  // whose value left blanks out: columns know what it comes to with them
        const auto may_be = e_.values->may_be_reopened(form.value);
        for (std::size_t place = 0; place < group.records.size(); ++place) {
            const auto i = group.records[place];
            if (i == record_) continue;
            const bool number = group.values[place].number() != nullptr;
            const bool blank =
                number && may_be ? std::binary_search(may_be->begin(), may_be->end(), i) : is_blank(sources, i);
            if (!blank) continue;
            if (number)
                known.push_back(static_cast<std::uint32_t>(place));
            else
                add(place,
                    exec::Completions(graph_, known_, i, exec::Blanks::all, members_, memories_).abstract(form.value));
        }
        std::vector<std::uint32_t> records;
        records.reserve(known.size());
        for (const auto place : known) records.push_back(static_cast<std::uint32_t>(group.records[place]));
        std::sort(records.begin(), records.end());
        e_.values->reopen({form.value}, records);
        for (const auto place : known)
            for (const auto& [id, reopened] : e_.reopened({form.value}, group.records[place]))
                if (const auto* filled = reopened.with(exec::Blanks::all)) add(place, *filled);
        std::sort(out.begin(), out.end(), [](const Peer& a, const Peer& b) { return a.place < b.place; });
        return out;
    }

    /// The names of what is blank behind a record's value.
    std::vector<std::string> blanks_of(const std::vector<NodeId>& sources, std::size_t record) const {
        std::vector<std::string> out;
        const auto add = [&](const Value& value) {
            if (!feel::is_unknown(value)) return;
            for (const auto& leaf : feel::leaves(value.cause()))
                if (auto name = wording::awaited(*leaf, wording::Language::en);
                    leaf->missing != feel::Missing::not_applicable &&
                    std::find(out.begin(), out.end(), name) == out.end())
                    out.push_back(std::move(name));
        };
        for (const auto id : sources) {
            const auto value = e_.value(id, record);
            if (const auto* list = value.list())
                for (const auto& element : *list) add(element);
            else
                add(value);
            if (!std::holds_alternative<graph::HistoryForm>(graph_.node(id).form)) continue;
            const auto* earlier = e_.earlier(id, record);
            if (const auto* filled = earlier ? earlier->with(exec::Blanks::all) : nullptr) add(filled->value);
        }
        return out;
    }

    /// The outcomes that are possible while these vary and all others stand.
    std::vector<std::string> with(const graph::Node& node, const graph::CohortForm& form, const Group& group,
                                  const std::vector<Peer>& peers) {
        const auto least = compared(form, group, peers, true), most = compared(form, group, peers, false);
        auto assumed = open(node);
        auto &low = assumed.part.low, &high = assumed.part.high;
        for (const auto& bound : {least, most, e_.value(node.id, record_)}) {
            if (!bound.number()) return {};
            low = low ? std::min(*low, *bound.number()) : *bound.number();
            high = high ? std::max(*high, *bound.number()) : *bound.number();
        }
        if (*low == *high) return {};
        return outcomes(&assumed);
    }

    /// What the comparison gives the record with every peer at one end of what it may have. It rises or falls with each
    /// of them, so these are its bounds.
    Value compared(const graph::CohortForm& form, const Group& group, const std::vector<Peer>& peers, bool at_low) {
        auto values = group.values;
        const auto mine = values[group.mine].number() ? *values[group.mine].number() : Decimal(0);
        for (const auto& peer : peers) {
            const auto& end = at_low ? peer.low : peer.high;
            if (!end && !graph::is_rank(form.function) && form.function != CohortFunction::count)
                return {};  // no bound
            // Where there is no bound, anybody may come to stand below, or above.
            values[peer.place] = end ? Value(*end) : Value(at_low ? mine - Decimal(1) : mine + Decimal(1));
        }
        const std::vector<Value> all_alike(form.group ? values.size() : 0, Value(true));
        return exec::evaluate_cohort(form, values, all_alike)[group.mine];
    }

    std::vector<std::string> outcomes(const exec::Assumption* assumed) {
        const exec::Completions reading(graph_, known_, record_, exec::Blanks::of_scores, members_, memories_, nullptr,
                                        assumed);
        const auto decided = exec::decide_node(graph_, decision_, reading);
        const auto text = [](const Value& v) { return v.is_null() ? std::string(no_rule_holds) : v.to_string(); };
        std::vector<std::string> out{text(now_)};
        const auto add = [&](const Value& v) {
            if (std::find(out.begin(), out.end(), text(v)) == out.end()) out.push_back(text(v));
        };
        if (const auto* open = decided.outcome.open())
            for (const auto& v : open->possible) add(v);
        else if (decided.outcome.settled())
            add(decided.value);
        return out;
    }

    const graph::Graph& graph_;
    const exec::Evaluation& e_;
    const graph::Node& decision_;
    std::size_t record_;
    exec::EvaluatedCohort known_;
    exec::GatheredMembers members_;
    exec::CompletionsMemories memories_;
    Value now_;
};

}  // namespace

std::vector<HangsOn> hangs_on(const assess::Assessment& assessment, const graph::Node& decision, std::size_t record) {
    return WhoseBlanks(assessment, decision, record).run();
}

}  // namespace zoneval::audit
