// IANA zones come from the date library, which reads the system's zone files.
#include "engine/feel/value/zones.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

#include "engine/diag/no_memory.hpp"
#include "engine/feel/value/temporal.hpp"

namespace zoneval::feel {

namespace {

bool two_digits(std::string_view text, std::size_t at, int& out) {
    if (at + 2 > text.size()) return false;
    const char a = text[at], b = text[at + 1];
    if (a < '0' || a > '9' || b < '0' || b > '9') return false;
    out = (a - '0') * 10 + (b - '0');
    return true;
}

const date::time_zone* locate(const std::string& name) {
    const MemoryWatch memory;
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {
        memory.check();  // the file of a zone may not have been opened for want of it
        return nullptr;
    }
}

/// "+hh:mm" or "+hh:mm:ss"; XPath allows at most 14 hours.
std::optional<std::int32_t> parse_offset(std::string_view text) {
    int h = 0, m = 0, s = 0;
    if (text.size() != 6 && text.size() != 9) return std::nullopt;
    if (!two_digits(text, 1, h) || text[3] != ':' || !two_digits(text, 4, m)) return std::nullopt;
    if (text.size() == 9 && (text[6] != ':' || !two_digits(text, 7, s))) return std::nullopt;
    const auto total = h * 3600 + m * 60 + s;
    if (m > 59 || s > 59 || total > 14 * 3600) return std::nullopt;
    return text.front() == '-' ? -total : total;
}

/// Years the zone rules of the library cannot hold are mapped to a year of the same shape. Before 1800 every place kept
/// its own mean time, and no clock was put forward in summer.
int rule_year(std::int32_t year) {
    if (year >= 1800 && year <= 2400) return year;
    const int shape = static_cast<int>(((year % 400) + 400) % 400);
    if (year < 1800) return shape % 4 == 0 && (shape % 100 != 0 || shape == 0) ? 1804 : 1803;
    return 2000 + shape;
}

}  // namespace

std::optional<Zone> Zone::parse(std::string_view text) {
    if (text.empty()) return Zone{};
    if (text == "Z" || text == "z") return Zone{Kind::offset, 0, nullptr};
    if (text.front() == '@') {
        std::string name(text.substr(1));
        if (name.empty() || locate(name) == nullptr) return std::nullopt;
        return Zone{Kind::named, 0, std::make_shared<const std::string>(std::move(name))};
    }
    if (text.front() != '+' && text.front() != '-') return std::nullopt;
    const auto seconds = parse_offset(text);
    if (!seconds) return std::nullopt;
    return Zone{Kind::offset, *seconds, nullptr};
}

std::string Zone::to_string() const {
    if (kind == Kind::local) return "";
    if (kind == Kind::named) return "@" + *name;
    if (offset == 0) return "Z";
    const auto magnitude = offset < 0 ? -offset : offset;
    auto out = fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', magnitude / 3600, magnitude / 60 % 60);
    if (magnitude % 60 != 0) out += fmt::format(":{:02}", magnitude % 60);
    return out;
}

bool operator==(const Zone& a, const Zone& b) {
    if (a.kind != b.kind || a.offset != b.offset) return false;
    return a.kind != Zone::Kind::named || *a.name == *b.name;
}

std::optional<std::int32_t> utc_offset(const Time& time, const Date* date) {
    if (time.zone.kind == Zone::Kind::local) return std::nullopt;
    if (time.zone.kind == Zone::Kind::offset) return time.zone.offset;
    const auto* zone = locate(*time.zone.name);
    if (zone == nullptr) return std::nullopt;
    Date day{2000, 1, 1};
    if (date != nullptr) day = {rule_year(date->year), date->month, date->day};
    const auto local = date::local_seconds(std::chrono::seconds(day.days_since_epoch() * 86'400 + time.second));
    const auto info = zone->get_info(local);
    return static_cast<std::int32_t>(info.first.offset.count());
}

std::optional<std::int32_t> utc_offset_at(const Zone& zone, std::int64_t seconds) {
    const auto* rules = zone.kind == Zone::Kind::named ? locate(*zone.name) : nullptr;
    if (rules == nullptr) return std::nullopt;
    const auto days = seconds >= 0 ? seconds / 86'400 : -((-seconds + 86'399) / 86'400);
    const auto day = Date::from_days_checked(days);
    if (!day) return std::nullopt;
    const Date mapped{rule_year(day->year), day->month, day->day};
    const std::chrono::seconds since(mapped.days_since_epoch() * 86'400 + (seconds - days * 86'400));
    return static_cast<std::int32_t>(rules->get_info(date::sys_seconds(since)).offset.count());
}

}  // namespace zoneval::feel
