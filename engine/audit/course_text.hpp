// Neighbours in a ranking and earlier years as tables of texts, the same on a terminal and on a page.
#pragma once

#include "engine/audit/explain.hpp"
#include "engine/audit/lines.hpp"

namespace zoneval::audit {

/// The first of the rows is their heading; no rows: there is nothing to show. What stands in them is not escaped.
struct Rows {
    std::vector<Align> columns;
    std::vector<Cells> rows;
};
/// "Overall score (points)": a heading of figures.
std::string in_unit(const std::string& title, const std::string& unit, wording::Language language);
Rows neighbours_told(const Explanation& explanation);
/// A column for each year; `with_rules`: the rule of each, too.
Rows course_told(const Explanation& explanation, bool with_rules);
/// That the score was not what decided; empty: it was, or there is none.
std::string score_no_part(const Explanation& explanation);

}  // namespace zoneval::audit
