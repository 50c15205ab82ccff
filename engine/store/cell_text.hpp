// Columns as JSON arrays of cell texts, the form batches are stored in: ["12.5", null, ["suppressed"]].
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/io/import.hpp"
#include "engine/table/table.hpp"

namespace zoneval::store {

std::string_view type_name(feel::Type::Kind type);     ///< of a column

void append_quoted(std::string& out, std::string_view text);   ///< as a JSON string

/// The cells of an imported column. Blank cells are null, other missing ones a list of the kind.
std::string cells_text(const Column& column);
/// The rows of an imported file: [["Z01",2024,2], …].
std::string rows_text(const io::ImportedRows& rows);
/// ["Z01","Z02"]
std::string strings_text(const Texts& texts);
/// [0,3,0,1]
std::string codes_text(const std::vector<std::uint32_t>& codes);

/// Reads such arrays front to back without copying. What is not of this form (a store altered by hand) throws
/// std::runtime_error.
class ArrayReader {
  public:
    explicit ArrayReader(std::string_view json);

    struct Cell {
        enum class Kind { text, blank, missing } kind = Kind::blank;
        std::string_view text;                          ///< or the name of the kind of missing; until the next call
        std::string_view more = {};                     ///< the second text of a list of two
    };
    std::optional<Cell> next_cell();
    /// The next cell if it is a plain decimal of at most 18 digits; else nullopt, and nothing is read.
    std::optional<Scaled> next_number();

    struct Row {
        std::string_view record;                        ///< until the next call
        std::int32_t year = 0;
        std::uint32_t line = 0;
    };
    std::optional<Row> next_row();
    std::optional<std::string_view> next_string();      ///< until the next call
    std::optional<std::uint32_t> next_code();
    /// The strings of an item that is a list of `count` of them.
    std::optional<std::vector<std::string>> next_list(std::size_t count);

  private:
    bool next_item();
    bool accept(char c);
    void expect(char c);
    std::string_view string();
    std::int64_t integer();
    [[noreturn]] void fail() const;

    std::string_view json_;
    std::size_t position_ = 0;
    bool first_ = true;
    std::string unescaped_, first_of_two_;
};

inline std::optional<Scaled> ArrayReader::next_number() {
    const char* at = json_.data() + position_;
    const char* const end = json_.data() + json_.size();
    if (!first_ && (at == end || *at++ != ',')) return std::nullopt;
    if (at == end || *at++ != '"') return std::nullopt;
    const bool negative = at != end && *at == '-';
    if (negative) ++at;
    const char *const begin = at, *point = nullptr;
    std::int64_t coefficient = 0;
    for (; at != end && at - begin <= most_decimals + 1; ++at) {
        const auto digit = static_cast<unsigned char>(*at - '0');
        if (digit < 10) coefficient = coefficient * 10 + digit;
        else if (*at == '.' && !point && at != begin) point = at;
        else break;
    }
    const auto digits = at - begin - (point ? 1 : 0);
    if (at == end || *at != '"' || digits == 0 || digits > most_decimals || point == at - 1) return std::nullopt;
    position_ = static_cast<std::size_t>(at + 1 - json_.data());
    first_ = false;
    return Scaled{negative ? -coefficient : coefficient, point ? static_cast<int>(at - point - 1) : 0};
}

}  // namespace zoneval::store
