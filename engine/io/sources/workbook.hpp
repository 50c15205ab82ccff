// The parts of a workbook and what is in them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/io/bytes/xml.hpp"
#include "engine/io/cells/spreadsheet_values.hpp"
#include "engine/io/sources/xlsx.hpp"

namespace zoneval::io {

class Zip;

/// The workbook is sound XML, but not what SpreadsheetML says; or not what was asked for.
struct WorkbookError {
    std::string message, hint;
};

struct SheetEntry {
    std::string name, part;
    bool hidden = false;
};

struct Workbook {
    std::vector<SheetEntry> sheets;
    std::string shared_strings_part;    ///< empty: none
    std::vector<NumberFormat> formats;  ///< by cell style
    bool from_1904 = false;
};

Workbook read_workbook(const Zip& zip);
/// Throws WorkbookError for cells out of order or beyond the limits of a sheet.
Sheet read_cells(const Zip& zip, const Workbook& workbook, const SheetEntry& entry);

}  // namespace zoneval::io
