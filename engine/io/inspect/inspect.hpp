// What a data file looks like to one who has not read its declaration: a proposal, to be read before it is used.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/io/bytes/encodings.hpp"
#include "engine/io/shapes/grid.hpp"
#include "engine/table/schema.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::io {

struct ColumnLook {
    enum class Kind { empty, number, date, text };
    std::string heading, unit;
    Kind kind = Kind::empty;
    std::size_t cells = 0, blank = 0, per_cent = 0, long_digits = 0;
    CellForm form;                   ///< what its cells need to be read
    std::vector<std::string> words;  ///< among numbers: what is none; of a text column: its words, when few
    std::vector<std::string> marks;  ///< among those: behind a number
    std::vector<std::string> odd;    ///< among those: with digits, and so no word for a figure that is missing
    std::size_t nested = 0;          ///< cells that hold a list, a structure or binary data
    std::size_t no_result = 0;       ///< formulas whose results were never stored
    bool less_than = false;          ///< some are `<5`
    bool distinct = true;            ///< no text twice
    bool merged = false;
    bool commas_in_threes = false, points_in_threes = false;  ///< all that there are: groups, or decimals?
    std::vector<std::string> to_translate;                    ///< its words that are none of the input's
    std::vector<std::string> input_words;                     ///< those that the input takes
    std::size_t joined = 0;  ///< parts with commas between that each cell holds; 0: it is one
    std::string input;       ///< of the rule set, or the heading where there is none
    std::string nearest;     ///< an input whose title is near, where none is the heading's
};

struct Inspection {
    struct Span {
        std::uint32_t first, last;
        std::string what;
    };
    std::string file, sheet, encoding;
    std::vector<EncodingGuess> encodings;  ///< where it is not UTF-8
    enum class Of { text, workbook, table } of = Of::text;
    std::vector<std::string> other_sheets;     ///< or tables
    std::vector<std::string> sheets_of_years;  ///< a sheet for each year: all of these are read
    std::vector<Span> spans;                   ///< what is where, by line or row
    std::vector<ColumnLook> columns;
    std::vector<std::string> checked, doubts;  ///< what was tried and holds; what somebody has to look at
    Shape shape;
    std::map<std::string, feel::Missing> missing_codes;  ///< that are declared already
    std::vector<std::string> unfed;                      ///< inputs that no column feeds
    std::string id;                                      ///< heading that names the records; empty: none was found
    std::string year;                                    ///< heading that holds the year; empty: see the shape
    std::size_t records = 0;
    std::vector<std::vector<std::string>> first_rows;  ///< below the headings
};

/// What a rule set says of its inputs.
struct KnownInputs {
    DatasetSchema schema;
    std::map<std::string, std::string> by_title;  ///< a title, in any language, and the input's name
};

/// Looks at a file. `known`, where it is there, says which inputs there are. What is said is said in `language`. Adds
/// an error where it is no table at all.
Inspection inspect(const std::string& file, std::string_view bytes, const std::string& sheet, const KnownInputs* known,
                   wording::Language language, Diagnostics& diagnostics);

}  // namespace zoneval::io
