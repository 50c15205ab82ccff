// What a value can come to over every completion of a record: every way to fill its blanks.
#pragma once

#include <optional>
#include <vector>

#include "engine/feel/value/decimal.hpp"
#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

/// INVARIANT (sound): what a completion gives is in the abstract value of it; there may be more in it.
struct AbstractValue {
    Value value;                       ///< the same in every completion; while open, a null that says what is missing
    std::optional<Decimal> low, high;  ///< open numbers: bounds, inclusive, where there are any
    std::vector<Value> options;        ///< open: all the values it can have, where they are listed
    bool certainly_null = false;       ///< open, but null in every completion: a formula gives null
    bool there = false;                ///< open, but null in no completion
    bool open() const;
    bool never_null() const;
};

}  // namespace zoneval::feel
