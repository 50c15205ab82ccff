#include "engine/report/explain_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/audit/close_calls_text.hpp"
#include "engine/audit/condition_text.hpp"
#include "engine/audit/sentences.hpp"
#include "engine/report/document.hpp"
#include "engine/report/html.hpp"
#include "engine/report/view.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/pages.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/served.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::report {

using audit::Condition;
using audit::Derivation;
using audit::Explanation;
using audit::RuleState;
using exec::Holds;
using wording::Answer;
using wording::Language;
using wording::Served;
using State = RuleState::State;

namespace {

std::string mark(Holds holds) {
    static constexpr std::string_view looks[] = {"no", "yes", "open"};
    return fmt::format("<span class={}>{}</span>", looks[static_cast<std::size_t>(holds)], audit::mark_of(holds));
}

/// Single conditions; of alternatives of which one holds, not those that do not.
void with_a_say(const Condition& c, std::vector<Condition>& out) {
    if (c.kind == Condition::Kind::one) return out.push_back(c);
    for (const auto& part : c.parts)
        if (c.kind == Condition::Kind::all || c.holds != Holds::yes || part.holds == Holds::yes) with_a_say(part, out);
}

class ExplanationPage {
  public:
    ExplanationPage(const Explanation& e, const ExplainedAt& at) : e_(e), at_(at), language_(e.language) {}

    std::string run() const {
        auto out = head() + figures() + decided() + told(Answer::how_close, audit::neighbours_told(e_));
        if (!e_.neighbours.near.empty())
            for (const auto& text : audit::points_told(e_)) out += paragraph(text);
        for (const auto& score : e_.scores) out += lost(score);
        for (const auto& of : e_.strengths)
            for (const auto& text : audit::strength_sentences(of, language_)) out += paragraph(text);
        out += told(Answer::course, audit::course_told(e_, true));
        if (!e_.decision.empty()) out += rules();
        return out + derivation() + hangs_on() + assumptions() + others() + foot();
    }

  private:
    using Arguments = std::initializer_list<std::pair<std::string_view, std::string_view>>;
    std::string says(Answer answer, Arguments arguments = {}) const {
        return for_html(say(answer, language_, arguments));
    }
    std::string says(Served word) const { return for_html(say(word, language_)); }
    static std::string heading(const std::string& html) { return element("h2", html) + "\n"; }
    static std::string paragraph(const std::string& text) { return element("p", for_html(text)) + "\n"; }

    std::string head() const {
        const auto who = audit::who(e_.record, e_.label);
        const auto year = std::to_string(e_.year);
        if (e_.decision.empty())
            return element("h1", for_html(say(Answer::who_and_year, language_, {{"who", who}, {"year", year}}))) + "\n";
        const bool open = !audit::settled(e_) && !e_.ruling;
        const auto value = e_.ruling ? say(Answer::ruled_outcome, language_, {{"outcome", e_.ruling->value}})
                                     : audit::outcome_text(e_);
        // The sentence around the outcome is escaped before the outcome, which has marks of its own, goes in.
        auto title = say(e_.is_main ? Answer::head : Answer::head_of, language_,
                         {{"who", for_html(who)},
                          {"year", year},
                          {"decision", for_html(e_.decision_title)},
                          {"outcome", outcome_chip(value, open, e_.adverse)}});
        auto out = element("h1", title) + "\n";
        if (e_.ruling) {
            for (const auto& text : audit::ruling_sentences(e_)) out += paragraph(text);
            out += element("h2", for_html(say(wording::Phrase::rules_alone, language_,
                                              {{"outcome", audit::outcome_text(e_)}}))) +
                   "\n";
        }
        bool first = true;
        for (const auto& text : audit::sentences(e_))
            out += element("p", std::exchange(first, false) ? "class=because" : "", for_html(text)) + "\n";
        return out;
    }

