// What would change an outcome, for people and as JSON.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/audit/json.hpp"
#include "engine/audit/lines.hpp"
#include "engine/audit/sentences.hpp"
#include "engine/audit/would_change.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::audit {

using feel::Decimal;
using feel::Value;
using wording::Answer;
using Flip = WouldChange::Flip;

namespace {

/// The flip that takes the smaller change.
const Flip& nearest(const WouldChange::Input& input) {
    if (!input.down) return *input.up;
    if (!input.up) return *input.down;
    const auto& reported = *input.reported.number();
    return (reported - *input.down->needed.number()) < (*input.up->needed.number() - reported) ? *input.down
                                                                                               : *input.up;
}

bool is_number(const WouldChange::Input& input) { return input.down || input.up; }

/// What there is to say, in the order in which it is said.
class Telling {
  public:
    explicit Telling(const WouldChange& w) : w_(w), language_(w.language) {}

    std::vector<Section> run() const {
        std::vector<Section> out;
        const auto add = [&](Section section) {
            if (!section.rows.empty() || !section.texts.empty()) out.push_back(std::move(section));
        };
        add({"", {}, {}, {summary()}});
        add(numbers());
        add(words());
        add(unreported());
        add(pairs());
        if (!w_.cannot.empty()) add({says(Answer::cannot_alone), {}, {}, {joined(w_.cannot)}});
        add(held());
        add(outside());
        add(also());
        add({"",
             {},
             {},
             {says(Answer::values_tried, {{"n", std::to_string(w_.tried)}}),
              run_text(w_.run, w_.year, w_.standing, w_.seal, w_.revision, language_)}});
        return out;
    }

  private:
    using Arguments = std::initializer_list<std::pair<std::string_view, std::string_view>>;
    std::string says(Answer answer, Arguments arguments = {}) const { return say(answer, language_, arguments); }
    std::string joined(const std::vector<std::string>& texts) const {
        return fmt::format("{}", fmt::join(texts, say(wording::Phrase::separator, language_)));
    }
    std::string outcome(const std::string& text) const {
        return text.empty() ? says(Answer::undetermined) : exec::labelled(w_.labels, text);
    }
    std::string number(const Value& value, int decimals) const {
        return wording::show(value, {decimals, ""}, language_);
    }
    static std::string share(const Decimal& part) { return (part * Decimal(100)).to_fixed(2) + " %"; }

    std::string summary() const {
        const auto alone = static_cast<std::size_t>(std::count_if(
            w_.inputs.begin(), w_.inputs.end(), [](const auto& i) { return is_number(i) || !i.others.empty(); }));
        if (alone == 0) return says(Answer::nothing_changes);
        auto out = says(alone == 1 ? Answer::one_alone : Answer::any_one_alone, {{"n", std::to_string(alone)}});
        if (const auto& first = w_.inputs.front(); is_number(first))
            out += says(Answer::smallest_is, {{"figure", first.of.title},
                                              {"needed", number(nearest(first).needed, first.decimals)},
                                              {"reported", number(first.reported, first.decimals)}});
        return out;
    }

    /// As far as the outcome stays what it is.
    std::string holds(const WouldChange::Input& input, const std::optional<Flip>& flip, bool up) const {
        if (!flip) return "";
        const auto step = Decimal::scaled(1, -input.decimals);
        const auto& at = *flip->needed.number();
        return number(Value(up ? at - step : at + step), input.decimals);
    }

