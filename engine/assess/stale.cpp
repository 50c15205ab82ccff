#include "engine/assess/stale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/assess/kind_records.hpp"
#include "engine/exec/kinds/several_years.hpp"

namespace zoneval::assess {

namespace {

class Chain {
  public:
    Chain(const graph::Graph& graph, const store::Store& store) : graph_(graph), rules_(*graph.rules), store_(store) {
        for (auto& run : store.runs()) {
            newest_[{run.ruleset, run.year}] = run.id;
            heads_.emplace(run.id, std::move(run));
        }
    }

    void visit(std::int64_t id) {
        const auto head = heads_.find(id);
        if (head == heads_.end() || !seen_.emplace(id, true).second) return;
        const auto& run = head->second;
        if (auto why = reason(run); !why.empty()) reasons_.emplace(run.year, std::move(why));
        for (const auto earlier : run.built_on) visit(earlier);
    }

    std::optional<Stale> result(std::int32_t year) const {
        if (reasons_.empty()) return std::nullopt;
        Stale out{reasons_.begin()->first, year - 1, {}};
        for (const auto& [of, why] : reasons_) out.reasons.push_back(why);
        return out;
    }

  private:
    std::string reason(const store::Run& run) const {
        if (const auto newer = newest_.find({run.ruleset, run.year});
            newer != newest_.end() && newer->second != run.id &&
            store_.content_hash(run.id) != store_.content_hash(newer->second))
            return fmt::format("run {} of {} has been replaced by run {}, which came out otherwise", run.id, run.year,
                               newer->second);
        if (auto ruled = ruled_since(run); !ruled.empty()) return ruled;
        if (run.ruleset != rules_.id) return "";  // which data it read its own rules know
        const auto saw = store_.at(run.snapshot.revision).value_or(store::Snapshot{});
        for (const auto& kind : rules_.kinds)
            if (differ(kind, store_, run.year, saw, store_.latest()))
                return fmt::format(
                    "run {} of {} saw the data as of revision {}, and records of kind `{}` have come or "
                    "changed since",
                    run.id, run.year, run.snapshot.revision, kind.name);
        for (const auto of : years_of_data(graph_, store_, run.year)) {
            if (const auto last = store_.last_revision(rules_.record, of, run.snapshot.revision); last > 0)
                return fmt::format("run {} of {} saw the data as of revision {}, and revision {} has figures of {}",
                                   run.id, run.year, run.snapshot.revision, last, of);
        }
        return "";
    }

    /// People ruled on what the run had read.
    std::string ruled_since(const store::Run& run) const {
        for (const auto id : run.built_on) {
            const auto earlier = heads_.find(id);
            if (earlier == heads_.end()) continue;
            for (const auto& ruling : store_.rulings(earlier->second.ruleset))
                if (ruling.year == earlier->second.year && ruling.id > run.last_ruling)
                    return fmt::format("run {} of {} was made before ruling {} on {} of {}: {}", run.id, run.year,
                                       ruling.id, ruling.decision, ruling.year, ruling.record);
        }
        return "";
    }

    const graph::Graph& graph_;
    const model::RuleSet& rules_;
    const store::Store& store_;
    std::map<std::int64_t, store::Run> heads_;
    std::map<std::pair<std::string, std::int32_t>, std::int64_t> newest_;  ///< by rule set and year
    std::map<std::int64_t, bool> seen_;
    std::map<std::int32_t, std::string> reasons_;
};

}  // namespace

std::vector<std::int32_t> years_of_data(const graph::Graph& graph, const store::Store& store, std::int32_t year) {
    std::vector<std::int32_t> out{year};
    for (const int back : graph.years_back()) out.push_back(year - back);
    if (!exec::reads_several_years(graph)) return out;
    for (const auto of : exec::years_read(graph, store.years(graph.rules->record, store.latest())))
        if (std::find(out.begin(), out.end(), of) == out.end()) out.push_back(of);
    return out;
}

std::optional<Stale> stale_history(const graph::Graph& graph, const store::Store& store, const Basis& basis,
                                   std::int32_t year) {
    if (basis.earlier.empty()) return std::nullopt;
    Chain chain(graph, store);
    for (const auto& [of, run] : basis.earlier) chain.visit(run->id);
    return chain.result(year);
}

}  // namespace zoneval::assess
