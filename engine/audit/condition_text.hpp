// Conditions in words.
#pragma once

#include "engine/audit/conditions.hpp"
#include "engine/audit/lines.hpp"

namespace zoneval::audit {

std::string found_text(const Condition& condition, wording::Language language);  ///< "18.25 points", "0 to 6.90 %"
std::string limit_text(const Condition& condition, wording::Language language);  ///< "below 6 %", "not wasteful"
/// How far it is: "0.83 %", or with `short_by` and others to be counted "2.90 %, 1 zone"; empty where nothing is told.
std::string margin_text(const Condition& condition, wording::Language language);
std::string_view mark_of(exec::Holds holds);  ///< ✓ ✗ ?

/// `rank 8 <= 6 ✗, R&D intensity 5.10 >= 2 ✓`
/// `only_not_met`: of a rule that does not hold, without the conditions that are met.
std::string short_text(const Condition& condition, wording::Language language, bool only_not_met = false);

/// mark, condition, found, limit, margin: a row for each, with a heading.
std::string conditions_table(const std::vector<Condition>& conditions, wording::Language language, bool not_met);
/// "3 of the 58 others lie below it. With 4 …", once for all conditions that say the same.
std::vector<std::string> below_sentences(const std::vector<Condition>& conditions, wording::Language language);
/// The same, a line each.
std::string below_text(const std::vector<Condition>& conditions, wording::Language language, std::size_t width);

}  // namespace zoneval::audit
