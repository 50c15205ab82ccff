// Where an outcome turns as one figure moves by steps of its last place. Not for other folders.
#pragma once

#include <set>

#include "engine/audit/tries.hpp"

namespace zoneval::audit {

constexpr std::int64_t times_reported = 20;  ///< how far a number is tried for which no limit is declared

int decimals_of(const feel::Value& value);

/// Each once, the least first.
std::vector<feel::Decimal> ascending(std::vector<feel::Decimal> figures);
/// What the others reported; `ends_alone`: of very many, the least and the greatest.
std::vector<feel::Decimal> figures_of_others(const Column& column, const exec::Evaluation& e, std::size_t record,
                                             bool ends_alone);
/// That an input of words or truths may be.
std::vector<feel::Value> words_of(const model::Input& input);

/// A number, and where it may go by steps of its last place.
struct Axis {
    graph::NodeId node;
    int decimals;
    feel::Decimal step, low, high, from;

    std::int64_t steps(bool up) const {
        const auto way = up ? high - from : from - low;
        return (way / step).floor().to_int64().value_or(INT64_MAX / 4);
    }
    feel::Value at(bool up, std::int64_t n) const {
        const auto away = step * feel::Decimal(n);
        return up ? from + away : from - away;
    }
    /// As far as that share of it, up or down.
    feel::Value by_share(bool up, const feel::Decimal& share) const {
        const auto moved =
            (up ? from + from.abs() * share : from - from.abs() * share).rounded(decimals, feel::Rounding::half_even);
        return std::clamp(moved, low, high);
    }
};

/// Within the limits that the input declares. As many places as the column has, for one who reported 8.10 wrote 8.1.
Axis axis_of(graph::NodeId node, const model::Input& input, const Column& column, const feel::Decimal& reported);

/// Of a figure that was not reported: from its least to its greatest, by its limits or those of the others.
Axis whole_axis(graph::NodeId node, const model::Input& input, const Column& column,
                const std::vector<feel::Decimal>& others);

/// The nearest change of one number, on each side, and what comes beyond it. A long axis is searched while the others'
/// ranks and points stand; what is found is then held against all computed anew, and told as that is.
class Search {
  public:
    /// `others`: figures at which the outcome may turn; ascending.
    Search(Tries& tries, const Axis& axis, std::vector<feel::Decimal> others);

    bool every_value() const;
    /// `stretches`: what comes beyond it is added.
    std::optional<WouldChange::Flip> towards(bool up, std::vector<WouldChange::Stretch>* stretches = nullptr);
    /// How many steps away the outcome is another, of those within so many; nullopt: none was found.
    std::optional<std::int64_t> turns(bool up, std::int64_t within = INT64_MAX);
    /// The nearer of both sides; upwards where they are alike.
    std::optional<WouldChange::Flip> nearest();
    /// From the least to the most, as far as the others' figures tell: of a figure that was not reported.
    /// `probed`: filled with the steps that were tried, ascending.
    std::vector<WouldChange::Stretch> all_the_way(std::size_t most_others = 16,
                                                  std::vector<std::int64_t>* probed = nullptr);

  private:
    /// What the outcome is so many steps from where the axis begins.
    auto with(bool up) {
        return [this, up](std::int64_t n) -> const std::string& {
            return tries_.with({{axis_.node, axis_.at(up, n)}});
        };
    }
    auto first_order(bool up) {
        return [this, up](std::int64_t n) -> const std::string& {
            return tries_.first_order({{axis_.node, axis_.at(up, n)}});
        };
    }
    using Runs = std::vector<std::pair<std::int64_t, std::int64_t>>;
    std::vector<std::int64_t> probes_on(bool up) const;
    Runs runs_on(bool up, const std::set<std::int64_t>& probes, std::size_t most);
    void beyond(bool up, std::int64_t flip, std::vector<WouldChange::Stretch>& out);

    Tries& tries_;
    const Axis& axis_;
    std::vector<feel::Decimal> others_;
    bool looks_first_;  ///< while the others stand
};

}  // namespace zoneval::audit
