// Distributions and scorecards.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/audit/explain.hpp"
#include "engine/audit/score_parts.hpp"
#include "engine/audit/sentences.hpp"
#include "engine/audit/would_change.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/report/explain_page.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/view.hpp"
#include "engine/report/would_change_page.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::report {

using results::Column;
using wording::Page;

namespace {

std::string shown(const feel::Value& value, const graph::Node* node) {
    if (!value.number()) return "";
    const auto decimals = node ? node->decimals : std::optional<int>();
    if (decimals) return value.number()->to_fixed(*decimals);
    const auto rounded = value.number()->rounded(4, feel::Rounding::half_even);
    return rounded.to_string();
}

/// The columns of numbers worth a drawing, and the indicators of the main score: each once.
struct Figure {
    const graph::Node* node;
    Strip strip;
};

std::vector<audit::ScorePart> parts_of_main(const PageContext& c) {
    return c.graph.rules->scores.empty() ? std::vector<audit::ScorePart>()
                                         : audit::parts_of(c.graph, c.graph.rules->scores.front());
}

std::vector<Figure> figures_of(const PageContext& c) {
    std::vector<const graph::Node*> nodes;
    std::set<const graph::Node*> seen;
    const auto add = [&](const graph::Node* node) {
        if (node && node->type->kind == feel::Type::Kind::number && seen.insert(node).second) nodes.push_back(node);
    };
    if (!c.table.score.empty()) add(c.graph.find(c.table.score));
    for (const auto& part : parts_of_main(c)) add(part.value);
    if (nodes.empty())
        for (const auto& column : c.table.columns)
            if (column.year == 0 && column.part == Column::Part::value && column.is_number()) add(column.of);
    std::vector<Figure> out;
    const auto& e = c.data.assessment->evaluation;
    for (const auto* node : nodes) {
        std::vector<std::optional<double>> values;
        for (std::size_t i = 0; i < e.size(); ++i) {
            const auto value = e.value(node->id, i);
            values.push_back(value.number() ? std::optional(value.number()->to_double()) : std::nullopt);
        }
        out.push_back({node, strip_of(values)});
    }
    return out;
}

std::string title_of(const graph::Node& node, const PageContext& c) {
    return node.definition ? results::title_of(*node.definition, c.data.language) : node.name;
}

std::string bound(double value, const graph::Node& node) {
    return node.decimals ? fmt::format("{:.{}f}", value, *node.decimals) : fmt::format("{:.6g}", value);
}

std::string facts(const PageContext& c, std::uint32_t record) {
    std::string out;
    for (const auto& name : c.data.shown) {
        const auto* column = c.table.find(name);
        if (!column || column->year != 0 || column->part == Column::Part::record ||
            column->part == Column::Part::label || column == c.outcome)
            continue;
        auto text = column->is_outcome() ? c.chip(*column, record) : c.figure(*column, record);
        if (column->is_number() && !text.empty())
            text = wording::with_unit(std::move(text), for_html(column->unit), c.data.language);
        if (text.empty()) text = "<span class=dim>" + for_html(column->why(record)) + "</span>";
        out += fmt::format("<dt>{}</dt><dd>{}</dd>", for_html(column->title), text);
    }
    return out.empty() ? "" : "<dl>" + out + "</dl>\n";
}

std::string history(const PageContext& c, std::uint32_t record) {
    if (c.earlier_years.empty() || !c.outcome) return "";
    std::string out;
    for (const auto year : c.earlier_years) {
        const auto* outcome = c.of_year(c.outcome->name, year);
        const auto* score = c.table.score.empty() ? nullptr : c.of_year(c.table.score, year);
        const auto chip = outcome ? c.chip(*outcome, record) : "";
        if (chip.empty()) continue;
        out += fmt::format("{}<span class=nw>{} {}{}</span>", out.empty() ? "" : " · ", year, chip,
                           score && score->known[record] ? " " + c.figure(*score, record) : "");
    }
    return out.empty() ? ""
                       : fmt::format("<p><span class=dim>{}:</span> {}</p>\n", for_html(c.say(Page::history)), out);
}

class Cards {
  public:
    Cards(const PageContext& c, const std::vector<Figure>& figures)
        : c_(c),
          parts_(parts_of_main(c)),
          score_(c.graph.rules->scores.empty() ? nullptr : &c.graph.rules->scores.front()) {
        for (const auto& part : parts_)
            strips_.push_back(
                std::find_if(figures.begin(), figures.end(), [&](const Figure& f) { return f.node == part.value; }) -
                figures.begin());
        for (const auto& figure : figures) figures_.push_back(&figure);
        constexpr std::size_t most_records = 2'000;
        const auto* score =
            c.table.score.empty() || c.table.size() > most_records ? nullptr : c.graph.find(c.table.score);
        if (score) standings_.emplace(*c.data.assessment, *score);
    }

