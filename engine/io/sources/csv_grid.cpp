// Many plain rows of a CSV file at once.
#include <algorithm>
#include <array>
#include <bit>

#include "engine/io/sources/csv.hpp"
#include "engine/table/find_bytes.hpp"

namespace zoneval::io {

namespace {

constexpr std::size_t window = 32 * 1024;  // with its marks, what the first and second cache hold

/// The marks of a text: where its cells end, and which of them end rows.
class Marks {
  public:
    Marks(std::vector<std::uint32_t>& cells, std::string_view text, char delimiter)
        : cells_(cells), delimiter_(delimiter) {
        cells_.resize(text.size() + 2 + SixtyFour::size);
        cells_[0] = UINT32_MAX;  // the first cell begins at 0
        std::size_t at = 0;
        for (; at + SixtyFour::size <= text.size(); at += SixtyFour::size) add(at, SixtyFour(text.data() + at));
        std::array<char, SixtyFour::size> rest;
        rest.fill(delimiter == ' ' ? 'x' : ' ');
        std::copy(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), rest.begin());
        add(at, SixtyFour(rest.data()));
    }
    void end_row_at(std::size_t end) {
        cells_[1 + count_++] = static_cast<std::uint32_t>(end);
        row_ends_.push_back(count_);
    }

    const std::vector<std::size_t>& row_ends() const { return row_ends_; }  ///< how many marks there are up to each
    std::size_t carriage_returns() const { return carriage_returns_; }
    bool odd() const { return odd_ != 0; }

  private:
    void add(std::size_t at, SixtyFour bytes) {
        const auto lines = bytes.equal('\n'), returns = bytes.equal('\r');
        odd_ |= bytes.equal('"') | bytes.equal('\0');
        if (returns != 0) carriage_returns_ += static_cast<std::size_t>(std::popcount(returns));
        for (auto ends = bytes.equal(delimiter_) | lines; ends != 0; ends &= ends - 1) {
            cells_[1 + count_++] = static_cast<std::uint32_t>(at) + static_cast<std::uint32_t>(std::countr_zero(ends));
            if ((lines & ends & -ends) != 0) row_ends_.push_back(count_);
        }
    }

    std::vector<std::uint32_t>& cells_;
    char delimiter_;
    std::vector<std::size_t> row_ends_;
    std::size_t count_ = 0, carriage_returns_ = 0;
    std::uint64_t odd_ = 0;
};

}  // namespace

bool CsvRows::next_grid(CellGrid& grid, std::size_t width) {
    const auto text = text_.substr(position_, window);
    if (text.empty() || width == 0 || std::string_view("\"\n\r\0", 4).find(delimiter_) != std::string_view::npos)
        return false;
    const bool last = position_ + text.size() == text_.size();
    Marks marks(grid.marks, text, delimiter_);
    if (last && text.back() != '\n') marks.end_row_at(text.size());
    grid.text = text.data();
    grid.width = width;
    grid.rows = marks.row_ends().size();
    grid.carriage_returns = marks.carriage_returns() > 0;
    grid.may_read_back = position_ >= 8;
    if (grid.rows == 0 || marks.odd()) return false;
    for (std::size_t row = 0; row < grid.rows; ++row)
        if (marks.row_ends()[row] != (row + 1) * width) return false;
    const auto used = std::min<std::size_t>(grid.marks[grid.rows * width] + 1, text.size());
    if (grid.carriage_returns) {
        // Each must stand before a line feed, or as the file's last byte.
        std::size_t before_ends = 0;
        for (std::size_t row = 1; row <= grid.rows; ++row) {
            const auto end = grid.marks[row * width];
            if (end > 0 && text[end - 1] == '\r') ++before_ends;
        }
        const auto behind = text.substr(used);
        if (before_ends + static_cast<std::size_t>(std::count(behind.begin(), behind.end(), '\r')) !=
            marks.carriage_returns())
            return false;
    }
    position_ += used;
    next_line_ += static_cast<std::uint32_t>(grid.rows);
    return true;
}

}  // namespace zoneval::io