    Section numbers() const {
        const auto now = outcome(w_.outcome);
        Section out{
            says(Answer::one_figure),
            {Align::left, Align::right, Align::right, Align::right, Align::right, Align::left, Align::right,
             Align::right},
            {{says(Answer::figure), says(Answer::reported), says(Answer::needed), says(Answer::change), w_.score,
              says(Answer::leads_to), says(Answer::holds_from, {{"outcome", now}}), says(Answer::holds_to)}},
            {says(Answer::each_verified, {{"outcome", now}})}};
        for (const auto& input : w_.inputs) {
            if (!is_number(input)) continue;
            const auto& reported = *input.reported.number();
            const auto& flip = nearest(input);
            const auto difference = *flip.needed.number() - reported;
            const auto change =
                reported.is_zero() ? number(Value(difference), input.decimals) : share(difference / reported.abs());
            out.rows.push_back(
                {input.of.title, number(input.reported, input.decimals), number(flip.needed, input.decimals),
                 difference.is_negative() ? change : "+" + change,
                 flip.score.number() ? wording::show(flip.score, {w_.score_decimals, ""}, language_) : "",
                 outcome(flip.outcome), holds(input, input.down, false), holds(input, input.up, true)});
            if (!input.stretches.empty())
                out.texts.push_back(
                    says(Answer::not_simple, {{"figure", input.of.title}, {"turns", stretches(input)}}));
        }
        if (out.rows.size() == 1) return {};
        constexpr std::size_t score = 4;
        if (w_.score.empty()) {
            for (auto& row : out.rows) row.erase(row.begin() + score);
            out.columns.erase(out.columns.begin() + score);
        }
        return out;
    }

    std::string stretches(const WouldChange::Input& input) const {
        std::vector<std::string> out;
        for (const auto& s : input.stretches)
            out.push_back(says(Answer::stretch, {{"from", number(s.from, input.decimals)},
                                                 {"to", number(s.to, input.decimals)},
                                                 {"outcome", outcome(s.outcome)}}));
        return joined(out);
    }

    Section words() const {
        Section out{says(Answer::one_word), {Align::left, Align::left}, {}, {}};
        for (const auto& input : w_.inputs)
            for (const auto& flip : input.others)
                out.rows.push_back(
                    {fmt::format("{} = {}", input.of.title, exec::shown(input.labels, flip.needed, {}, language_)),
                     outcome(flip.outcome)});
        if (!out.rows.empty()) out.rows.insert(out.rows.begin(), {says(Answer::finding), says(Answer::leads_to)});
        return out;
    }

    Section unreported() const {
        Section out{says(Answer::not_reported_would), {}, {}, {}};
        for (const auto& input : w_.inputs)
            if (input.reported.is_null() && input.others.empty())
                out.texts.push_back(input.of.title + says(Answer::colon) + stretches(input));
        return out;
    }

    Section pairs() const {
        Section out{says(Answer::two_figures), {Align::left, Align::left, Align::right, Align::left}, {}, {}};
        const auto one = [&](const WouldChange::Pair::One& o) {
            return says(Answer::instead_of, {{"figure", o.of.title},
                                             {"needed", number(o.needed, o.decimals)},
                                             {"reported", number(o.reported, o.decimals)}});
        };
        for (const auto& pair : w_.pairs)
            out.rows.push_back({one(pair.first), one(pair.second), "± " + share(pair.change), outcome(pair.outcome)});
        if (!out.rows.empty())
            out.rows.insert(out.rows.begin(),
                            {says(Answer::figure), says(Answer::figure), says(Answer::change), says(Answer::leads_to)});
        return out;
    }

    Section held() const {
        Section out{says(Answer::held), {}, {}, {}};
        if (!w_.held.empty()) out.texts.push_back(joined(w_.held));
        out.texts.push_back(says(w_.others_stand ? Answer::held_with_others : Answer::held_always));
        return out;
    }

    Section outside() const {
        Section out{
            says(Answer::from_outside), {Align::left, Align::right, Align::right, Align::left, Align::left}, {}, {}};
        for (const auto& o : w_.outside) {
            constexpr std::size_t most = 3;
            const auto& all = o.flip.also;
            auto also = joined({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), most))});
            if (all.size() > most) also += says(Answer::and_n_more, {{"n", std::to_string(all.size() - most)}});
            const auto in_unit = [&](std::string figure) {
                return wording::with_unit(std::move(figure), o.unit, language_);
            };
            out.rows.push_back({o.title + (o.assumption ? " (" + says(Answer::assumed) + ")" : ""),
                                in_unit(wording::show(o.now, {}, language_)),
                                in_unit(number(o.flip.needed, o.decimals)), outcome(o.flip.outcome), also});
        }
        if (!out.rows.empty())
            out.rows.insert(out.rows.begin(), {says(Answer::parameter), says(Answer::now), says(Answer::needed),
                                               says(Answer::leads_to), says(Answer::moves_too)});
        return out;
    }

    /// Who else would move: ranks are a sentence about others.
    Section also() const {
        Section out{says(Answer::follows_for_others), {}, {}, {}};
        const auto note = [&](const WouldChange::Input& input, const Flip& flip) {
            if (!flip.also.empty())
                out.texts.push_back(fmt::format("{} = {}{}{}", input.of.title,
                                                exec::shown(input.labels, flip.needed, {}, language_),
                                                says(Answer::colon), joined(flip.also)));
        };
        for (const auto& input : w_.inputs) {
            if (is_number(input)) note(input, nearest(input));
            for (const auto& flip : input.others) note(input, flip);
        }
        if (out.texts.empty() && !w_.others_stand) out.texts.push_back(says(Answer::nobody_else));
        return out;
    }

    const WouldChange& w_;
    wording::Language language_;
};

