// Conversion functions (DMN 1.5 10.3.4.1).
#include "engine/feel/builtins/support.hpp"

namespace zoneval::feel {

namespace {

template <class T>
Value parsed(Arguments a, const CallContext& c, Type::Kind wanted) {
    if (auto out = T::parse(*a[0].string())) return Value(std::move(*out));
    return c.fail(reasons::not_a(*a[0].string(), wanted));
}

Value date_from_text(Arguments a, const CallContext& c) { return parsed<Date>(a, c, Type::Kind::date); }
Value date_from_date(Arguments a, const CallContext&) { return a[0]; }
Value date_from_date_time(Arguments a, const CallContext&) { return a[0].date_time()->date; }

Value date_from_parts(Arguments a, const CallContext& c) {
    const auto year = integer(a[0]), month = integer(a[1]), day = integer(a[2]);
    if (!year || !month || !day || !Date::is_valid(*year, *month, *day)) return c.fail(reasons::no_such_date());
    return Date{static_cast<std::int32_t>(*year), static_cast<std::uint8_t>(*month), static_cast<std::uint8_t>(*day)};
}

Value date_time_from_text(Arguments a, const CallContext& c) { return parsed<DateTime>(a, c, Type::Kind::date_time); }
Value date_time_from_date(Arguments a, const CallContext&) { return DateTime{*a[0].date(), *a[1].time()}; }
Value date_time_from_date_time(Arguments a, const CallContext&) {
    return DateTime{a[0].date_time()->date, *a[1].time()};
}

Value time_from_text(Arguments a, const CallContext& c) { return parsed<Time>(a, c, Type::Kind::time); }
Value time_from_time(Arguments a, const CallContext&) { return a[0]; }
Value time_from_date_time(Arguments a, const CallContext&) { return a[0].date_time()->time; }
Value time_from_date(Arguments, const CallContext&) { return Time{0, 0, Zone{Zone::Kind::offset, 0, nullptr}}; }

Value time_from_parts(Arguments a, const CallContext& c) {
    const auto hour = integer(a[0]), minute = integer(a[1]), second = integer(a[2]);
    const bool valid = hour && minute && second && *hour >= 0 && *hour < 24 && *minute >= 0 && *minute < 60 &&
                       *second >= 0 && *second < 60;
    if (!valid) return c.fail(reasons::no_such_time());
    Time out;
    out.second = static_cast<std::int32_t>(*hour * 3600 + *minute * 60 + *second);
    const auto fraction = (*a[2].number() - Decimal(*second)) * Decimal(1'000'000'000);
    out.nanosecond = static_cast<std::int32_t>(fraction.rounded(0, Rounding::down).to_int64().value_or(0));
    if (!given(a, 3)) return out;
    const auto offset = a[3].days_time()->seconds;
    if (offset > 14 * 3600 || offset < -14 * 3600) return c.fail(reasons::offset_too_large());
    out.zone = Zone{Zone::Kind::offset, static_cast<std::int32_t>(offset), nullptr};
    return out;
}

Value number_from_text(Arguments a, const CallContext& c) {
    const auto& text = *a[0].string();
    const auto separator = [&](std::size_t i) { return given(a, i) ? *a[i].string() : std::string(); };
    const auto grouping = separator(1), point = separator(2);
    const bool grouping_fits = grouping.empty() || grouping == " " || grouping == "," || grouping == ".";
    const bool point_fits = point.empty() || point == "," || point == ".";
    if (!grouping_fits || !point_fits || (!grouping.empty() && grouping == point))
        return c.fail(reasons::bad_separators());
    std::string plain;
    for (const char character : text) {
        if (!grouping.empty() && character == grouping.front()) continue;
        const bool is_point = point.empty() ? character == '.' : character == point.front();
        if (!is_point && character == '.') return c.fail(reasons::not_a(text, Type::Kind::number));
        plain += is_point ? '.' : character;
    }
    if (const auto out = Decimal::parse(plain)) return *out;
    return c.fail(reasons::not_a(text, Type::Kind::number));
}

Value number_from_number(Arguments a, const CallContext&) { return a[0]; }

Value string_from(Arguments a, const CallContext& c) {
    if (a[0].is_null())
        return c.fail(reasons::null_has_no_text(), a[0].cause() ? std::vector{a[0].cause()} : std::vector<CausePtr>{});
    auto out = a[0].to_string();
    if (out.size() > limits::string_bytes) return c.fail(reasons::text_too_long());
    return out;
}

Value duration_from_text(Arguments a, const CallContext& c) {
    if (const auto out = YearsMonthsDuration::parse(*a[0].string())) return *out;
    if (const auto out = DaysTimeDuration::parse(*a[0].string())) return *out;
    return c.fail(reasons::not_a_duration(*a[0].string()));
}
Value duration_from_duration(Arguments a, const CallContext&) { return a[0]; }

/// Times play no part: the suite counts P2Y from 2014-12-31T23:59:59 to 2016-12-31T00:00:01.
const Date& day_of(const Value& value) { return value.date() != nullptr ? *value.date() : value.date_time()->date; }

Value years_months_between(Arguments a, const CallContext&) { return months_between(day_of(a[0]), day_of(a[1])); }

Value range_from_text(Arguments a, const CallContext& c) { return c.range(*a[0].string()); }

}  // namespace

std::vector<Builtin> conversion_builtins() {
    const char* const category = "conversion";
    const char* const clause = "10.3.4.1";
    return {
        {"date",
         {{"from", "string"}},
         "date",
         category,
         clause,
         "reads a date such as 2024-12-31",
         R"(date("2024-02-29"))",
         R"(@"2024-02-29")",
         date_from_text},
        {"date",
         {{"from", "date and time"}},
         "date",
         category,
         clause,
         "the date of a date and time",
         R"(date(@"2024-02-29T10:00:00"))",
         R"(@"2024-02-29")",
         date_from_date_time},
        {"date",
         {{"from", "date"}},
         "date",
         category,
         clause,
         "the date itself",
         R"(date(@"2024-02-29"))",
         R"(@"2024-02-29")",
         date_from_date},
        {"date",
         {{"year", "number"}, {"month", "number"}, {"day", "number"}},
         "date",
         category,
         clause,
         "the date of a year, month and day",
         "date(2024, 2, 29)",
         R"(@"2024-02-29")",
         date_from_parts},
        {"date and time",
         {{"from", "string"}},
         "date and time",
         category,
         clause,
         "reads a date and time, or a date as its midnight",
         R"(date and time("2024-02-29T10:00:00Z"))",
         R"(@"2024-02-29T10:00:00Z")",
         date_time_from_text},
        {"date and time",
         {{"date", "date"}, {"time", "time"}},
         "date and time",
         category,
         clause,
         "joins a date and a time",
         R"(date and time(@"2024-02-29", @"10:00:00"))",
         R"(@"2024-02-29T10:00:00")",
         date_time_from_date},
        {"date and time",
         {{"date", "date and time"}, {"time", "time"}},
         "date and time",
         category,
         clause,
         "the date of one and a time",
         R"(date and time(@"2024-02-29T08:00:00Z", @"10:00:00"))",
         R"(@"2024-02-29T10:00:00")",
         date_time_from_date_time},
        {"time",
         {{"from", "string"}},
         "time",
         category,
         clause,
         "reads a time such as 10:30:00 or 10:30:00@Europe/Paris",
         R"(time("10:30:00+02:00"))",
         R"(@"10:30:00+02:00")",
         time_from_text},
        {"time",
         {{"from", "time"}},
         "time",
         category,
         clause,
         "the time itself",
         R"(time(@"10:30:00"))",
         R"(@"10:30:00")",
         time_from_time},
        {"time",
         {{"from", "date and time"}},
         "time",
         category,
         clause,
         "the time of a date and time",
         R"(time(@"2024-02-29T10:30:00"))",
         R"(@"10:30:00")",
         time_from_date_time},
        {"time",
         {{"from", "date"}},
         "time",
         category,
         clause,
         "midnight in UTC",
         R"(time(@"2024-02-29"))",
         R"(@"00:00:00Z")",
         time_from_date},
        {"time",
         {{"hour", "number"}, {"minute", "number"}, {"second", "number"}, {"offset", "days and time duration", true}},
         "time",
         category,
         clause,
         "the time of an hour, minute, second and offset from UTC",
         R"(time(10, 30, 0, @"PT2H"))",
         R"(@"10:30:00+02:00")",
         time_from_parts},
        {"number",
         {{"from", "string"}, {"grouping separator", "string", true}, {"decimal separator", "string", true}},
         "number",
         category,
         clause,
         "reads a number with its separators",
         R"(number("1.234,5", ".", ","))",
         "1234.5",
         number_from_text,
         {.kernel = Kernel::of_text}},
        {"number",
         {{"from", "number"}},
         "number",
         category,
         clause,
         "the number itself",
         "number(3)",
         "3",
         number_from_number,
         {.kernel = Kernel::of_text}},
        {"string",
         {{"from", "Any", false, false, true}},
         "string",
         category,
         clause,
         "the value as text",
         "string(1.50)",
         R"("1.5")",
         string_from,
         {.kernel = Kernel::of_text}},
        {"duration",
         {{"from", "string"}},
         "Any",
         category,
         clause,
         "reads a duration such as P1Y6M or P2DT3H",
         R"(duration("P1Y6M"))",
         R"(@"P1Y6M")",
         duration_from_text},
        {"duration",
         {{"from", "years and months duration"}},
         "years and months duration",
         category,
         clause,
         "the duration itself",
         R"(duration(@"P1Y"))",
         R"(@"P1Y")",
         duration_from_duration},
        {"duration",
         {{"from", "days and time duration"}},
         "days and time duration",
         category,
         clause,
         "the duration itself",
         R"(duration(@"P1D"))",
         R"(@"P1D")",
         duration_from_duration},
        {"years and months duration",
         {{"from", "date"}, {"to", "date"}},
         "years and months duration",
         category,
         clause,
         "whole months between two dates",
         R"(years and months duration(@"2011-12-22", @"2013-08-24"))",
         R"(@"P1Y8M")",
         years_months_between},
        {"years and months duration",
         {{"from", "date and time"}, {"to", "date and time"}},
         "years and months duration",
         category,
         clause,
         "whole months between two moments",
         R"(years and months duration(@"2011-12-22T10:00:00", @"2013-08-24T10:00:00"))",
         R"(@"P1Y8M")",
         years_months_between},
        {"years and months duration",
         {{"from", "date"}, {"to", "date and time"}},
         "years and months duration",
         category,
         clause,
         "whole months from a date to a moment",
         R"(years and months duration(@"2011-12-22", @"2013-08-24T10:00:00"))",
         R"(@"P1Y8M")",
         years_months_between},
        {"years and months duration",
         {{"from", "date and time"}, {"to", "date"}},
         "years and months duration",
         category,
         clause,
         "whole months from a moment to a date",
         R"(years and months duration(@"2011-12-22T10:00:00", @"2013-08-24"))",
         R"(@"P1Y8M")",
         years_months_between},
        {"range",
         {{"from", "string"}},
         "range<Any>",
         category,
         "10.3.4.1",
         "reads a range whose ends are literals",
         R"#(range("[18..21)"))#",
         "[18..21)",
         range_from_text},
    };
}

}  // namespace zoneval::feel
