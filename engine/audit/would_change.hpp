// What would have changed an outcome: one reported figure at a time, two together, a parameter. Each change is found
// and shown to be true by computing anew all that hangs on it (exec::Counterfactual).
#pragma once

#include "engine/audit/explain.hpp"
#include "engine/audit/lines.hpp"

namespace zoneval::audit {

struct WouldChange {
    std::string record, label, decision,
        outcome;  ///< outcome: what it is; "undetermined" in the language where it is open
    exec::Labels labels;
    std::int32_t year = 0;
    std::int64_t run = 0;
    std::string seal;
    store::Standing standing;
    std::int64_t revision = 0;
    wording::Language language = wording::Language::en;
    std::string score;                  ///< title of the score behind the decision; empty: there is none
    std::optional<int> score_decimals;  ///< it is shown with

    struct Flip {
        feel::Value needed;
        std::string outcome;            ///< it leads to; empty: undetermined
        feel::Value score;              ///< then
        std::vector<std::string> also;  ///< other records whose outcome would be another, too
    };
    /// Values of a figure next to each other that lead to one outcome.
    struct Stretch {
        feel::Value from, to;
        std::string outcome;
    };
    /// INVARIANT (verified): with `needed` the outcome is another, one step less and it is not.
    struct Input {
        Subject of;
        exec::Labels labels;  ///< of its values
        std::string unit;
        int decimals = 0;              ///< one step is a unit of the last of them
        feel::Value reported;          ///< null: it was not
        std::optional<Flip> down, up;  ///< of a number: the nearest found below and above what was reported
        std::vector<Flip> others;      ///< of words and truths: every one that leads to another outcome
        bool every_value = false;      ///< all values there are were tried
        /// Beyond a flip, where the outcome turns again; of a figure that was not reported all that was found.
        std::vector<Stretch> stretches;
    };
    std::vector<Input>
        inputs;  ///< that can change it alone, the smallest change first; words, then what is not reported
    /// Two figures that lead to another outcome together, by less than either alone, the smallest change first.
    struct Pair {
        struct One {
            Subject of;
            std::string unit;
            int decimals = 0;
            feel::Value reported, needed;
        } first, second;
        std::string outcome;
        feel::Decimal change;  ///< of each, as a share of what was reported
    };
    std::vector<Pair> pairs;
    /// Numbers that the rules, not the record, would have to have.
    struct Outside {
        std::string parameter, title, unit;
        bool assumption = false;
        feel::Value now;
        int decimals = 0;
        Flip flip;
    };
    std::vector<Outside> outside;     ///< the smallest change first
    std::vector<std::string> cannot;  ///< titles of figures of which no value was found that does
    std::vector<std::string> held;    ///< titles of what was not tried (see would_change)
    std::size_t tried = 0;            ///< how often it was computed anew
    bool others_stand = false;        ///< the others' own ranks and points were held, too: there are too many
};

/// Ranks and groups are computed anew each time; earlier years and the other records' figures are held. A number is
/// tried from the least it may be (0 where nothing is declared) to the most (20 times what was reported): all values
/// where they are few; else at steps that double away from what was reported, beside the figures of the nearest
/// others, and, where the outcome turns between two of those, halved down to one step. Long axes, and those of large
/// cohorts, are searched while the others' ranks and points stand, and what is found is moved to where it turns with
/// all of them computed anew. An outcome that turns and turns back in between is not found. Held are texts without
/// declared values, and figures that say who belongs to the cohort or that records of other kinds read; in cohorts of
/// more than 20,000 also the others' own ranks and points, and parameters that move them. The result does not depend on
/// the threads.
WouldChange would_change(const assess::Assessment& assessment, const graph::Node& decision, std::size_t record,
                         std::string_view language, unsigned threads = 1);

/// Its heading, and what stands below: titles may be empty, the first of the rows is their heading.
struct Section {
    std::string title;
    std::vector<Align> columns;
    std::vector<Cells> rows;
    std::vector<std::string> texts;
};
std::string head(const WouldChange& would_change);
std::vector<Section> sections(const WouldChange& would_change);

std::string render_text(const WouldChange& would_change, const TextOptions& options = {});
std::string render_json(const WouldChange& would_change);

}  // namespace zoneval::audit
