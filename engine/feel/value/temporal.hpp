// FEEL's dates, times and durations (DMN 1.5 10.3.2.3.4 to 10.3.2.3.9).
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/feel/value/zones.hpp"

namespace zoneval::feel {

/// Proleptic Gregorian date; years -999999999..999999999.
struct Date {
    std::int32_t year = 1970;
    std::uint8_t month = 1;
    std::uint8_t day = 1;
    static std::optional<Date> parse(std::string_view text);  ///< strict ISO 8601 / XPath lexical form
    static bool is_valid(std::int64_t year, std::int64_t month, std::int64_t day);
    static int days_in_month(std::int64_t year, int month);
    std::int64_t days_since_epoch() const;
    /// nullopt outside the years above.
    static std::optional<Date> from_days_checked(std::int64_t days);
    static Date from_days(std::int64_t days);                    ///< precondition: inside the years above
    std::optional<Date> plus_months(std::int64_t months) const;  ///< the day is clipped to the month's last
    int weekday() const;                                         ///< 1 = Monday … 7 = Sunday
    int day_of_year() const;
    int iso_week() const;
    std::string to_string() const;
    friend auto operator<=>(const Date&, const Date&) = default;
};

struct Time {
    std::int32_t second = 0;  ///< of the day, 0..86399
    std::int32_t nanosecond = 0;
    Zone zone;
    static std::optional<Time> parse(std::string_view text);
    int hours() const { return second / 3600; }
    int minutes() const { return second / 60 % 60; }
    int seconds() const { return second % 60; }
    std::string to_string() const;
    friend bool operator==(const Time&, const Time&) = default;
};

struct DateTime {
    Date date;
    Time time;
    /// Also reads a plain date, as midnight (10.3.4.1).
    static std::optional<DateTime> parse(std::string_view text);
    std::string to_string() const;
    friend bool operator==(const DateTime&, const DateTime&) = default;
};

struct YearsMonthsDuration {
    std::int64_t months = 0;
    static std::optional<YearsMonthsDuration> parse(std::string_view text);
    std::string to_string() const;
    friend auto operator<=>(const YearsMonthsDuration&, const YearsMonthsDuration&) = default;
};

/// INVARIANT: 0 <= nanosecond < 10^9, so -0.5 s is {-1, 500000000}.
struct DaysTimeDuration {
    std::int64_t seconds = 0;
    std::int32_t nanosecond = 0;
    static std::optional<DaysTimeDuration> parse(std::string_view text);
    DaysTimeDuration operator-() const;
    std::string to_string() const;
    friend auto operator<=>(const DaysTimeDuration&, const DaysTimeDuration&) = default;
};

/// Ordering of 10.3.2.3.4 to .6 in whole seconds; a local one stands where the other does. Equality is another matter:
/// a local time is never the same as one with an offset.
std::optional<std::strong_ordering> compare(const Time& a, const Time& b);
std::optional<std::strong_ordering> compare(const DateTime& a, const DateTime& b);

/// nullopt on overflow.
std::optional<DaysTimeDuration> add(DaysTimeDuration a, DaysTimeDuration b);
std::optional<DateTime> add(const DateTime& a, DaysTimeDuration b);
std::optional<DateTime> add(const DateTime& a, YearsMonthsDuration b);
std::optional<Date> add(const Date& a, DaysTimeDuration b);
Time add(const Time& a, DaysTimeDuration b);  ///< wraps around midnight
/// nullopt when one is local and the other is not.
std::optional<DaysTimeDuration> subtract(const DateTime& a, const DateTime& b);
std::optional<DaysTimeDuration> subtract(const Time& a, const Time& b);
/// Whole months from one date to the other, towards zero (10.3.4.1 years and months duration).
YearsMonthsDuration months_between(const Date& from, const Date& to);

/// Today and now in UTC, from the system clock.
DateTime now_utc();

}  // namespace zoneval::feel