    std::string card(std::uint32_t record) const {
        const auto name = c_.name(record);
        auto out = fmt::format("<section class=card id=r{}>\n<h3>{}{}</h3>\n", record,
                               for_html(c_.table.records[record]), name.empty() ? "" : " " + name);
        if (c_.outcome) {
            const auto clause = c_.clause(record);
            out += fmt::format("<p class=verdict>{} {}{}</p>\n", c_.chip(*c_.outcome, record), c_.reason(record),
                               clause.empty() ? "" : " <span class=dim>[" + clause + "]</span>");
        }
        return out + firm(record) + strengths(record) + decided(record) + would_change(record) + facts(c_, record) +
               history(c_, record) + indicators(record) + (c_.data.around ? c_.data.around->below(record) : "") +
               fmt::format("<p class=note><a href=#ranking>{}</a></p></section>\n",
                           for_html(c_.say(Page::back_to_ranking)));
    }

  private:
    std::string firm(std::uint32_t record) const {
        if (c_.data.holds.empty() || !c_.outcome || c_.outcome->undetermined(record)) return "";
        const auto outcome = c_.look(*c_.outcome->of, c_.outcome->text(record), false).shown;
        const audit::Explanation::Firm firm{c_.data.holds[record], c_.data.readings};
        return element("p", for_html(audit::firm_sentence(firm, outcome, c_.data.language))) + "\n";
    }

    std::string strengths(std::uint32_t record) const {
        constexpr std::size_t most = 3;
        const auto found = standings_ ? standings_->of(record, results::code(c_.data.language), most) : std::nullopt;
        std::string out;
        if (found)
            for (const auto& text : audit::strength_sentences(*found, c_.data.language))
                out += element("p", "class=note", for_html(text)) + "\n";
        return out;
    }

    /// Of one figure at a time, the smallest change first.
    std::string would_change(std::uint32_t record) const {
        if (!c_.data.what_would_change || !c_.outcome) return "";
        if (!c_.adverse(record) && !c_.outcome->undetermined(record)) return "";
        const auto& id = c_.table.records[record];
        const auto found =
            audit::would_change(*c_.data.assessment, *c_.outcome->of, record, results::code(c_.data.language));
        std::string out;
        for (const auto& section : audit::sections(found))
            if (!section.rows.empty())
                out += section_table(section, (section.title.empty() ? "" : section.title + ", ") + id);
        return out;
    }

    /// The conditions of a verdict that somebody may ask about: limits, and how far they were.
    std::string decided(std::uint32_t record) const {
        if (!c_.outcome) return "";
        const bool open = c_.outcome->undetermined(record);
        const auto look = c_.look(*c_.outcome->of, c_.outcome->text(record), open).look;
        if (look.empty() || look == "none" || !c_.outcome->known[record] == !open) return "";
        const auto e = audit::explain(*c_.data.assessment, *c_.outcome->of, record, results::code(c_.data.language));
        if (e.decided.empty()) return "";
        using wording::Answer;
        const auto title = wording::say(open ? Answer::where_it_stands : Answer::what_decided, c_.data.language);
        return conditions_html(e.decided, title + ", " + c_.table.records[record], c_.data.language, false);
    }

    std::string indicators(std::uint32_t record) const {
        if (parts_.empty()) return "";
        const auto shares = audit::shares_of(c_.data.assessment->evaluation, *score_, parts_, record);
        HtmlTable table("class=ind",
                        fmt::format("{}, {}", results::title_of(*score_, c_.data.language), c_.table.records[record]),
                        {{c_.say(Page::indicator)},
                         {c_.say(Page::value), true},
                         {c_.say(Page::among_all)},
                         {c_.say(Page::points), true},
                         {c_.say(Page::weight), true, "%"},
                         {c_.say(Page::lost), true},
                         {""}});
        std::string group;
        feel::Decimal lost;
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            if (parts_[i].group != group) table.group(group = parts_[i].group);
            table.terse_row(row(i, shares[i], record));
            if (shares[i].lost) lost = lost + *shares[i].lost;
        }
        table.foot({for_html(c_.say(Page::lost_sum)), "", "", "", "", lost.to_fixed(2), ""});
        return table.text();
    }

