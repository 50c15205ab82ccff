#include "engine/audit/hangs_on.hpp"

#include <algorithm>
#include <set>

#include "engine/exec/decisions/completions.hpp"
#include "engine/exec/decisions/decision.hpp"
#include "engine/exec/results/cohort.hpp"
#include "engine/feel/value/null_meaning.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::audit {

using feel::AbstractValue;
using feel::Decimal;
using feel::Value;
using graph::CohortFunction;
using graph::NodeId;

namespace {

/// Somebody whose value in a comparison is not certain.
struct Peer {
    std::size_t record;
    std::optional<Decimal> low, high;
};

/// Those a record is compared with, and itself; who is where among them.
struct Group {
    std::vector<std::size_t> records;
    std::vector<Value> values;
    std::size_t mine = 0;
};

class Search {
  public:
    Search(const assess::Assessment& assessment, const graph::Node& decision, std::size_t record)
        : graph_(*assessment.graph),
          e_(assessment.evaluation),
          decision_(decision),
          record_(record),
          known_(e_),
          members_(graph_, known_),
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
        const auto group = group_of(form);
        const auto peers = uncertain(form, group);
        if (peers.empty()) return;
        const auto together = with(node, form, group, peers);
        if (together.size() < 2) return;
        bool alone = false;
        for (const auto& peer : peers) {
            const auto possible = with(node, form, group, {peer});
            if (possible.size() < 2) continue;
            alone = true;
            out.push_back({e_.record(group.records[peer.record]), blanks_of(form, group, peer), node.name, possible});
        }
        if (alone) return;
        for (const auto& peer : peers)
            out.push_back({e_.record(group.records[peer.record]), blanks_of(form, group, peer), node.name, together});
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

    /// Others of the record's group whose value rests on blanks: where they are in it, and what it may come to.
    std::vector<Peer> uncertain(const graph::CohortForm& form, const Group& group) {
        std::vector<NodeId> sources;  // where blanks come in
        for (const auto id : exec::nodes_behind(graph_, graph_.node(form.value)))
            if (const auto& f = graph_.node(id).form;
                std::holds_alternative<graph::InputForm>(f) || std::holds_alternative<graph::HistoryForm>(f))
                sources.push_back(id);
        std::vector<Peer> out;
        for (std::size_t place = 0; place < group.records.size(); ++place) {
            const auto i = group.records[place];
            if (i == record_) continue;
            const bool blank = std::any_of(sources.begin(), sources.end(), [&](NodeId id) {
                return feel::is_unknown(e_.value(id, i)) ||
                       (std::holds_alternative<graph::HistoryForm>(graph_.node(id).form) && e_.earlier(id, i));
            });
            if (!blank) continue;
            if (group.values[place].number()) {  // a value that left blanks out: columns may know
                const auto reopened = e_.reopened({form.value}, i);
                const auto* filled = reopened.empty() ? nullptr : reopened.begin()->second.with(exec::Blanks::all);
                if (filled && filled->open()) out.push_back({place, filled->low, filled->high});
                continue;
            }
            const auto filled = with_blanks(form, i);
            if (filled.open()) out.push_back({place, filled.low, filled.high});
        }
        return out;
    }

    AbstractValue with_blanks(const graph::CohortForm& form, std::size_t record) {
        return exec::Completions(graph_, known_, record, exec::Blanks::all, members_, memories_).abstract(form.value);
    }

    std::vector<std::string> blanks_of(const graph::CohortForm& form, const Group& group, const Peer& peer) {
        return blanks_behind(with_blanks(form, group.records[peer.record]).value);
    }

    static std::vector<std::string> blanks_behind(const Value& open) {
        std::vector<std::string> out;
        for (const auto& leaf : feel::leaves(open.cause()))
            if (auto name = wording::awaited(*leaf, wording::Language::en);
                leaf->missing != feel::Missing::not_applicable && std::find(out.begin(), out.end(), name) == out.end())
                out.push_back(std::move(name));
        return out;
    }

    /// The outcomes that are possible while these vary and all others stand.
    std::vector<std::string> with(const graph::Node& node, const graph::CohortForm& form, const Group& group,
                                  const std::vector<Peer>& peers) {
        const auto least = compared(form, group, peers, true), most = compared(form, group, peers, false);
        exec::Assumption assumed{node.id,
                                 {Value::missing(feel::Missing::not_reported, feel::reasons::open()), {}, {}, {}}};
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
            values[peer.record] = end ? Value(*end) : Value(at_low ? mine - Decimal(1) : mine + Decimal(1));
        }
        const std::vector<Value> all_alike(form.group ? values.size() : 0, Value(true));
        return exec::evaluate_cohort(form, values, all_alike)[group.mine];
    }

    std::vector<std::string> outcomes(const exec::Assumption* assumed) {
        const exec::Completions reading(graph_, known_, record_, exec::Blanks::of_scores, members_, memories_, nullptr,
                                        assumed);
        const auto decided = exec::decide_node(graph_, decision_, reading);
        const auto text = [](const Value& v) { return v.is_null() ? std::string("no rule holds") : v.to_string(); };
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
    return Search(assessment, decision, record).run();
}

}  // namespace zoneval::audit
