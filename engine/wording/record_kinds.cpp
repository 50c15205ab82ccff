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

std::string record_kinds(const std::string& kind, std::size_t count, Language language) {
    const auto word = record_kind(kind, language);
    if (language != Language::en || count == 1 || word.empty()) return word;
    const auto ends = [&](std::string_view end) { return word.ends_with(end); };
    constexpr std::string_view vowels = "aeiou";
    const bool after_vowel = word.size() > 1 && vowels.find(word[word.size() - 2]) != vowels.npos;
    if (ends("y") && !after_vowel) return word.substr(0, word.size() - 1) + "ies";
    if (ends("s") || ends("x") || ends("z") || ends("ch") || ends("sh")) return word + "es";
    const auto last = static_cast<unsigned char>(word.back());
    return last < 0x80 ? word + "s" : word;  // a word of another language
}

}  // namespace zoneval::wording
