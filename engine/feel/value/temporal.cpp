#include "engine/feel/value/temporal.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <limits>

namespace zoneval::feel {

namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int32_t second_nanoseconds = 1'000'000'000;
constexpr std::int64_t max_year = 999'999'999;
constexpr std::int64_t max_days = max_year * 366;
constexpr std::int64_t max_seconds = std::numeric_limits<std::int64_t>::max() / 4;

/// Reads a lexical form from left to right.
struct Reader {
    std::string_view text;
    std::size_t at = 0;
    bool done() const { return at == text.size(); }
    char peek() const { return done() ? '\0' : text[at]; }
    bool take(char c) {
        if (peek() != c || done()) return false;
        ++at;
        return true;
    }
    std::string_view digits() {
        const auto begin = at;
        while (!done() && text[at] >= '0' && text[at] <= '9') ++at;
        return text.substr(begin, at - begin);
    }
    std::optional<int> two() {
        const auto d = digits();
        if (d.size() != 2) return std::nullopt;
        return (d[0] - '0') * 10 + (d[1] - '0');
    }
    std::string_view rest() const { return text.substr(at); }
};

std::optional<std::int64_t> number_of(std::string_view digits) {
    if (digits.empty() || digits.size() > 18) return std::nullopt;
    std::int64_t out = 0;
    for (const char c : digits) out = out * 10 + (c - '0');
    return out;
}

/// The first nine digits of a fraction; finer ones are cut off.
std::int32_t nanoseconds_of(std::string_view fraction) {
    std::int32_t out = 0;
    for (std::size_t i = 0; i < 9; ++i) out = out * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
    return out;
}

std::string fraction_text(std::int32_t nanosecond) {
    if (nanosecond == 0) return "";
    auto out = fmt::format(".{:09}", nanosecond);
    while (out.back() == '0') out.pop_back();
    return out;
}

std::optional<Date> read_date(Reader& in) {
    const bool negative = in.take('-');
    const auto year_digits = in.digits();
    if (year_digits.size() < 4 || year_digits.size() > 9) return std::nullopt;
    if (year_digits.size() > 4 && year_digits.front() == '0') return std::nullopt;
    const auto year = number_of(year_digits);
    if (!in.take('-')) return std::nullopt;
    const auto month = in.two();
    if (!month || !in.take('-')) return std::nullopt;
    const auto day = in.two();
    if (!day) return std::nullopt;
    const auto signed_year = negative ? -*year : *year;
    if (!Date::is_valid(signed_year, *month, *day)) return std::nullopt;
    return Date{static_cast<std::int32_t>(signed_year), static_cast<std::uint8_t>(*month),
                static_cast<std::uint8_t>(*day)};
}

/// 24:00:00 is read as second 86400: the caller decides what the next midnight means.
std::optional<Time> read_time(Reader& in) {
    const auto h = in.two();
    if (!h || !in.take(':')) return std::nullopt;
    const auto m = in.two();
    if (!m || !in.take(':')) return std::nullopt;
    const auto s = in.two();
    if (!s) return std::nullopt;
    Time out;
    if (in.take('.')) {
        const auto fraction = in.digits();
        if (fraction.empty()) return std::nullopt;
        out.nanosecond = nanoseconds_of(fraction);
    }
    out.second = *h * 3600 + *m * 60 + *s;
    if (*m > 59 || *s > 59 || out.second > day_seconds || (out.second == day_seconds && out.nanosecond != 0))
        return std::nullopt;
    const auto zone = Zone::parse(in.rest());
    if (!zone) return std::nullopt;
    out.zone = *zone;
    in.at = in.text.size();
    return out;
}

/// Seconds since the epoch as if local.
std::int64_t local_seconds(const DateTime& t) { return t.date.days_since_epoch() * day_seconds + t.time.second; }

std::optional<std::int64_t> instant(const DateTime& t) {
    if (t.time.zone.kind == Zone::Kind::local) return local_seconds(t);
    const auto offset = utc_offset(t.time, &t.date);
    if (!offset) return std::nullopt;
    return local_seconds(t) - *offset;
}

bool comparable(const Zone& a, const Zone& b) { return (a.kind == Zone::Kind::local) == (b.kind == Zone::Kind::local); }

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

DaysTimeDuration normal(std::int64_t seconds, std::int64_t nanoseconds) {
    const auto carry = floor_divide(nanoseconds, second_nanoseconds);
    return {seconds + carry, static_cast<std::int32_t>(nanoseconds - carry * second_nanoseconds)};
}

}  // namespace

