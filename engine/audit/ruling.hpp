// People decide what the rules leave open: a ruling checked against the run it is about, and what follows from it.
#pragma once

#include <string>
#include <vector>

#include "engine/assess/assessment.hpp"
#include "engine/audit/explain.hpp"

namespace zoneval::audit {

struct RulingWanted {
    std::string record, decision;  ///< decision empty: the one with adverse outcomes
    std::string outcome;           ///< a declared value, or a FEEL literal
    std::string by, reason;
    std::string document, document_sha256;  ///< empty: none
    bool over_rules = false;                ///< `--override`
};

/// The ruling on a stored run, not yet recorded. Throws InputError (ZV510) where the run knows no such record or
/// decision, where the outcome is none that the decision can have, and where the rules give an outcome and it is not to
/// be overruled.
store::Ruling make_ruling(const store::Run& run, const graph::Graph& graph, const RulingWanted& wanted);

/// What people call a record of a run: the rules' label of it then; empty: there is none.
std::string label_of(const graph::Graph& graph, const store::Store& store, const store::Run& run,
                     const std::string& record);

/// An outcome of a later year that would come out otherwise.
struct Follows {
    std::int32_t year = 0;
    std::string record, decision;
    std::string before, now;  ///< as a store has them; empty: undetermined
};
/// What later years that were assessed would say, assessed again with the rulings of today. Nothing is recorded.
std::vector<Follows> what_follows(const std::shared_ptr<const graph::Graph>& graph, const store::Store& store,
                                  std::int32_t ruled_year);

/// Runs of other rule sets that read outcomes of the ruled year, the newest of each rule set and year: what follows in
/// them shows once they are made again.
std::vector<store::Run> read_by_others(const store::Store& store, const store::Ruling& ruling);

/// Outcomes about the same record in later years that were assessed, whose rules look back at the decision of `year`.
std::vector<Explanation::Ruled::Rest> rests_on(const graph::Graph& graph, const store::Store& store, std::int32_t year,
                                               const std::string& record, const std::string& decision,
                                               std::string_view language);

}  // namespace zoneval::audit
