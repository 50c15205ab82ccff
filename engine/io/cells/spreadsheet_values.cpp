#include "engine/io/cells/spreadsheet_values.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "engine/feel/value/temporal.hpp"

namespace zoneval::io {

namespace {

/// The letters of a format code that stand for parts of a date or time, lower case, in order.
std::string format_letters(std::string_view code) {
    std::string out;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const char c = code[i];
        if (c == ';') break;  // the first section is that of positive numbers
        if (c == '"') {
            i = std::min(code.find('"', i + 1), code.size());
        } else if (c == '[') {  // a colour, condition or locale; or elapsed time: [h], [mm], [s]
            const auto close = std::min(code.find(']', i + 1), code.size());
            const auto inside = code.substr(i + 1, close - i - 1);
            if (inside.find_first_not_of("hHmMsS") == std::string_view::npos) out += 'h';
            i = close;
        } else if (c == '\\' || c == '_' || c == '*') {
            ++i;  // the next character is literal
        } else {
            const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            if (lower == 'y' || lower == 'm' || lower == 'd' || lower == 'h' || lower == 's') out += lower;
        }
    }
    return out;
}

}  // namespace

namespace {

bool shows_date(std::string_view code) {
    const auto letters = format_letters(code);
    if (letters.find_first_of("yd") != std::string::npos) return true;
    // `m` is a month, unless hours or seconds make it minutes.
    return letters.find('m') != std::string::npos && letters.find_first_of("hs") == std::string::npos;
}

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

bool is_sign(std::string_view text) {
    return text.find('%') != std::string_view::npos || text.find("\uFF05") != std::string_view::npos ||
           text.find("\u2030") != std::string_view::npos;
}

/// Of the first section: what stands for digits, and whether there are letters beside it.
struct Placeholders {
    std::string digits;  ///< `0`, `#`, `?`, `,`, `.`, `%`
    bool words = false;
    bool sign = false;  ///< a % or ‰ that is only written

    explicit Placeholders(std::string_view code) {
        for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
            const char c = code[i];
            if (c == '"') {
                const auto close = std::min(code.find('"', i + 1), code.size());
                for (const char inside : code.substr(i + 1, close - i - 1)) words = words || is_letter(inside);
                sign = sign || is_sign(code.substr(i + 1, close - i - 1));
                i = close;
            } else if (c == '[') {
                i = std::min(code.find(']', i), code.size());
            } else if (c == '\\' || c == '!') {
                ++i;
                words = words || (i < code.size() && is_letter(code[i]));
                sign = sign || is_sign(code.substr(i, 1));
            } else if (c == '_' || c == '*') {
                ++i;
            } else if (code.substr(i).starts_with("\u2030")) {
                sign = true;
            } else if (std::string_view("0#?,.%").find(c) != std::string_view::npos) {
                digits += c;
            }
        }
    }
};

}  // namespace

NumberFormat number_format(std::string_view code) {
    NumberFormat out;
    out.date = shows_date(code);
    if (out.date) return out;
    const Placeholders shown(code);
    out.words = shown.words;
    out.sign = shown.sign;
    out.percent = shown.digits.find('%') != std::string::npos;
    const auto last_digit = shown.digits.find_last_of("0#?");
    out.in_thousands = last_digit != std::string::npos && shown.digits.find(',', last_digit) != std::string::npos;
    if (!shown.digits.empty() && shown.digits.find_first_not_of('0') == std::string::npos)
        out.digits = static_cast<std::uint8_t>(std::min<std::size_t>(shown.digits.size(), 100));
    return out;
}

NumberFormat builtin_number_format(int id) {
    NumberFormat out;
    out.date = (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) ||
               id == 57 || id == 58;
    out.percent = id == 9 || id == 10;
    return out;
}

std::string shortest_decimal(double value) {
    const double size = std::fabs(value);
    const bool plain = size == 0 || (size >= 1e-9 && size < 1e21);
    char buffer[64];
    const auto written = std::to_chars(buffer, buffer + sizeof buffer, value == 0 ? 0.0 : value,
                                       plain ? std::chars_format::fixed : std::chars_format::scientific);
    return {buffer, written.ptr};
}

namespace {

constexpr std::size_t shown_digits = 15;

/// Digits, perhaps with a point, that are few and have no zero too many: what is shown is what is written.
bool is_shown_as_written(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    if (text.empty() || text.size() > shown_digits || text[0] < '0' || text[0] > '9') return false;
    bool point = false;
    for (const char c : text) {
        if (c == '.' && !point)
            point = true;
        else if (c < '0' || c > '9')
            return false;
    }
    constexpr std::size_t not_tiny = 10;  // a tiny number is shown with an exponent
    if (text[0] == '0')
        return text.size() >= 3 && text[1] == '.' && text.back() != '0' && (text[2] != '0' || text.size() <= not_tiny);
    return !point || (text.back() != '0' && text.back() != '.');
}

}  // namespace

std::optional<std::string> shown_decimal(std::string_view text) {
    if (is_shown_as_written(text)) return std::string(text);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    auto out = shortest_decimal(value);
    if (out.size() <= shown_digits) return out;
    char buffer[64];
    const auto written =
        std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific, shown_digits - 1);
    std::from_chars(buffer, written.ptr, value);
    return shortest_decimal(value);
}

std::optional<std::string> date_of_serial(double serial, bool from_1904) {
    constexpr double last = 2'958'465;   // 9999-12-31 counted from 1900
    constexpr double invented_day = 60;  // 29 February 1900
    if (!(serial >= (from_1904 ? 0 : 1) && serial < last + 1)) return std::nullopt;
    const double day = std::floor(serial);
    if (!from_1904 && day == invented_day) return std::nullopt;
    const feel::Date epoch = from_1904            ? feel::Date{1904, 1, 1}
                             : day < invented_day ? feel::Date{1899, 12, 31}
                                                  : feel::Date{1899, 12, 30};
    auto days = epoch.days_since_epoch() + static_cast<std::int64_t>(day);
    auto seconds = static_cast<std::int64_t>(std::llround((serial - day) * 86'400));
    if (seconds == 86'400) {  // 23:59:59.9 rounds to the next day
        ++days;
        seconds = 0;
    }
    const auto date = feel::Date::from_days(days).to_string();
    if (seconds == 0) return date;
    return fmt::format("{}T{:02}:{:02}:{:02}", date, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace zoneval::io
