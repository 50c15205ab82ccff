// The first row of a file against the schema: which column feeds which input.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/io/rows.hpp"
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
    };
    std::vector<Feed> feeds;  ///< in the schema's order
};

/// Reads the source's current row. Adds ZV403 for a name that appears twice, ZV404 for a column that must be there,
/// ZV405 for one that feeds nothing.
Header read_header(const RowSource& source, const DatasetSchema& schema, Diagnostics& diagnostics);

}  // namespace zoneval::io
