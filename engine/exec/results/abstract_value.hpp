// What a value can come to over every completion of a record: every way to fill its blanks.
#pragma once

#include <optional>
#include <vector>

#include "engine/feel/value/decimal.hpp"
#include "engine/feel/value/value.hpp"

namespace zoneval::exec {

/// INVARIANT (sound): what a completion gives is in the abstract value of it; there may be more in it.
struct AbstractValue {
    feel::Value value;  ///< the same in every completion; while open, a null that says what is missing
    std::optional<feel::Decimal> low, high;  ///< open numbers: bounds, inclusive, where there are any
    std::vector<feel::Value> options;        ///< open: all the values it can have, where they are listed
    bool certainly_null = false;             ///< open, but null in every completion: a formula gives null
    bool there = false;                      ///< open, but null in no completion
    bool open() const;
    bool never_null() const;
};

/// What is filled in: the parts that scores leave out (authors' own `x = null` keeps its answer), or everything
/// missing.
enum class Blanks { of_scores, all };

/// What a known value comes to with the blanks put back that it made a fact of; nullopt: it made none of such.
struct Reopened {
    std::optional<AbstractValue> of_scores, all;
    const AbstractValue* with(Blanks blanks) const {
        const auto& wanted = blanks == Blanks::all ? all : of_scores;
        return wanted ? &*wanted : nullptr;
    }
};

}  // namespace zoneval::exec
