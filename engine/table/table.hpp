// Columnar data: one row for each record in one year, one column for each input.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/feel/value.hpp"

namespace zoneval {

/// Where a cell came from: a batch (one imported file) and the one-based line of the file or row of the sheet.
struct Origin {
    std::uint32_t batch = 0;                  ///< index into Table::batches
    std::uint32_t line = 0;                   ///< 0: no row of any file (a record carried over from earlier years)
};

/// One imported file, as the store knows it.
struct Batch {
    std::int64_t revision = 0;                ///< position in the store's order of imports
    std::string file;                         ///< name as given at import
    std::string sheet;                        ///< only for workbooks
    std::string sha256;                       ///< of the file's bytes
    std::string imported_at;                  ///< UTC, ISO 8601
    std::string imported_by;
    std::string note;                         ///< shown wherever the data are shown ("invented data")
};

/// A typed column. Numbers keep the digits of the file (decimal128); strings are dictionary coded.
class Column {
  public:
    using Numbers = std::vector<feel::Decimal>;
    struct Strings {
        std::vector<std::uint32_t> codes;
        std::vector<std::string> dictionary;
        std::unordered_map<std::string, std::uint32_t> index;
    };
    using Booleans = std::vector<std::uint8_t>;
    using Dates = std::vector<feel::Date>;

    Column(std::string name, feel::Type::Kind type);   ///< number, string, boolean or date
    const std::string& name() const { return name_; }
    feel::Type::Kind type() const { return type_; }
    std::size_t size() const { return missing_.size(); }

    void append(const feel::Value& value);             ///< of the column's type
    void append_missing(feel::Missing kind);           ///< kind is not `none`
    void set(std::size_t row, const feel::Value& value);
    void set_missing(std::size_t row, feel::Missing kind);
    /// `none` where a value is present.
    feel::Missing missing(std::size_t row) const { return missing_[row]; }
    /// The value, or null with a bare cause of the missing kind.
    feel::Value at(std::size_t row) const;

  private:
    std::string name_;
    feel::Type::Kind type_;
    std::variant<Numbers, Strings, Booleans, Dates> data_;
    std::vector<feel::Missing> missing_;
};

/// One year's records. Row order is the order of first appearance in the imports; record ids are unique.
class Table {
  public:
    std::int32_t year = 0;
    std::vector<std::string> records;                  ///< id of each row
    std::vector<Column> columns;
    std::vector<Batch> batches;

    const Column* column(std::string_view name) const;
    std::optional<std::size_t> row(std::string_view record) const;
    Origin origin(std::size_t row, std::size_t column) const;
    /// Rows are appended with their usual origin; a cell from another file is noted apart.
    void append_record(std::string id, Origin origin);
    void set_origin(std::size_t row, std::size_t column, Origin origin);

  private:
    std::unordered_map<std::string, std::size_t> row_of_;
    std::vector<Origin> row_origin_;
    std::unordered_map<std::uint64_t, Origin> cell_origin_;   ///< row * columns + column
};

}  // namespace zoneval
