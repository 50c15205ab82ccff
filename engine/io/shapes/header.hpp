// The first row of a file against the schema: which column feeds which input.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/io/cells/rows.hpp"
#include "engine/table/schema.hpp"

namespace zoneval::io {

struct Header {
    std::size_t width = 0;
    std::vector<std::string> names;   ///< as in the file
    std::vector<std::string> absent;  ///< inputs whose column need not be there, and is not
    std::optional<std::size_t> id, year;
    struct Feed {
        std::size_t cell;
        const ColumnSchema* column;
        std::optional<feel::Decimal> factor{};  ///< makes the input's unit of the file's; none: they are the same
    };
    std::vector<Feed> feeds;  ///< in the schema's order
};

/// A heading without line breaks, which only save room: gone between Chinese characters, else a blank.
std::string one_line(std::string_view heading);

/// `收入（万元）` as its name and what stands in brackets; the whole name and "" where there is none.
struct HeadingParts {
    std::string name, unit;
};
HeadingParts heading_parts(const std::string& heading);

/// Reads the source's current row. Adds ZV403 for a name that appears twice, ZV404 for a column that must be there,
/// ZV405 for one that feeds nothing, ZV407 for a unit that is not the input's, ZV414 for one that is converted. A
/// heading may carry its unit in brackets: `收入（万元）` feeds the column headed `收入`.
Header read_header(const RowSource& source, const DatasetSchema& schema, Diagnostics& diagnostics);

}  // namespace zoneval::io
