// Whole numbers out of JSON that anybody may have written: 1e91, 2.5 and what a narrower type does not hold are
// refused.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <utility>

namespace zoneval {

/// Throws std::out_of_range where there is none, or not within the type.
template <class Whole, class Json>
Whole whole_number(const Json& json) {
    const auto within = [](auto value) {
        if (!std::in_range<Whole>(value)) throw std::out_of_range("a number is out of range");
        return static_cast<Whole>(value);
    };
    if (json.is_number_unsigned()) return within(json.template get<std::uint64_t>());
    if (json.is_number_integer()) return within(json.template get<std::int64_t>());
    throw std::out_of_range("a whole number is expected");
}

}  // namespace zoneval
