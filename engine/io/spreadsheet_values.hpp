// How workbooks spell numbers and dates (ECMA-376 part 1, 18.8.30 numFmt and 18.17.4 dates).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zoneval::io {

/// True if a number format shows a day, month or year: its cells hold dates.
bool is_date_format(std::string_view code);
/// The same for the formats every workbook has without saying so.
bool is_builtin_date_format(int id);

/// The shortest decimal that is the same binary double, in digits without exponent while that is reasonable: Excel
/// writes 1.1 as `1.1000000000000001`. nullopt when the text is not a finite number.
std::optional<std::string> shortest_decimal(std::string_view text);

/// ISO 8601 date of a serial number, with the time of day when there is one. Days count from 1900, where Excel
/// believes in a 29 February 1900 (serial 60, refused here), or from 1904. nullopt when it is no date.
std::optional<std::string> date_of_serial(double serial, bool from_1904);

}  // namespace zoneval::io
