// What changed between two runs, and why: causes found by evaluating again with parts of the one in the other.
#pragma once

#include <array>

#include "engine/results/table.hpp"
#include "engine/store/store.hpp"

namespace zoneval::results {

/// What alone leads from the first outcome to the second.
enum class Cause {
    own,           ///< the record's own figures, of the year and of those it is compared with
    peers,         ///< the figures of the others
    history,       ///< earlier outcomes and the year itself
    rules,         ///< the rule set's text
    correction,    ///< what came to be known of the earlier year after it was assessed
    ruled,         ///< people ruled, the one time or the other
    undetermined,  ///< it was or is undetermined: a figure came, or is missing
    several,       ///< each of two or more alone
    together,      ///< none alone
    unknown        ///< not looked for: too many records
};
inline constexpr std::size_t cause_count = 10;

struct Changes {
    struct Side {
        std::int32_t year = 0;
        std::int64_t run = 0;
        std::string seal, ruleset_hash;
    } from, to;
    std::size_t both = 0;
    std::vector<std::string> entered, left;  ///< records of only one of the runs

    std::string decision;                     ///< empty: there is none
    std::string decision_title, score_title;  ///< in the language
    std::vector<std::string> outcomes;        ///< declared values, then others that occur, then undetermined
    /// What people read in the place of outcomes, in the language, where they have labels.
    exec::Labels labels;
    std::vector<std::size_t> matrix;  ///< outcomes × outcomes, rows from, of records in both
    std::size_t at(std::size_t row, std::size_t column) const { return matrix[row * outcomes.size() + column]; }
    struct Move {
        std::string record, from, to;
        Cause cause = Cause::unknown;
    };
    std::vector<Move> moved;
    std::array<std::size_t, cause_count> causes{};  ///< INVARIANT (causes add up): their sum is moved.size()

    std::string score;  ///< empty: there is none
    struct Score {
        /// Parts of a change, which add up to it exactly.
        struct Parts {
            feel::Decimal own, peers;
            feel::Decimal calendar;    ///< the year and earlier outcomes
            feel::Decimal weights;     ///< of indicators and groups
            feel::Decimal method;      ///< how values become points, points one, and what is done about blanks
            feel::Decimal rules;       ///< all else in the rule set's text
            feel::Decimal correction;  ///< of the earlier year, known since
            feel::Decimal sum() const { return own + peers + calendar + weights + method + rules + correction; }
        };
        /// What an indicator did to the score.
        struct Indicator {
            std::string name, title, unit;
            std::string before, after;  ///< as people read them; empty: missing
            Parts parts;
        };
        std::string record;
        feel::Decimal before, after;
        std::optional<Parts> parts;         ///< none where a value in between is unknown
        std::vector<Indicator> indicators;  ///< the largest change first; empty where the score has no parts
        feel::Decimal change() const { return after - before; }
        /// What rounding the score made of the sum of its indicators.
        Parts rounding() const;
    };
    std::vector<Score> scores;  ///< of records with one in both, the largest change first
    bool parted = false;        ///< parts were looked for
};

struct ChangesOptions {
    wording::Language language = wording::Language::en;
    /// Causes are looked for while records × records to explain stay below this.
    std::size_t most_work = 2'000'000;
};

/// Both assessments are of runs of the store, under one rule set or two. Throws InputError when their main decisions
/// have different names. Own figures and peers are parted by the mean of both orders; what is left when all figures are
/// the later ones is the calendar's; then the earlier rules take the later ones' weights, then their methods, and what
/// is left is the rules'.
Changes changes_between(const assess::Assessment& from, const assess::Assessment& to, const store::Store& store,
                        const ChangesOptions& options = {});

}  // namespace zoneval::results
