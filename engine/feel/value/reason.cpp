#include "engine/feel/value/reason.hpp"

#include <algorithm>
#include <iterator>

namespace zoneval::feel {

std::optional<Reason> reason_from_id(std::string_view id) {
    const auto found =
        std::find_if(std::begin(reason_rows), std::end(reason_rows), [&](const auto& row) { return row.id == id; });
    if (found == std::end(reason_rows)) return std::nullopt;
    return static_cast<Reason>(found - std::begin(reason_rows));
}

const Argument* Fact::find(ArgumentType type) const {
    const auto& row = row_of(reason);
    for (std::size_t i = 0; i < row.count; ++i)
        if (row.parameters[i].type == type) return &arguments[i];
    return nullptr;
}

}  // namespace zoneval::feel
