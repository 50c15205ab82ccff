// Where records of one list stand in another.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

#include "engine/table/row_index.hpp"

namespace zoneval {

/// Finds names in a list that is kept elsewhere, does not change and outlives it: where they are likely to stand, or by
/// a hash table that is made when one stands elsewhere. Several threads may ask.
template <class Names>  // size(), and [row] that converts to std::string_view
class RowFinder {
  public:
    explicit RowFinder(const Names& names) : names_(names) {}

    /// nullopt: the name is not in the list. `likely`: any row; where lists agree, that of the other list.
    std::optional<std::uint32_t> find(std::string_view name, std::size_t likely) const {
        if (likely < names_.size() && std::string_view(names_[likely]) == name)
            return static_cast<std::uint32_t>(likely);
        std::call_once(made_, [this] {
            index_.reserve(names_.size());
            for (std::size_t i = 0; i < names_.size(); ++i)
                index_.insert(RowIndex::hash(names_[i]), static_cast<std::uint32_t>(i), same(names_[i]));
        });
        return index_.find(RowIndex::hash(name), same(name));
    }

  private:
    auto same(std::string_view name) const {
        return [this, name](std::uint32_t other) { return std::string_view(names_[other]) == name; };
    }

    const Names& names_;
    mutable std::once_flag made_;
    mutable RowIndex index_;
};

}  // namespace zoneval
