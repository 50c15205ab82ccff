// What a stored value comes to with the blanks put back that it rested on, as FEEL and back:
// {scores: {from: 20, to: 45}, all: {among: ["none", "interview"]}}.
#pragma once

#include <string>
#include <string_view>

#include "engine/exec/results/reopened.hpp"

namespace zoneval::assess {

/// Under `scores` what the value comes to with the parts put back that scores left out, under `all` with everything
/// missing; without one, the value stays what it is. Each says what is known of it: `is` a value, `from` and `to`
/// bounds, `among` values listed; nothing: it may be anything.
std::string text_of(const exec::Reopened& reopened);
/// `name` and `year` say whose value it is. Stores of version 4 and before hold one range for both, or null.
exec::Reopened reopened_of(std::string_view text, const std::string& name, std::int32_t year);

}  // namespace zoneval::assess
