#include "engine/wording/language.hpp"

namespace zoneval::wording {

std::string_view code(Language language) {
    constexpr std::string_view codes[] = {"en", "zh", "ja"};
    return codes[static_cast<std::size_t>(language)];
}

std::optional<Language> language_from_string(std::string_view code) {
    if (code == "en") return Language::en;
    if (code == "zh") return Language::zh;
    if (code == "ja") return Language::ja;
    return std::nullopt;
}

}  // namespace zoneval::wording
