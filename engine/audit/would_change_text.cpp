// What would change an outcome, for people and as JSON.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/audit/json.hpp"
#include "engine/audit/lines.hpp"
#include "engine/audit/sentences.hpp"
#include "engine/audit/would_change.hpp"
#include "engine/wording/answers.hpp"
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

class Text {
  public:
    Text(const WouldChange& w, const TextOptions& options)
        : w_(w), o_(options), p_(palette(options.colour)), language_(w.language) {}

    std::string run() const {
        const auto who = audit::who(w_.record, w_.label);
        auto out = fmt::format("{}{}{}\n\n", p_.bold,
                               says(Answer::head_would_change,
                                    {{"who", who}, {"year", std::to_string(w_.year)}, {"got", outcome(w_.outcome)}}),
                               p_.reset);
        out += summary() + numbers() + words() + unreported() + pairs();
        if (!w_.cannot.empty()) out += heading(Answer::cannot_alone) + paragraph(joined(w_.cannot), 2);
        out += heading(Answer::held);
        if (!w_.held.empty()) out += paragraph(joined(w_.held), 2);
        out += paragraph(says(Answer::held_always), 2);
        out += outside() + also() + "\n";
        out += paragraph(says(Answer::computed_anew, {{"n", std::to_string(w_.tried)}}), 0);
        return out + paragraph(run_text(w_.run, w_.year, w_.standing, w_.seal, w_.revision, language_), 0);
    }

  private:
    using Arguments = std::initializer_list<std::pair<std::string_view, std::string_view>>;
    std::string says(Answer answer, Arguments arguments = {}) const { return say(answer, language_, arguments); }
    std::string heading(Answer answer) const { return fmt::format("\n{}{}{}\n", p_.bold, says(answer), p_.reset); }
    std::string paragraph(const std::string& text, std::size_t indent) const {
        return wrapped(text, o_.width, indent, indent);
    }
    std::string joined(const std::vector<std::string>& texts) const {
        return fmt::format("{}", fmt::join(texts, say(wording::Phrase::separator, language_)));
    }
    std::string outcome(const std::string& text) const {
        return text.empty() ? says(Answer::undetermined) : labelled(w_.labels, text);
    }
    std::string number(const Value& value, int decimals) const {
        return wording::show(value, {decimals, ""}, language_);
    }
    std::string share(const Decimal& part) const { return (part * Decimal(100)).to_fixed(2) + " %"; }

    std::string summary() const {
        const auto alone = static_cast<std::size_t>(std::count_if(
            w_.inputs.begin(), w_.inputs.end(), [](const auto& i) { return is_number(i) || !i.others.empty(); }));
        if (alone == 0) return paragraph(says(Answer::nothing_changes), 0);
        auto out = says(alone == 1 ? Answer::one_alone : Answer::any_one_alone, {{"n", std::to_string(alone)}});
        if (const auto& first = w_.inputs.front(); is_number(first))
            out += says(Answer::smallest_is, {{"figure", first.of.title},
                                              {"needed", number(nearest(first).needed, first.decimals)},
                                              {"reported", number(first.reported, first.decimals)}});
        return paragraph(out, 0);
    }

    /// As far as the outcome stays what it is.
    std::string holds(const WouldChange::Input& input, const std::optional<Flip>& flip, bool up) const {
        if (!flip) return "";
        const auto step = Decimal::scaled(1, -input.decimals);
        const auto& at = *flip->needed.number();
        return number(Value(up ? at - step : at + step), input.decimals);
    }

    std::string numbers() const {
        const auto now = outcome(w_.outcome);
        std::vector<Cells> rows{{says(Answer::figure), says(Answer::reported), says(Answer::needed),
                                 says(Answer::change), w_.score, says(Answer::leads_to),
                                 says(Answer::holds_from, {{"outcome", now}}), says(Answer::holds_to)}};
        std::vector<Align> columns{Align::left,  Align::right, Align::right, Align::right,
                                   Align::right, Align::left,  Align::right, Align::right};
        std::string turns;
        for (const auto& input : w_.inputs) {
            if (!is_number(input)) continue;
            const auto& reported = *input.reported.number();
            const auto& flip = nearest(input);
            const auto difference = *flip.needed.number() - reported;
            const auto change =
                reported.is_zero() ? number(Value(difference), input.decimals) : share(difference / reported.abs());
            rows.push_back(
                {input.of.title, number(input.reported, input.decimals), number(flip.needed, input.decimals),
                 difference.is_negative() ? change : "+" + change,
                 flip.score.number() ? wording::show(flip.score, {w_.score_decimals, ""}, language_) : "",
                 outcome(flip.outcome), holds(input, input.down, false), holds(input, input.up, true)});
            if (!input.stretches.empty())
                turns += paragraph(says(Answer::not_simple, {{"figure", input.of.title}, {"turns", stretches(input)}}),
                                   2);
        }
        if (rows.size() == 1) return "";
        constexpr std::size_t score = 4;
        if (w_.score.empty()) {
            for (auto& row : rows) row.erase(row.begin() + score);
            columns.erase(columns.begin() + score);
        }
        return heading(Answer::one_figure) + table_text(rows, columns, 2) +
               paragraph(says(Answer::each_verified, {{"outcome", now}}), 2) + turns;
    }

