// Why a record did not get an outcome: each rule that gives it, with what it fell short of.
#pragma once

#include "engine/audit/explain.hpp"

namespace zoneval::audit {

struct WhyNot {
    Explanation of;       ///< what it got instead
    std::string outcome;  ///< that was asked about
    struct Miss {
        std::string rule, cite;
        Condition condition;
        std::vector<Condition> missed,
            met;             ///< single conditions: the nearest miss first, those open before those not met
        std::string before;  ///< the rule above that decided, where this one was not reached; may be empty
    };
    std::vector<Miss> rules;      ///< that give it; fewest conditions missed first, then the nearest
    bool is_otherwise = false;    ///< it is what holds where no rule does
    bool is_the_outcome = false;  ///< it is what was decided
};

/// Throws InputError (ZV103) where the decision declares values, and the outcome is none of them.
void refuse_undeclared(const model::Decision& decision, const std::string& outcome);

/// Throws as that does, unless a rule gives the outcome.
WhyNot why_not(const assess::Assessment& assessment, const graph::Node& decision, std::size_t record,
               const std::string& outcome, std::string_view language);

std::string head(const WhyNot& why_not);  ///< "Z017, 2024: none, why not commend"
/// How near it was, or why it could not be; empty where the conditions tell it all.
std::string first_sentence(const WhyNot& why_not);

/// The same with labels in the place of outcomes, for people.
WhyNot labelled(WhyNot why_not);
std::string render_text(const WhyNot& why_not, const TextOptions& options = {});
std::string render_json(const WhyNot& why_not);

}  // namespace zoneval::audit
