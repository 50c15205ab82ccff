// Builds small workbooks in memory, right or wrong in the ways a test needs.
#pragma once

#include <map>
#include <string>

namespace zoneval::io::test {

struct WorkbookBuilder {
    std::string rows;                 ///< inside <sheetData>
    std::string shared;               ///< inside <sst>
    std::string cell_formats;         ///< inside <cellXfs>
    std::string number_formats;       ///< inside <numFmts>
    std::string workbook_properties;  ///< <workbookPr …/>
    std::string sheets = R"(<sheet name="Data" sheetId="1" r:id="rId1"/>)";
    std::map<std::string, std::string> replaced;  ///< part -> its whole content instead

    std::string bytes() const;  ///< the .xlsx file
};

}  // namespace zoneval::io::test
