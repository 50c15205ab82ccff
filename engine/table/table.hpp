// Columnar data: one row for each record in one year, one column for each input.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/feel/value/value.hpp"
#include "engine/table/numbers.hpp"
#include "engine/table/row_index.hpp"

namespace zoneval {

/// Where a cell came from: a batch (one imported file) and the one-based line of the file or row of the sheet.
struct Origin {
    std::uint32_t batch = 0;  ///< index into Table::batches
    std::uint32_t line = 0;   ///< 0: no row of any file (a record carried over from earlier years)
    friend bool operator==(const Origin&, const Origin&) = default;
};

/// One imported file, as the store knows it.
struct Batch {
    std::int64_t revision = 0;  ///< position in the store's order of imports
    std::string file;           ///< name as given at import
    std::string sheet;          ///< only for workbooks
    std::string sha256;         ///< of the file's bytes
    std::string imported_at;    ///< UTC, ISO 8601
    std::string imported_by;
    std::string note;  ///< shown wherever the data are shown ("invented data")
};

/// Dictionary-coded strings: each distinct string once, a code for each row.
class Strings {
  public:
    std::size_t size() const { return codes_.size(); }
    const std::string& at(std::size_t row) const { return dictionary_[codes_[row]]; }
    /// The code of a string, entered if new.
    std::uint32_t code(std::string_view text);
    void reserve(std::size_t rows) { codes_.reserve(rows); }
    void append(std::uint32_t code) { codes_.push_back(code); }
    void append(std::span<const std::uint32_t> codes) { codes_.insert(codes_.end(), codes.begin(), codes.end()); }
    void append(const Strings& others);
    void set(std::size_t row, std::uint32_t code) { codes_[row] = code; }
    const std::vector<std::uint32_t>& codes() const { return codes_; }
    const std::vector<std::string>& dictionary() const { return dictionary_; }

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::vector<std::uint32_t> codes_;
    std::vector<std::string> dictionary_;
    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> index_;
};

/// A typed column. Numbers are exact decimals; strings are dictionary coded. Behind a missing row lies a zero, the
/// empty string, false or 1970-01-01.
class Column {
  public:
    using Booleans = std::vector<std::uint8_t>;
    using Dates = std::vector<feel::Date>;

    Column(std::string name, feel::Type::Kind type);  ///< number, string, boolean or date
    const std::string& name() const { return name_; }
    feel::Type::Kind type() const { return type_; }
    std::size_t size() const { return state_.size(); }

    void append(const feel::Value& value);  ///< of the column's type; throws std::invalid_argument if not
    void reserve(std::size_t rows);
    // The same without a Value in between, for bulk.
    void append_number(Scaled number) {
        auto* numbers = std::get_if<Numbers>(&data_);
        if (!numbers) refuse_type();
        numbers->append(number);
        state_.push_back(0);
    }
    void append_number(feel::Decimal number);
    void append_string(std::string_view text);
    std::uint32_t string_code(std::string_view text);  ///< for append_string_code; entered if new
    void append_string_code(std::uint32_t code) {      ///< of strings(), given earlier
        auto* strings = std::get_if<Strings>(&data_);
        if (!strings) refuse_type();
        strings->append(code);
        state_.push_back(0);
    }
    void append_boolean(bool value);
    void append_date(feel::Date date);
    /// All cells of a column of the same type, as if one by one.
    void append(const Column& others);
    // Many cells at once: each with its state (see states()), and 0 or the code of "" where it is missing.
    void append_numbers(int decimals, std::span<const std::int64_t> coefficients, std::span<const std::uint8_t> states);
    void append_string_codes(std::span<const std::uint32_t> codes, std::span<const std::uint8_t> states);
    void append_missing(feel::Missing kind);  ///< kind is not `none`
    /// A cell that was left empty: missing, but it does not overrule a value known from an earlier file.
    void append_blank(feel::Missing kind);
    void set(std::size_t row, const feel::Value& value);
    void set_number(std::size_t row, Scaled number);
    void set_missing(std::size_t row, feel::Missing kind);

    /// `none` where a value is present.
    feel::Missing missing(std::size_t row) const { return static_cast<feel::Missing>(state_[row] & ~blank_flag); }
    bool blank(std::size_t row) const { return (state_[row] & blank_flag) != 0; }
    /// A Missing for each row, beside blank_flag: for kernels.
    const std::vector<std::uint8_t>& states() const { return state_; }
    static constexpr std::uint8_t blank_flag = 0x80;
    /// Bit i: a Missing i was entered at some time (it may have been overwritten since).
    std::uint8_t missing_kinds() const { return kinds_; }
    /// Of a compact column of numbers: 0 was entered as a value, and not only to stand behind what is missing.
    bool has_zero() const { return numbers()->zeros() > missing_entered_; }
    /// The value, or null with a bare cause of the missing kind.
    feel::Value at(std::size_t row) const;

