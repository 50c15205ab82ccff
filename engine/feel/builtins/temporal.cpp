// Date and time functions (DMN 1.5 10.3.4.7 and 10.3.4.8).
#include <array>

#include "engine/feel/builtins/support.hpp"

namespace zoneval::feel {

namespace {

const Date& date_of(const Value& value) { return value.date() != nullptr ? *value.date() : value.date_time()->date; }

Value day_of_year(Arguments a, const CallContext&) { return date_of(a[0]).day_of_year(); }
Value week_of_year(Arguments a, const CallContext&) { return date_of(a[0]).iso_week(); }

Value day_of_week(Arguments a, const CallContext&) {
    constexpr std::array<const char*, 7> names{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                               "Friday", "Saturday", "Sunday"};
    return names[static_cast<std::size_t>(date_of(a[0]).weekday() - 1)];
}

Value month_of_year(Arguments a, const CallContext&) {
    constexpr std::array<const char*, 12> names{"January", "February", "March",     "April",   "May",      "June",
                                                "July",    "August",   "September", "October", "November", "December"};
    return names[static_cast<std::size_t>(date_of(a[0]).month - 1)];
}

Value now(Arguments, const CallContext&) { return now_utc(); }
Value today(Arguments, const CallContext&) { return now_utc().date; }

}  // namespace

std::vector<Builtin> temporal_builtins() {
    const char* const category = "date and time";
    const std::vector<Parameter> date{{"date", "date"}}, moment{{"date", "date and time"}};
    return {
        {"day of year", date, "number", category, "10.3.4.7", "the day counted from 1 January",
         R"(day of year(@"2019-09-17"))", "260", day_of_year},
        {"day of year", moment, "number", category, "10.3.4.7", "the day counted from 1 January",
         R"(day of year(@"2019-09-17T10:00:00"))", "260", day_of_year},
        {"day of week", date, "string", category, "10.3.4.7", "the English name of the day",
         R"(day of week(@"2019-09-17"))", R"("Tuesday")", day_of_week},
        {"day of week", moment, "string", category, "10.3.4.7", "the English name of the day",
         R"(day of week(@"2019-09-17T10:00:00"))", R"("Tuesday")", day_of_week},
        {"month of year", date, "string", category, "10.3.4.7", "the English name of the month",
         R"(month of year(@"2019-09-17"))", R"("September")", month_of_year},
        {"month of year", moment, "string", category, "10.3.4.7", "the English name of the month",
         R"(month of year(@"2019-09-17T10:00:00"))", R"("September")", month_of_year},
        {"week of year", date, "number", category, "10.3.4.7", "the ISO 8601 week", R"(week of year(@"2003-12-31"))",
         "1", week_of_year},
        {"week of year", moment, "number", category, "10.3.4.7", "the ISO 8601 week",
         R"(week of year(@"2003-12-31T10:00:00"))", "1", week_of_year},
        {"now",
         {},
         "date and time",
         category,
         "10.3.4.11",
         "the current moment in UTC",
         "now() instance of date and time",
         "true",
         now},
        {"today",
         {},
         "date",
         category,
         "10.3.4.11",
         "the current date in UTC",
         "today() instance of date",
         "true",
         today},
    };
}

}  // namespace zoneval::feel
