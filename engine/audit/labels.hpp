// What people read in the place of a decision's values, in one language.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/model/ruleset.hpp"

namespace zoneval::audit {

using Labels = std::vector<std::pair<std::string, std::string>>;  ///< by value; empty: it has none

inline Labels labels_in(const model::Decision& decision, std::string_view language) {
    Labels out;
    for (const auto& [value, text] : decision.labels) out.emplace_back(value, text.in(language));
    return out;
}

/// The value itself where it has no label.
inline const std::string& labelled(const Labels& labels, const std::string& value) {
    for (const auto& [own, label] : labels)
        if (own == value) return label;
    return value;
}

}  // namespace zoneval::audit
