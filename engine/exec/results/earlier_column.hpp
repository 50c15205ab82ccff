// An earlier year by columns: what History gives record by record, for all rows of a table at once.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/exec/results/reopened.hpp"
#include "engine/table/table.hpp"

namespace zoneval::exec {

/// The values of one node in one earlier year. What it points to lives as long as the history.
struct EarlierColumn {
    /// Instead of a place: the record took no part, or what it would have been is unknown.
    static constexpr std::uint32_t absent = UINT32_MAX, unknown = UINT32_MAX - 1;
    std::vector<std::uint32_t> places;  ///< by row of the table
    // One of the two; neither: no row has a place.
    const Column* data = nullptr;                      ///< of an input: places are its rows
    const std::vector<feel::Value>* values = nullptr;  ///< of what a run recorded: places are indices
    bool repeated = false;  ///< several rows may share a place: values are the different ones
    /// By place: with the blanks put back that the value rested on. nullptr: none rested on any.
    std::shared_ptr<const std::unordered_map<std::uint32_t, Reopened>> reopened;

    bool has(std::uint32_t row) const { return places[row] < unknown; }
    /// What the value of a row comes to with the blanks put back; nullptr: it rested on none.
    const Reopened* put_back(std::uint32_t row) const {
        if (!reopened || !has(row)) return nullptr;
        const auto found = reopened->find(places[row]);
        return found == reopened->end() ? nullptr : &found->second;
    }
};

}  // namespace zoneval::exec
