// Years assessed one after the other, each recorded before the next looks back at it.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/assess/stale.hpp"
#include "engine/assess/summary.hpp"
#include "engine/diag/time_account.hpp"

namespace zoneval::assess {

/// A year assessed and recorded.
struct Recorded {
    Assessment assessment;
    std::optional<Stale> stale;  ///< earlier runs it builds on that no longer stand
};

enum class Stage { evaluating, recording };
/// `done` of `total` records; both 0 when a stage begins.
using TellYear = std::function<void(std::int32_t year, Stage stage, std::size_t done, std::size_t total)>;

/// Assesses a year on the newest data and the newest run of each earlier year, and saves it with its rule set, as
/// made by `author` (empty: the user of the computer). Throws
/// as assess() does; then nothing is saved.
Recorded assess_and_record(std::shared_ptr<const graph::Graph> graph, store::Store& store, std::int32_t year,
                           const Options& options, const TellYear& tell = {}, const std::string& author = "");

struct YearsOptions {
    Options how;           ///< its stop token ends the work between records; its report is not used
    std::string language;  ///< of titles
    bool profile = false;  ///< fills YearDone::profile and ::stages
    std::string author;    ///< who makes the runs; empty: the user of the computer
    TellYear tell{};
    std::function<void(const Assessment&)> made{};  ///< called with each year, once it is recorded
};

struct YearDone {
    YearSummary summary;
    std::optional<Stale> stale;
    exec::ColumnReport profile;
    std::vector<TimeAccount::Row> stages;  ///< with `profile`: they add up to the year's time
};

struct YearsDone {
    std::vector<YearDone> years;         ///< in the order asked for; all of them are in the store
    std::optional<Diagnostics> refused;  ///< why the next year could not be assessed, and the rest were not tried
    bool by_store = false;               ///< it was the store that could not
    bool stopped = false;                ///< on request, before all were done
};

YearsDone assess_years(const std::shared_ptr<const graph::Graph>& graph, store::Store& store,
                       const std::vector<std::int32_t>& years, const YearsOptions& options);

}  // namespace zoneval::assess