    std::string decided() const {
        if (e_.decided.empty()) return "";
        const bool missed = audit::by_default(e_);
        const auto title = say(e_.ending == exec::Outcome::Kind::open ? Answer::where_it_stands
                               : missed                               ? Answer::what_fell_short
                                                                      : Answer::what_decided,
                               language_);
        const auto score = audit::score_no_part(e_);
        return heading(for_html(title)) + conditions_html(e_.decided, title, language_, missed) +
               (score.empty() ? "" : element("p", "class=note", for_html(score)) + "\n");
    }

    /// What figures that are missing would lead to.
    std::string figures() const {
        std::string out;
        if (!e_.close_calls) return out;
        for (const auto& figure : e_.close_calls->figures) {
            out += told(say(Answer::figure_leads, language_, {{"figure", figure.of.title}}),
                        audit::figure_told(e_, figure));
            if (const auto tried = audit::tried_told(figure, language_); !tried.empty()) out += paragraph(tried);
        }
        return out;
    }

    std::string told(Answer title, const audit::Rows& of) const { return told(say(title, language_), of); }
    std::string told(const std::string& title, const audit::Rows& of) const {
        if (of.rows.empty()) return "";
        std::vector<HtmlTable::Head> heads;
        for (std::size_t i = 0; i < of.columns.size(); ++i)
            heads.push_back({of.rows.front()[i], of.columns[i] == audit::Align::right});
        HtmlTable table("class=fit", title, std::move(heads));
        for (std::size_t row = 1; row < of.rows.size(); ++row) {
            std::vector<std::string> cells;
            for (const auto& cell : of.rows[row]) cells.push_back(for_html(cell));
            table.row(cells);
        }
        return heading(for_html(title)) + table.text();
    }

    std::string lost(const audit::PointsLost& score) const {
        const auto number = [&](const feel::Decimal& n) { return n.to_fixed(score.decimals); };
        const auto title =
            say(Answer::points_lost, language_,
                {{"lost", number(score.lost)}, {"scale", score.scale.to_string()}, {"score", score.score.title}});
        HtmlTable table("", title,
                        {{say(Answer::indicator, language_)},
                         {say(Answer::value, language_), true},
                         {say(Answer::rank, language_), true},
                         {say(Answer::points_to_win, language_), true},
                         {say(Answer::lost, language_), true}});
        for (const auto& part : score.parts)
            table.row({for_html(part.of.shown(language_)),
                       part.value.empty() ? says(Answer::no_value)
                                          : for_html(part.unit == "%" ? part.value + " %" : part.value),
                       for_html(audit::place_text(part, language_)), number(part.to_win), number(part.lost)});
        auto out = heading(for_html(title)) + table.text();
        if (score.left_out > 0)
            out += element("p", "class=note", says(Answer::left_out, {{"n", std::to_string(score.left_out)}})) + "\n";
        return out;
    }

    std::string rule(const RuleState& rule) const {
        const bool in_every_case = e_.in_every_case && rule.id == e_.rule;
        const auto holds = rule.state == State::holds || in_every_case ? Holds::yes
                           : rule.state == State::open                 ? Holds::unknown
                                                                       : Holds::no;
        const auto sign =
            rule.state == State::not_reached ? std::string("<span class=\"open dim\">·</span>") : mark(holds);
        const auto asked = audit::short_text(rule.condition, language_);
        auto out = fmt::format("<li><details><summary>{}<b>{}</b>{}{}{}</summary>\n", sign, for_html(rule.id),
                               rule.gives.empty() ? "" : " → " + for_html(rule.gives), says(Answer::colon),
                               asked.empty() ? says(Answer::any_record) : for_html(asked));
        for (const auto& reason : rule.unknown_because) out += paragraph(reason);
        std::string source;
        if (!rule.text.empty())
            source = fmt::format("{} <code>{}</code> ", says(Served::as_written), for_html(rule.text));
        if (!rule.cite.empty()) source += "[" + for_html(rule.cite) + "]";
        if (!source.empty()) out += element("p", source) + "\n";
        std::vector<Condition> single;
        with_a_say(rule.condition, single);
        if (!asked.empty()) out += conditions_html(single, rule.id, language_, holds != Holds::yes);
        return out + "</details></li>\n";
    }