Json word_of(const std::string& outcome) { return outcome.empty() ? Json() : Json(outcome); }

Json json_of(const Flip& flip) {
    Json out = {{"needed", flip.needed.to_string()}, {"outcome", word_of(flip.outcome)}, {"also_moves", flip.also}};
    if (flip.score.number()) out["score"] = flip.score.to_string();
    return out;
}

Json json_of(const WouldChange::Input& input) {
    Json out = {{"input", input.of.node->name},
                {"title", input.of.title},
                {"unit", input.unit},
                {"reported", input.reported.is_null() ? Json() : Json(input.reported.to_string())},
                {"every_value_tried", input.every_value}};
    if (input.down) out["down"] = json_of(*input.down);
    if (input.up) out["up"] = json_of(*input.up);
    for (const auto& flip : input.others) out["others"].push_back(json_of(flip));
    for (const auto& s : input.stretches)
        out["stretches"].push_back(
            {{"from", s.from.to_string()}, {"to", s.to.to_string()}, {"outcome", word_of(s.outcome)}});
    return out;
}

Json json_of(const WouldChange::Pair& pair) {
    Json out = {{"inputs", Json::array()}, {"change", pair.change.to_string()}, {"outcome", word_of(pair.outcome)}};
    for (const auto* one : {&pair.first, &pair.second})
        out["inputs"].push_back({{"input", one->of.node->name},
                                 {"reported", one->reported.to_string()},
                                 {"needed", one->needed.to_string()}});
    return out;
}

}  // namespace

std::string head(const WouldChange& w) {
    return say(Answer::head_would_change, w.language,
               {{"who", audit::who(w.record, w.label)},
                {"year", std::to_string(w.year)},
                {"got", exec::labelled(w.labels, w.outcome)}});
}

std::vector<Section> sections(const WouldChange& w) { return Telling(w).run(); }

std::string render_text(const WouldChange& w, const TextOptions& options) {
    const auto p = palette(options.colour);
    auto out = fmt::format("{}{}{}\n", p.bold, head(w), p.reset);
    for (const auto& section : sections(w)) {
        out += "\n";
        const std::size_t indent = section.title.empty() ? 0 : 2;
        if (!section.title.empty()) out += fmt::format("{}{}{}\n", p.bold, section.title, p.reset);
        if (!section.rows.empty()) out += table_text(section.rows, section.columns, indent);
        for (const auto& text : section.texts) out += wrapped(text, options.width, indent, indent);
    }
    return out;
}

std::string render_json(const WouldChange& w) {
    Json out = {{"version", 1},           {"record", w.record},   {"year", w.year},  {"run", w.run},
                {"decision", w.decision}, {"outcome", w.outcome}, {"tried", w.tried}};
    out["inputs"] = Json::array();
    for (const auto& input : w.inputs) out["inputs"].push_back(json_of(input));
    out["pairs"] = Json::array();
    for (const auto& pair : w.pairs) out["pairs"].push_back(json_of(pair));
    out["parameters"] = Json::array();
    for (const auto& o : w.outside) {
        auto one = json_of(o.flip);
        one["parameter"] = o.parameter;
        one["now"] = o.now.to_string();
        one["assumption"] = o.assumption;
        out["parameters"].push_back(std::move(one));
    }
    out["cannot"] = w.cannot;
    out["held"] = w.held;
    out["others_stand"] = w.others_stand;
    return dumped(out);
}

}  // namespace zoneval::audit