    // The data themselves; each returns nullptr when the column is of another type.
    const Numbers* numbers() const { return std::get_if<Numbers>(&data_); }
    const Strings* strings() const { return std::get_if<Strings>(&data_); }
    const Booleans* booleans() const { return std::get_if<Booleans>(&data_); }
    const Dates* dates() const { return std::get_if<Dates>(&data_); }

  private:
    void note(feel::Missing kind) {
        ++missing_entered_;
        kinds_ = static_cast<std::uint8_t>(kinds_ | (1u << static_cast<unsigned>(kind)));
    }
    void append_state(feel::Missing kind, std::uint8_t flag);
    void append_states(std::span<const std::uint8_t> states);
    [[noreturn]] void refuse_type() const;
    template <class T>
    T& data();

    std::string name_;
    feel::Type::Kind type_;
    std::variant<Numbers, Strings, Booleans, Dates> data_;
    std::vector<std::uint8_t> state_;  ///< a Missing, and blank_flag
    std::uint8_t kinds_ = 0;
    std::size_t missing_entered_ = 0;  ///< cells that were missing at some time
};

/// Finds the rows of a table by record. What is derived can be derived again: a copy starts empty.
class RecordIndex {
  public:
    RecordIndex() : made_(std::make_unique<Made>()) {}
    RecordIndex(const RecordIndex&) : RecordIndex() {}
    RecordIndex(RecordIndex&&) noexcept = default;
    RecordIndex& operator=(RecordIndex other) noexcept {
        made_.swap(other.made_);
        return *this;
    }
    /// With every one of the records in it. Several threads may ask at once.
    RowIndex& of(const std::vector<std::string>& records) const;
    /// The last of the records has been entered by the caller.
    void entered(const std::vector<std::string>& records) const { made_->rows = records.size(); }
    void expect(std::string_view id) const { made_->index.expect(RowIndex::hash(id)); }

  private:
    struct Made {
        std::mutex making;
        std::atomic<std::size_t> rows = 0;
        RowIndex index;
    };
    std::unique_ptr<Made> made_;
};

/// One year's records. Row order is the order of first appearance in the imports; record ids are unique.
class Table {
  public:
    std::int32_t year = 0;
    std::vector<std::string> records;  ///< id of each row; only append_… may add to it
    std::vector<Column> columns;
    std::vector<Batch> batches;

    const Column* column(std::string_view name) const;
    std::optional<std::size_t> row(std::string_view record) const;
    /// `near`: where it stands in another table; mostly it stands in the same row here.
    std::optional<std::size_t> row(std::string_view record, std::size_t near) const {
        return near < records.size() && records[near] == record ? std::optional(near) : row(record);
    }
    Origin origin(std::size_t row, std::size_t column) const;
    /// Rows are appended with their usual origin; a cell from another file is noted apart.
    /// Throws std::invalid_argument when the record is there already.
    void append_record(std::string id, Origin origin);
    /// The caller knows that the record is not there: nothing is looked up.
    void append_new(std::string_view id, Origin origin) {
        records.emplace_back(id);
        row_origin_.push_back(origin);
    }
    void reserve(std::size_t rows) {
        records.reserve(rows);
        row_origin_.reserve(rows);
    }
    /// The row of a record, appended if it is new.
    std::size_t find_or_append(std::string_view id, Origin origin);
    /// Has the memory at hand when find_or_append is called for the record a little later.
    void expect(std::string_view id) const { index_.expect(id); }
    Origin row_origin(std::size_t row) const { return row_origin_[row]; }
    /// Makes room for the origins of every column there is now: then cells of different columns may be set at once.
    void expect_origins() { cell_origin_.resize(columns.size()); }
    void set_origin(std::size_t row, std::size_t column, Origin origin);

  private:
    std::pair<std::size_t, bool> enter(std::string_view id, Origin origin);  ///< second: whether it is new

    RecordIndex index_;
    std::vector<Origin> row_origin_;
    std::vector<std::vector<Origin>> cell_origin_;  ///< by column; empty where every cell has its row's origin
};

}  // namespace zoneval
