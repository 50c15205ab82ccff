// How workbooks spell numbers and dates (ECMA-376 part 1, 18.8.30 numFmt and 18.17.4 dates).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zoneval::io {

/// What a number format (18.8.30) makes of a number, as far as reading it goes. Only its first section counts.
struct NumberFormat {
    bool date = false;          ///< shows a day, month or year
    bool percent = false;       ///< shows a hundred times what is stored
    bool words = false;         ///< shows letters that are not in the number: `"ID-"0`
    bool in_thousands = false;  ///< shows a thousandth or less: `#,##0,`
    bool sign = false;          ///< writes a % or ‰ behind what is stored, and changes nothing: `0.0"%"`
    std::uint8_t digits = 0;    ///< of a whole number, zeros in front: `000`; 0: no such format
};
NumberFormat number_format(std::string_view code);
/// The same for the formats every workbook has without saying so.
NumberFormat builtin_number_format(int id);

/// The shortest decimal that is the same binary double, in digits without exponent while that is reasonable.
std::string shortest_decimal(double value);
/// The decimal that Excel shows and compares: of at most 15 digits, the shortest that is the same binary double, in
/// digits without exponent while that is reasonable. Excel writes 1.1 as `1.1000000000000001`, and takes 0.1 + 0.2 for
/// 0.3. nullopt when the text is not a finite number.
std::optional<std::string> shown_decimal(std::string_view text);

/// ISO 8601 date of a serial number, with the time of day when there is one. Days count from 1900, where Excel
/// believes in a 29 February 1900 (serial 60, refused here), or from 1904. nullopt when it is no date.
std::optional<std::string> date_of_serial(double serial, bool from_1904);

}  // namespace zoneval::io
