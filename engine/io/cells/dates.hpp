// Dates as files write them.
#pragma once

#include <optional>
#include <string_view>

#include "engine/feel/value/temporal.hpp"

namespace zoneval::io {

/// By a pattern of y, m and d and what stands between them (`y/m/d`, `d.m.y`, `y年m月d日`; `ymd`: eight digits), or
/// `serial`: the days that spreadsheets count from 1900. A year has four digits.
std::optional<feel::Date> date_by_pattern(std::string_view text, std::string_view pattern);

}  // namespace zoneval::io
