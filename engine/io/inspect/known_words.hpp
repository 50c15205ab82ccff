// Words by which people's tables are known, in the languages they come in: totals, notes, units, names of columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zoneval::io {

/// A row of this name is the sum of all others: `合 计`, `全国 National`, `Insgesamt`.
bool is_total(std::string_view text);
/// The ending by which a row of a name like `东部小计` is the sum of a part, as it is written there; "" where it is
/// none.
std::string_view sum_of_part(std::string_view text);

/// A note below or above a table: `注：…`, `Quelle: …`. `thin`: it stands alone in its row; else it must be marked as a
/// note by a colon or a bracket, for records may have names that begin so.
bool is_note(std::string_view text, bool thin);
/// The beginning of a note by which it is known again: up to its colon.
std::string note_word(std::string_view text);

bool is_unit_word(std::string_view text);
/// What people write where there is no figure: `—`, `…`, `n/a`, `不适用`. Which kind of missing it is, only they know.
bool is_missing_word(std::string_view text);
/// The unit that a line such as `续表 单位：亿元` gives for the whole table; "" where it gives none, or several.
std::string unit_in_line(std::string_view text);

// Headings, the surest first.
const std::vector<std::string_view>& year_headings();
const std::vector<std::string_view>& code_headings();
const std::vector<std::string_view>& name_headings();
bool is_indicator_heading(std::string_view text);
bool is_value_heading(std::string_view text);
bool is_unit_heading(std::string_view text);

}  // namespace zoneval::io
