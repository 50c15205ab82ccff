#include "engine/wording/say.hpp"

#include <fmt/format.h>

#include <set>

#include "engine/wording/assessed.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/faults.hpp"
#include "engine/wording/files.hpp"
#include "engine/wording/firmness.hpp"
#include "engine/wording/ledger.hpp"
#include "engine/wording/notes.hpp"
#include "engine/wording/pages.hpp"
#include "engine/wording/served.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::wording {

using feel::Cause;
using feel::Value;

namespace {

/// The pattern with every placeholder replaced by what `lookup` says of its name.
template <class F>
std::string filled(std::string_view pattern, const F& lookup) {
    std::string out;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const char c = pattern[at];
        if (c == '}' || pattern.substr(at).starts_with("{{")) {
            out += c;
            ++at;  // written twice
        } else if (c == '{') {
            const auto end = pattern.find('}', at);
            out += lookup(pattern.substr(at + 1, end - at - 1));
            at = end;
        } else {
            out += c;
        }
    }
    return out;
}

std::string operand_text(const feel::NullOperand& operand, Language language) {
    const auto what = operand.text.empty() ? say(Phrase::some_operand, language) : "`" + operand.text + "`";
    return say(operand.missing ? Phrase::operand_missing : Phrase::operand_null, language, {{"operand", what}});
}

struct ArgumentText {
    Language language;

    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(feel::Type::Kind kind) const { return say(kind, language); }
    std::string operator()(const Value& value) const { return value.to_feel(); }
    std::string operator()(const feel::Shown& shown) const { return show(shown.value, {shown.decimals, ""}, language); }
    std::string operator()(const std::vector<feel::Type::Kind>& kinds) const {
        std::string out;
        for (const auto kind : kinds)
            out += (out.empty() ? "" : say(Phrase::separator, language)) + say(kind, language);
        return out;
    }
    std::string operator()(const std::vector<feel::NullOperand>& operands) const {
        std::string out;
        for (const auto& operand : operands) {
            auto text = operand_text(operand, language);
            out = out.empty() ? std::move(text) : say(Phrase::and_then, language, {{"first", out}, {"second", text}});
        }
        return out;
    }
};

/// A place as facts name it, "zones.csv line 18" or "zones.xlsx [2023] row 18", in the language.
std::string place_text(const std::string& place, Language language) {
    for (const auto& [before, word] : {std::pair(std::string_view(" line "), OfFile::line_of_file),
                                       std::pair(std::string_view("] row "), OfFile::row_of_sheet)}) {
        const auto at = place.rfind(before);
        if (at == std::string::npos) continue;
        const auto file = place.substr(0, at + (before.front() == ']' ? 1 : 0)),
                   line = place.substr(at + before.size());
        const bool number = !line.empty() && line.find_first_not_of("0123456789") == std::string::npos;
        if (number) return say(word, language, {{"file", file}, {"line", line}});
    }
    return place;
}

std::string argument_text(const feel::Fact& fact, std::string_view name, Language language) {
    const auto& row = feel::row_of(fact.reason);
    for (std::size_t i = 0; i < row.count; ++i) {
        if (row.parameters[i].name != name) continue;
        if (name == "place") return place_text(std::get<std::string>(fact.arguments[i]), language);
        return std::visit(ArgumentText{language}, fact.arguments[i]);
    }
    return {};
}

}  // namespace

std::string say(const Cause& cause, Language language) {
    return filled(words(cause.fact.reason, language), [&](std::string_view name) {
        if (name == "missing") return say(cause.missing, language);
        if (name == "possible") return alternatives(cause.possible, language);
        return argument_text(cause.fact, name, language);
    });
}

std::string say(const feel::Fact& fact, Language language) {
    return filled(words(fact.reason, language),
                  [&](std::string_view name) { return argument_text(fact, name, language); });
}

std::string say(feel::Missing kind, Language language) {
    if (kind == feel::Missing::none) return {};
    const auto first = static_cast<int>(Phrase::missing_not_reported) - static_cast<int>(feel::Missing::not_reported);
    return say(static_cast<Phrase>(first + static_cast<int>(kind)), language);
}

std::string say(feel::Type::Kind kind, Language language) {
    return say(static_cast<Phrase>(static_cast<int>(Phrase::type_any) + static_cast<int>(kind)), language);
}

