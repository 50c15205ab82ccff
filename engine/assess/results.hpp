// What an assessment says of every record, as typed columns with a description: what tables, files and other languages
// are made from.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "engine/assess/assessment.hpp"

namespace zoneval::assess {

struct ResultColumn {
    enum class Part { value, missing, rule, because, possible, waiting_for };
    // One entry for each record; behind a null lies a zero.
    struct Numbers {
        std::vector<double> nearest;
    };
    struct Truths {
        std::vector<std::uint8_t> values;
    };
    struct Dates {
        std::vector<std::int32_t> days;  ///< since 1970-01-01
    };
    struct Texts {
        std::vector<std::string> dictionary;  ///< each once, in order of appearance
        std::vector<std::int32_t> codes;
    };
    struct Lists {
        std::vector<std::vector<std::string>> dictionary;
        std::vector<std::int32_t> codes;
    };

    std::string name;                 ///< "GDP growth", "verdict.rule"
    const graph::Node* of = nullptr;  ///< gives title, unit, decimals, citation
    Part part = Part::value;
    std::vector<std::uint8_t> known;  ///< by record: 0 is null
    std::variant<Numbers, Truths, Dates, Texts, Lists> cells;
};
/// A value as people write it, the items of a list with commas between them.
std::string text_of(const feel::Value& value);

std::string_view to_string(ResultColumn::Part part);  ///< "value", "waiting_for", …

struct ResultsWanted {
    std::vector<std::string> definitions;  ///< visible names; empty: every measure, score and decision
    bool exact_numbers = false;            ///< numbers as Texts of all their digits
};

/// Columns for the assessed records, in the order of `assessment.run.records`. Of each definition its value; of a
/// decision also rule, reason, what is still possible and what it waits for (values and parts as stored with the run);
/// of others why there is none. Throws InputError with ZV103 for a name that the rules do not define. `of` points into
/// the assessment's graph.
std::vector<ResultColumn> results_of(const Assessment& assessment, const ResultsWanted& wanted);

/// A decision about one record, in the texts of the columns.
struct OutcomeTexts {
    store::Outcome::Ending ending = store::Outcome::Ending::nothing_fired;
    bool undetermined = false;         ///< open, or two rules contradict each other: `rule` then names both
    std::string value, rule, because;  ///< empty: none
    std::vector<std::string> possible, waiting_for, failed;
};
/// Precondition: the node is a decision, the record one of the assessed.
OutcomeTexts outcome_of(const Assessment& assessment, const graph::Node& decision, std::size_t record);

}  // namespace zoneval::assess
