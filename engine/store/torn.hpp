// What is left of texts that somebody tore: each item that can still be read, at its place. For whoever tells what a
// damaged store says (Store::Mode::as_it_stands); nobody else reads beyond a tear.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/run_columns.hpp"

namespace zoneval::store {

/// The texts of the `expected` items of a JSON array; nullopt: one that `is_item` does not take. Where a tear has taken
/// or added some, those from the first that cannot be read to the last are none that can be told.
using ItemsLeft = std::vector<std::optional<std::string_view>>;
ItemsLeft items_left(std::string_view array, std::size_t expected,
                     const std::function<bool(std::string_view item)>& is_item);

/// A stored text with something that can be read in place of what cannot, and the places of that.
struct Left {
    std::string text;
    std::vector<std::size_t> torn;
};
/// The cells of an imported column of so many rows; torn ones are not reported. nullopt: all can be read.
std::optional<Left> cells_left(std::string_view cells, std::string_view type, std::size_t rows);
/// Measured::cells; torn ones are nulls.
std::optional<Left> measured_left(std::string_view cells, std::size_t records);
/// What results show of so many records, as texts (empty: no value), and which of them are torn.
struct ShownLeft {
    std::vector<std::string> texts;
    std::vector<std::size_t> torn;
};
ShownLeft published_left(const Published& published, std::size_t records);
/// Torn records have no name.
std::vector<std::size_t> read_records_left(std::string_view json, std::size_t expected, Texts& out);
/// Torn outcomes are open, between nothing.
std::vector<std::size_t> read_decision_left(std::string_view outcomes, std::string_view cells, std::size_t records,
                                            Decisions& out);

}  // namespace zoneval::store
