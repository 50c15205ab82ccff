// The languages that have words.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace zoneval::wording {

enum class Language : std::uint8_t { en, zh, ja };
inline constexpr std::array all_languages{Language::en, Language::zh, Language::ja};
std::string_view code(Language language);  ///< "en", "zh", "ja"
/// "en", "zh", "ja"; nothing for another.
std::optional<Language> language_from_string(std::string_view code);

}  // namespace zoneval::wording
