// Habits from spreadsheets, programming languages and Chinese keyboards, and what FEEL has instead.
#pragma once

#include <string>
#include <string_view>

namespace zoneval::feel {

/// What to do about the text at which reading stopped ("write `=`"), or "".
std::string slip_at(std::string_view text, std::size_t at);
/// What to write for a function that is not there (`AVERAGE`), or "".
std::string slip_of_function(std::string_view name);
/// What to do about a name that is not there and has no near one, or "".
std::string slip_of_name(std::string_view name);

}  // namespace zoneval::feel
