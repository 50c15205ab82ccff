// A year's results as one HTML file: no network, no script needed for reading, on a screen, on paper and in grey.
#pragma once

#include <functional>
#include <string>

#include "engine/results/changes.hpp"
#include "engine/results/table.hpp"

namespace zoneval::report {

/// What a page that is served has beside one that is a file.
struct Around {
    std::string bar;                                         ///< HTML above everything else
    std::function<std::string(std::uint32_t record)> below;  ///< HTML at the end of a record's scorecard
};

struct PageData {
    const assess::Assessment* assessment = nullptr;
    /// With rule, because, possible and waiting_for of every decision, and the columns of earlier years.
    const results::Table* table = nullptr;
    const results::Changes* changes = nullptr;  ///< since the year before; nullptr: there is none
    std::vector<std::string> shown;             ///< columns of the ranking, by name
    std::vector<Batch> files;
    std::string store;  ///< as commands name it
    wording::Language language = wording::Language::en;
    const Around* around = nullptr;  ///< nullptr: it is a file
    /// Scorecards of adverse and undetermined outcomes say what would have changed them.
    bool what_would_change = false;
    std::vector<double> holds = {};  ///< by record: in what share of `readings` its outcome holds; empty: nobody looked
    std::size_t readings = 0;
};

/// Ranking rows and scorecards beyond these are left out, and the page says so.
inline constexpr std::size_t most_ranked_rows = 5'000, most_cards = 400;

/// The page holds its own style and script; its Content-Security-Policy lets nothing else in, by their hashes.
std::string report_page(const PageData& data);

}  // namespace zoneval::report
