#include "engine/model/map_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace zoneval::model {

namespace {

std::string_view trimmed(std::string_view text) {
    const auto blank = " \t\r\n";
    const auto begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

}  // namespace

std::optional<feel::Decimal> parse_share(std::string_view text) {
    text = trimmed(text);
    const bool percent = !text.empty() && text.back() == '%';
    if (percent) text = trimmed(text.substr(0, text.size() - 1));
    const auto number = feel::Decimal::parse(text);
    if (!number) return std::nullopt;
    return percent ? *number / feel::Decimal(100) : *number;
}

feel::Value scalar_value(const Yaml& node) {
    if (node.shape == Yaml::Shape::null) return {};
    if (node.quoted) return {node.scalar};
    if (node.scalar == "true") return {true};
    if (node.scalar == "false") return {false};
    if (const auto number = feel::Decimal::parse(node.scalar)) return {*number};
    if (const auto date = feel::Date::parse(node.scalar)) return {*date};
    return {node.scalar};
}

MapReader::MapReader(const Yaml& node, std::string context, Diagnostics& diagnostics)
    : node_(node), context_(std::move(context)), diagnostics_(diagnostics) {
    if (!node.is_mapping() && node.source)
        diagnostics.add(Kind::wrong_shape, *node.source, node.span,
                        fmt::format("{} is {}", context_, to_string(node.shape)), "a mapping (`key: value` lines)");
}

const Yaml* MapReader::take(std::string_view key) {
    known_.emplace_back(key);
    const auto* found = node_.find(key);
    return found && found->shape == Yaml::Shape::null ? nullptr : found;
}

const Yaml* MapReader::take_any(std::string_view key) {
    known_.emplace_back(key);
    return node_.find(key);
}

const Yaml* MapReader::require(std::string_view key) {
    const auto* found = take(key);
    if (!found) missing(key);
    return found;
}

const Yaml* MapReader::require_any(std::string_view key) {
    const auto* found = take_any(key);
    if (!found) missing(key);
    return found;
}

void MapReader::missing(std::string_view key) {
    if (node_.is_mapping())
        diagnostics_.add(Kind::missing_key, *node_.source, node_.span, fmt::format("{} has no `{}`", context_, key),
                         fmt::format("a line `{}: …`", key));
}

void MapReader::wrong(const Yaml& node, std::string_view key, std::string expected, std::string hint) {
    diagnostics_.add(Kind::wrong_shape, *node.source, node.span,
                     node.is_scalar() ? fmt::format("in {}, `{}` is `{}`", context_, key, node.scalar)
                                      : fmt::format("in {}, `{}` is {}", context_, key, to_string(node.shape)),
                     std::move(expected), std::move(hint));
}

void MapReader::pointless(const Yaml& node, std::string_view key, std::string_view why, std::string expected) {
    diagnostics_.add(Kind::wrong_shape, *node.source, node.span,
                     fmt::format("in {}, `{}` says nothing: {}", context_, key, why), std::move(expected));
}

const Yaml* MapReader::scalar(std::string_view key, std::string_view expected) {
    const auto* node = take(key);
    if (node && !node->is_scalar()) {
        wrong(*node, key, std::string(expected));
        return nullptr;
    }
    return node;
}

std::string MapReader::text(std::string_view key) {
    const auto* node = scalar(key, "a text");
    return node ? node->scalar : "";
}

std::optional<feel::Decimal> MapReader::number(std::string_view key) {
    const auto* node = scalar(key, "a number");
    if (!node) return std::nullopt;
    const auto number = feel::Decimal::parse(node->scalar);
    if (!number) wrong(*node, key, "a number");
    return number;
}

std::optional<int> MapReader::whole(std::string_view key) {
    const auto* node = scalar(key, "a whole number");
    if (!node) return std::nullopt;
    const auto number = feel::Decimal::parse(node->scalar);
    const auto whole = number ? number->to_int64() : std::nullopt;
    if (!whole || *whole < -9999 || *whole > 9999) {
        wrong(*node, key, "a whole number");
        return std::nullopt;
    }
    return static_cast<int>(*whole);
}

Years MapReader::years(std::string_view key) {
    constexpr auto expected = "a whole number of years, or the name of a parameter";
    const auto* node = scalar(key, expected);
    if (!node) return {};
    const auto number = feel::Decimal::parse(node->scalar);
    if (!number) return {0, node->expression()};
    const auto whole = number->to_int64();
    if (whole && *whole >= 0 && *whole <= 9999) return {static_cast<int>(*whole), std::nullopt};
    wrong(*node, key, expected);
    return {};
}

std::optional<feel::Decimal> MapReader::share(std::string_view key) {
    const auto* node = scalar(key, "a share such as `20 %` or `0.2`");
    if (!node) return std::nullopt;
    const auto share = parse_share(node->scalar);
    if (!share) wrong(*node, key, "a share such as `20 %` or `0.2`");
    return share;
}

std::optional<feel::Date> MapReader::date(std::string_view key) {
    const auto* node = scalar(key, "a date such as 2021-01-31");
    if (!node) return std::nullopt;
    const auto date = feel::Date::parse(node->scalar);
    if (!date) wrong(*node, key, "a date such as 2021-01-31");
    return date;
}

void MapReader::in_force(std::string_view from, std::string_view until, std::optional<feel::Date>& first,
                         std::optional<feel::Date>& last) {
    first = date(from);
    last = date(until);
    if (first && last && *last < *first)
        wrong(*node_.find(until), until, fmt::format("a day not before the {} of `{}`", first->to_string(), from));
}

bool MapReader::flag(std::string_view key) {
    const auto* node = scalar(key, "`true` or `false`");
    if (!node) return false;
    if (node->scalar != "true" && node->scalar != "false") wrong(*node, key, "`true` or `false`");
    return node->scalar == "true";
}

std::vector<std::string> MapReader::texts(std::string_view key) {
    const auto* node = take(key);
    if (!node) return {};
    if (!node->is_sequence()) {
        wrong(*node, key, "a list of texts, e.g. `[a, b]`");
        return {};
    }
    std::vector<std::string> out;
    for (const auto& item : node->items) {
        if (item.is_scalar())
            out.push_back(item.scalar);
        else
            wrong(item, key, "a list of texts, e.g. `[a, b]`");
    }
    return out;
}

std::optional<feel::ExpressionText> MapReader::expression(std::string_view key) {
    const auto* node = take(key);
    if (!node) return std::nullopt;
    if (!node->is_scalar()) {
        wrong(*node, key, "an expression",
              node->is_mapping() ? "put the expression in quotes: it holds `: ` or starts with `{`"
                                 : "put the expression in quotes: it starts with `[`");
        return std::nullopt;
    }
    return node->expression();
}

Text MapReader::localized(std::string_view key) {
    const auto* node = take(key);
    return node ? localized(*node, key) : Text{};
}

Text MapReader::localized(const Yaml& node, std::string_view key) {
    if (node.is_scalar()) return {{{"", node.scalar}}};
    Text out;
    if (!node.is_mapping()) {
        wrong(node, key, "a text, or one for each language: `{en: …, zh: …}`");
        return out;
    }
    for (const auto& [language, text] : node.entries) {
        if (text.is_scalar())
            out.by_language.emplace_back(language.scalar, text.scalar);
        else
            wrong(text, key, "a text for each language: `{en: …, zh: …}`");
    }
    return out;
}

std::vector<Reason> MapReader::reasons() {
    std::vector<Reason> out;
    const auto* node = take("because");
    if (!node) return out;
    if (node->is_scalar()) return {{"", node->expression()}};
    constexpr std::string_view expected =
        "a text with expressions in braces, or one for each language: `{en: …, zh: …}`";
    if (!node->is_mapping() || node->entries.empty()) {
        wrong(*node, "because", std::string(expected),
              node->is_mapping() ? "" : "put the text in quotes: it starts with `[`");
        return out;
    }
    for (const auto& [language, text] : node->entries) {
        if (text.is_scalar())
            out.push_back({language.scalar, text.expression()});
        else
            wrong(text, "because", std::string(expected),
                  "a text that starts with an expression in braces needs quotes: \"{x} is below 5\"");
    }
    return out;
}

std::optional<Citation> MapReader::citation() {
    const auto* node = take("cite");
    if (!node) return std::nullopt;
    if (node->is_scalar() && node->scalar.find('{') != std::string::npos) {
        wrong(*node, "cite", "a clause as it is written; nothing in braces is filled in here",
              "a rule of a decision may cite a clause of each record: `cite: \"{clause}\"`");
        return std::nullopt;
    }
    if (node->is_scalar()) return Citation{"", node->scalar, node->source, node->span};
    if (!node->is_mapping()) {
        wrong(*node, "cite", "a clause, or `{document: …, clause: …}`");
        return std::nullopt;
    }
    MapReader map(*node, "`cite` of " + context_, diagnostics_);
    Citation out{map.text("document"), map.text("clause"), node->source, node->span};
    map.finish();
    return out;
}

void MapReader::citation_of(Rule& rule) {
    const auto* node = node_.find("cite");
    const auto* clause = node && node->is_mapping() ? node->find("clause") : node;
    if (clause && clause->is_scalar() && clause->scalar.find('{') != std::string::npos)
        rule.clause = clause->expression();
    if (!rule.clause || node != clause) {
        rule.cite = citation();
        return;
    }
    take("cite");
    rule.cite = Citation{"", clause->scalar, clause->source, clause->span};
}

std::optional<std::string> MapReader::choice(std::string_view key, const std::vector<std::string>& choices) {
    const auto* node = scalar(key, fmt::format("one of {}", fmt::join(choices, ", ")));
    if (!node) return std::nullopt;
    if (std::find(choices.begin(), choices.end(), node->scalar) == choices.end()) {
        wrong(*node, key, fmt::format("one of {}", fmt::join(choices, ", ")), did_you_mean(node->scalar, choices));
        return std::nullopt;
    }
    return node->scalar;
}

void MapReader::common(Definition& definition, bool* round) {
    definition.title = localized("title");
    definition.description = localized("description");
    definition.cite = citation();
    definition.unit = text("unit");
    const auto* places = take("decimals");
    if (round && places && places->is_scalar() && places->scalar == "round") {
        *round = true;
    } else if (const auto decimals = whole("decimals")) {
        if (*decimals < 0 || *decimals > 30)
            wrong(*node_.find("decimals"), "decimals", "a whole number from 0 to 30");
        else
            definition.decimals = decimals;
    }
}

void MapReader::rounded(Definition& definition) {
    definition.rounding = rounding();
    if (definition.rounding && !definition.decimals) require("decimals");
}

std::optional<feel::Rounding> MapReader::rounding() {
    using enum feel::Rounding;
    constexpr std::pair<std::string_view, feel::Rounding> words[] = {
        {"half even", half_even}, {"half up", half_up}, {"half down", half_down}, {"up", up}, {"down", down}};
    std::vector<std::string> names;
    for (const auto& [word, mode] : words) names.emplace_back(word);
    const auto chosen = choice("rounding", names);
    for (const auto& [word, mode] : words)
        if (chosen == word) return mode;
    return std::nullopt;
}

std::optional<int> MapReader::smallest_group() {
    const auto size = whole("smallest group");
    if (!size || *size >= 2) return size;
    wrong(*node_.find("smallest group"), "smallest group", "a whole number from 2: nobody is compared with themselves");
    return std::nullopt;
}

namespace {

/// Inside `{…}` a comma ends a value, and braces make a mapping of a formula.
std::string slip_of_key(std::string_view key) {
    const auto opened = std::count_if(key.begin(), key.end(), [](char c) { return c == '(' || c == '['; });
    const auto closed = std::count_if(key.begin(), key.end(), [](char c) { return c == ')' || c == ']'; });
    if (closed > opened) return "inside `{…}` a comma ends the value: put the formula in quotes, `is: 'max(a, b)'`";
    return fmt::format("if a formula is meant, it stands without braces: `{}`", key);
}

}  // namespace

void MapReader::finish() {
    constexpr std::size_t enough = 100;  // nobody reads the suggestions after that
    // A key may have been asked for more than once.
    std::vector<std::string> choices;
    for (const auto& key : known_)
        if (std::find(choices.begin(), choices.end(), key) == choices.end()) choices.push_back(key);
    for (const auto& [key, value] : node_.entries) {
        if (std::find(known_.begin(), known_.end(), key.scalar) != known_.end()) continue;
        auto suggestion = diagnostics_.all().size() < enough ? did_you_mean(key.scalar, choices) : "";
        const bool three_digits =
            key.scalar.size() == 3 && key.scalar.find_first_not_of("0123456789") == std::string::npos;
        if (three_digits && value.shape == Yaml::Shape::null)
            suggestion = "numbers have no thousands separators: leave the comma out";
        if (value.shape == Yaml::Shape::null && suggestion.empty()) suggestion = slip_of_key(key.scalar);
        diagnostics_.add(Kind::unknown_key, *key.source, key.span,
                         fmt::format("{} has no key `{}`", context_, key.scalar),
                         fmt::format("one of {}", fmt::join(choices, ", ")), suggestion);
    }
}

}  // namespace zoneval::model