    std::string rules() const {
        std::string items, below;
        std::size_t not_reached = 0;
        for (const auto& r : e_.rules) {
            const bool reached = r.state != State::not_reached;
            not_reached += !reached;
            (reached ? items : below) += rule(r);
        }
        if (e_.ending == exec::Outcome::Kind::by_default)
            items += fmt::format("<li>{}{}</li>\n", mark(Holds::yes),
                                 says(e_.continues ? Answer::stays : Answer::otherwise, {{"outcome", e_.value}}));
        auto out = heading(says(Answer::rules_in_order)) + "<ul class=rules-list>\n" + items + "</ul>\n";
        if (not_reached > 0)
            out += fmt::format("<details><summary>{}</summary>\n<ul class=rules-list>\n{}</ul></details>\n",
                               says(Answer::not_reached, {{"n", std::to_string(not_reached)}}), below);
        return out;
    }

    std::string line(const Derivation& d) const {
        const auto value = d.has_value ? wording::with_unit(d.label, d.unit, language_) : d.label;
        auto out = fmt::format("{} = <span class=v>{}</span>", for_html(d.name), for_html(value));
        if (d.kind == "input" && !d.where.empty()) out += fmt::format(" <small>{}</small>", for_html(d.where));
        if (!d.cite.empty()) out += fmt::format(" <small>[{}]</small>", for_html(d.cite));
        if (!d.assumption.empty()) out += fmt::format(" <small>{}</small>", says(Answer::assumed));
        return out;
    }

    std::string derive(const Derivation& d, int depth) const {
        std::string more;
        if (!d.formula.empty()) more += fmt::format("<code>{}</code>", for_html(d.formula));
        if (!d.note.empty()) more += fmt::format("{}<small>{}</small>", more.empty() ? "" : " ", for_html(d.note));
        if (d.from.empty())
            return fmt::format("<li><div class=leaf>{}{}</div></li>\n", line(d), more.empty() ? "" : "<br>" + more);
        auto out = fmt::format("<li><details{}><summary>{}</summary>\n", depth == 0 ? " open" : "", line(d));
        if (!more.empty()) out += fmt::format("<p>{}</p>\n", more);
        out += "<ul>\n";
        for (const auto& child : d.from) out += derive(child, depth + 1);
        return out + "</ul></details></li>\n";
    }

    std::string derivation() const {
        if (e_.from.empty()) return "";
        auto out = heading(says(Served::how_computed)) + "<ul class=tree>\n";
        for (const auto& d : e_.from) out += derive(d, 0);
        return out + "</ul>\n";
    }

    std::string hangs_on() const {
        if (e_.hangs_on.empty()) return "";
        auto out = heading(for_html(say(wording::Phrase::hangs_on, language_)));
        for (const auto& h : e_.hangs_on) out += paragraph(audit::hangs_on_text(h, language_));
        return out;
    }

    std::string assumptions() const {
        if (e_.assumptions.empty()) return "";
        std::string items;
        for (const auto& a : e_.assumptions)
            items +=
                fmt::format("<dt>{} = {}</dt><dd>{}</dd>\n", for_html(a.name), for_html(a.value), for_html(a.reason));
        return heading(says(Answer::assumptions)) + "<dl>\n" + items + "</dl>\n";
    }

    std::string others() const {
        if (e_.others.empty()) return "";
        std::string items;
        for (const auto& other : e_.others) {
            const auto at = at_ ? at_(other.decision) : "";
            const auto name = for_html(other.decision);
            items += fmt::format("<dt>{}</dt><dd>{}</dd>\n",
                                 at.empty() ? name : fmt::format("<a href=\"{}\">{}</a>", for_html(at), name),
                                 for_html(other.value));
        }
        return heading(says(Served::other_decisions)) + "<dl>\n" + items + "</dl>\n";
    }

