#include "src/versions.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <fstream>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace zoneval::command {

namespace {

std::string pcre2() {
    std::array<char, 64> text{};
    return pcre2_config(PCRE2_CONFIG_VERSION, text.data()) > 0 ? text.data() : "unknown";
}

/// As the data say themselves; not every system keeps the line.
std::string time_zones() {
    std::ifstream in("/usr/share/zoneinfo/tzdata.zi");
    std::string line;
    constexpr std::string_view opening = "# version ";
    return std::getline(in, line) && line.starts_with(opening) ? line.substr(opening.size()) : "unknown";
}

}  // namespace

std::string versions() {
    return fmt::format("decimals    Intel RDFP {}\nPCRE2       {}\nSQLite      {}\ntime zones  {}\n",
                       ZONEVAL_DECIMAL_VERSION, pcre2(), sqlite3_libversion(), time_zones());
}

}  // namespace zoneval::command
