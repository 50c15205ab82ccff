// Texts and the like that are given by language.
#pragma once

#include <algorithm>
#include <string_view>

namespace zoneval::model {

/// The item in a language, else the plain one, else the English, else the first; nullptr of none. `code` gives an
/// item's language,
/// "" of a plain one.
template <class Items, class Code>
const typename Items::value_type* in_language(const Items& items, std::string_view language, Code code) {
    for (const std::string_view wanted : {language, std::string_view(), std::string_view("en")}) {
        const auto found =
            std::find_if(items.begin(), items.end(), [&](const auto& item) { return code(item) == wanted; });
        if (found != items.end()) return &*found;
    }
    return items.empty() ? nullptr : &items.front();
}

}  // namespace zoneval::model
