// What an address supposes, and what would come of it.
#pragma once

#include "engine/audit/what_if.hpp"
#include "engine/serve/visit.hpp"

namespace zoneval::serve {

inline constexpr std::size_t most_years = 10, most_supposed = 20;

struct Supposition {
    std::vector<std::string> texts;  ///< "warning share = 8"
    std::vector<std::int32_t> years;
};
/// From `set` as the command has it, and from the fields of the form: `p.PARAMETER`; `record`, `input` and `value`;
/// `from` and `until`. Refused where it is more than is tried here. The year is what holds where none is named.
Supposition supposition_of(const Visit& visit, std::int32_t year);

/// Assessed on a copy by the rules of a run, while no other such request is at work. Refused where one is, Stopped
/// where it took too long.
audit::WhatIf tried(const Visit& visit, const store::Run& run, const Supposition& supposition);

}  // namespace zoneval::serve