    std::string stretches(const WouldChange::Input& input) const {
        std::vector<std::string> out;
        for (const auto& s : input.stretches)
            out.push_back(says(Answer::stretch, {{"from", number(s.from, input.decimals)},
                                                 {"to", number(s.to, input.decimals)},
                                                 {"outcome", outcome(s.outcome)}}));
        return joined(out);
    }

    std::string words() const {
        std::vector<Cells> rows;
        for (const auto& input : w_.inputs)
            for (const auto& flip : input.others)
                rows.push_back({fmt::format("{} = {}", input.of.title, wording::show(flip.needed, {}, language_)),
                                outcome(flip.outcome)});
        return rows.empty() ? "" : heading(Answer::one_word) + table_text(rows, {Align::left, Align::left}, 2);
    }

    std::string unreported() const {
        std::string out;
        for (const auto& input : w_.inputs)
            if (input.reported.is_null() && input.others.empty())
                out += paragraph(input.of.title + says(Answer::colon) + stretches(input), 2);
        return out.empty() ? "" : heading(Answer::not_reported_would) + out;
    }

    std::string pairs() const {
        std::vector<Cells> rows;
        const auto one = [&](const WouldChange::Pair::One& o) {
            return says(Answer::instead_of, {{"figure", o.of.title},
                                             {"needed", number(o.needed, o.decimals)},
                                             {"reported", number(o.reported, o.decimals)}});
        };
        for (const auto& pair : w_.pairs)
            rows.push_back({one(pair.first), one(pair.second), "± " + share(pair.change), outcome(pair.outcome)});
        return rows.empty() ? ""
                            : heading(Answer::two_figures) +
                                  table_text(rows, {Align::left, Align::left, Align::right, Align::left}, 2);
    }

    std::string outside() const {
        if (w_.outside.empty()) return "";
        std::vector<Cells> rows{{says(Answer::parameter), says(Answer::now), says(Answer::needed),
                                 says(Answer::leads_to), says(Answer::moves_too)}};
        for (const auto& o : w_.outside) {
            constexpr std::size_t most = 3;
            const auto& all = o.flip.also;
            auto also = joined({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), most))});
            if (all.size() > most) also += says(Answer::and_n_more, {{"n", std::to_string(all.size() - most)}});
            const auto unit = o.unit.empty() ? "" : " " + o.unit;
            rows.push_back({o.title + (o.assumption ? " (" + says(Answer::assumed) + ")" : ""),
                            wording::show(o.now, {}, language_) + unit, number(o.flip.needed, o.decimals) + unit,
                            outcome(o.flip.outcome), also});
        }
        return heading(Answer::from_outside) +
               table_text(rows, {Align::left, Align::right, Align::right, Align::left, Align::left}, 2);
    }

    /// Who else would move: ranks are a sentence about others.
    std::string also() const {
        std::string lines;
        const auto note = [&](const WouldChange::Input& input, const Flip& flip) {
            if (!flip.also.empty())
                lines += paragraph(fmt::format("{} = {}{}{}", input.of.title, wording::show(flip.needed, {}, language_),
                                               says(Answer::colon), joined(flip.also)),
                                   2);
        };
        for (const auto& input : w_.inputs) {
            if (is_number(input)) note(input, nearest(input));
            for (const auto& flip : input.others) note(input, flip);
        }
        const auto nobody = w_.others_left_out ? Answer::others_left_out : Answer::nobody_else;
        return heading(Answer::follows_for_others) + (lines.empty() ? paragraph(says(nobody), 2) : lines);
    }

    const WouldChange& w_;
    const TextOptions& o_;
    Palette p_;
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

std::string render_text(const WouldChange& w, const TextOptions& options) { return Text(w, options).run(); }

std::string render_json(const WouldChange& w) {
    Json out = {{"version", 1},           {"record", w.record},   {"year", w.year},      {"run", w.run},
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
    out["others_left_out"] = w.others_left_out;
    return dumped(out);
}

}  // namespace zoneval::audit
