#include "engine/audit/condition_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::audit {

using exec::Holds;
using feel::BinaryOp;
using wording::Answer;
using wording::Language;
using Asks = Condition::Asks;
using ConditionKind = Condition::Kind;

namespace {

std::string number_text(const Condition& c, const feel::Value& value, bool with_unit, Language language) {
    const auto* number = value.number();
    if (!number) return wording::show(value, {}, language);
    auto decimals = c.decimals;
    if (decimals && number->rounded(*decimals, feel::Rounding::half_even) != *number) decimals.reset();  // not as shown
    return wording::show(value, {decimals, with_unit ? std::string_view(c.unit) : std::string_view()}, language);
}

/// Why there is none, in a word or two.
std::string missing_text(const feel::Value& value, Language language) {
    const auto kind = feel::missing_kind(value.cause());
    if (kind != feel::Missing::none) return wording::say(kind, language);
    return say(value.cause() ? Answer::unknown : Answer::no_value, language);
}

/// Between what an open figure lies.
std::string range_text(const Condition& c, const std::optional<feel::Decimal>& low,
                       const std::optional<feel::Decimal>& high, bool with_unit, Language language) {
    const auto in_unit = [&](std::string figure) {
        return wording::with_unit(std::move(figure), with_unit ? std::string_view(c.unit) : "", language);
    };
    const auto end = [&](const std::optional<feel::Decimal>& bound) { return number_text(c, *bound, false, language); };
    if (!high) return say(Answer::at_least, language, {{"limit", in_unit(end(low))}});
    if (low == high) return in_unit(end(low));
    if (!low) return say(Answer::at_most, language, {{"limit", in_unit(end(high))}});
    return in_unit(say(Answer::from_to, language, {{"low", end(low)}, {"high", end(high)}}));
}

/// A limit as the rule set has it.
std::string limit_figure(const Condition& c, bool with_unit, Language language) {
    if (c.limit_low || c.limit_high) return range_text(c, c.limit_low, c.limit_high, with_unit, language);
    if (c.limit.is_null()) return missing_text(c.limit, language);
    return wording::show(c.limit, {{}, with_unit && c.limit.number() ? std::string_view(c.unit) : std::string_view()},
                         language);
}

/// A word as people read it.
std::string word_text(const Condition& c, const feel::Value& value, Language language) {
    if (value.is_null()) return missing_text(value, language);
    return exec::shown(c.labels, value, {}, language);
}

std::string listed(const Condition& c, Language language) {
    std::string out;
    for (const auto& value : c.choices)
        out += (out.empty() ? "" : say(wording::Phrase::separator, language)) + word_text(c, value, language);
    return out;
}

std::string quoted_list(const Condition& c, Language language) {
    std::string out;
    for (const auto& value : c.choices)
        out += (out.empty() ? "" : ", ") +
               (value.string() ? feel::quoted(word_text(c, value, language)) : word_text(c, value, language));
    return out;
}

Answer limit_words(BinaryOp op, bool day) {
    switch (op) {
        case BinaryOp::less: return day ? Answer::before_day : Answer::below;
        case BinaryOp::less_equal: return day ? Answer::until_day : Answer::at_most;
        case BinaryOp::greater: return day ? Answer::after_day : Answer::above;
        case BinaryOp::greater_equal: return day ? Answer::from_day : Answer::at_least;
        case BinaryOp::not_equal: return Answer::not_that;
        default: return Answer::exactly;
    }
}

std::string found_plain(const Condition& c, bool with_unit, Language language) {
    if (c.low || c.high) return range_text(c, c.low, c.high, with_unit, language);
    return c.found.number() ? number_text(c, c.found, with_unit, language) : word_text(c, c.found, language);
}

}  // namespace

std::string found_text(const Condition& c, Language language) { return found_plain(c, true, language); }

std::string limit_text(const Condition& c, Language language) {
    switch (c.asks) {
        case Asks::limit:
            return say(limit_words(c.compared, c.limit.date() != nullptr), language,
                       {{"limit", limit_figure(c, true, language)}});
        case Asks::one_of:
            return c.choices.size() == 1 ? listed(c, language)
                                         : say(Answer::one_of, language, {{"values", listed(c, language)}});
        case Asks::none_of:
            return c.choices.size() == 1 ? say(Answer::not_that, language, {{"limit", listed(c, language)}})
                                         : say(Answer::none_of, language, {{"values", listed(c, language)}});
        case Asks::there: return say(Answer::any_value, language);
        case Asks::not_there: return say(Answer::no_value, language);
        case Asks::truth: return wording::show(c.wanted, {}, language);
    }
    return "";
}

