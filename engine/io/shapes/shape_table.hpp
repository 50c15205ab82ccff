// From the cells of a file to the table in them, step by step as a shape declares it.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/io/shapes/grid.hpp"
#include "engine/table/schema.hpp"

namespace zoneval::io {

/// A cell and where it stands in the grid: made ones stand where what they were made of stands.
struct ShapedCell {
    std::string_view text;
    std::uint32_t row = 0;  ///< of the grid
    std::uint16_t column = 0;
    Facts facts = 0;
};

struct ShapedTable {
    std::vector<std::string> names, units;  ///< of the columns
    std::vector<ShapedCell> headings;       ///< where the names stand
    std::vector<ShapedCell> cells;          ///< row by row, as many as there are names
    /// Texts that no cell holds; tables made of this one share them.
    std::shared_ptr<std::deque<std::string>> made = std::make_shared<std::deque<std::string>>();

    std::size_t width() const { return names.size(); }
    std::size_t rows() const { return names.empty() ? 0 : cells.size() / names.size(); }
    std::size_t column(std::string_view name) const;  ///< npos: there is none
    static constexpr std::size_t npos = static_cast<std::size_t>(-1);
    ShapedTable without(const std::vector<std::size_t>& columns) const;
    void add_column(std::string name, ShapedCell heading);  ///< its cells are the caller's to add
};

/// Where a cell of the grid is, for messages.
using Where = std::function<Location(std::size_t row, std::size_t column)>;

/// What `year: {from: …}` reads: names of sheet and file.
struct Titles {
    std::string file, sheet;
};

/// Adds an error for whatever the shape does not fit; the table must then not be used.
ShapedTable shaped(const Grid& grid, const DatasetSchema& schema, const Titles& titles, bool ragged_allowed,
                   const Where& where, Diagnostics& diagnostics);

/// The year in a heading such as `2023年`, `2023` or `GDP 2023`, and what else it says; nullopt: there is none, or two.
struct YearHeading {
    std::int32_t year;
    std::string rest;
};
std::optional<YearHeading> year_heading(std::string_view heading, const Shape& shape);
/// The different years in a text, as four digits that stand alone.
std::vector<std::int32_t> years_in(std::string_view text, const Shape& shape);

}  // namespace zoneval::io
