// One column of a file: cell texts to typed values.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/io/cells/advice.hpp"
#include "engine/io/cells/number_form.hpp"
#include "engine/io/cells/rows.hpp"
#include "engine/table/table.hpp"

namespace zoneval::io {

/// What a column's cells were, where that is not what they say: told once for each column.
struct ReadAs {
    struct Some {
        std::size_t count = 0;
        std::string text, value;  ///< of the first
        void note(std::string_view cell, const feel::Decimal* number) {
            if (count++ > 0) return;
            text = cell;
            if (number) value = number->to_string();
        }
        void add(const Some& others) {
            if (count == 0)
                *this = others;
            else
                count += others.count;
        }
    };
    Some percent;                           ///< a workbook's per cents
    Some long_digits;                       ///< more than fifteen, behind a point
    Some in_thousands;                      ///< shown so, read as stored
    Some with_sign;                         ///< shown with a % or ‰, read as stored
    Some merged;                            ///< repeated from a merged cell
    std::unordered_set<std::string> codes;  ///< missing codes and words to translate that occurred
    void add(const ReadAs& others) {
        percent.add(others.percent);
        long_digits.add(others.long_digits);
        in_thousands.add(others.in_thousands);
        with_sign.add(others.with_sign);
        merged.add(others.merged);
        codes.insert(others.codes.begin(), others.codes.end());
    }
};

class CellReader {
  public:
    /// Both schemas must outlive the reader. `factor` makes the input's unit of the file's.
    CellReader(const ColumnSchema& column, const DatasetSchema& dataset,
               const std::optional<feel::Decimal>& factor = {});

    /// Appends the cell; false when it is refused (a missing cell then stands in, so that rows stay aligned).
    bool read(std::string_view text, Facts facts = 0);
    /// Appends the cells of a column; false as soon as one is refused.
    bool read(const CellGrid& grid, std::size_t column);
    /// Why `read` refused this text. Costly (looks for what was meant): ask only for cells that are shown.
    Refusal explain(std::string_view what, std::string_view text, Facts facts = 0) const;
    /// Cells of the column are refused for the same reason if this is the same. Cheap.
    std::string cause(std::string_view text, Facts facts) const;
    const ReadAs& read_as() const { return read_as_; }
    void reserve(std::size_t rows) { column_.reserve(rows); }
    /// The cells read so far; the reader is spent.
    Column take() { return std::move(column_); }

  private:
    bool read_other(std::string_view text, Facts facts);
    bool enter_missing_code(std::string_view text);
    bool read_numbers(CellGrid::Cells cells, std::size_t rows);
    std::size_t gather_numbers(CellGrid::Cells cells, std::size_t row, std::size_t end, int decimals,
                               std::int64_t* out) const;
    bool read_strings(CellGrid::Cells cells, std::size_t rows);
    bool append(std::string_view text, Facts facts);
    bool append_number(std::string_view text, Facts facts);
    bool append_formed(std::string_view text, Facts facts);
    bool append_date(std::string_view text);
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
    NumberForm form_;
    ReadAs read_as_;
    /// Sixteen digits and a point: such numbers are looked at twice.
    static constexpr std::size_t longest_plain = 17;
    bool plain_number_ = false;  ///< what reads as a number is one: no code and no translation does
    std::array<Met, 32> met_;
    std::optional<Bound> min_, max_;
    std::unordered_map<std::string_view, std::string_view> translate_;
    std::unordered_map<std::string_view, feel::Missing> missing_codes_;
    std::unordered_set<std::string_view> allowed_;  ///< empty: any string
};

inline bool CellReader::read(std::string_view text, Facts facts) {
    if (text.empty() || facts != 0) return read_other(text, facts);
    if (plain_number_) {
        const auto number = text.size() < longest_plain ? parse_scaled(text) : std::nullopt;
        if (!number || !in_range(*number)) return read_other(text, facts);
        column_.append_number(*number);
        return true;
    }
    if (schema_.type != feel::Type::Kind::string) return read_other(text, facts);
    auto& known = met(text);
    if (known.text == text) {
        column_.append_string_code(known.code);
        return true;
    }
    const auto rows = column_.size();
    const bool fine = read_other(text, facts);
    if (fine && column_.missing(rows) == feel::Missing::none)
        known = {std::string(text), column_.strings()->codes().back()};
    return fine;
}

}  // namespace zoneval::io