namespace {
using Arguments = std::initializer_list<std::pair<std::string_view, std::string_view>>;

std::string filled(std::string_view pattern, Arguments arguments) {
    return filled(pattern, [&](std::string_view name) {
        for (const auto& [known, text] : arguments)
            if (known == name) return std::string(text);
        return std::string();
    });
}
}  // namespace

std::string say(Phrase phrase, Language language, Arguments arguments) {
    return filled(words(phrase, language), arguments);
}

std::string say(Answer answer, Language language, Arguments arguments) {
    return filled(words(answer, language), arguments);
}

std::string say(Assessed word, Language language, Arguments arguments) {
    return filled(words(word, language), arguments);
}

std::string say(OfFile word, Language language, Arguments arguments) {
    return filled(words(word, language), arguments);
}

std::string say(Firm word, Language language, Arguments arguments) { return filled(words(word, language), arguments); }

std::string say(Ledger word, Language language, Arguments arguments) {
    return filled(words(word, language), arguments);
}

std::string say(Served word, Language language, Arguments arguments) {
    return filled(words(word, language), arguments);
}

std::string say(Page page, Language language, Arguments arguments) { return filled(words(page, language), arguments); }

namespace {

/// Also of a noun that is an argument of another, with the same arguments.
template <class Word>
std::string said_with(Word what, const Told<Word>& told, Language language) {
    return filled(words(what, language), [&](std::string_view name) -> std::string {
        for (const auto& [known, value] : told.arguments) {
            if (known != name) continue;
            if (const auto* noun = std::get_if<Word>(&value)) return said_with(*noun, told, language);
            if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
            if (const auto* kind = std::get_if<feel::Missing>(&value)) return say(*kind, language);
            return std::get<std::string>(value);
        }
        return {};
    });
}

}  // namespace

std::string say(const Fault& fault, Language language) { return said_with(fault.what, fault, language); }

std::string say(const Noted& note, Language language) { return said_with(note.what, note, language); }

namespace {

/// With the expression it happened in, on one line: "`x / y`: division by zero".
std::string say_in_place(const Cause& cause, Language language) {
    std::string text;
    if (cause.source && cause.span.end > cause.span.begin)
        for (const char c : cause.source->text(cause.span)) {
            const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
            if (!blank || (!text.empty() && text.back() != ' ')) text += blank ? ' ' : c;
        }
    return text.empty() ? say(cause, language) : fmt::format("`{}`: {}", text, say(cause, language));
}

}  // namespace

std::string awaited(const Cause& cause, Language language) {
    const auto* datum = cause.fact.find(feel::ArgumentType::datum);
    if (datum == nullptr) {
        const bool told = cause.source && !cause.source->definition().empty() && cause.span.end > cause.span.begin;
        return (told ? cause.source->definition() + ", " : "") + say_in_place(cause, language);
    }
    const auto* year = cause.fact.find(feel::ArgumentType::past);
    const auto& name = std::get<std::string>(*datum);
    if (year == nullptr) return name;
    return say(Phrase::datum_of_year, language,
               {{"name", name}, {"year", std::to_string(std::get<std::int64_t>(*year))}});
}

std::string alternatives(const std::vector<Value>& values, Language language) {
    std::string out;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto text = values[i].is_null()  ? say(Phrase::no_rule, language)
                          : values[i].number() ? values[i].to_string()  // an outcome is told to its last digit
                                               : show(values[i], {}, language);
        if (i == 0)
            out = text;
        else if (i + 1 < values.size())
            out += say(Phrase::separator, language) + text;
        else
            out = say(Phrase::or_else, language, {{"first", out}, {"second", text}});
    }
    return out;
}

std::string render(const feel::CausePtr& cause, Language language) {
    std::string out;
    std::vector<std::pair<feel::CausePtr, std::size_t>> todo;
    std::set<const Cause*> seen;
    if (cause) todo.emplace_back(cause, 0);
    while (!todo.empty()) {
        const auto [next, depth] = todo.back();
        todo.pop_back();
        if (!seen.insert(next.get()).second) continue;
        out += std::string(depth * 2, ' ');
        out += say_in_place(*next, language) + "\n";
        for (auto it = next->because.rbegin(); it != next->because.rend(); ++it) todo.emplace_back(*it, depth + 1);
    }
    return out;
}

}  // namespace zoneval::wording
