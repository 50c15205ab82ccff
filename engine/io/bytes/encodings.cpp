#include "engine/io/bytes/encodings.hpp"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <cmath>

#include "engine/diag/no_memory.hpp"

namespace zoneval::io {

namespace {

using Byte = unsigned char;

/// How surprising a character is: the logarithm of its frequency, roughly. Common characters stand together in the
/// tables of the encodings: level 1 of GB 2312, Big5 and JIS, the syllables of KS X 1001.
constexpr double common_chinese = -8.2, common_korean = -7.5, kana = -4.5, common_kanji = -8.0, punctuation = -5.0,
                 latin_letter = -4.0, rare = -13.0, alien = -16.0;

bool between(Byte b, int low, int high) { return b >= low && b <= high; }

double gb18030(Byte lead, Byte trail) {
    if (trail < 0xA1) return rare;
    if (between(lead, 0xB0, 0xD7)) return common_chinese;
    if (between(lead, 0xA1, 0xA3)) return punctuation;
    return rare;
}
double big5(Byte lead, Byte trail) {
    if (between(lead, 0xA4, 0xC6)) return common_chinese;
    if (between(lead, 0xA1, 0xA3)) return punctuation;
    return between(trail, 0x80, 0xA0) ? alien : rare;
}
double shift_jis(Byte lead, Byte trail) {
    if ((lead == 0x82 && between(trail, 0x9F, 0xF1)) || (lead == 0x83 && between(trail, 0x40, 0x96))) return kana;
    if (lead == 0x81) return punctuation;
    return between(lead, 0x88, 0x97) ? common_kanji : rare;
}
double euc_kr(Byte lead, Byte trail) {
    if (trail < 0xA1) return alien;
    if (between(lead, 0xB0, 0xC8)) return common_korean;
    return between(lead, 0xA1, 0xA3) ? punctuation : alien;  // Chinese characters are all but gone from Korean
}

/// Two-byte encodings; what stands alone is `single`.
template <class Score>
double score_pairs(std::string_view bytes, Score score, double single, bool half_width_kana) {
    double out = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto lead = static_cast<Byte>(bytes[i]);
        if (lead < 0x80) continue;
        if ((half_width_kana && between(lead, 0xA1, 0xDF)) || i + 1 == bytes.size()) {
            out += single;
            continue;
        }
        out += score(lead, static_cast<Byte>(bytes[++i]));
    }
    return out;
}

bool is_ascii_letter(Byte b) { return between(b, 'a', 'z') || between(b, 'A', 'Z'); }

/// Accented letters stand among plain ones, mostly alone. `more`: letters below 0xC0.
double score_latin(std::string_view bytes, std::string_view more) {
    double out = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto b = static_cast<Byte>(bytes[i]);
        if (b < 0x80) continue;
        const auto beside = [&](std::size_t at) {
            return at < bytes.size() && is_ascii_letter(static_cast<Byte>(bytes[at]));
        };
        const bool another = more.find(bytes[i]) != std::string_view::npos;
        const bool letter = (b >= 0xC0 && b != 0xD7 && b != 0xF7) || another;
        if (letter && (beside(i - 1) || beside(i + 1)))
            out += latin_letter;
        else
            out += letter                                                                       ? rare / 2
                   : between(b, 0x91, 0x97) || b == 0xA0 || b == 0xB0 || b == 0xA7 || b == 0x80 ? punctuation
                                                                                                : rare;
    }
    return out;
}
/// Of windows-1250, where windows-1252 has signs.
constexpr std::string_view polish_and_czech = "\xA3\xA5\xB3\xB9\x8C\x8D\x8F\x9C\x9D\x9F\xAF\xBF\xAA\xBA\xBC\xBE";

