// A rule set as its authors wrote it. Everything carries its place; expressions are still text.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/diag/source.hpp"
#include "engine/feel/parsing/parse.hpp"
#include "engine/feel/syntax/decision_table.hpp"
#include "engine/feel/value/value.hpp"
#include "engine/table/schema.hpp"

namespace zoneval::model {

/// A text, in one or several languages. The language of a plain text is "".
struct Text {
    std::vector<std::pair<std::string, std::string>> by_language;
    bool empty() const { return by_language.empty(); }
    /// The text in a language, else the plain one, else English, else the first.
    std::string in(std::string_view language) const;
};

struct Citation {
    std::string document;  ///< empty: the rule set's own authority
    std::string clause;
    SourcePtr source;
    Span span;
    std::string to_string() const;
};

/// What inputs, parameters, measures, scores, decisions and targets have in common.
struct Definition {
    std::string name;
    SourcePtr source;
    Span span;  ///< of the name
    Text title, description;
    std::optional<Citation> cite;
    std::string unit;
    std::optional<int> decimals;
    std::optional<feel::Rounding> rounding;            ///< to those decimals; none: as the rule set says
    std::vector<std::pair<std::string, Text>> labels;  ///< what people read in the place of a value, by its text
    /// What people read in the place of a value: the value itself where nobody said it in the language, nor in English.
    std::string label(std::string_view value, std::string_view language) const;
};

struct Input : Definition {
    feel::Type::Kind type = feel::Type::Kind::number;
    std::optional<feel::Decimal> min, max;  ///< inclusive
    std::vector<std::string> values;
    bool required = false;
    feel::Missing blank = feel::Missing::not_reported;
    std::string column;  ///< header in data files; the name when empty
    bool round = false;  ///< `decimals: round`: data files are read at 15 digits
};

/// What another rule set's assessment, in the same store, says of the same record. `blank`: what it means that the
/// record took no part in it.
struct OtherOutcome : Input {
    std::string outcome, ruleset;  ///< a decision, score or recorded measure of that rule set
    int years_back = 0;
};

struct Parameter : Definition {
    struct Dated {
        std::optional<feel::Date> from;  ///< none: always
        feel::Value value;
        SourcePtr source;
        Span span;
    };
    std::vector<Dated> values;        ///< ascending
    std::optional<feel::Date> until;  ///< inclusive
    Text assumption;                  ///< why the authors chose a figure the authority does not give
};

struct Measure : Definition {
    feel::ExpressionText is;
    std::optional<int> smallest_group;  ///< of its comparisons within a group; none: as the cohort says
};

/// Beside those of the same parent. Shares of thirds do not add up; the weights as written do.
struct Weight {
    feel::Decimal share{1};    ///< 0..1
    feel::Decimal written{1};  ///< of whole numbers where any is written as a fraction; per cents: the share
    std::optional<feel::ExpressionText> by;  ///< instead of both: a parameter, or what differs from record to record
};

/// What is done about outliers before values become points.
struct Treatment {
    struct Step {
        enum class How { winsorise, log, box_cox } how = How::log;
        feel::Decimal number{0};  ///< so many records at most take the next value; the exponent of Box and Cox
    };
    std::vector<Step> steps;  ///< until the test passes
    bool chained = false;     ///< each of what the step before left; else of the values as they were
    bool always = false;      ///< without a test
    feel::Decimal skewness{2}, kurtosis = feel::Decimal::scaled(35, -1);  ///< it passes below either
};

/// What stands in for a missing value. Linear: between the years before and after that have one.
enum class Impute { nothing, mean, median, last_year, linear };

/// Years whose records are the ones compared with, in the place of this year's.
struct ReferenceYears {
    std::optional<std::int32_t> from, until;  ///< none: all there are
    bool cover(std::int32_t year) const { return !from || (*from <= year && year <= *until); }
    std::string to_string() const;
};

struct Indicator {
    feel::ExpressionText of;
    std::optional<feel::ExpressionText> per;  ///< what it is divided by
    std::optional<Treatment> treatment;
    Impute impute = Impute::nothing;
    std::optional<feel::ExpressionText> impute_within;  ///< the group that mean or median are of
    Weight weight;
    enum class Normalise {
        goalposts,
        min_max,
        percent_rank,
        z_score,
        rank,
        borda,
        fraction_of_maximum,
        distance_to_target,
        distance_to_reference,
        categories,
        none
    } normalise = Normalise::goalposts;
    std::optional<feel::ExpressionText> worst, best;  ///< goalposts
    std::optional<feel::ExpressionText> target;       ///< distance to it
    struct Category {
        feel::ExpressionText test;  ///< unary tests of the value
        feel::Decimal points;
    };
    std::vector<Category> categories;           ///< the first that holds gives the points
    std::optional<feel::Decimal> minimum = {};  ///< points below it limit the group it belongs to
    std::string reference;                      ///< the record that has the best points
    feel::Decimal mean{0}, deviation{1};        ///< of z-scores
    bool lower_is_better = false;
    std::optional<bool> truncate = {};  ///< to the scale; none: as the method does
    bool average_ties = false;          ///< of ranks: equal values share the mean of their places
    std::optional<feel::ExpressionText> within;
    std::optional<int> smallest_group;  ///< as of a measure
    std::optional<ReferenceYears> reference_years = {};
    SourcePtr source;
    Span span;
};

/// How parts become one.
struct Aggregation {
    enum class How { arithmetic, geometric, harmonic, power, median, minimum, copeland } how = How::arithmetic;
    feel::Decimal exponent{1};           ///< of a power mean
    std::optional<feel::Decimal> floor;  ///< parts below count as this
};

/// What is done to the mean of a group: points on top of it and off it, and what it cannot go above.
struct Adjustments {
    struct Extra {
        feel::ExpressionText of;
        std::optional<feel::ExpressionText> when;  ///< else no points
        std::optional<feel::Decimal> at_most;
    };
    struct Extras {
        std::vector<Extra> points;
        std::optional<feel::Decimal> at_most;  ///< together
        bool beyond_scale = false;
    } bonus, penalties;
    struct Veto {
        feel::ExpressionText when;
        feel::Decimal at_most;
    };
    std::vector<Veto> vetoes;
    std::optional<feel::Decimal> below_minimum;  ///< at most this where a part has less than its minimum
};

/// How much of the parts of a group must be there, where missing ones are left out.
struct Presence {
    std::optional<feel::Decimal> at_most;   ///< share of the weight that may be missing
    std::optional<feel::Decimal> at_least;  ///< parts that must be there
    bool is_share = false;                  ///< at_least is: of their number
};

/// Of indicators, or of groups.
struct IndicatorGroup {
    std::string name;  ///< empty: the score itself
    Weight weight;
    Aggregation aggregation;
    Adjustments adjustments;
    Presence presence;                          ///< of its own parts
    std::optional<feel::Decimal> minimum = {};  ///< as of an indicator
    enum class Weigh {
        as_written,
        entropy,
        component,
        equal_correlation
    } weigh = Weigh::as_written;  ///< its parts, by the data
    std::vector<Indicator> indicators;
    std::vector<IndicatorGroup> groups;
    SourcePtr source;
    Span span;
};

/// Bonus, penalties, vetoes or minima are said of it, or of a group below.
bool is_adjusted(const IndicatorGroup& group);
/// Its own parts must be there to some extent, or those of a group below.
bool has_presence(const IndicatorGroup& group);

struct Score : Definition {
    feel::Decimal low{0}, high{100};  ///< scale
    enum class OnMissing { unknown, zero, reweight } on_missing = OnMissing::unknown;
    Presence presence;  ///< reweight: of all indicators, at whatever depth
    /// Records with fewer figures, or fewer that are not zero, take no part: shares of the indicators, and of those
    /// that are there.
    struct Screen {
        std::optional<feel::Decimal> available, non_zero;
    };
    std::optional<Screen> screen;
    IndicatorGroup whole;
};

/// Why a rule gives what it gives: a text with expressions in braces.
struct Reason {
    std::string language;  ///< "" of a plain text
    feel::ExpressionText text;
};

/// A number of years: as written, or what a parameter says.
struct Years {
    int number = 0;
    std::optional<feel::ExpressionText> parameter;  ///< its name
};

/// A rule of a list, a row of a decision table, or a transition of a lifecycle.
struct Rule {
    std::string id;
    feel::ExpressionText when;                ///< of a list
    std::vector<feel::ExpressionText> cells;  ///< of a table: unary tests, one for each of its inputs
    feel::ExpressionText then;
    bool then_is_value = false;                ///< `then` is the text of a declared value, not an expression
    std::map<feel::Missing, bool> if_missing;  ///< what the condition counts as when data of that kind are missing
    std::vector<Reason> because;               ///< the first is the one that runs record; none: no reason
    std::optional<Citation> cite;
    std::optional<feel::ExpressionText> clause;  ///< of cite, where it has formulas in braces: each record's own
    std::optional<feel::Date> in_force_from, in_force_until;  ///< of assessment dates, inclusive; none: always
    SourcePtr source;
    Span span;
    // Of a lifecycle's transition only:
    std::vector<std::string> from;  ///< states it leaves; empty: an ordinary rule
    Years after;                    ///< that the record must have been in that state
    bool deadline = false;          ///< made of a state's `deadline`: tried after all others on purpose
    std::string skips;              ///< why it may pass over a rung
};

/// A ladder of states, read from `lifecycles`. It is a decision whose rules are transitions and whose value, when no
/// transition holds, is last year's.
struct Lifecycle {
    std::string start;
    bool stay_if_unknown = false;  ///< a transition that cannot be told is none: an open year moves nobody
    struct State {
        std::string name;
        bool adverse = false, final = false;
        Years ban;  ///< before anything leads out of it
        SourcePtr source;
        Span span;
    };
    std::vector<State> states;  ///< in the order of the ladder, the mildest first
};

/// Rule lists, decision tables and lifecycles alike: rules in order, a hit policy, and what holds otherwise.
struct Decision : Definition {
    std::vector<feel::Value> values;  ///< declared outcomes; empty: any
    std::vector<feel::Value> adverse;
    /// Whom the outcome is about, where that is not the record: a city's duty about a zone.
    struct Subject {
        feel::ExpressionText who;
        Text title;  ///< what it is: "City"
    };
    std::optional<Subject> subject;
    feel::HitPolicy hit_policy = feel::HitPolicy::first;
    feel::Aggregator aggregator = feel::Aggregator::none;  ///< of collect
    std::vector<feel::ExpressionText> inputs;              ///< of a decision table; empty: a list of rules
    std::vector<Rule> rules;
    std::optional<feel::ExpressionText> otherwise;
    bool otherwise_is_value = false;
    bool otherwise_null = false;  ///< `otherwise: null` is written: a record that no rule speaks of has no outcome
    bool over_time = false;  ///< of lists: what was gained, what was lost and since when each holds are values, too
    std::optional<Lifecycle> lifecycle;  ///< then the rules are its transitions

