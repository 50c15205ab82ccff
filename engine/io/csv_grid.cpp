// Many plain rows of a CSV file at once: where their cells end is found sixteen bytes at a time.
#include <algorithm>
#include <bit>

#include "engine/io/csv.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace zoneval::io {

namespace {

constexpr std::size_t window = 32 * 1024;      // with its marks, what the first and second cache hold

/// Bit i: the i-th of up to sixteen bytes is what the name says.
struct Sixteen { unsigned delimiters, line_feeds, carriage_returns, odd; };

#ifdef __SSE2__
Sixteen look_at(const char* at, char delimiter) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto are = [&](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    const auto mask = [](__m128i found) { return static_cast<unsigned>(_mm_movemask_epi8(found)); };
    return {mask(are(delimiter)), mask(are('\n')), mask(are('\r')), mask(_mm_or_si128(are('"'), are('\0')))};
}
#endif

Sixteen look_at(std::string_view bytes, char delimiter) {
    Sixteen out{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const unsigned bit = 1u << i;
        if (bytes[i] == delimiter) out.delimiters |= bit;
        else if (bytes[i] == '\n') out.line_feeds |= bit;
        else if (bytes[i] == '\r') out.carriage_returns |= bit;
        else if (bytes[i] == '"' || bytes[i] == '\0') out.odd |= bit;
    }
    return out;
}

/// The marks of a text: where its cells end, and which of them end rows.
class Marks {
  public:
    Marks(std::vector<std::uint32_t>& cells, std::string_view text, char delimiter) : cells_(cells) {
        cells_.resize(text.size() + 2 + 16);
        cells_[0] = UINT32_MAX;                // the first cell begins at 0
        std::size_t at = 0;
#ifdef __SSE2__
        for (; at + 16 <= text.size(); at += 16) add(at, look_at(text.data() + at, delimiter));
#endif
        for (; at < text.size(); at += 16) add(at, look_at(text.substr(at, 16), delimiter));
    }
    void end_row_at(std::size_t end) { add(end, {0, 1, 0, 0}); }

    const std::vector<std::size_t>& row_ends() const { return row_ends_; }   ///< how many marks there are up to each
    std::size_t carriage_returns() const { return carriage_returns_; }
    bool odd() const { return odd_ != 0; }

  private:
    void add(std::size_t at, Sixteen found) {
        odd_ |= found.odd;
        if (found.carriage_returns != 0) carriage_returns_ += static_cast<unsigned>(std::popcount(found.carriage_returns));
        auto ends = found.delimiters | found.line_feeds;
        for (auto lines = found.line_feeds; lines != 0; lines &= lines - 1)
            row_ends_.push_back(count_ + static_cast<unsigned>(std::popcount(ends & (lines ^ (lines - 1)))));
        for (; ends != 0; ends &= ends - 1) cells_[1 + count_++] = static_cast<std::uint32_t>(at) + static_cast<std::uint32_t>(std::countr_zero(ends));
    }

    std::vector<std::uint32_t>& cells_;
    std::vector<std::size_t> row_ends_;
    std::size_t count_ = 0, carriage_returns_ = 0;
    unsigned odd_ = 0;
};

}  // namespace

bool CsvRows::next_grid(CellGrid& grid, std::size_t width) {
    const auto text = text_.substr(position_, window);
    if (text.empty() || width == 0 || std::string_view("\"\n\r\0", 4).find(delimiter_) != std::string_view::npos) return false;
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
        if (before_ends + static_cast<std::size_t>(std::count(behind.begin(), behind.end(), '\r')) != marks.carriage_returns()) return false;
    }
    position_ += used;
    next_line_ += static_cast<std::uint32_t>(grid.rows);
    return true;
}

}  // namespace zoneval::io
