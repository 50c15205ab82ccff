#include "engine/serve/message.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace zoneval::serve {

namespace {

std::optional<int> hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

/// `+` is a blank in a query alone.
std::string decoded(std::string_view text, bool in_query) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%' && at + 2 < text.size() && hex_digit(text[at + 1]) && hex_digit(text[at + 2])) {
            out += static_cast<char>(*hex_digit(text[at + 1]) * 16 + *hex_digit(text[at + 2]));
            at += 2;
        } else {
            out += in_query && text[at] == '+' ? ' ' : text[at];
        }
    }
    return out;
}

template <class F>
void for_each_part(std::string_view text, char between, const F& f) {
    for (std::size_t begin = 0; begin < text.size();) {
        auto end = begin;
        while (end < text.size() && text[end] != between) ++end;
        if (end > begin) f(text.substr(begin, end - begin));
        begin = end + 1;
    }
}

}  // namespace

Target target_of(std::string_view target) {
    Target out;
    target = target.substr(0, target.find('#'));
    const auto question = std::min(target.find('?'), target.size());
    for_each_part(target.substr(0, question), '/',
                  [&](std::string_view part) { out.path.push_back(decoded(part, false)); });
    if (question < target.size())
        for_each_part(target.substr(question + 1), '&', [&](std::string_view part) {
            const auto equals = std::min(part.find('='), part.size());
            out.query.emplace_back(decoded(part.substr(0, equals), true),
                                   equals < part.size() ? decoded(part.substr(equals + 1), true) : "");
        });
    return out;
}

std::string Target::value(std::string_view name) const {
    for (const auto& [key, text] : query) {
        if (key != name) continue;
        const auto begin = text.find_first_not_of(" \t\r\n"), end = text.find_last_not_of(" \t\r\n");
        return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
    }
    return "";
}

bool Target::is(std::initializer_list<std::string_view> pattern) const {
    return std::equal(pattern.begin(), pattern.end(), path.begin(), path.end(),
                      [](std::string_view wanted, const std::string& part) { return wanted == "*" || wanted == part; });
}

std::string encoded(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80 && (std::isalnum(byte) || std::string_view("-._~").find(c) != std::string_view::npos)) {
            out += c;
        } else {
            out += '%';
            out += digits[byte / 16];
            out += digits[byte % 16];
        }
    }
    // A segment of dots alone would be resolved away by whoever follows the link.
    return out == "." ? "%2E" : out == ".." ? "%2E%2E" : out;
}

bool is_loopback_host(std::string_view host) {
    std::string name;
    for (const char c : host) name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (const std::string_view known : {"localhost", "127.0.0.1", "[::1]"}) {
        if (!name.starts_with(known)) continue;
        const auto rest = std::string_view(name).substr(known.size());
        if (rest.empty()) return true;
        const auto port = rest.substr(1);
        return rest.front() == ':' && !port.empty() && port.size() <= 5 &&
               std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
    }
    return false;
}

}  // namespace zoneval::serve