std::optional<Date> Date::parse(std::string_view text) {
    Reader in{text};
    const auto out = read_date(in);
    return in.done() ? out : std::nullopt;
}

int Date::days_in_month(std::int64_t year, int month) {
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[static_cast<std::size_t>(month - 1)];
}

bool Date::is_valid(std::int64_t year, std::int64_t month, std::int64_t day) {
    if (year < -max_year || year > max_year || month < 1 || month > 12 || day < 1) return false;
    return day <= days_in_month(year, static_cast<int>(month));
}

std::int64_t Date::days_since_epoch() const {
    // Years counted from March, so that the leap day comes last; 400-year cycles of 146097 days.
    const std::int64_t y = year - (month <= 2 ? 1 : 0);
    const auto cycle = floor_divide(y, 400);
    const auto of_cycle = y - cycle * 400;
    const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return cycle * 146'097 + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + day_of_year - 719'468;
}

Date Date::from_days(std::int64_t days) {
    days += 719'468;
    const auto cycle = floor_divide(days, 146'097);
    const auto of_cycle = days - cycle * 146'097;
    const auto y = (of_cycle - of_cycle / 1460 + of_cycle / 36'524 - of_cycle / 146'096) / 365;
    const auto day_of_year = of_cycle - (365 * y + y / 4 - y / 100);
    const auto shifted = (5 * day_of_year + 2) / 153;
    const auto month = shifted < 10 ? shifted + 3 : shifted - 9;
    return {static_cast<std::int32_t>(y + cycle * 400 + (month <= 2 ? 1 : 0)), static_cast<std::uint8_t>(month),
            static_cast<std::uint8_t>(day_of_year - (153 * shifted + 2) / 5 + 1)};
}

std::optional<Date> Date::from_days_checked(std::int64_t days) {
    if (days > max_days || days < -max_days) return std::nullopt;
    const auto out = from_days(days);
    if (out.year > max_year || out.year < -max_year) return std::nullopt;
    return out;
}

std::optional<Date> Date::plus_months(std::int64_t months) const {
    if (months > max_year * 24 || months < -max_year * 24) return std::nullopt;
    const auto total = std::int64_t{year} * 12 + (month - 1) + months;
    const auto y = floor_divide(total, 12);
    const auto m = static_cast<int>(total - y * 12) + 1;
    if (y > max_year || y < -max_year) return std::nullopt;
    const auto last = days_in_month(y, m);
    return Date{static_cast<std::int32_t>(y), static_cast<std::uint8_t>(m),
                static_cast<std::uint8_t>(day < last ? day : last)};
}

int Date::weekday() const {
    const auto days = days_since_epoch() + 3;  // 1970-01-01 was a Thursday
    return static_cast<int>(days - floor_divide(days, 7) * 7) + 1;
}

int Date::day_of_year() const { return static_cast<int>(days_since_epoch() - Date{year, 1, 1}.days_since_epoch()) + 1; }

int Date::iso_week() const {
    // The week belongs to the year that holds its Thursday.
    const auto thursday = from_days(days_since_epoch() + 4 - weekday());
    return (thursday.day_of_year() - 1) / 7 + 1;
}

std::string Date::to_string() const {
    return fmt::format("{}{:04}-{:02}-{:02}", year < 0 ? "-" : "", year < 0 ? -year : year, month, day);
}

std::optional<Time> Time::parse(std::string_view text) {
    Reader in{text};
    auto out = read_time(in);
    if (!out || !in.done()) return std::nullopt;
    if (out->second == day_seconds) out->second = 0;
    return out;
}

std::string Time::to_string() const {
    return fmt::format("{:02}:{:02}:{:02}{}{}", hours(), minutes(), seconds(), fraction_text(nanosecond),
                       zone.to_string());
}

std::optional<DateTime> DateTime::parse(std::string_view text) {
    Reader in{text};
    const auto date = read_date(in);
    if (!date) return std::nullopt;
    if (in.done()) return DateTime{*date, {}};
    if (!in.take('T')) return std::nullopt;
    auto time = read_time(in);
    if (!time || !in.done()) return std::nullopt;
    if (time->second < day_seconds) return DateTime{*date, *time};
    time->second = 0;
    const auto next = Date::from_days_checked(date->days_since_epoch() + 1);
    if (!next) return std::nullopt;
    return DateTime{*next, *time};
}

std::string DateTime::to_string() const { return date.to_string() + "T" + time.to_string(); }

std::optional<YearsMonthsDuration> YearsMonthsDuration::parse(std::string_view text) {
    Reader in{text};
    const bool negative = in.take('-');
    if (!in.take('P') || in.done()) return std::nullopt;
    std::int64_t months = 0;
    auto digits = in.digits();
    if (in.take('Y')) {
        const auto years = number_of(digits);
        if (!years || *years > max_year * 1000) return std::nullopt;
        months += *years * 12;
        if (in.done()) return YearsMonthsDuration{negative ? -months : months};
        digits = in.digits();
    }
    const auto count = number_of(digits);
    if (!count || *count > max_year * 12'000 || !in.take('M') || !in.done()) return std::nullopt;
    months += *count;
    return YearsMonthsDuration{negative ? -months : months};
}

std::string YearsMonthsDuration::to_string() const {
    if (months == 0) return "P0M";
    const auto magnitude = months < 0 ? -months : months;
    std::string out = months < 0 ? "-P" : "P";
    if (magnitude / 12 != 0) out += fmt::format("{}Y", magnitude / 12);
    if (magnitude % 12 != 0) out += fmt::format("{}M", magnitude % 12);
    return out;
}

std::optional<DaysTimeDuration> DaysTimeDuration::parse(std::string_view text) {
    Reader in{text};
    const bool negative = in.take('-');
    if (!in.take('P') || in.done()) return std::nullopt;
    std::int64_t seconds = 0;
    std::int32_t nanosecond = 0;
    const auto part = [&](std::string_view digits, std::int64_t unit) {
        const auto count = number_of(digits);
        if (!count || *count > max_seconds / 8 / unit) return false;
        seconds += *count * unit;
        return true;
    };
    if (in.peek() != 'T') {
        const auto digits = in.digits();
        if (!in.take('D') || !part(digits, day_seconds)) return std::nullopt;
    }
    if (in.take('T')) {
        if (in.done()) return std::nullopt;
        auto digits = in.digits();
        if (in.take('H')) {
            if (!part(digits, 3600)) return std::nullopt;
            digits = in.digits();
        }
        if (!digits.empty() && in.take('M')) {
            if (!part(digits, 60)) return std::nullopt;
            digits = in.digits();
        }
        if (!digits.empty()) {
            if (!part(digits, 1)) return std::nullopt;
            if (in.take('.')) nanosecond = nanoseconds_of(in.digits());
            if (!in.take('S')) return std::nullopt;
        }
    }
    if (!in.done()) return std::nullopt;
    const DaysTimeDuration out{seconds, nanosecond};
    return negative ? -out : out;
}

DaysTimeDuration DaysTimeDuration::operator-() const { return normal(-seconds, -std::int64_t{nanosecond}); }

std::string DaysTimeDuration::to_string() const {
    if (seconds == 0 && nanosecond == 0) return "PT0S";
    const bool negative = seconds < 0;
    const auto magnitude = negative ? -*this : *this;
    const auto s = magnitude.seconds % day_seconds;
    std::string out = negative ? "-P" : "P";
    if (magnitude.seconds >= day_seconds) out += fmt::format("{}D", magnitude.seconds / day_seconds);
    if (s == 0 && magnitude.nanosecond == 0) return out;
    out += "T";
    if (s >= 3600) out += fmt::format("{}H", s / 3600);
    if (s / 60 % 60 != 0) out += fmt::format("{}M", s / 60 % 60);
    if (s % 60 != 0 || magnitude.nanosecond != 0)
        out += fmt::format("{}{}S", s % 60, fraction_text(magnitude.nanosecond));
    return out;
}

std::optional<std::strong_ordering> compare(const Time& a, const Time& b) {
    if (a.zone == b.zone || !comparable(a.zone, b.zone)) return a.second <=> b.second;
    return a.second - utc_offset(a, nullptr).value_or(0) <=> b.second - utc_offset(b, nullptr).value_or(0);
}

std::optional<std::strong_ordering> compare(const DateTime& a, const DateTime& b) {
    const auto zoned = [](const DateTime& one, const DateTime& other) {
        auto out = one;
        if (out.time.zone.kind == Zone::Kind::local) out.time.zone = other.time.zone;
        return instant(out);
    };
    const auto x = zoned(a, b), y = zoned(b, a);
    if (!x || !y) return std::nullopt;
    return *x <=> *y;
}

std::optional<DaysTimeDuration> add(DaysTimeDuration a, DaysTimeDuration b) {
    const auto out = normal(a.seconds + b.seconds, std::int64_t{a.nanosecond} + b.nanosecond);
    if (out.seconds > max_seconds || out.seconds < -max_seconds) return std::nullopt;
    return out;
}

// In a named zone the clock may be put forward or back on the way: what is added to is the moment (Table 45: the value
// of a date and time is counted from the epoch), so that a + (b - a) is b.
std::optional<DateTime> add(const DateTime& a, DaysTimeDuration b) {
    auto sum = normal(local_seconds(a) + b.seconds, std::int64_t{a.time.nanosecond} + b.nanosecond);
    if (a.time.zone.kind == Zone::Kind::named) {
        const auto before = utc_offset(a.time, &a.date);
        const auto after = before ? utc_offset_at(a.time.zone, sum.seconds - *before) : std::nullopt;
        if (after) sum.seconds += *after - *before;
    }
    const auto days = floor_divide(sum.seconds, day_seconds);
    const auto date = Date::from_days_checked(days);
    if (!date) return std::nullopt;
    return DateTime{*date, {static_cast<std::int32_t>(sum.seconds - days * day_seconds), sum.nanosecond, a.time.zone}};
}

std::optional<DateTime> add(const DateTime& a, YearsMonthsDuration b) {
    const auto date = a.date.plus_months(b.months);
    if (!date) return std::nullopt;
    return DateTime{*date, a.time};
}

std::optional<Date> add(const Date& a, DaysTimeDuration b) {
    const auto sum = add(DateTime{a, {}}, b);
    if (!sum) return std::nullopt;
    return sum->date;
}

Time add(const Time& a, DaysTimeDuration b) {
    const auto within = b.seconds - floor_divide(b.seconds, day_seconds) * day_seconds;
    const auto sum = normal(a.second + within, std::int64_t{a.nanosecond} + b.nanosecond);
    return {static_cast<std::int32_t>(sum.seconds % day_seconds), sum.nanosecond, a.zone};
}

std::optional<DaysTimeDuration> subtract(const DateTime& a, const DateTime& b) {
    if (!comparable(a.time.zone, b.time.zone)) return std::nullopt;
    const auto x = instant(a), y = instant(b);
    if (!x || !y) return std::nullopt;
    return normal(*x - *y, std::int64_t{a.time.nanosecond} - b.time.nanosecond);
}

std::optional<DaysTimeDuration> subtract(const Time& a, const Time& b) {
    if (!comparable(a.zone, b.zone)) return std::nullopt;
    std::int64_t seconds = a.second - b.second;
    if (!(a.zone == b.zone)) seconds -= utc_offset(a, nullptr).value_or(0) - utc_offset(b, nullptr).value_or(0);
    return normal(seconds, std::int64_t{a.nanosecond} - b.nanosecond);
}

YearsMonthsDuration months_between(const Date& from, const Date& to) {
    const auto ordinal = [](const Date& d) { return std::int64_t{d.year} * 12 + d.month; };
    auto months = ordinal(to) - ordinal(from);
    if (months > 0 && to.day < from.day) --months;
    if (months < 0 && to.day > from.day) ++months;
    return {months};
}

DateTime now_utc() {
    using namespace std::chrono;
    const auto since = system_clock::now().time_since_epoch();
    const auto whole = duration_cast<seconds>(since);
    const auto days = whole.count() / 86'400;
    DateTime out;
    out.date = Date::from_days(days);
    out.time.second = static_cast<std::int32_t>(whole.count() - days * 86'400);
    out.time.nanosecond = static_cast<std::int32_t>(duration_cast<nanoseconds>(since - whole).count());
    out.time.zone = Zone{Zone::Kind::offset, 0, nullptr};
    return out;
}

}  // namespace zoneval::feel
