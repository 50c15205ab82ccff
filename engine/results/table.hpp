// What a run says of every record: a column for each published definition.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/assess/published.hpp"
#include "engine/assess/results.hpp"
#include "engine/exec/results/labels.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::results {

struct Column {
    enum class Part { record, label, rank, value, rule, because, possible, waiting_for, cite, about };
    // One entry for each record; behind an unknown one lies nothing of use.
    struct Numbers {
        std::vector<feel::Decimal> values;  ///< exact; rounded already where the definition has decimals
    };
    using Truths = assess::ResultColumn::Truths;
    using Dates = assess::ResultColumn::Dates;
    using Texts = assess::ResultColumn::Texts;
    using Lists = assess::ResultColumn::Lists;

    std::string name;   ///< "overall", "verdict.rule"; of another year beside this one "verdict 2023"
    std::string title;  ///< in the reader's language, or the name
    std::string unit, cite;
    std::optional<int> decimals;
    const graph::Node* of = nullptr;  ///< nullptr: of no definition (record, rank)
    Part part = Part::value;
    std::int32_t year = 0;            ///< of another year than the table's; 0: the table's own
    std::vector<std::uint8_t> known;  ///< by record
    std::variant<Numbers, Truths, Dates, Texts, Lists> cells;
    /// Why there is no value: "not reported: GDP". Codes stand beside the records that have none, ascending.
    struct Whys {
        std::vector<std::uint32_t> records, codes;
        std::vector<std::string> dictionary;
    } whys;
    exec::Labels labels;  ///< of values that are words, in the reader's language
    /// Of points, groups and scores: indicators of the record whose value was filled in, as the rule file writes them.
    /// By record; empty: of none.
    std::vector<std::vector<std::string>> imputed;
    bool is_imputed(std::size_t record) const { return !imputed.empty() && !imputed[record].empty(); }

    bool is_number() const { return std::holds_alternative<Numbers>(cells); }
    const feel::Decimal* number(std::size_t record) const;
    /// As people read it, without a unit; empty where there is no value. A number has its decimals, or, where nobody
    /// said how many, at most six and "…". Lists are joined by ` | `.
    std::string text(std::size_t record) const;
    /// The same with labels in the place of words, for people.
    std::string label(std::size_t record) const;
    std::string label_of(const std::string& value) const;  ///< of a word; itself where it has none
    std::string exact_text(std::size_t record) const;      ///< the same with all digits
    std::string why(std::size_t record) const;
    /// label() with the word for an outcome that is undetermined; nothing fired stays empty.
    std::string text_or_undetermined(std::size_t record) const;
    bool is_outcome() const;  ///< the value of a decision
    bool undetermined(std::size_t record) const { return is_outcome() && !known[record] && !why(record).empty(); }
};

struct Table {
    std::shared_ptr<const graph::Graph> graph;  ///< columns point into it
    std::vector<std::shared_ptr<const graph::Graph>>
        of_other_runs;  ///< where columns of several stand beside each other
    std::int32_t year = 0;
    std::int64_t run = 0;
    std::string seal;  ///< hash of the run; empty: not recorded
    store::Standing standing;
    std::int64_t revision = 0;
    std::string ruleset_hash, engine_version, created_at;
    std::vector<std::string> records, notes;
    std::vector<store::Ruling> rulings;  ///< of the rule set, as known today
    std::vector<Column> columns;
    std::string decision;   ///< the main one; empty: the rule set has none
    std::string ranked_by;  ///< what `rank` counts; empty: there is nothing to rank by
    std::string score;      ///< what stands beside an outcome; empty: none
    std::size_t ranked = 0;
    std::vector<std::uint8_t> tied;  ///< by record: another has the same rank

    const Column* find(std::string_view name) const;
    std::size_t size() const { return records.size(); }
};

/// A value as tables show it: the items of a list behind each other.
std::string list_text(const feel::Value& value);

using assess::published;

struct Wanted {
    std::vector<std::string> columns = {};  ///< of definitions, or parts such as "verdict.rule"; empty: published()
    wording::Language language = wording::Language::en;
    bool whys = true;  ///< fills Column::whys of numbers and the like
};

/// The table of an assessment: rank (where something is ranked), record, label, then the columns asked for. Throws
/// InputError with ZV103 for a name that is none, saying which there are.
Table table_of(const assess::Assessment& assessment, const Wanted& wanted);

/// The clause of the rule that gave a record its outcome; empty: none. `outcome`: a decision's column of the table.
std::string clause_of(const Table& table, const Column& outcome, std::size_t record);

/// A title as people read it: in the language, else the name.
std::string title_of(const model::Definition& definition, wording::Language language);
/// The same of a name that a run gives, such as what an outcome waits for; itself where nothing has that name.
std::string title_of(const graph::Graph& graph, const std::string& name, wording::Language language);
using wording::code;

}  // namespace zoneval::results
