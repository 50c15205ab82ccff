// What a value of an earlier year comes to with the blanks put back that it rested on.
#pragma once

#include <optional>

#include "engine/feel/evaluation/abstract_value.hpp"

namespace zoneval::exec {

using feel::AbstractValue;

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
