#include "engine/assess/as_ruled.hpp"

#include <fmt/format.h>

#include "engine/assess/rulings.hpp"

namespace zoneval::assess {

namespace {

store::Outcome outcome_of(const Rulings& rulings, const store::Run& run, const store::Decisions& decisions,
                          std::size_t record) {
    using enum store::Outcome::Ending;
    auto by_rules = decisions.of(record);
    const bool settled = by_rules.ending != open && by_rules.ending != conflict;
    const auto* ruling = rulings.standing(run.year, std::string(run.records[record]), decisions.name, settled);
    if (!ruling) return by_rules;
    store::Outcome out;
    out.ending = fired;
    out.value = ruling->outcome;
    out.rule = fmt::format("ruling {}", ruling->id);
    out.because = ruling->reason;
    if (!ruling->document.empty()) out.because += fmt::format(" ({})", ruling->document);
    return out;
}

}  // namespace

store::Outcome as_ruled(const store::Run& run, const store::Decisions& decisions, std::size_t record,
                        const std::vector<store::Ruling>& rulings) {
    return outcome_of(Rulings(rulings), run, decisions, record);
}

store::Decisions as_ruled(const store::Run& run, const store::Decisions& decisions,
                          const std::vector<store::Ruling>& rulings) {
    const Rulings all(rulings);
    if (!all.any(run.year, decisions.name)) return decisions;
    store::Decisions out(decisions.name);
    for (std::size_t i = 0; i < run.records.size(); ++i) out.append(outcome_of(all, run, decisions, i));
    return out;
}

}  // namespace zoneval::assess
