// Numbers of a published column in as few bytes as they need: a million of seven digits take 3 MB, and 9 MB as text.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/table/table.hpp"

namespace zoneval::store {

/// A column's numbers, all of as many bytes.
struct PackedNumbers {
    /// JSON: `{"bytes":3,"decimals":2,"from":-1234,"missing":["not reported",null]}`.
    std::string form;
    /// For each record `bytes` bytes, the highest first: its number, as a whole number of the smallest decimal, less
    /// `from`. The greatest that they can hold is the first of `missing`, the one below it the second; null there is a
    /// null for another reason than missing data.
    std::string cells;

    /// Cells stand in the store in parts of so many records: SQLite copies a part whenever SQL looks into it.
    static constexpr std::size_t records_of_part = 4096;
};

/// `whole`: whole numbers of the smallest decimal; `states`: as Column::states(), a flagged one being a null for
/// another reason than missing data. nullopt: they lie too far apart for six bytes.
std::optional<PackedNumbers> pack(std::span<const double> whole, int decimals, std::span<const std::uint8_t> states);

/// The cells as they stand in the store: for each part of the records those of its own.
std::vector<std::string_view> parts_of(std::string_view cells, std::size_t records);

/// The column that was packed. What is not of this form throws std::runtime_error.
Column unpack(std::string name, std::string_view form, std::string_view cells);

}  // namespace zoneval::store
