// The cells of values that are known, recorded or missing.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/exec/columns/node_columns.hpp"
#include "engine/exec/patterns/cell.hpp"
#include "engine/exec/results/earlier_column.hpp"

namespace zoneval::exec {

/// Texts and the like go by a number of their own, or are beyond.
Cell cell_of(const feel::Value& value, std::optional<std::int64_t> text = std::nullopt);
/// What an earlier value comes to with the blanks put back; a text is another than without.
Cell cell_of(const AbstractValue& filled);
Cell cell_of(const Numbers& numbers, std::size_t row);
/// Of a cell that is missing for this reason; `open` stands for a blank.
Cell missing_cell(feel::Missing kind, const Cell& open);
/// In too small a group: no datum is behind that.
Cell too_small_to_compare();
/// Of a null in a finished column. What failed is for the reference evaluator.
Cell null_cell(Mask mask);
/// Values that differ only in what is waited for have the same number, of those that an earlier run recorded; by place.
std::vector<std::uint32_t> alike_but_for_names(const EarlierColumn& earlier);
/// A datum, or a recorded value, of an earlier year; `open` stands for a blank.
Cell cell_at(const EarlierColumn& earlier, std::uint32_t place, const Cell& open);

}  // namespace zoneval::exec
