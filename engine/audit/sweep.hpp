// How many records would have each outcome as a parameter goes through a range: a curve beside what is.
#pragma once

#include "engine/audit/what_if.hpp"

namespace zoneval::audit {

struct Swept {
    std::string parameter;
    std::vector<feel::Value> values;  ///< ascending
};
/// "commendation line = 50..90", with "step 5" or without: then some twelve round steps; or "6, 8, 10". Throws
/// InputError ZV103 where there is no such parameter, ZV204 where these are no numbers or too many (`most_swept`).
Swept swept_from(const std::string& text, const model::RuleSet& rules);
inline constexpr std::size_t most_swept = 100;

struct Sweep {
    std::string decision, decision_title, parameter, unit;
    std::vector<std::int32_t> years;
    std::vector<std::string> outcomes;  ///< as declared, then others; "" is undetermined
    exec::Labels labels;                ///< of outcomes
    std::string title;                  ///< of the parameter, in the language
    struct Point {
        feel::Value value;
        bool now = false;                              ///< in force in the last of the years
        std::vector<std::vector<std::size_t>> counts;  ///< by outcome and year
    };
    std::vector<Point> points;  ///< ascending; with the value in force, where it lies within
};

/// `copy` as for what_if(). Throws as that does.
Sweep sweep(store::Store& copy, const std::shared_ptr<const graph::Graph>& graph, const graph::Node& decision,
            const Swept& swept, const std::vector<std::int32_t>& years, const assess::YearsOptions& options);

/// `only`: one outcome; empty: all that anybody has.
std::string render_text(const Sweep& sweep, const std::string& only, wording::Language language,
                        const TextOptions& options);
std::string render_json(const Sweep& sweep, const std::string& only);

}  // namespace zoneval::audit
