// One column of a file: cell texts to typed values.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/io/advice.hpp"
#include "engine/table/table.hpp"

namespace zoneval::io {

class CellReader {
  public:
    /// Both schemas must outlive the reader.
    CellReader(const ColumnSchema& column, const DatasetSchema& dataset);

    /// Appends the cell; false when it is refused (a missing cell then stands in, so that rows stay aligned).
    bool read(std::string_view text);
    /// Why `read` refused this text. Costly (looks for what was meant): ask only for cells that are shown.
    Refusal explain(std::string_view what, std::string_view text) const;
    void reserve(std::size_t rows) { column_.reserve(rows); }
    Column take() { return std::move(column_); }

  private:
    bool append(std::string_view text);
    bool append_number(std::string_view text);
    bool append_string(std::string_view text);
    std::string_view translated(std::string_view text) const;

    struct Bound {
        feel::Decimal number;
        std::optional<Scaled> small;           ///< the same, when it fits
    };
    static std::optional<Bound> bound(const std::optional<feel::Decimal>& number);
    bool in_range(Scaled number) const;

    const ColumnSchema& schema_;
    Column column_;
    std::optional<Bound> min_, max_;
    std::unordered_map<std::string_view, std::string_view> translate_;
    std::unordered_map<std::string_view, feel::Missing> missing_codes_;
    std::unordered_set<std::string_view> allowed_;   ///< empty: any string
};

}  // namespace zoneval::io