    bool is_table() const { return !inputs.empty(); }
    bool declares(const feel::Value& value) const;
    /// Of a list (hit policy collect): whether any of its elements is adverse.
    bool is_adverse(const feel::Value& value) const;
    /// Texts of the declared values, for messages.
    std::vector<std::string> value_names() const;
    /// Whether the outcome is a list of what the rules give.
    bool gives_list() const {
        using enum feel::HitPolicy;
        return hit_policy == rule_order || hit_policy == output_order ||
               (hit_policy == collect && aggregator == feel::Aggregator::none);
    }
};

struct Observation {
    std::int32_t year = 0;
    feel::Decimal value;
    std::string source_text, confidence, definition, note;
};

struct Target : Definition {
    enum class Kind { growth, linear, cumulative_reduction, level } kind = Kind::growth;
    bool up = true;
    std::optional<Observation> base;
    struct Goal {
        std::optional<feel::Date> from;  ///< none: from the beginning
        std::int32_t year = 0;
        feel::Decimal value;
        std::string assumption;
        Text because;  ///< why it took the place of the one before
        std::optional<Citation> cite;
    };
    std::vector<Goal> goals;  ///< ascending, the first in force first
    /// The one in force on a day; nullptr: none yet.
    const Goal* goal_on(feel::Date day) const;
    std::optional<feel::ExpressionText> is;
    std::vector<Observation> observed;
};

struct TestRecord {
    std::string id;
    struct Given {
        std::string name;
        int years_back = 0;
        feel::Value value;
        SourcePtr source;
        Span span;
    };
    std::vector<Given> given;
    struct Expect {
        std::string name;
        bool rule = false;
        bool undetermined = false;
        feel::Value value;
        SourcePtr source;
        Span span;
    };
    std::vector<Expect> expect;
    /// Of another kind: what each record of it is given. No entry: nothing of that kind was supplied for this record.
    struct GivenOfKind;
    struct GivenKind {
        std::string kind;
        std::vector<GivenOfKind> records;
        SourcePtr source;
        Span span;
    };
    struct GivenOfKind {
        std::vector<Given> given;
        std::vector<GivenKind> kinds;  ///< whose records belong to it
    };
    std::vector<GivenKind> kinds = {};
};

struct Test {
    std::string name;
    std::optional<std::int32_t> year;
    std::vector<TestRecord> records;  ///< one with an empty id for a test without `records`
    SourcePtr source;
    Span span;
};

struct Dataset {
    std::string name, id, year;
    std::string of;  ///< the kind of record it feeds; empty: the rule set's own
    Text title;
    bool all_inputs = true;                      ///< no `columns`: takes every input
    std::map<std::string, std::string> columns;  ///< input -> header
    std::map<std::string, std::map<std::string, std::string>> translate;
    std::map<std::string, feel::Missing> missing_codes;
    std::vector<std::string> ignore, roster;
    std::map<std::string, std::string> aliases;
    feel::Missing no_row = feel::Missing::not_reported;  ///< what it means that a record has no row in the dataset
    Shape shape;                                         ///< how the table lies in its file
    CellForm form;                                       ///< how the file writes the cells of every column …
    std::map<std::string, CellForm> forms;               ///< … and of an input
    SourcePtr source;
    Span span;
};

/// Records that went on under other names: renamed, merged or split.
struct Succession {
    std::vector<std::string> from, to;  ///< merged: several from one; split: one to several; renamed: one to one
    feel::Date on;                      ///< from this day on the new names stand
    std::string history_of;             ///< merged: whose standing the new record takes over; empty: what all agree on
    SourcePtr source;
    Span span;
    bool is_renaming() const { return from.size() == 1 && to.size() == 1; }
};

struct RuleSet;
/// Records of another kind that belong to a record: parks of a zone, acts about it.
struct RecordKind : Definition {
    std::string of;                        ///< the kind whose records they belong to; empty: the rule set's own
    std::string key;                       ///< the input that names the record each belongs to
    std::string dated;                     ///< the input with the day of each; empty: they are of years
    bool none_is_unknown = false;          ///< `no records: not reported`: who has none has not reported them
    std::shared_ptr<const RuleSet> rules;  ///< its inputs and measures: a small rule set, never null
};

/// A definition that results show, in the order of `publish`.
struct Published {
    std::string name;
    SourcePtr source;
    Span span;
};

struct RuleSet {
    std::string id;
    Text title, description;
    struct {
        std::string document;
        Text title;
        std::optional<feel::Date> issued;
        std::vector<std::string> clauses;  ///< that may be cited; empty: any
    } authority;
    std::optional<feel::Date> effective_from, effective_until;
    std::string record = "record", id_column, year_column = "year", label_input;
    Text record_title;  ///< what a record is, in readers' languages; empty: as it is commonly called (record_title())
    std::optional<feel::ExpressionText> assessment_date;
    int cycle = 1;  ///< years from one review to the next
    std::optional<feel::ExpressionText> cohort_when;
    bool cohort_carry = false;
    int smallest_group = 0;  ///< records with a value, below which a comparison within a group cannot be made
    feel::Rounding rounding = feel::Rounding::half_even;