    std::vector<std::string> row(std::size_t i, const audit::PartShare& share, std::uint32_t record) const {
        const auto& part = parts_[i];
        const auto* node = part.value;
        auto title = for_html(node ? title_of(*node, c_) : part.points->name);
        if (node && !node->unit.empty()) title += " <small>" + for_html(node->unit) + "</small>";
        std::string value = shown(share.value, node), strip, bar;
        if (!share.value.number() && share.value.cause())
            value = "<small>" + for_html(wording::say(feel::missing_kind(share.value.cause()), c_.data.language)) +
                    "</small>";
        if (const auto instead = audit::instead_of(*c_.data.assessment, part, record); instead && instead->imputed)
            value = for_html(audit::value_told(*c_.data.assessment, part, record, results::code(c_.data.language)));
        const auto place = static_cast<std::size_t>(strips_[i]);
        if (place < figures_.size() && share.value.number())
            strip = fmt::format("<svg><use href=#d{} /><rect x={:.0f}% /></svg>", place,
                                figures_[place]->strip.place(share.value.number()->to_double()));
        if (share.lost && !share.lost->is_zero() && widest() > 0)
            bar = fmt::format("<svg><rect width={:.0f}% /></svg>",
                              std::min(100.0, share.lost->to_double() / widest() * 100));
        return {title,
                value,
                strip,
                share.points.number() ? share.points.number()->to_fixed(1) : "",
                share.share ? (*share.share * feel::Decimal(100)).to_fixed(1) : "",
                share.lost ? share.lost->to_fixed(2) : "",
                bar};
    }

    /// The most an indicator can lose, so that bars compare between cards.
    double widest() const {
        double out = 0;
        for (const auto& part : parts_)
            out = std::max(out, (part.group_weight * part.weight * (score_->high - score_->low)).to_double());
        return out;
    }

    const PageContext& c_;
    std::vector<audit::ScorePart> parts_;
    const model::Score* score_;
    std::vector<std::ptrdiff_t> strips_;
    std::optional<audit::Standings> standings_;
    std::vector<const Figure*> figures_;
};

}  // namespace

double Strip::place(double value) const {
    if (high <= low) return 50;
    return std::clamp((value - low) / (high - low), 0.0, 1.0) * 100;
}

Strip strip_of(const std::vector<std::optional<double>>& values) {
    constexpr double cut = 0.02;
    constexpr std::size_t most_strokes = 1000;  // more tell nothing apart
    std::vector<double> sorted;
    for (const auto& value : values)
        if (value) sorted.push_back(*value);
    std::sort(sorted.begin(), sorted.end());
    Strip out;
    out.known = sorted.size();
    if (sorted.empty()) return out;
    const auto at = [&](double share) {
        return sorted[static_cast<std::size_t>(std::lround(share * static_cast<double>(sorted.size() - 1)))];
    };
    out.low = at(cut);
    out.high = at(1 - cut);
    std::set<int> strokes;  // tenths of the field
    for (const auto value : sorted) strokes.insert(static_cast<int>(std::lround(out.place(value) * 10)));
    std::size_t drawn = 0;
    for (const auto x : strokes)
        if (++drawn <= most_strokes) out.path += fmt::format("M{}.{} 2v6", x / 10, x % 10);
    return out;
}

std::string figures_section(const PageContext& c) {
    const auto figures = figures_of(c);
    if (figures.empty()) return "";
    std::string defs, panels;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const auto& [node, strip] = figures[i];
        defs += fmt::format(
            "<symbol id=d{} viewBox=\"0 0 100 10\" preserveAspectRatio=none><path class=tick d=\"{}\"></path></symbol>",
            i, strip.path);
        if (strip.known == 0) continue;
        const auto known =
            c.say(Page::known_of, {{"n", with_commas(strip.known)}, {"all", with_commas(c.table.size())}});
        panels += fmt::format(
            "<figure><figcaption>{}{}</figcaption><svg class=wide aria-hidden=true><use "
            "href=#d{} /></svg><p><span>{}</span><span>{}</span><span>{}</span></p></figure>\n",
            for_html(title_of(*node, c)),
            node->unit.empty() ? "" : " <span class=dim>" + for_html(node->unit) + "</span>", i,
            for_html(bound(strip.low, *node)), for_html(known), for_html(bound(strip.high, *node)));
    }
    return element("p", "class=note", for_html(c.say(Page::strip_note))) + "\n<svg class=defs aria-hidden=true><defs>" +
           defs + "</defs></svg>\n<div class=panels>\n" + panels + "</div>\n";
}

std::string cards_section(const PageContext& c) {
    const auto figures = figures_of(c);
    const Cards cards(c, figures);
    std::string out;
    std::size_t n = 0;
    for (const auto record : c.order)
        if (c.has_card[record]) {
            out += cards.card(record);
            ++n;
        }
    return element("p", "class=note",
                   for_html(c.say(Page::cards_note, {{"n", with_commas(n)}, {"all", with_commas(c.table.size())}}))) +
           "\n" + out;
}

}  // namespace zoneval::report
