// Where a time stands (DMN 1.5 10.3.2.3.5): local, at an offset, or in an IANA zone.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace zoneval::feel {

struct Date;
struct Time;

/// Where a time stands: nowhere (local), at an offset from UTC, or in an IANA zone.
struct Zone {
    enum class Kind : std::uint8_t { local, offset, named };
    Kind kind = Kind::local;
    std::int32_t offset = 0;                  ///< seconds; only for Kind::offset
    std::shared_ptr<const std::string> name;  ///< only for Kind::named
    /// "", "Z", "+02:00", "-01:30:15" or "@Europe/Paris"; nullopt if malformed or not a known zone.
    static std::optional<Zone> parse(std::string_view text);
    std::string to_string() const;
    friend bool operator==(const Zone& a, const Zone& b);
};

/// Offset from UTC in seconds at that local date and time; nullopt for a local time.
/// A named zone without a date (a plain time) is read at the zone's standard winter date 2000-01-01.
std::optional<std::int32_t> utc_offset(const Time& time, const Date* date);
/// The offset of a named zone at a moment, in seconds since 1970-01-01T00:00:00Z.
std::optional<std::int32_t> utc_offset_at(const Zone& zone, std::int64_t seconds);

}  // namespace zoneval::feel
