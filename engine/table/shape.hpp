// How a table lies in the files people have, and how its cells are written. Rule files (`datasets`) and options of the
// command make these, `inspect` proposes them, readers of files follow them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/feel/syntax/names_in_scope.hpp"
#include "engine/feel/value/missing.hpp"

namespace zoneval {

/// How the cells of a column are written; nothing set: as `docs/data-files.md` has it.
struct CellForm {
    bool percent = false;                    ///< `3.5%`: 3.5 in an input in %, 0.035 in one without a unit
    bool grouped = false;                    ///< `1,234,567`: groups of three
    bool decimal_comma = false;              ///< `1.234,5`: commas for decimals, points for groups
    bool parentheses = false;                ///< `(123)` is -123
    bool full_width = false;                 ///< `１２．５`
    bool rounded = false;                    ///< to 15 digits, as spreadsheets show and compare them
    std::vector<std::string> marks;          ///< notes and flags behind a number, left out: `①`, `p`
    std::optional<feel::Missing> less_than;  ///< what `<5` means
    std::vector<std::string> dates;          ///< other ways to write a date: `y/m/d`, `y年m月d日`, `serial` …
    std::string unit;                        ///< of the file's figures; empty: the input's, or what the heading says
    std::map<std::string, feel::Missing> missing_codes;  ///< of this column, before those of the dataset

    bool plain() const;  ///< cells are read as if nothing had been declared
    friend bool operator==(const CellForm&, const CellForm&) = default;
};

/// The words of `cells`, each with the member it sets.
struct CellWord {
    const char* word;
    bool CellForm::*member;
};
inline constexpr CellWord cell_words[] = {{"percent", &CellForm::percent},
                                          {"grouped", &CellForm::grouped},
                                          {"decimal comma", &CellForm::decimal_comma},
                                          {"parentheses", &CellForm::parentheses},
                                          {"full-width", &CellForm::full_width},
                                          {"rounded", &CellForm::rounded}};

/// How the table lies in its file. Rows are numbered as in the file, from 1.
struct Shape {
    enum class YearFrom { column, constant, sheet, file, title };

    std::string encoding;                      ///< empty: UTF-8
    char delimiter = 0;                        ///< 0: a comma
    std::vector<std::string> sheets;           ///< or tables, one after the other; empty: the first; `*`: all
    std::uint32_t skip = 0;                    ///< so many lines above the table are left out
    std::vector<std::uint32_t> header_rows;    ///< their names are joined; empty: the first row
    std::uint32_t units_row = 0;               ///< 0: none
    std::vector<std::string> until;            ///< the table ends above the first row that begins with one of these
    std::optional<feel::ExpressionText> drop;  ///< rows of which this is true are left out; columns are texts
    std::vector<std::string> fill_down;        ///< headings whose blanks repeat the cell above
    std::map<std::string, std::vector<std::string>> split;  ///< heading -> names of what its commas part
    YearFrom year_from = YearFrom::column;
    std::int32_t year = 0;  ///< of every row, when constant
    std::int32_t first_year = 1900, last_year = 2100;
    bool years_in_columns = false;
    std::string year_values;                   ///< heading of what stands under headings that are a year alone
    std::string names_in, values_in, unit_in;  ///< one row for each indicator: headings; empty: one for each record

    bool plain() const;  ///< names in the first row, one row for each record and year, nothing else
};

/// `key: value` lines as a rule file would have them, in the order of its documentation; nothing for what is not set.
using Written = std::vector<std::pair<std::string, std::string>>;
Written written(const Shape& shape);
Written written(const CellForm& form);
/// A text as a YAML scalar, in quotes where it needs them.
std::string yaml_scalar(const std::string& text);

}  // namespace zoneval
