// What an import changes, cell by cell: known before it is done.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/io/reading/import.hpp"
#include "engine/store/store.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::assess {

struct FileChanges {
    std::string file, sheet;
    std::size_t rows = 0;
    std::vector<std::int32_t> years;  ///< ascending
    std::size_t known = 0;            ///< records that have a row of the year already
    std::vector<std::string> added;   ///< if listed: records the store does not know in any year
    std::size_t new_rows = 0;         ///< rows of records that had none of the year
    std::size_t new_cells = 0;        ///< in those rows, that say something
    struct Cell {
        std::string record;
        std::int32_t year;
        std::string input, was, now;  ///< a value, or the kind of missing
    };
    std::vector<Cell> cells;  ///< if listed: of known rows, those that would say something else
    std::size_t arriving = 0, corrected = 0, withdrawn = 0;
    std::size_t same = 0, blank = 0;  ///< cells that say what is stored; empty ones, which change nothing
    /// The newest import of the same bytes that still counts.
    std::optional<store::Store::Before> before{};
    std::size_t changing() const { return arriving + corrected + withdrawn; }
};

enum class Listed { counts_only, cells };

/// `store` may be null: then everything is new. The file is compared with what is stored, not with files beside it.
/// Kinds of missing are told in `language`.
FileChanges changes(const store::Store* store, const io::ImportedRows& file, const DatasetSchema& schema, Listed listed,
                    wording::Language language = wording::Language::en);

}  // namespace zoneval::assess
