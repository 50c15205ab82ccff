// Rows found by a key that lives elsewhere: nothing is copied, eight bytes a slot.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace zoneval {

/// Open addressing over (hash, row). The caller keeps the keys and says whether a row has the key sought.
class RowIndex {
  public:
    static std::uint32_t hash(std::string_view key, std::int32_t salt = 0) {
        const std::uint64_t h =
            std::hash<std::string_view>{}(key) + 0x9E3779B97F4A7C15ull * static_cast<std::uint32_t>(salt);
        return static_cast<std::uint32_t>(h ^ (h >> 32));
    }

    /// Room for that many keys.
    void reserve(std::size_t keys) {
        std::size_t size = 64;
        while (size < 2 * (keys + 1)) size *= 2;
        if (size > slots_.size()) resize(size);
    }
    /// Has the memory at hand when the key is looked up a little later.
    void expect(std::uint32_t hash) const {
        if (!slots_.empty()) __builtin_prefetch(&slots_[hash & (slots_.size() - 1)], 1);
    }

    template <class Same>  // bool(std::uint32_t row)
    std::optional<std::uint32_t> find(std::uint32_t hash, const Same& same) const {
        if (slots_.empty()) return std::nullopt;
        const auto& slot = slots_[place(hash, same)];
        return slot.row == empty ? std::nullopt : std::optional(slot.row);
    }

    /// The row that has the key already, or `row`, now entered; second: whether it was entered.
    template <class Same>
    std::pair<std::uint32_t, bool> insert(std::uint32_t hash, std::uint32_t row, const Same& same) {
        if (2 * (used_ + 1) > slots_.size()) grow();
        auto& slot = slots_[place(hash, same)];
        if (slot.row != empty) return {slot.row, false};
        slot = {hash, row};
        ++used_;
        return {row, true};
    }

  private:
    static constexpr std::uint32_t empty = UINT32_MAX;
    struct Slot {
        std::uint32_t hash = 0, row = empty;
    };

    /// Where the key is, or the free slot where it belongs.
    template <class Same>
    std::size_t place(std::uint32_t hash, const Same& same) const {
        std::size_t i = hash & (slots_.size() - 1);
        while (slots_[i].row != empty && !(slots_[i].hash == hash && same(slots_[i].row)))
            i = (i + 1) & (slots_.size() - 1);
        return i;
    }

    void grow() { resize(slots_.empty() ? 64 : slots_.size() * 2); }
    void resize(std::size_t size) {
        std::vector<Slot> old = std::move(slots_);
        slots_.assign(size, {});
        for (const auto& slot : old)
            if (slot.row != empty) slots_[place(slot.hash, [](std::uint32_t) { return false; })] = slot;
    }

    std::vector<Slot> slots_;
    std::size_t used_ = 0;
};

}  // namespace zoneval