/// Cyrillic letters stand together, never beside plain ones, and capitals begin words.
double score_cyrillic(std::string_view bytes, bool (*is_lower)(Byte), bool (*is_upper)(Byte)) {
    constexpr double letter = -3.8, capital_inside = -7.0;
    double out = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto b = static_cast<Byte>(bytes[i]);
        if (b < 0x80) continue;
        const auto before = i > 0 ? static_cast<Byte>(bytes[i - 1]) : Byte{' '};
        const auto after = i + 1 < bytes.size() ? static_cast<Byte>(bytes[i + 1]) : Byte{' '};
        if (is_ascii_letter(before) || is_ascii_letter(after))
            out += alien;
        else if (is_lower(b))
            out += letter;
        else if (is_upper(b))
            out += is_lower(before) ? capital_inside : letter - 0.5;
        else
            out += between(b, 0x91, 0x97) || b == 0xA0 || b == 0xB9 || b == 0xAB || b == 0xBB ? punctuation : rare;
    }
    return out;
}
double windows_1251(std::string_view bytes) {
    return score_cyrillic(
        bytes, [](Byte b) { return b >= 0xE0 || b == 0xB8; },
        [](Byte b) { return between(b, 0xC0, 0xDF) || b == 0xA8; });
}
double koi8_r(std::string_view bytes) {
    return score_cyrillic(
        bytes, [](Byte b) { return between(b, 0xC0, 0xDF) || b == 0xA3; },
        [](Byte b) { return b >= 0xE0 || b == 0xB3; });
}

/// The first words with something beyond ASCII.
std::string first_words(std::string_view text) {
    std::string out;
    std::size_t words = 0;
    for (std::size_t i = 0; i < text.size() && words < 3;) {
        const auto ends = text.find_first_of(",;\t\r\n\"", i);
        const auto word = text.substr(i, ends - i);
        if (std::any_of(word.begin(), word.end(), [](char c) { return static_cast<Byte>(c) >= 0x80; }) &&
            word.size() < 60) {
            out += (words++ == 0 ? "" : ", ") + std::string(word);
        }
        if (ends == std::string_view::npos) break;
        i = ends + 1;
    }
    return out;
}

}  // namespace

std::optional<std::string> decoded(std::string_view bytes, const std::string& encoding) {
    const MemoryWatch memory;
    const auto handle = iconv_open("UTF-8", encoding.c_str());
    if (handle == reinterpret_cast<iconv_t>(-1)) {
        memory.check();
        return std::nullopt;
    }
    std::string out(bytes.size() * 3 + 16, '\0');
    auto* in = const_cast<char*>(bytes.data());  // iconv's signature; it does not write there
    auto* to = out.data();
    std::size_t left = bytes.size(), room = out.size();
    const bool fine = iconv(handle, &in, &left, &to, &room) != static_cast<std::size_t>(-1);
    iconv_close(handle);
    if (!fine) return std::nullopt;
    out.resize(out.size() - room);
    return out;
}

std::string unmarked_utf16(std::string_view bytes) {
    constexpr std::size_t looked_at = 16;
    if (bytes.size() < 4 || bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return "";
    std::size_t zeros[2] = {0, 0}, each = std::min(looked_at, bytes.size()) / 2;
    for (std::size_t i = 0; i < 2 * each; ++i) zeros[i % 2] += bytes[i] == 0;
    if (zeros[0] + zeros[1] < each / 2 || (zeros[0] > 0 && zeros[1] > 0)) return "";
    return zeros[1] > 0 ? "UTF-16LE" : zeros[0] > 0 ? "UTF-16BE" : "";
}

std::vector<EncodingGuess> guess_encodings(std::string_view bytes) {
    struct Scored {
        std::string encoding;
        double score;
    };
    std::vector<Scored> all = {{"GB18030", score_pairs(bytes, gb18030, alien, false)},
                               {"Big5", score_pairs(bytes, big5, alien, false)},
                               {"Shift_JIS", score_pairs(bytes, shift_jis, -7.0, true)},
                               {"EUC-KR", score_pairs(bytes, euc_kr, alien, false)},
                               {"windows-1252", score_latin(bytes, "")},
                               {"windows-1250", score_latin(bytes, polish_and_czech)},
                               {"windows-1251", windows_1251(bytes)},
                               {"KOI8-R", koi8_r(bytes)}};
    std::stable_sort(all.begin(), all.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
    std::vector<EncodingGuess> out;
    std::vector<std::string> texts;  // two encodings that make the same of it are one guess
    std::optional<double> best;
    constexpr double far_less = 12;  // a factor of 160,000
    for (const auto& [encoding, score] : all) {
        auto text = decoded(bytes, encoding);
        if (!text || (best && score < *best - far_less)) continue;
        if (!best) best = score;
        if (std::find(texts.begin(), texts.end(), *text) != texts.end()) continue;
        out.push_back({encoding, first_words(*text)});
        texts.push_back(std::move(*text));
    }
    return out;
}

}  // namespace zoneval::io
