#include "src/versions.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include "engine/feel/builtins/library_versions.hpp"

namespace zoneval::command {

std::string versions() {
    auto all = feel::libraries();
    all["SQLite"] = sqlite3_libversion();
    std::string out;
    for (const auto& [name, version] : all) out += fmt::format("{:<11} {}\n", name, version);
    return out;
}

}  // namespace zoneval::command
