// What an agency reads after an annual assessment.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/assess/assessment.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::assess {

struct DecisionSummary {
    std::string decision, title;
    std::vector<std::pair<std::string, std::size_t>> counts;  ///< declared values first, in their order
    std::map<std::string, std::string> shown;  ///< outcomes as people read them in the language; others as they are
    std::size_t undetermined = 0;  ///< open: that wait for data, or cannot be told because an operation failed
    struct Case {
        std::string record, label, value, rule, because, cite;
        std::string about = {};  ///< whom, where that is not the record
        std::string told = {};   ///< `because` in the language, where that is not what is recorded
    };
    std::vector<Case> adverse;
    struct Open {
        std::string record, label;
        std::vector<std::string> possible, waiting_for, failed;
        std::vector<std::string> waiting_titles = {};  ///< of waiting_for, in the language
    };
    std::vector<Open> open;
    bool operation_failed = false;  ///< of some of these, on data that are there: for the rules to guard against
    /// Rules that hold together against the hit policy: mistakes of the rules.
    struct Conflict {
        std::string record, label, first, second;
    };
    std::vector<Conflict> conflicts;
    /// Outcomes that people decided; they count as what was ruled.
    struct Ruled {
        std::string record, label, value;
        std::string by_rules;               ///< what the rules alone give; "": they leave it open
        std::vector<std::string> possible;  ///< between these
        std::int64_t ruling = 0;
        std::string by, on, reason, document;
    };
    std::vector<Ruled> ruled;
};

struct TargetSummary {
    std::string target, title, cite, goal, base;  ///< goal: "15 % by 2025"
    struct Point {
        std::int32_t year;
        std::string value, ratio, status, source, note;
        bool published;
    };
    std::vector<Point> points;
};

struct YearSummary {
    std::int32_t year = 0;
    std::int64_t run = 0;
    std::string ruleset, title, authority, hash, record_kind;
    std::string record_title;  ///< the kind in the language
    wording::Language language = wording::Language::en;
    std::size_t records = 0;
    std::vector<DecisionSummary> decisions;
    std::vector<TargetSummary> targets;
    std::vector<std::string> notes;
    Attendance attendance;
    Diagnostics findings;  ///< what to look into, such as earlier runs that no longer stand
};

/// INVARIANT (counts add up): for each decision, records = sum of counts + undetermined + conflicts; checked here, and
/// a violation is a std::logic_error. `language` picks titles.
YearSummary summarise(const Assessment& assessment, std::string_view language);

/// "on track", as exec::Progress has it, in the language.
std::string status_told(std::string_view status, wording::Language language);

struct TextOptions {
    std::string program;  ///< as the command was called, for the command it proposes next
    std::string store;
    bool all = false;
    bool colour = false;
    std::string ranking = "";  ///< shown before what can be asked next
};
std::string render_text(const std::vector<YearSummary>& years, const TextOptions& options);
/// `results` are JSON arrays with an object for each record, one for each year; or none.
std::string render_json(const std::vector<YearSummary>& years, const std::vector<std::string>& results = {});

}  // namespace zoneval::assess
