// The derivation of one decision for one record.
#pragma once

#include <string>
#include <vector>

#include "engine/assess/assessment.hpp"
#include "engine/audit/close_calls.hpp"
#include "engine/audit/conditions.hpp"
#include "engine/audit/course.hpp"
#include "engine/audit/hangs_on.hpp"
#include "engine/audit/score_parts.hpp"
#include "engine/audit/strengths.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::audit {

/// How a value came about. Children are the values it was computed from; each node is unfolded once.
struct Derivation {
    std::string name;
    std::string kind;          ///< "input", "measure", …
    std::string value, label;  ///< label: the value as people read it
    bool has_value = true;     ///< it is not null
    std::string unit;
    std::string formula;  ///< as authored; empty for data
    std::string cite;
    std::string where;  ///< file and line of a datum, or of the definition
    std::string assumption;
    std::string note;  ///< why unknown; "as assessed in 2022"; "see above"
    std::vector<Derivation> from;
};

/// A rule as it came out.
struct RuleState {
    enum class State { holds, fails, open, not_reached };
    std::string id, text, gives, cite;  ///< text: its condition as authored; gives: the outcome
    State state = State::not_reached;
    Condition condition;  ///< as it would have come out, too, where it was not reached
    std::vector<std::string> unknown_because;
};

struct Explanation {
    std::string record, label, ruleset_title, authority, seal;
    store::Standing standing;              ///< of the run
    std::int64_t revision = 0;             ///< of the data
    std::string decision, decision_title;  ///< empty: values are explained, which stand in `from`
    std::string about, about_title;        ///< whom the outcome is about, and what that is; empty: the record
    bool is_main = true;                   ///< the decision that is explained where nobody names one
    std::int32_t year = 0;
    std::int64_t run = 0;
    exec::Outcome::Kind ending = exec::Outcome::Kind::nothing_fired;
    std::string value;        ///< empty while open or in conflict
    std::string value_label;  ///< the value as people read it; empty: `value` is
    /// What people read in the place of the decision's values, in the language, where it has labels.
    exec::Labels labels;
    std::vector<std::string> possible, waiting_for, failed;
    std::vector<std::string> waiting_titles;     ///< of waiting_for, in the language
    std::string rule, because, cite;             ///< rule: that fired
    std::vector<std::string> conflicting_rules;  ///< of a conflict
    std::vector<RuleState> rules;
    /// The conditions that decided, as facts: of the rule that fired; where no rule held, what each fell short of,
    /// the nearest miss first; of an open decision, those that are open.
    std::vector<Condition> decided;
    /// The outcome is settled though rules are open: whatever the missing figures come to, it is the same.
    bool in_every_case = false;
    Neighbours neighbours;                  ///< in the ranking that a condition which decided reads; none: nobody
    std::optional<Course> course;           ///< where somebody asked for it (audit::course)
    std::optional<CloseCalls> close_calls;  ///< the same (audit::close_calls)
    std::vector<PointsLost> scores;         ///< that the decision rests on, or that were asked about
    std::vector<Strengths> strengths;       ///< of scores that are explained by themselves
    /// In how many plausible readings of the rules the outcome is the same, where somebody has looked (engine/score).
    struct Firm {
        double holds = 0;
        std::size_t readings = 0;
        std::uint64_t seed = 0;
    };
    std::optional<Firm> firm;
    std::vector<Derivation> from;
    struct Assumption {
        std::string name, value, reason;  ///< of a parameter that the authority does not give
    };
    std::vector<Assumption> assumptions;  ///< as used
    std::vector<std::string> notes;
    /// What people decided: then `value` is what the rules alone give.
    struct Ruled {
        std::int64_t id = 0;
        std::string value, by, on, reason, document;
        /// Outcomes of later years whose rules look back at it, as they stand (audit::rests_on).
        struct Rest {
            std::int32_t year = 0;
            std::string decision, title;  ///< its name, and as people read it
            std::string outcome, label;   ///< the same
        };
        std::vector<Rest> rests = {};
    };
    std::optional<Ruled> ruling;
    std::vector<HangsOn> hangs_on;  ///< on whose blanks, where it is settled
    wording::Language language = wording::Language::en;
    bool adverse = false;
    bool may_be_adverse = false;  ///< something could be adverse: of an open outcome, and something not
    bool continues = false;       ///< a state of a lifecycle that no transition led out of
    struct Other {
        std::string decision, value, label;  ///< label: the value as people read it
    };
    std::vector<Other> others;  ///< the rule set's other decisions about the record
};

/// `language` picks titles. Precondition: the record is in the cohort and the node is a decision.
Explanation explain(const assess::Assessment& assessment, const graph::Node& decision, std::size_t record,
                    std::string_view language);

/// The same of other definitions: their values and what they were computed from. Without a name, of what the rule set
/// is about: its scores, or its measures where it has none.
Explanation explain_values(const assess::Assessment& assessment, const std::vector<const graph::Node*>& nodes,
                           std::size_t record, std::string_view language);
std::vector<const graph::Node*> values_to_explain(const graph::Graph& graph);

/// The same with labels in the place of values, for people.
Explanation labelled(Explanation explanation);

struct TextOptions {
    bool colour = false;
    int depth = 0;            ///< of the derivation; 0: what fits a screen or two
    std::size_t width = 100;  ///< places in a line
};
std::string render_text(const Explanation& explanation, const TextOptions& options = {});
std::string render_json(const Explanation& explanation);

/// The decision of that name; without one, the last that has adverse outcomes, else the first. nullptr: there is none.
const graph::Node* decision_to_explain(const graph::Graph& graph, const std::string& name);

}  // namespace zoneval::audit
