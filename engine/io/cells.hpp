// One column of a file: cell texts to typed values.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/io/advice.hpp"
#include "engine/io/rows.hpp"
#include "engine/table/table.hpp"

namespace zoneval::io {

class CellReader {
  public:
    /// Both schemas must outlive the reader.
    CellReader(const ColumnSchema& column, const DatasetSchema& dataset);

    /// Appends the cell; false when it is refused (a missing cell then stands in, so that rows stay aligned).
    bool read(std::string_view text);
    /// Appends the cells of a column; false as soon as one is refused.
    bool read(const CellGrid& grid, std::size_t column);
    /// Why `read` refused this text. Costly (looks for what was meant): ask only for cells that are shown.
    Refusal explain(std::string_view what, std::string_view text) const;
    void reserve(std::size_t rows) { column_.reserve(rows); }
    /// The cells read so far; the reader is spent.
    Column take() { return std::move(column_); }

  private:
    bool read_other(std::string_view text);
    bool read_numbers(CellGrid::Cells cells, std::size_t rows);
    std::size_t gather_numbers(CellGrid::Cells cells, std::size_t row, std::size_t end, int decimals,
                               std::int64_t* out) const;
    bool read_strings(CellGrid::Cells cells, std::size_t rows);
    bool append(std::string_view text);
    bool append_number(std::string_view text);
    bool append_string(std::string_view text);
    std::string_view translated(std::string_view text) const;

    struct Bound {
        feel::Decimal number;
        std::optional<Scaled> small;  ///< the same, when it fits
    };
    static std::optional<Bound> bound(const std::optional<feel::Decimal>& number);
    static std::optional<std::int64_t> coefficient_of(const std::optional<Bound>& bound, int decimals,
                                                      std::int64_t none);
    bool in_range(Scaled number) const;

    /// Texts met lately and what they came to: columns of strings mostly repeat a few.
    struct Met {
        std::string text;
        std::uint32_t code = 0;
    };
    Met& met(std::string_view text) {
        return met_[(static_cast<unsigned char>(text[0]) + 7 * text.size()) % met_.size()];
    }

    const ColumnSchema& schema_;
    Column column_;
    bool plain_number_ = false;  ///< what reads as a number is one: no code and no translation does
    std::array<Met, 32> met_;
    std::optional<Bound> min_, max_;
    std::unordered_map<std::string_view, std::string_view> translate_;
    std::unordered_map<std::string_view, feel::Missing> missing_codes_;
    std::unordered_set<std::string_view> allowed_;  ///< empty: any string
};

inline bool CellReader::read(std::string_view text) {
    if (text.empty()) return read_other(text);
    if (plain_number_) {
        const auto number = parse_scaled(text);
        if (!number || !in_range(*number)) return read_other(text);
        column_.append_number(*number);
        return true;
    }
    if (schema_.type != feel::Type::Kind::string) return read_other(text);
    auto& known = met(text);
    if (known.text == text) {
        column_.append_string_code(known.code);
        return true;
    }
    const auto rows = column_.size();
    const bool fine = read_other(text);
    if (fine && column_.missing(rows) == feel::Missing::none)
        known = {std::string(text), column_.strings()->codes().back()};
    return fine;
}

}  // namespace zoneval::io
