#include "engine/feel/builtins/library_versions.hpp"

#include <array>
#include <string_view>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <unistring/version.h>

#include "engine/diag/file_bytes.hpp"

namespace zoneval::feel {

namespace {

std::string pcre2() {
    std::array<char, 64> text{};
    return pcre2_config(PCRE2_CONFIG_VERSION, text.data()) > 0 ? text.data() : "unknown";
}

/// As the data say themselves; not every system keeps the line.
std::string time_zones() {
    std::array<char, 64> begins{};
    constexpr std::string_view opening = "# version ";
    if (!read_file_bytes("/usr/share/zoneinfo/tzdata.zi", begins.data(), begins.size())) return "unknown";
    const std::string_view text(begins.data(), begins.size());
    const auto end = text.find('\n');
    if (!text.starts_with(opening) || end == std::string_view::npos) return "unknown";
    return std::string(text.substr(opening.size(), end - opening.size()));
}

}  // namespace

std::map<std::string, std::string> libraries() {
    const auto capitals =
        std::to_string(_libunistring_version >> 16) + "." + std::to_string(_libunistring_version >> 8 & 0xFF);
    return {{"capitals", "libunistring " + capitals},
            {"decimals", "Intel RDFP " ZONEVAL_DECIMAL_VERSION},
            {"PCRE2", pcre2()},
            {"time zones", time_zones()}};
}

}  // namespace zoneval::feel
