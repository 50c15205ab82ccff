// Explanations for people: the outcome in a sentence, what decided, where points were lost, the rules, the derivation.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/audit/close_calls_text.hpp"
#include "engine/audit/condition_text.hpp"
#include "engine/audit/explain.hpp"
#include "engine/audit/sentences.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/pages.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::audit {

using wording::Answer;
using OutcomeKind = exec::Outcome::Kind;
using State = RuleState::State;

namespace {

constexpr std::size_t screen = 58;  ///< lines that an explanation takes where nobody asks for more

/// What is shown where nobody asks for more: less and less, until it fits.
struct Measure {
    bool only_not_met;  ///< of rules that do not hold
    std::size_t rules, parts, decided;
};
// Rules that do not hold give way before lost points: those who read want to know where points are to be won.
constexpr Measure measures[] = {{false, 12, 8, 8}, {true, 12, 8, 8}, {true, 6, 8, 8}, {true, 4, 8, 8},
                                {true, 0, 8, 4},   {true, 0, 5, 4},  {true, 0, 3, 3}};
constexpr Measure all_of_it{false, SIZE_MAX, SIZE_MAX, SIZE_MAX};

std::size_t lines_in(std::string_view text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

class Text {
  public:
    Text(const Explanation& e, const TextOptions& options)
        : e_(e), o_(options), p_(palette(options.colour)), language_(e.language) {}

    std::string run() {
        const auto tail = hangs_on() + assumptions() + others() + foot();
        std::string out;
        for (const auto& measure : measures) {
            most_ = o_.depth > 0 ? all_of_it : measure;
            out = head() + figures() + decided() + neighbours();
            for (const auto& score : e_.scores) out += lost(score);
            out += strengths() + course();
            if (!e_.decision.empty()) out += rules();
            if (o_.depth > 0 || lines_in(out) + lines_in(tail) + 2 <= screen) break;
        }
        const auto taken = lines_in(out) + lines_in(tail);
        return out + derivation(taken < screen ? screen - taken : 0) + tail;
    }

  private:
    using Arguments = std::initializer_list<std::pair<std::string_view, std::string_view>>;
    std::string says(Answer answer, Arguments arguments = {}) const { return say(answer, language_, arguments); }
    std::string heading(const std::string& text) const {
        return fmt::format("\n{}{}{}\n", p_.bold, for_terminal(text), p_.reset);
    }
    std::string paragraph(const std::string& text, std::size_t indent = 0) const {
        return wrapped(text, o_.width, indent, indent);
    }

    std::string head() const {
        const auto who = audit::who(e_.record, e_.label);
        const auto year = std::to_string(e_.year);
        if (e_.decision.empty()) return bold(says(Answer::who_and_year, {{"who", who}, {"year", year}})) + "\n";
        const auto tint = !settled(e_) && !e_.ruling ? p_.yellow : e_.adverse ? p_.red : p_.green;
        const auto value =
            for_terminal(e_.ruling ? says(Answer::ruled_outcome, {{"outcome", e_.ruling->value}}) : outcome_text(e_));
        auto out = bold(says(e_.is_main ? Answer::head : Answer::head_of,
                             {{"who", who},
                              {"year", year},
                              {"decision", for_terminal(e_.decision_title)},
                              {"outcome", fmt::format("{}{}{}{}", p_.reset, p_.bold, tint, value)}})) +
                   "\n\n";
        if (e_.ruling) out += ruling();
        out += sentence();
        return out;
    }
    std::string bold(const std::string& text) const { return fmt::format("{}{}{}", p_.bold, text, p_.reset); }

    std::string ruling() const {
        std::string out;
        for (const auto& text : ruling_sentences(e_)) out += paragraph(text);
        return out + heading(say(wording::Phrase::rules_alone, language_, {{"outcome", outcome_text(e_)}}));
    }

    std::string sentence() const {
        std::string out;
        for (const auto& text : sentences(e_)) out += paragraph(text);
        return out;
    }

    std::string decided() const {
        if (e_.decided.empty()) return "";
        auto shown = e_.decided;
        const bool cut = shown.size() > most_.decided;
        if (cut) shown.resize(most_.decided);
        auto out = heading(says(e_.ending == OutcomeKind::open ? Answer::where_it_stands
                                : by_default(e_)               ? Answer::what_fell_short
                                                               : Answer::what_decided)) +
                   conditions_table(shown, language_, by_default(e_));
        if (cut) out += more(e_.decided.size() - shown.size());
        out += below_text(shown, language_, o_.width);
        const auto score = score_no_part(e_);
        return score.empty() ? out : out + paragraph(score, 2);
    }

    std::string neighbours() const {
        const auto [columns, rows] = neighbours_told(e_);
        if (rows.empty()) return "";
        auto out = heading(says(Answer::how_close)) + table_text(rows, columns, 2);
        for (const auto& text : points_told(e_)) out += paragraph(text, 2);
        return out;
    }

    /// What figures that are missing would lead to.
    std::string figures() const {
        std::string out;
        if (!e_.close_calls) return out;
        for (const auto& figure : e_.close_calls->figures) {
            const auto [columns, rows] = figure_told(e_, figure);
            out += heading(says(Answer::figure_leads, {{"figure", figure.of.title}})) + table_text(rows, columns, 2);
            if (const auto tried = tried_told(figure, language_); !tried.empty()) out += paragraph(tried, 2);
        }
        return out;
    }

    /// The rules of the years beside each other where they have room.
    std::string course() const {
        auto [columns, rows] = course_told(e_, true);
        if (rows.empty()) return "";
        auto table = table_text(rows, columns, 2);
        if (widest_line(table) > o_.width) {
            auto [of, without_rules] = course_told(e_, false);
            table = table_text(std::move(without_rules), of, 2);
        }
        return heading(says(Answer::course)) + table;
    }
    static std::size_t widest_line(std::string_view text) {
        std::size_t out = 0;
        for (std::size_t at = 0; at < text.size();) {
            const auto end = std::min(text.find('\n', at), text.size());
            out = std::max(out, shown_width(text.substr(at, end - at)));
            at = end + 1;
        }
        return out;
    }

    std::string more(std::size_t count) const {
        return "  " + says(Answer::and_more, {{"n", std::to_string(count)}}) + "\n";
    }

    std::string lost(const PointsLost& score) const {
        const auto number = [&](const feel::Decimal& n) { return n.to_fixed(score.decimals); };
        auto out = heading(
            says(Answer::points_lost,
                 {{"lost", number(score.lost)}, {"scale", score.scale.to_string()}, {"score", score.score.title}}));
        const bool ranked = std::any_of(score.parts.begin(), score.parts.end(), [](const auto& p) { return p.place; });
        std::vector<Cells> rows{{says(Answer::indicator), says(Answer::value), ranked ? says(Answer::rank) : "",
                                 says(Answer::points_to_win), says(Answer::lost)}};
        const auto shown =
            score.parts.size() > most_.parts && score.parts.size() - most_.parts > 2 ? most_.parts : score.parts.size();
        feel::Decimal rest_to_win, rest_lost;
        for (std::size_t i = 0; i < score.parts.size(); ++i) {
            const auto& part = score.parts[i];
            if (i >= shown) {
                rest_to_win = rest_to_win + part.to_win;
                rest_lost = rest_lost + part.lost;
                continue;
            }
            rows.push_back({part.of.shown(language_),
                            part.value.empty() ? says(Answer::no_value)
                            : part.unit == "%" ? part.value + " %"
                                               : part.value,
                            place_text(part, language_), number(part.to_win), number(part.lost)});
        }
        if (shown < score.parts.size())
            rows.push_back({says(Answer::others_of, {{"n", std::to_string(score.parts.size() - shown)}}), "", "",
                            number(rest_to_win), number(rest_lost)});
        out += table_text(rows, {Align::left, Align::right, Align::right, Align::right, Align::right}, 2);
        if (score.left_out > 0) out += paragraph(says(Answer::left_out, {{"n", std::to_string(score.left_out)}}), 2);
        return out;
    }

    std::string strengths() const {
        std::string out;
        for (const auto& of : e_.strengths)
            for (const auto& text : strength_sentences(of, language_)) out += paragraph(text);
        return out.empty() ? out : "\n" + out;
    }

    std::string rule_line(const RuleState& rule) const {
        const auto mark = rule.state == State::holds  ? "✓"
                          : rule.state == State::open ? (e_.in_every_case && rule.id == e_.rule ? "✓" : "?")
                                                      : "✗";
        const auto gives = rule.gives.empty() ? "" : " → " + rule.gives;
        const auto asked = short_text(rule.condition, language_, most_.only_not_met);
        auto out = wrapped(fmt::format("{} {}{}{}{}", mark, rule.id, gives, says(Answer::colon),
                                       asked.empty() ? says(Answer::any_record) : asked),
                           o_.width, 2, 6);
        if (rule.state == State::open)
            for (const auto& reason : rule.unknown_because) out += paragraph(reason, 6);
        return out;
    }

    std::string rules() const {
        auto out = heading(says(Answer::rules_in_order));
        std::size_t shown = 0, left_out = 0, below = 0;
        for (const auto& rule : e_.rules) {
            const bool deciding = rule.state == State::holds || rule.state == State::open;
            if (rule.state == State::not_reached)
                ++below;
            else if (deciding || shown < most_.rules)
                ++shown, out += rule_line(rule);
            else
                ++left_out;
        }
        if (left_out > 0) out += "  ✗ " + says(Answer::rules_left_out, {{"n", std::to_string(left_out)}}) + "\n";
        if (below > 0) out += "  · " + says(Answer::not_reached, {{"n", std::to_string(below)}}) + "\n";
        if (e_.ending == OutcomeKind::by_default)
            out += paragraph("✓ " + says(e_.continues ? Answer::stays : Answer::otherwise, {{"outcome", e_.value}}), 2);
        return out;
    }

    /// Down to a depth, as lines; what lies deeper is a `…`.
    void derive(const Derivation& d, const std::string& indent, bool last, int depth, std::string& out) const {
        auto line = d.label.empty() ? d.name : fmt::format("{} = {}", d.name, d.label);
        if (d.has_value) line = wording::with_unit(std::move(line), d.unit, language_);
        if (d.kind == "input" && !d.where.empty()) line += "  " + d.where;
        if (!d.cite.empty()) line += fmt::format("  [{}]", d.cite);
        if (!d.assumption.empty()) line += "  " + says(Answer::assumed);
        if (depth == 1 && !d.from.empty()) line += "  …";
        const auto below = indent + (last ? "   " : "│  ");
        const auto stem = below + (d.from.empty() || depth == 1 ? "   " : "│  ");
        const auto put = [&](const std::string& before, const std::string& said) {
            const auto text = for_terminal(said);
            const auto room = o_.width > shown_width(before) + 20 ? o_.width - shown_width(before) : 20;
            out += before + (o_.depth == 0 ? shortened(text, room) : text) + "\n";
        };
        put(indent + (last ? "└─ " : "├─ "), line);
        if (!d.formula.empty()) put(stem, d.formula);
        if (!d.note.empty()) put(stem, d.note);
        if (depth == 1) return;
        for (std::size_t i = 0; i < d.from.size(); ++i)
            derive(d.from[i], below, i + 1 == d.from.size(), depth - 1, out);
    }

    std::string tree(int depth) const {
        std::string out;
        for (std::size_t i = 0; i < e_.from.size(); ++i) derive(e_.from[i], "  ", i + 1 == e_.from.size(), depth, out);
        return out;
    }

    std::string derivation(std::size_t room) const {
        if (e_.from.empty()) return "";
        constexpr std::size_t of_heading = 2;
        auto out = heading(says(Answer::how_computed));
        if (o_.depth > 0) return out + tree(o_.depth);
        std::string shown;
        for (int depth = 1;; ++depth) {
            auto next = tree(depth);
            if (next == shown) return out + shown;  // all of it
            if (lines_in(next) + of_heading > room) break;
            shown = std::move(next);
        }
        if (shown.empty()) return "\n" + says(Answer::derivation_left_out) + "\n";
        return out + shown;
    }

    std::string hangs_on() const {
        if (e_.hangs_on.empty()) return "";
        auto out = heading(say(wording::Phrase::hangs_on, language_));
        constexpr std::size_t most = 3;
        if (o_.depth == 0 && e_.hangs_on.size() > most) return out + hangs_on_many(true) + hangs_on_many(false);
        for (const auto& h : e_.hangs_on) out += paragraph(hangs_on_text(h, language_), 2);
        return out;
    }

    std::string hangs_on_many(bool alone) const {
        std::vector<std::string> records, possible;
        const auto note = [](std::vector<std::string>& seen, const std::string& text) {
            if (std::find(seen.begin(), seen.end(), text) == seen.end()) seen.push_back(text);
        };
        for (const auto& h : e_.hangs_on) {
            if (h.alone != alone) continue;
            note(records, h.record);
            for (const auto& outcome : h.possible) note(possible, outcome);
        }
        if (records.empty()) return "";
        const auto all = records.size();
        records.resize(std::min<std::size_t>(all, 3));
        return paragraph(
            says(alone ? Answer::hangs_on_many : Answer::hang_on_together,
                 {{"n", std::to_string(all)},
                  {"records", fmt::format("{}", fmt::join(records, say(wording::Phrase::separator, language_)))},
                  {"possible", fmt::format("{}", fmt::join(possible, " / "))}}),
            2);
    }

    std::string assumptions() const {
        if (e_.assumptions.empty()) return "";
        auto out = heading(says(Answer::assumptions));
        if (o_.depth > 0 || e_.assumptions.size() <= 2) {
            for (const auto& a : e_.assumptions)
                out +=
                    wrapped(fmt::format("{} = {}{}{}", a.name, a.value, says(Answer::colon), a.reason), o_.width, 2, 6);
            return out;
        }
        std::string line;
        for (const auto& a : e_.assumptions)
            line += fmt::format("{}{} = {}", line.empty() ? "" : says(Answer::semicolon), a.name, a.value);
        return out + paragraph(line, 2);
    }

    std::string others() const {
        if (e_.others.empty()) return "";
        std::string line;
        for (const auto& other : e_.others)
            line += (line.empty() ? "" : says(Answer::semicolon)) + other.decision + says(Answer::colon) + other.value;
        return heading(says(Answer::other_decisions)) + paragraph(line, 2);
    }

    std::string foot() const {
        std::string out = "\n";
        if (e_.run > 0) out += paragraph(run_text(e_));
        out += paragraph(e_.ruleset_title + (e_.authority.empty() ? "" : says(Answer::comma) + e_.authority));
        for (const auto& note : e_.notes) out += paragraph(says(Answer::note, {{"note", note}}));
        if (!e_.decision.empty()) out += paragraph(says(Answer::more_of_decision));
        return out;
    }

    const Explanation& e_;
    const TextOptions& o_;
    Palette p_;
    wording::Language language_;
    Measure most_ = all_of_it;
};

}  // namespace

Explanation labelled(Explanation e) {
    const auto put = [&](std::string& value) { value = exec::labelled(e.labels, value); };
    if (e.value_label.empty())
        put(e.value);
    else
        e.value = e.value_label;
    for (auto& value : e.possible) put(value);
    for (auto& rule : e.rules) put(rule.gives);
    for (auto& h : e.hangs_on)
        for (auto& value : h.possible)
            value =
                value == no_rule_holds ? say(Answer::no_rule_holds_now, e.language) : exec::labelled(e.labels, value);
    if (e.ruling) put(e.ruling->value);
    for (auto& one : e.neighbours.near) put(one.outcome);
    for (auto& other : e.others) other.value = other.label;
    return e;
}

std::string render_text(const Explanation& explanation, const TextOptions& options) {
    const auto shown = labelled(explanation);
    return Text(shown, options).run();
}

}  // namespace zoneval::audit
