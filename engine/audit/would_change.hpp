// What would have changed an outcome: one reported figure at a time, each change found by assessing the year again.
#pragma once

#include "engine/audit/explain.hpp"

namespace zoneval::audit {

struct WouldChange {
    std::string record, label, decision,
        outcome;  ///< outcome: what it is; "undetermined" in the language where it is open
    std::int32_t year = 0;
    std::int64_t run = 0;
    wording::Language language = wording::Language::en;

    struct Flip {
        feel::Value needed;
        std::string outcome;            ///< it leads to
        std::vector<std::string> also;  ///< other records whose outcome would be another, too
    };
    /// INVARIANT (verified): with `needed` the outcome is another, one step less and it is not; both were assessed.
    struct Input {
        Subject of;
        std::string unit;
        int decimals = 0;  ///< one step is a unit of the last of them
        feel::Value reported;
        std::optional<Flip> down, up;  ///< of a number: the nearest found below and above what was reported
        std::vector<Flip> others;      ///< of words and truths: every one that leads to another outcome
        bool every_value = false;      ///< all values there are were tried
    };
    std::vector<Input> inputs;        ///< that can change it alone, the smallest change first, words last
    std::vector<std::string> cannot;  ///< titles of those of which no value was found that does
    std::vector<std::string> held;  ///< titles of texts without declared values, and of figures not reported: not tried
    std::size_t assessed = 0;       ///< how often the year was assessed again
    bool too_many = false;          ///< records; nothing was tried
};

/// Ranks and groups are computed again each time; earlier years, parameters and the other records' figures are held. A
/// number is tried from the least it may be (0 where nothing is declared) to the most (20 times what was reported): all
/// values where they are few, else by steps that double away from what was reported, halved down to one step where the
/// outcome turns. An outcome that turns and turns back between two such steps is not found.
WouldChange would_change(const assess::Assessment& assessment, const graph::Node& decision, std::size_t record,
                         std::string_view language);

std::string render_text(const WouldChange& would_change, const TextOptions& options = {});
std::string render_json(const WouldChange& would_change);

}  // namespace zoneval::audit
