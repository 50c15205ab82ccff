#include "engine/results/as_ruled.hpp"

#include <fmt/format.h>

#include "engine/assess/rulings.hpp"

namespace zoneval::results {

store::Decisions as_ruled(const store::Run& run, const store::Decisions& decisions,
                          const std::vector<store::Ruling>& rulings) {
    const assess::Rulings all(rulings);
    if (!all.any(run.year, decisions.name)) return decisions;
    using enum store::Outcome::Ending;
    store::Decisions out(decisions.name);
    for (std::size_t i = 0; i < run.records.size(); ++i) {
        auto outcome = decisions.of(i);
        const bool settled = outcome.ending != open && outcome.ending != conflict;
        if (const auto* ruling = all.standing(run.year, std::string(run.records[i]), decisions.name, settled)) {
            outcome = {};
            outcome.ending = fired;
            outcome.value = ruling->outcome;
            outcome.rule = fmt::format("ruling {}", ruling->id);
            outcome.because = ruling->reason;
            if (!ruling->document.empty()) outcome.because += fmt::format(" ({})", ruling->document);
        }
        out.append(std::move(outcome));
    }
    return out;
}

}  // namespace zoneval::results
