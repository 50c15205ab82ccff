// What a data file must hold: the contract between rule sets (which declare inputs) and import (which checks cells).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/feel/value/value.hpp"
#include "engine/table/shape.hpp"

namespace zoneval {

struct ColumnSchema {
    std::string name;                                   ///< the input's name in expressions
    std::string header;                                 ///< the header in the file
    feel::Type::Kind type = feel::Type::Kind::number;   ///< number, string, boolean or date
    std::optional<feel::Decimal> min, max;              ///< inclusive
    std::vector<std::string> values;                    ///< allowed strings; empty: any
    std::map<std::string, std::string> translate;       ///< cell text -> value, before anything else
    bool required = false;                              ///< the file must have the column
    feel::Missing blank = feel::Missing::not_reported;  ///< what an empty cell means
    std::string unit;                                   ///< for messages
    /// What it means that the data have no row of the record at all. Counts only where the data reach the year; a
    /// column that nobody supplied is not reported.
    feel::Missing no_row = feel::Missing::not_reported;
    CellForm form = {};  ///< how the file writes the cells
};

struct DatasetSchema {
    std::string record;       ///< the kind of record ("zone"): tables of one kind share it
    std::string dataset;      ///< name of the dataset
    std::string id_header;    ///< column that names the record
    std::string year_header;  ///< column that holds the year (a whole number)
    std::vector<ColumnSchema> columns;
    std::vector<std::string> ignore;                     ///< headers that feed nothing on purpose
    std::map<std::string, feel::Missing> missing_codes;  ///< cell text -> kind of missing
    std::map<std::string, std::string> aliases;          ///< record id in a file -> the id it stands for
    std::vector<std::string> roster;       ///< allowed record ids; empty: any (a slip is refused with ZV409)
    std::vector<std::string> filled = {};  ///< inputs that every row must give: whose it is, of which day
    Shape shape = {};                      ///< how the table lies in its file
};

}  // namespace zoneval