    std::vector<Input> inputs;
    std::vector<OtherOutcome> uses;
    std::vector<Input> offered;  ///< by tables of indicators: inputs where nothing else has the name
    std::vector<Parameter> parameters;
    std::vector<Measure> measures;
    std::vector<Score> scores;
    std::vector<Decision> decisions;
    std::vector<Target> targets;
    std::vector<Test> tests;
    std::vector<Dataset> datasets;
    std::vector<Succession> successions;
    std::vector<RecordKind> kinds;  ///< all of them; of a kind: those whose records belong to its own
    /// Of a kind: inputs of the record it belongs to; its formulas call them by joined_name.
    std::vector<Input> joined;
    std::string owner;               ///< the kind of that record
    std::vector<Published> publish;  ///< empty: what published_names says

    std::string entry;             ///< path of the file that was given
    std::vector<SourcePtr> files;  ///< the entry and its imports, each once

    const Input* input(std::string_view name) const;
    const RecordKind* kind(std::string_view name) const;  ///< or nullptr
};

/// `planned area of zone`: how the records of a kind call an input of the zone that they belong to.
std::string joined_name(const std::string& input, const std::string& record);

/// The contract for data files of one dataset; the first dataset when `name` is empty. nullopt: no such dataset.
std::optional<DatasetSchema> dataset_schema(const RuleSet& rules, std::string_view name);
/// Under which the rows of records that have dates are imported and stored: of no year that data are of.
inline constexpr std::int32_t year_of_dated = 9999;
/// All inputs as columns, for reading a year's table back from the store.
std::vector<ColumnSchema> input_columns(const RuleSet& rules);
std::vector<std::string> dataset_names(const RuleSet& rules);

}  // namespace zoneval::model
