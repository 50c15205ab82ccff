// Where a record stands best and worst among the others: by the points of each indicator of a score.
#pragma once

#include <map>

#include "engine/assess/assessment.hpp"
#include "engine/audit/conditions.hpp"

namespace zoneval::audit {

struct Place {
    Subject of;
    std::string value, unit;  ///< of the indicator, as people read it
    /// 1: most points; equal ones share the better place. Among those of its group, where points compare within groups.
    std::size_t place = 0, among = 0;
};
struct Strengths {
    Subject score;
    std::vector<Place> best, worst;  ///< the best first; the worst first. No indicator is in both
};

/// Everybody's points of the indicators of a score, read once.
class Standings {
  public:
    /// Of no indicator where the node is no score, or where there are too many values to look at. `assessment` must
    /// outlive it.
    Standings(const assess::Assessment& assessment, const graph::Node& score);
    /// Of at most `most` indicators each: the best have half of the others below them, the worst half above. nullopt:
    /// there is nobody to compare with.
    std::optional<Strengths> of(std::size_t record, std::string_view language, std::size_t most = 5) const;

  private:
    struct Indicator {
        const graph::Node* node;
        std::vector<std::optional<feel::Decimal>> points;             ///< by record
        std::vector<std::string> group;                               ///< by record: whom its points compare it with
        std::map<std::string, std::vector<feel::Decimal>> ascending;  ///< by group
    };
    std::optional<Place> place_of(const Indicator& indicator, std::size_t record, std::string_view language) const;

    const assess::Assessment& a_;
    const graph::Node& score_;
    std::vector<Indicator> indicators_;
};

/// "labour productivity 2 of 178, exports 9 of 178"; empty: there are none.
std::string places_text(const std::vector<Place>& places, wording::Language language);

}  // namespace zoneval::audit
