// A stored run found, and made again.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "engine/assess/assessment.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::audit {

/// Which run: by its number, or the newest of a rule set and a year.
struct RunWanted {
    std::int64_t id = 0;    ///< 0: by the others
    std::string ruleset;    ///< empty: the only one the store has runs of
    std::int32_t year = 0;  ///< 0: the last one assessed
};

/// Why there is no such run, and what there is instead.
struct NoRun {
    enum class Why { no_such_number, nothing_assessed, several_rulesets, not_assessed } why;
    std::string ruleset;                ///< not_assessed: the one that was looked for
    std::vector<std::string> rulesets;  ///< of the store's runs, in order of appearance
    std::vector<std::int32_t> years;    ///< the same
};
std::variant<store::Run, NoRun> find_run(const store::Store& store, const RunWanted& wanted);

/// One thing that came out otherwise.
struct Difference {
    enum class What { cohort, decisions, outcome, rule, reason, measures, measure, published } what;
    std::string of, record;   ///< the definition and the record, where it is about one
    std::string before, now;  ///< as recorded, and made again; of an outcome empty: undetermined
    std::string possible_before = "", possible_now = "";  ///< of one that is undetermined: FEEL lists
    std::string told(wording::Language language = wording::Language::en) const;
};
/// Whatever form the store had when one was written.
bool same_published(const store::Published& stored, store::Published again);
/// Empty when they agree.
std::vector<Difference> differences(const store::Run& stored, const store::Run& again);

struct Replayed {
    assess::Assessment assessment;  ///< its run has the number of the stored one
    std::vector<Difference> differences;
};
/// Makes a run again from the rule set, data and earlier runs it was made from. Throws InputError where the rule set no
/// longer loads, StoreError where the store has been altered. The store must outlive the result.
Replayed replay(const store::Store& store, const store::Run& stored, const assess::Options& options = {});
/// Where a run was made with other libraries than are here: "time zones 2026a, here 2026b"; empty: with the same, or
/// nobody knows.
std::string other_libraries(const store::Run& stored, wording::Language language = wording::Language::en);
/// What may be the reason that a run comes out otherwise.
std::string why_otherwise(const store::Run& stored, wording::Language language = wording::Language::en);
/// The same, for whoever goes on with it: throws InputError when it does not come out as it was recorded.
assess::Assessment made_again(const store::Store& store, const store::Run& stored, const assess::Options& options = {});
/// For whoever asks about one record: what was decided about it is held against what is on record; of the others, only
/// who takes part. Throws as made_again() does; where the record took no part, nothing is compared.
assess::Assessment made_again_for(const store::Store& store, const store::Run& stored, const std::string& record);

}  // namespace zoneval::audit
