// A part of a file read column by column, some rows at a time.
#include "engine/io/reading/part_reader.hpp"

namespace zoneval::io {

namespace {

class ColumnsReader {
  public:
    ColumnsReader(RowSource& source, const Expected& expected) : source_(source), expected_(expected) {
        readers_.reserve(expected.header.feeds.size());
        for (const auto& feed : expected.header.feeds)
            readers_.emplace_back(*feed.column, expected.schema, feed.factor);
    }

    std::optional<Part> read() {
        // A column without a header may hold nothing: that is for the reader of rows to see.
        if (!expected_.all_named) return std::nullopt;
        while (source_.next_grid(grid_, expected_.header.width))
            if (!read_grid()) return std::nullopt;
        if (!source_.at_end()) return std::nullopt;
        part_.line_count = source_.lines_read();
        for (auto& reader : readers_) {
            part_.read_as.push_back(reader.read_as());
            part_.columns.push_back(reader.take());
        }
        return std::move(part_);
    }

  private:
    bool read_grid() {
        if (!read_records() || !read_years()) return false;
        for (std::size_t i = 0; i < readers_.size(); ++i)
            if (!readers_[i].read(grid_, expected_.header.feeds[i].cell)) return false;
        const auto after = source_.lines_read() + 1;
        for (std::size_t row = 0; row < grid_.rows; ++row)
            part_.lines.push_back(after - static_cast<std::uint32_t>(grid_.rows - row));
        if (part_.lines.size() == grid_.rows) reserve();
        return true;
    }

    bool read_records() {
        const CellGrid::Cells ids(grid_, *expected_.header.id);
        for (std::size_t row = 0; row < grid_.rows; ++row) {
            const auto record = expected_.record(trimmed(ids[row]));
            if (!record) return false;
            part_.records.push_back(*record);
        }
        return true;
    }

    bool read_years() {
        const CellGrid::Cells years(grid_, *expected_.header.year);
        for (std::size_t row = 0; row < grid_.rows; ++row) {
            const auto text = trimmed(years[row]);
            if (year_ == 0 || text != year_text_) {  // most rows are of the year of the row before
                const auto year = expected_.year(text);
                if (!year) return false;
                year_ = *year;
                year_text_ = text;
            }
            part_.years.push_back(year_);
        }
        return true;
    }

    void reserve() {
        const auto rows = source_.expected_rows();
        part_.records.reserve(rows, rows * part_.records.bytes() / part_.records.size());
        part_.years.reserve(rows);
        part_.lines.reserve(rows);
        for (auto& reader : readers_) reader.reserve(rows);
    }

    RowSource& source_;
    const Expected& expected_;
    std::vector<CellReader> readers_;
    CellGrid grid_;
    std::string_view year_text_;
    std::int32_t year_ = 0;  ///< what year_text_ says; 0: there was none yet
    Part part_;
};

}  // namespace

std::optional<Part> read_columns(RowSource& source, const Expected& expected) {
    auto part = ColumnsReader(source, expected).read();
    if (!part) source.restart();
    return part;
}

}  // namespace zoneval::io
