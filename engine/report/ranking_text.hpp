// A table of results on a terminal.
#pragma once

#include <string>

#include "engine/report/view.hpp"

namespace zoneval::report {

struct RankingOptions {
    bool all = false;     ///< every row; else the first, ties, undetermined and unranked ones, the gaps counted
    bool colour = false;  ///< outcomes; nothing depends on it
    bool chosen = false;  ///< the reader chose the rows' order: no rows are picked out for their rank
    std::size_t width = 100;
    std::string next;       ///< what can be asked next: lines, or empty
    std::string condition;  ///< of --where, for the line that counts
    std::size_t cannot_tell = 0;
};

/// Counts first, then rows, then what is undetermined, and which run it is.
std::string ranking_text(const View& view, const RankingOptions& options);
/// The rows alone, as assess prints them; at most `most` of them.
std::string rows_text(const View& view, const RankingOptions& options);
/// What the asterisks in them mean: whose numbers rest on which figures that were filled in; empty: there are none.
std::string imputed_lines(const View& view, const RankingOptions& options);

}  // namespace zoneval::report
