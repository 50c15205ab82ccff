// What if a parameter or a figure were another: years assessed again on a copy of the store, beside what they are.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/assess/years.hpp"
#include "engine/audit/explain.hpp"

namespace zoneval::audit {

/// A parameter, or a figure of one record in all the years asked about.
struct Supposed {
    std::string name;    ///< of the parameter, or of the input
    std::string record;  ///< empty: a parameter
    feel::Value value;
    std::string kind = {};  ///< of record; empty: the rule set's own
};
/// Who is there to suppose something of, by kind of record; "": the rule set's own.
using Records = std::map<std::string, std::vector<std::string>>;
Records records_of(const store::Store& store, const model::RuleSet& rules, std::int32_t year);
/// By name; nullptr: there is none.
const model::Parameter* parameter_of(const model::RuleSet& rules, const std::string& name);
/// "warning share = 8", "Z017.GDP = 512" or, of a record of another kind, "Z017/b1.revenue = 30". Throws InputError
/// ZV103 where there is no such parameter, record or input, ZV204 where the value does not fit it.
Supposed supposed_from(const std::string& text, const model::RuleSet& rules, const Records& records);

/// Outcomes of a decision, as things are and as they would be.
struct WhatIf {
    std::string decision, decision_title;
    std::vector<std::int32_t> years;
    std::vector<std::string> outcomes;  ///< as declared, then others; "" is undetermined
    exec::Labels labels;                ///< of outcomes
    /// By outcome and year: how many have it as things are, and would have it.
    std::vector<std::vector<std::pair<std::size_t, std::size_t>>> counts;
    struct Move {
        std::string record;
        std::int32_t year = 0;
        std::string before, after;  ///< empty: undetermined
        std::string rule;           ///< that would give it; empty: none
        std::string cause;          ///< the conditions that would decide, with their figures; of the first `most_told`
        bool follows = false;       ///< from an earlier year of the record that would move, too
    };
    std::vector<Move> moved;
    std::size_t of = 0;  ///< outcomes compared
};
/// Changes the copy, and says by which rules its years are assessed then.
using Change = std::function<std::shared_ptr<const graph::Graph>(store::Store& copy)>;
/// `copy` is a store that nobody else has (Store::Mode::to_try): the years are assessed there twice, before and after
/// the change. Throws as assess_years and the change do.
WhatIf tried(store::Store& copy, const std::shared_ptr<const graph::Graph>& graph, const graph::Node& decision,
             const std::vector<std::int32_t>& years, const assess::YearsOptions& options, const Change& change);

inline constexpr std::size_t most_told = 40;

/// The same for what is supposed. The graph is that of the rules as they are.
WhatIf what_if(store::Store& copy, const std::shared_ptr<const graph::Graph>& graph, const graph::Node& decision,
               const std::vector<Supposed>& supposed, const std::vector<std::int32_t>& years,
               const assess::YearsOptions& options);
/// Without what is now: `counts` has only what would be, and nobody has moved.
WhatIf supposed_only(store::Store& copy, const std::shared_ptr<const graph::Graph>& graph, const graph::Node& decision,
                     const std::vector<Supposed>& supposed, const std::vector<std::int32_t>& years,
                     const assess::YearsOptions& options);

std::string render_text(const WhatIf& what_if, const std::vector<std::string>& supposed, wording::Language language,
                        const TextOptions& options);
std::string render_json(const WhatIf& what_if, const std::vector<std::string>& supposed);

}  // namespace zoneval::audit