    std::string foot() const {
        std::string out = heading(says(Served::assessment));
        if (e_.run > 0) out += paragraph(audit::run_text(e_));
        out += paragraph(e_.ruleset_title + (e_.authority.empty() ? "" : say(Answer::comma, language_) + e_.authority));
        for (const auto& note : e_.notes) out += paragraph(say(Answer::note, language_, {{"note", note}}));
        return out;
    }

    const Explanation& e_;
    const ExplainedAt& at_;
    Language language_;
};

std::string page_title(const Explanation& e) {
    return say(Answer::who_and_year, e.language,
               {{"who", audit::who(e.record, e.label)}, {"year", std::to_string(e.year)}}) +
           " – " + say(Served::explanation, e.language);
}

}  // namespace

std::string conditions_html(const std::vector<Condition>& conditions, const std::string& caption, Language language,
                            bool not_met) {
    HtmlTable table("class=fit", caption,
                    {{say(Answer::condition, language)},
                     {say(Answer::found, language), true},
                     {say(Answer::limit, language), true},
                     {say(not_met ? Answer::short_by : Answer::margin, language), true}});
    for (const auto& c : conditions)
        table.row({mark(c.holds) + for_html(c.subject.shown(language)), for_html(audit::found_text(c, language)),
                   for_html(audit::limit_text(c, language)),
                   not_met && c.holds == Holds::yes ? "" : for_html(audit::margin_text(c, language))});
    auto out = table.text();
    for (const auto& text : audit::below_sentences(conditions, language))
        out += element("p", "class=note", for_html(text)) + "\n";
    return out;
}

std::string outcome_chip(const std::string& text, bool open, bool adverse) {
    const auto look = open ? "open" : adverse ? "bad" : "other", sign = open ? "?" : adverse ? "!" : "";
    return fmt::format("<span class=\"o o-{}\">{}{}</span>", look,
                       *sign == 0 ? "" : fmt::format("<i aria-hidden=true>{}</i>", sign), for_html(text));
}

std::string explanation_html(const Explanation& explanation, const ExplainedAt& at) {
    const auto shown = audit::labelled(explanation);
    return ExplanationPage(shown, at).run();
}

std::string why_not_html(const audit::WhyNot& why_not) {
    const auto w = audit::labelled(why_not);
    const auto language = w.of.language;
    auto out = element("h1", for_html(audit::head(w))) + "\n";
    if (const auto text = audit::first_sentence(w); !text.empty())
        out += element("p", "class=because", for_html(text)) + "\n";
    if (w.is_the_outcome) return out;
    if (w.rules.empty() && w.is_otherwise)
        out += conditions_html(w.of.decided, say(Answer::what_decided, language), language, false);
    for (const auto& rule : w.rules) {
        const auto title = say(Answer::what_it_asks, language, {{"rule", rule.rule}});
        out += element("h2",
                       for_html(title) + (rule.cite.empty() ? "" : " <small>[" + for_html(rule.cite) + "]</small>")) +
               "\n";
        auto conditions = rule.missed;
        conditions.insert(conditions.end(), rule.met.begin(), rule.met.end());
        out += conditions_html(conditions, title, language, true);
        if (!rule.before.empty() && !rule.missed.empty())
            out += element("p", for_html(say(Answer::decided_before, language, {{"rule", rule.before}}))) + "\n";
    }
    return out;
}

std::vector<std::string> banners_of(const Explanation& e) { return banners(e.standing, e.year, e.notes, e.language); }

std::string explain_page(const Explanation& e) {
    return document({e.language, page_title(e), banners_of(e), "", explanation_html(e), false});
}

std::string why_not_page(const audit::WhyNot& w) {
    return document({w.of.language, page_title(w.of), banners_of(w.of), "", why_not_html(w), false});
}

}  // namespace zoneval::report
