// Texts that lack a language which others of the rule set have: a reader would meet another one without a word.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <set>

#include "engine/graph/analyse.hpp"

namespace zoneval::graph {

namespace {

using Languages = std::set<std::string>;

/// A text with the languages it has. A plain one counts only where it stands for people in the middle of translated
/// ones.
struct Told {
    std::string family;  ///< compared among each other: titles; assumptions; labels and reasons of one definition
    std::string of;
    SourcePtr source;
    Span span;
    Languages languages;
    bool may_be_plain;
};

Languages languages_of(const model::Text& text) {
    Languages out;
    for (const auto& [language, words] : text.by_language) out.insert(language);
    return out;
}

std::vector<Told> texts_of(const model::RuleSet& rules) {
    std::vector<Told> out;
    const auto shown = [&](const model::Definition& d) {
        if (!d.title.empty())
            out.push_back(
                {"", fmt::format("the title of `{}`", d.name), d.source, d.span, languages_of(d.title), true});
        for (const auto& [value, label] : d.labels)
            out.push_back(
                {d.name, fmt::format("the label of `{}`", value), d.source, d.span, languages_of(label), false});
    };
    if (!rules.record_title.empty())
        out.push_back(
            {"", "the title of its records", rules.files.front(), Span{}, languages_of(rules.record_title), true});
    for (const auto& d : rules.inputs) shown(d);
    for (const auto& d : rules.uses) shown(d);
    for (const auto& d : rules.parameters) {
        shown(d);
        if (!d.assumption.empty())
            out.push_back({"assumption", fmt::format("the assumption of `{}`", d.name), d.source, d.span,
                           languages_of(d.assumption), false});
    }
    for (const auto& d : rules.measures) shown(d);
    for (const auto& d : rules.scores) shown(d);
    for (const auto& d : rules.targets) shown(d);
    for (const auto& d : rules.decisions) {
        shown(d);
        for (const auto& rule : d.rules) {
            if (rule.because.empty()) continue;
            Languages languages;
            for (const auto& reason : rule.because) languages.insert(reason.language);
            out.push_back({d.name, fmt::format("the reason of rule `{}`", rule.id), d.source, d.span,
                           std::move(languages), false});
        }
    }
    return out;
}

/// The languages that some have and others lack.
void note_family(const std::vector<Told>& texts, Diagnostics& diagnostics) {
    Languages all;
    for (const auto& text : texts) all.insert(text.languages.begin(), text.languages.end());
    all.erase("");
    for (const auto& language : all) {
        constexpr std::size_t shown = 3;
        std::vector<std::string> lacking;
        const Told* first = nullptr;
        for (const auto& text : texts) {
            const bool plain = text.languages.contains("");
            if (text.languages.contains(language) || (plain && text.may_be_plain)) continue;
            if (!first) first = &text;
            lacking.push_back(text.of);
        }
        if (!first) continue;
        const auto count = lacking.size();
        if (count > shown) lacking.resize(shown);
        diagnostics.add(
            Kind::missing_language, *first->source, first->span,
            fmt::format("{} {} no `{}`, which others have: {}{}", count, count == 1 ? "text has" : "texts have",
                        language, fmt::join(lacking, ", "), count > shown ? ", …" : ""),
            fmt::format("`{}:` beside the other languages; until then a reader sees another one", language));
    }
}

}  // namespace

void note_missing_languages(const model::RuleSet& rules, Diagnostics& diagnostics) {
    std::map<std::string, std::vector<Told>> families;
    for (auto& text : texts_of(rules)) families[text.family].push_back(std::move(text));
    for (const auto& [family, texts] : families) note_family(texts, diagnostics);
}

}  // namespace zoneval::graph
