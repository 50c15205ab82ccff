// An explanation's sentences, for whatever they are shown on.
#pragma once

#include <string>
#include <vector>

#include "engine/audit/explain.hpp"

namespace zoneval::audit {

bool settled(const Explanation& explanation);     ///< the rules gave one outcome
bool by_default(const Explanation& explanation);  ///< no rule held

/// What the rules gave, or what is left while it is open: "undetermined, none or interview".
std::string outcome_text(const Explanation& explanation);
/// What people decided, by whom and why, and what rests on it. Precondition: there is a ruling.
std::vector<std::string> ruling_sentences(const Explanation& explanation);
/// Reason, rule and clause; while it is open, what it waits for.
std::vector<std::string> sentences(const Explanation& explanation);
/// "interview in 97 % of 400 plausible readings …"
std::string firm_sentence(const Explanation::Firm& firm, const std::string& outcome, wording::Language language);
/// Where it stands best, and where worst.
std::vector<std::string> strength_sentences(const Strengths& strengths, wording::Language language);
std::string hangs_on_text(const HangsOn& hangs_on, wording::Language language);
/// "Run 4 of 2024, draft, seal 49c1 …". Precondition: the run is recorded.
std::string run_text(const Explanation& explanation);
std::string run_text(std::int64_t run, std::int32_t year, const store::Standing& standing, const std::string& seal,
                     std::int64_t revision, wording::Language language);
/// "3–5 of 60"; empty where points are not places.
std::string place_text(const PointsLost::Part& part, wording::Language language);

}  // namespace zoneval::audit
