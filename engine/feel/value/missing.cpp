#include "engine/feel/value/missing.hpp"

#include <array>

namespace zoneval::feel {

namespace {

constexpr std::array<std::string_view, 6> missing_names{"",           "not reported", "not applicable",
                                                        "suppressed", "too small",    "late"};

}  // namespace

std::string_view to_string(Missing kind) { return missing_names[static_cast<std::size_t>(kind)]; }

std::optional<Missing> missing_from_string(std::string_view text) {
    for (std::size_t i = 1; i < missing_names.size(); ++i)
        if (missing_names[i] == text) return static_cast<Missing>(i);
    return std::nullopt;
}

}  // namespace zoneval::feel