std::string margin_text(const Condition& c, Language language) {
    if (!c.margin || c.compared == BinaryOp::equal || c.compared == BinaryOp::not_equal) return "";
    if (c.margin->is_zero()) return say(Answer::at_the_limit, language);
    return number_text(c, *c.margin, true, language);
}

std::string_view mark_of(Holds holds) {
    static constexpr std::string_view marks[] = {"✗", "✓", "?"};
    return marks[static_cast<std::size_t>(holds)];
}

std::string short_text(const Condition& c, Language language, bool only_not_met) {
    if (c.kind != ConditionKind::one) {
        std::string out;
        for (const auto& part : c.parts) {
            if (c.kind == ConditionKind::any && c.holds == Holds::yes && part.holds == Holds::no)
                continue;  // had no say
            if (only_not_met && c.kind == ConditionKind::all && c.holds == Holds::no && part.holds == Holds::yes)
                continue;
            auto text = short_text(part, language, only_not_met);
            if (part.kind == ConditionKind::all && c.kind == ConditionKind::any) text = fmt::format("({})", text);
            if (out.empty())
                out = std::move(text);
            else
                out +=
                    (c.kind == ConditionKind::all ? say(Answer::comma, language) : say(Answer::or_, language)) + text;
        }
        const bool several = out.find(say(Answer::or_, language)) != std::string::npos;
        return c.kind == ConditionKind::any && several ? "(" + out + ")" : out;
    }
    auto found = found_plain(c, false, language);
    if (c.found.string()) found = feel::quoted(found);
    const auto subject = c.subject.shown_short(language);
    std::string asked;
    switch (c.asks) {
        case Asks::limit:
            asked = fmt::format("{} {} {}", found, feel::spelling(c.compared), limit_figure(c, false, language));
            break;
        case Asks::one_of:
            asked = found + (c.choices.size() == 1 ? " = " + quoted_list(c, language)
                                                   : " in (" + quoted_list(c, language) + ")");
            break;
        case Asks::none_of:
            asked = found + (c.choices.size() == 1 ? " != " + quoted_list(c, language)
                                                   : " not in (" + quoted_list(c, language) + ")");
            break;
        case Asks::there:
        case Asks::not_there:
            asked = fmt::format("{} {} {}", found, c.asks == Asks::there ? "!=" : "=", say(Answer::no_value, language));
            break;
        case Asks::truth: asked = fmt::format("{} = {}", found, limit_text(c, language)); break;
    }
    return fmt::format("{} {} {}", subject, asked, mark_of(c.holds));
}

std::string conditions_table(const std::vector<Condition>& conditions, Language language, bool not_met) {
    std::vector<Cells> rows{{"", say(Answer::condition, language), say(Answer::found, language),
                             say(Answer::limit, language), say(not_met ? Answer::short_by : Answer::margin, language)}};
    for (const auto& c : conditions)
        rows.push_back({std::string(mark_of(c.holds)), c.subject.shown(language), found_text(c, language),
                        limit_text(c, language), not_met && c.holds == Holds::yes ? "" : margin_text(c, language)});
    return table_text(rows, {Align::left, Align::left, Align::right, Align::right, Align::right}, 2);
}

std::vector<std::string> below_sentences(const std::vector<Condition>& conditions, Language language) {
    std::vector<std::string> out;
    for (const auto& c : conditions) {
        if (!c.below || !c.below->otherwise) continue;
        auto text = say(c.holds == Holds::yes ? Answer::others_below : Answer::others_below_needed, language,
                        {{"now", std::to_string(c.below->now)},
                         {"others", std::to_string(c.below->others)},
                         {"otherwise", std::to_string(*c.below->otherwise)}});
        if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(std::move(text));
    }
    return out;
}

std::string below_text(const std::vector<Condition>& conditions, Language language, std::size_t width) {
    std::string out;
    for (const auto& text : below_sentences(conditions, language)) out += wrapped(text, width, 2, 2);
    return out;
}

}  // namespace zoneval::audit
