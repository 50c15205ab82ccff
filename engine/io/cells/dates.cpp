#include "engine/io/cells/dates.hpp"

#include <charconv>

#include "engine/io/cells/spreadsheet_values.hpp"

namespace zoneval::io {

namespace {

/// Digits at the front of the text, at most so many; nullopt: there are none.
std::optional<int> take_digits(std::string_view& text, std::size_t most) {
    std::size_t count = 0;
    while (count < most && count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
    int out = 0;
    if (count == 0) return std::nullopt;
    std::from_chars(text.data(), text.data() + count, out);
    text.remove_prefix(count);
    return out;
}

}  // namespace

std::optional<feel::Date> date_by_pattern(std::string_view text, std::string_view pattern) {
    if (pattern == "serial") {
        int serial = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), serial);
        if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        const auto date = date_of_serial(serial, false);
        return date ? feel::Date::parse(*date) : std::nullopt;
    }
    int year = 0, month = 0, day = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        auto* part = c == 'y' ? &year : c == 'm' ? &month : c == 'd' ? &day : nullptr;
        if (!part) {
            if (!text.starts_with(c)) return std::nullopt;
            text.remove_prefix(1);
            continue;
        }
        const auto before = text.size();
        const auto number = take_digits(text, c == 'y' ? 4 : 2);
        const bool alone =
            i + 1 == pattern.size() || (pattern[i + 1] != 'm' && pattern[i + 1] != 'd' && pattern[i + 1] != 'y');
        const bool two_digits = before - text.size() == 2;
        if (!number || (c == 'y' && before - text.size() != 4) || (c != 'y' && !alone && !two_digits))
            return std::nullopt;
        *part = *number;
    }
    if (!text.empty() || !feel::Date::is_valid(year, month, day)) return std::nullopt;
    return feel::Date{year, static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)};
}

}  // namespace zoneval::io
