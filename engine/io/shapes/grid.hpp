// All cells of a file or sheet with their places: what shapes are made of, and what `inspect` looks at.
#pragma once

#include "engine/io/cells/rows.hpp"
#include "engine/table/texts.hpp"

namespace zoneval::io {

class Grid {
  public:
    /// Reads the source to its end, or to where it is malformed (then a diagnostic was added).
    Grid(RowSource& source, Diagnostics& diagnostics);

    std::size_t rows() const { return lines_.size(); }  ///< those that hold anything
    std::size_t width(std::size_t row) const { return firsts_[row + 1] - firsts_[row]; }
    std::uint32_t line(std::size_t row) const { return lines_[row]; }
    /// Empty beyond the row's width.
    std::string_view text(std::size_t row, std::size_t column) const {
        return column < width(row) ? texts_[firsts_[row] + column] : std::string_view{};
    }
    Facts facts(std::size_t row, std::size_t column) const {
        const auto at = firsts_[row] + column;
        return column < width(row) && at < facts_.size() ? facts_[at] : Facts{0};
    }
    bool has_facts() const { return !facts_.empty(); }

  private:
    Texts texts_;
    std::vector<Facts> facts_;  ///< of the first cells; those beyond have none
    std::vector<std::size_t> firsts_{0};
    std::vector<std::uint32_t> lines_;
};

}  // namespace zoneval::io
