#include "engine/wording/record_kinds.hpp"

#include <string_view>

namespace zoneval::wording {

std::string record_kind(const std::string& kind, Language language) {
    struct Words {
        std::string_view en, zh, ja;
    };
    static constexpr Words known[] = {
#define RECORD_KIND(en, zh, ja) {en, zh, ja},
#include "engine/wording/record_kinds.def"
#undef RECORD_KIND
    };
    for (const auto& words : known)
        if (words.en == kind)
            return std::string(language == Language::zh ? words.zh : language == Language::ja ? words.ja : words.en);
    return kind;
}

}  // namespace zoneval::wording
