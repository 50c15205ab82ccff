// How close an outcome was, as sentences and tables. Not for other folders but report.
#pragma once

#include "engine/audit/course_text.hpp"

namespace zoneval::audit {

/// "0.06 points more and it would be none."
std::vector<std::string> points_told(const Explanation& explanation);
/// By rows, which values of the figure lead to what; the first row has the headings.
Rows figure_told(const Explanation& explanation, const CloseCalls::Figure& figure);
/// "Tried at figures from 0 to 5,000 …"; empty: there is nothing to say.
std::string tried_told(const CloseCalls::Figure& figure, wording::Language language);

}  // namespace zoneval::audit
