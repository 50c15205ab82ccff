// FEEL's dates, times and durations (DMN 1.5 10.3.2.3.4 to 10.3.2.3.9).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zoneval::feel {

/// Proleptic Gregorian date; years -999999999..999999999.
struct Date {
    std::int32_t year = 1970;
    std::uint8_t month = 1;
    std::uint8_t day = 1;
    static std::optional<Date> parse(std::string_view text);   ///< strict ISO 8601 / XPath lexical form
    static bool is_valid(std::int64_t year, std::int64_t month, std::int64_t day);
    std::int64_t days_since_epoch() const;
    static Date from_days(std::int64_t days);
    std::string to_string() const;
    friend auto operator<=>(const Date&, const Date&) = default;
};

// Time, DateTime, YearsMonthsDuration and DaysTimeDuration follow here.

}  // namespace zoneval::feel
