#include "engine/wording/catalogue.hpp"

#include <array>
#include <iterator>

#include "engine/wording/assessed.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/faults.hpp"
#include "engine/wording/files.hpp"
#include "engine/wording/firmness.hpp"
#include "engine/wording/ledger.hpp"
#include "engine/wording/notes.hpp"
#include "engine/wording/pages.hpp"
#include "engine/wording/served.hpp"

namespace zoneval::wording {

namespace {

using feel::Reason;
using Texts = std::array<std::string_view, all_languages.size()>;

struct ReasonWords {
    Reason reason;
    Texts texts;
};
constexpr ReasonWords reason_words[] = {
#define SAY(id, en, zh, ja) {Reason::id, {en, zh, ja}},
#include "engine/wording/reasons.def"
#undef SAY
};
constexpr Texts phrase_words[] = {
#define PHRASE(id, en, zh, ja) {en, zh, ja},
#include "engine/wording/phrases.def"
#undef PHRASE
};
constexpr Texts page_words[] = {
#define PAGE(id, en, zh, ja) {en, zh, ja},
#include "engine/wording/pages.def"
#undef PAGE
};
constexpr Texts answer_words[] = {
#define ANSWER(id, en, zh, ja) {en, zh, ja},
#include "engine/wording/explanations.def"
#undef ANSWER
};
constexpr Texts file_words[] = {
#define OF_FILE(id, en, zh, ja) {en, zh, ja},
#include "engine/wording/files.def"
#undef OF_FILE
};
constexpr Texts firm_words[] = {
#define FIRM(id, en, zh, ja) {en, zh, ja},
#include "engine/wording/firmness.def"
#undef FIRM
};
constexpr Texts served_words[] = {
#define SERVED(id, en, zh, ja) {en, zh, ja},
#include "engine/wording/served.def"
#undef SERVED
};
constexpr Texts ledger_words[] = {
#define LEDGER(id, en, zh, ja) {en, zh, ja},
#include "engine/wording/ledger.def"
#undef LEDGER
};
constexpr Texts fault_words[] = {
#define FAULT(id, en, zh, ja) {en, zh, ja},
#include "engine/wording/faults.def"
#undef FAULT
};
constexpr Texts remark_words[] = {
#define REMARK(id, en, zh, ja) {en, zh, ja},
#include "engine/wording/notes.def"
#undef REMARK
};
constexpr Texts assessed_words[] = {
#define ASSESSED(id, en, zh, ja) {en, zh, ja},
#include "engine/wording/assessed.def"
#undef ASSESSED
};
constexpr auto reason_count = std::size(feel::reason_rows);

/// The next placeholder from `at` on, without its braces; empty at the end. Moves `at` behind it.
constexpr std::string_view next_placeholder(std::string_view text, std::size_t& at) {
    for (; at < text.size(); ++at) {
        if (text[at] != '{') continue;
        if (text.substr(at).starts_with("{{")) {
            ++at;
            continue;
        }
        const auto end = text.find('}', at);
        if (end == std::string_view::npos) return text.substr(at);  // is no name, and found out
        const auto name = text.substr(at + 1, end - at - 1);
        at = end + 1;
        return name;
    }
    return {};
}

constexpr bool mentions(std::string_view text, std::string_view name) {
    for (std::size_t at = 0;;) {
        const auto found = next_placeholder(text, at);
        if (found.empty()) return false;
        if (found == name) return true;
    }
}

/// None is empty, and what one mentions the others mention too.
constexpr bool agree(const Texts& texts) {
    for (const auto text : texts) {
        if (text.empty()) return false;
        for (std::size_t at = 0;;) {
            const auto name = next_placeholder(text, at);
            if (name.empty()) break;
            for (const auto other : texts)
                if (!mentions(other, name)) return false;
        }
    }
    return true;
}

constexpr bool is_argument(Reason reason, std::string_view name) {
    if (name == "missing" || name == "possible") return true;  // of the cause itself
    const auto& row = feel::row_of(reason);
    for (std::size_t i = 0; i < row.count; ++i)
        if (row.parameters[i].name == name) return true;
    return false;
}

constexpr bool fits(const ReasonWords& entry) {
    for (std::size_t at = 0;;) {
        const auto name = next_placeholder(entry.texts[0], at);
        if (name.empty()) return agree(entry.texts);
        if (!is_argument(entry.reason, name)) return false;
    }
}

constexpr bool every_reason_has_words() {
    if (std::size(reason_words) != reason_count) return false;
    for (std::size_t i = 0; i < reason_count; ++i)
        if (reason_words[i].reason != static_cast<Reason>(i)) return false;
    return true;
}
static_assert(every_reason_has_words(), "engine/wording/reasons.def says every reason of feel once, in the same order");

constexpr bool every_reason_fits() {
    for (const auto& entry : reason_words)
        if (!fits(entry)) return false;
    return true;
}
static_assert(every_reason_fits(), "a reason lacks words, or its languages mention different or unknown arguments");

template <std::size_t n>
constexpr bool all_agree(const Texts (&rows)[n]) {
    for (const auto& texts : rows)
        if (!agree(texts)) return false;
    return true;
}

template <std::size_t n, class Word>
constexpr std::string_view text_of(const Texts (&rows)[n], Word word, Language language) {
    return rows[static_cast<std::size_t>(word)][static_cast<std::size_t>(language)];
}

}  // namespace

std::string_view words(Reason reason, Language language) {
    return reason_words[static_cast<std::size_t>(reason)].texts[static_cast<std::size_t>(language)];
}

#define WORDS(Word, rows)                                                                                      \
    static_assert(all_agree(rows), "one of the " #rows " lacks a language, or they mention different things"); \
    std::string_view words(Word word, Language language) { return text_of(rows, word, language); }
WORDS(Phrase, phrase_words)
WORDS(Page, page_words)
WORDS(Answer, answer_words)
WORDS(OfFile, file_words)
WORDS(Firm, firm_words)
WORDS(Served, served_words)
WORDS(Ledger, ledger_words)
WORDS(Flaw, fault_words)
WORDS(Remark, remark_words)
WORDS(Assessed, assessed_words)
#undef WORDS

}  // namespace zoneval::wording
