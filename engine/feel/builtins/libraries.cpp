#include "engine/feel/builtins/libraries.hpp"

#include <array>
#include <fstream>
#include <string_view>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace zoneval::feel {

namespace {

std::string pcre2() {
    std::array<char, 64> text{};
    return pcre2_config(PCRE2_CONFIG_VERSION, text.data()) > 0 ? text.data() : "unknown";
}

/// As the data say themselves; not every system keeps the line.
std::string time_zones() {
    std::ifstream in("/usr/share/zoneinfo/tzdata.zi");
    in.exceptions(std::ios::badbit);  // memory that is not there is not the end of the file
    std::string line;
    constexpr std::string_view opening = "# version ";
    return std::getline(in, line) && line.starts_with(opening) ? line.substr(opening.size()) : "unknown";
}

}  // namespace

std::map<std::string, std::string> libraries() {
    return {{"decimals", "Intel RDFP " ZONEVAL_DECIMAL_VERSION}, {"PCRE2", pcre2()}, {"time zones", time_zones()}};
}

}  // namespace zoneval::feel
