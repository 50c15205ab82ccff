// Files that a rule set consists of: texts, and tables that are kept in a workbook.
#pragma once

#include <optional>
#include <string>

namespace zoneval::io {

/// The text of a file, or nullopt when it cannot be read. Of a workbook (`indicators.xlsx`, or `indicators.xlsx#Sheet`)
/// the sheet as CSV: a line for each row, cells as Excel shows them, per cents as per cents. Throws InputError for a
/// workbook that is not one, or has no such sheet.
std::optional<std::string> read_text_or_sheet(const std::string& path);

}  // namespace zoneval::io
