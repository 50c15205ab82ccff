// What an import would change, cell by cell, before it is done.
#pragma once

#include <string>
#include <vector>

#include "engine/io/import.hpp"
#include "engine/store/store.hpp"

namespace zoneval::assess {

struct FileChanges {
    std::string file, sheet;
    std::size_t rows = 0;
    std::vector<std::int32_t> years;  ///< ascending
    std::size_t known = 0;            ///< records that have a row of the year already
    std::vector<std::string> added;   ///< records the store does not know in any year
    std::size_t new_rows = 0;         ///< of known records, in a year that had none of them
    struct Cell {
        std::string record;
        std::int32_t year;
        std::string input, was, now;  ///< a value, or the kind of missing
    };
    std::vector<Cell> cells;  ///< of known rows: those that would say something else
    std::size_t arriving = 0, corrected = 0, withdrawn = 0;
    std::size_t same = 0, blank = 0;  ///< cells that say what is stored; empty ones, which change nothing
    std::int64_t same_as = 0;         ///< revision of an import of the same bytes; 0: there is none
};

/// `store` may be null: then everything is new. Each file is compared with what is stored, not with the files before
/// it.
std::vector<FileChanges> changes(const store::Store* store, const std::vector<io::ImportedRows>& files,
                                 const DatasetSchema& schema);

}  // namespace zoneval::assess
