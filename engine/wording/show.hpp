// Values as people read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/feel/value/value.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::wording {

struct Format {
    std::optional<int> decimals;  ///< places after the point; none: as many as there are, at most six, then "…"
    std::string_view unit;        ///< written behind a number; may be empty
};

/// "12.50 km²", "true" or "是"; a text as it is, without quotes.
std::string show(const feel::Value& value, const Format& format, Language language);

/// A figure with its unit: "75.55 points", 75.55分. An empty unit is none.
std::string with_unit(std::string figure, std::string_view unit, Language language);

/// A count: "2,808"
std::string with_commas(std::size_t number);

}  // namespace zoneval::wording
