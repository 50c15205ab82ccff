#include "engine/store/stored_cells.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>

#include "engine/table/digits.hpp"
#include "engine/table/find_bytes.hpp"
#include "engine/table/table.hpp"

namespace zoneval::store {

using feel::Missing;

StoredRows::StoredRows(std::string_view json) : json_(json) {
    if (!json.starts_with('{')) {
        rows_.emplace(json);
        return;
    }
    json_.expect('{');
    years_ = each("\"years\":[", "\"year\":", 0);
    json_.expect(',');
    lines_ = each("\"lines\":[", "\"first_line\":", 1);
    json_.expect(",\"records\":[");
}

StoredRows::Each StoredRows::each(std::string_view list, std::string_view first, std::int64_t step) {
    Each out;
    out.step = step;
    out.listed = json_.accept(list);
    if (!out.listed) {
        json_.expect(first);
        out.first = json_.integer();
        if (out.first < 0 || out.first > std::numeric_limits<std::uint32_t>::max()) json_.fail();
        return out;
    }
    for (bool more = !json_.accept(']'); more; more = !json_.accept(']')) {
        if (!out.list.empty()) json_.expect(',');
        out.list.push_back(json_.integer());
    }
    return out;
}

std::optional<ArrayReader::Row> StoredRows::next() {
    if (rows_) return rows_->next_row();
    if (json_.accept(']')) {
        json_.expect('}');
        json_.expect_end();
        if ((years_.listed && years_.has(row_)) || (lines_.listed && lines_.has(row_))) json_.fail();
        return std::nullopt;
    }
    if (row_ > 0) json_.expect(',');
    if (!years_.has(row_) || !lines_.has(row_)) json_.fail();
    const auto year = years_.of(row_), line = lines_.of(row_);
    ++row_;
    return ArrayReader::Row{json_.string(), static_cast<std::int32_t>(year), static_cast<std::uint32_t>(line)};
}

std::vector<std::int32_t> StoredRows::declared_years() const {
    if (!years_.listed) return {static_cast<std::int32_t>(years_.first)};
    return {years_.list.begin(), years_.list.end()};
}

std::vector<std::int32_t> years_of(std::string_view rows_json) {
    std::vector<std::int32_t> out;
    StoredRows rows(rows_json);
    if (rows_json.starts_with('{')) {
        if (!rows_json.ends_with("\"records\":[]}")) out = rows.declared_years();
    } else {
        while (const auto row = rows.next()) out.push_back(row->year);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

StoredCells::StoredCells(std::string_view json, Missing blank)
    : json_(json), blank_(static_cast<std::uint8_t>(blank) | Column::blank_flag) {
    if (json_.accept("{\"decimals\":")) {
        form_ = Form::numbers;
        const auto decimals = json_.integer();
        if (decimals < 0 || decimals > most_decimals) json_.fail();
        decimals_ = static_cast<int>(decimals);
        json_.expect(",\"numbers\":[");
    } else if (json_.accept("{\"strings\":[")) {
        form_ = Form::strings;
        for (bool more = !json_.accept(']'); more; more = !json_.accept(']')) {
            if (!strings_.empty()) json_.expect(',');
            strings_.emplace_back(json_.string());
        }
        json_.expect(",\"codes\":[");
    } else {
        texts_.emplace(json);
        return;
    }
    if (json_.accept(']')) read_end();
}

const CellBlock& StoredCells::next_block() {
    block_.size = 0;
    while (!ended_ && block_.size < CellBlock::most) {
        read_numbers();
        if (block_.size < CellBlock::most) read_cell();
    }
    // A dictionary is as it was when the cells were written, or the text is not ours.
    if (form_ == Form::strings)
        for (std::size_t i = 0; i < block_.size; ++i)
            if (block_.states[i] == 0 && static_cast<std::uint64_t>(block_.numbers[i]) >= strings_.size()) json_.fail();
    return block_;
}

/// Up to what is not a number of at most sixteen digits. Commas are sought ahead of the numbers, so that reading one
/// need not wait for the end of the one before.
void StoredCells::read_numbers() {
    const auto* at = json_.at();
    auto size = block_.size;
    for (const auto* from = at;
         size < CellBlock::most && json_.end() - from >= static_cast<std::ptrdiff_t>(SixtyFour::size);
         from += SixtyFour::size)
        for (auto commas = SixtyFour(from).equal(','); commas != 0 && size < CellBlock::most; commas &= commas - 1) {
            const auto* const comma = from + std::countr_zero(commas);
            // What stands before the array is longer than sixteen bytes: reading back stays inside.
            if (!read_whole(at, comma, block_.numbers[size])) {
                json_.go_to(at);
                block_.size = size;
                return;
            }
            block_.states[size++] = 0;
            at = comma + 1;
        }
    json_.go_to(at);
    block_.size = size;
}

/// Any cell, and what follows it.
void StoredCells::read_cell() {
    auto& number = block_.numbers[block_.size] = 0;
    auto& state = block_.states[block_.size++] = 0;
    if (json_.accept("null")) {
        state = blank_;
    } else if (json_.accept('[')) {
        state = static_cast<std::uint8_t>(read_missing(json_.string()));
        json_.expect(']');
    } else {
        number = json_.integer();
        if (number == std::numeric_limits<std::int64_t>::min()) json_.fail();  // has no opposite: never written
    }
    if (json_.accept(']'))
        read_end();
    else
        json_.expect(',');
}

void StoredCells::read_end() {
    json_.expect('}');
    json_.expect_end();
    ended_ = true;
}

Missing read_missing(std::string_view name) {
    const auto kind = feel::missing_from_string(name);
    if (!kind || *kind == Missing::none) throw std::runtime_error("a cell has an unknown kind of missing");
    return *kind;
}

}  // namespace zoneval::store
