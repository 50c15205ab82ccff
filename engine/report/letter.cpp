#include "engine/report/letter.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/audit/condition_text.hpp"
#include "engine/audit/explain.hpp"
#include "engine/audit/lines.hpp"
#include "engine/audit/would_change.hpp"
#include "engine/io/bytes/sha256.hpp"
#include "engine/model/record_title.hpp"
#include "engine/report/base64.hpp"
#include "engine/report/html.hpp"
#include "engine/report/markdown.hpp"
#include "engine/report/view.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/pages.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::report {

extern const std::string_view letter_style;  // letter.css, embedded by CMake

using results::Column;
using wording::Page;

namespace {

class Fields {
  public:
    Fields(const PageData& data, std::uint32_t record)
        : data_(data), table_(*data.table), outcome_(table_.find(table_.decision)), record_(record) {}

    /// nullopt: there is no such field. Markdown.
    std::optional<std::string> operator()(std::string_view name) const {
        const auto& rules = *table_.graph->rules;
        if (name == "facts") return facts();
        if (name == "decided") return decided();
        if (name == "what would change") return would_change();
        const auto plain = [&]() -> std::optional<std::string> {
            if (name == "record") return table_.records[record_];
            if (name == "name") return label();
            if (name == "who") return who();
            if (name == "kind") return model::record_title(rules, data_.language);
            if (name == "year") return std::to_string(table_.year);
            if (name == "outcome") return outcome_ ? outcome_->text_or_undetermined(record_) : "";
            if (name == "decision") return outcome_ ? outcome_->title : "";
            if (name == "because") return part(".because");
            if (name == "rule") return part(".rule");
            if (name == "possible") return list(".possible");
            if (name == "waiting for") return list(".waiting_for");
            if (name == "clause") return clause();
            if (name == "about") return part(".about");
            if (name == "authority") return rules.authority.document.empty() ? rules.id : rules.authority.document;
            if (name == "rule set") return rules.id;
            if (name == "run") return std::to_string(table_.run);
            if (name == "state") return audit::state_text(table_.standing, data_.language);
            if (name == "seal") return audit::short_seal(table_.seal);
            return std::nullopt;
        }();
        if (!plain) return std::nullopt;
        return for_markdown(*plain);
    }

    bool adverse() const {
        if (!outcome_ || !outcome_->known[record_]) return false;
        const auto text = outcome_->text(record_);
        const auto& adverse = graph::decision_of(*outcome_->of)->adverse;
        return std::any_of(adverse.begin(), adverse.end(), [&](const auto& v) { return v.to_string() == text; });
    }
    /// The first declared, where others are adverse and it is not what holds otherwise.
    bool good() const {
        if (!outcome_ || !outcome_->known[record_]) return false;
        const auto& decision = *graph::decision_of(*outcome_->of);
        return !decision.adverse.empty() && !decision.values.empty() &&
               decision.values.front().to_string() == outcome_->text(record_) &&
               !(decision.otherwise && decision.otherwise->text == outcome_->text(record_));
    }
    bool undetermined() const { return outcome_ && outcome_->undetermined(record_); }

  private:
    std::string label() const {
        for (const auto& column : table_.columns)
            if (column.part == Column::Part::label) return column.text(record_);
        return table_.records[record_];
    }
    std::string part(const std::string& name) const {
        const auto* column = outcome_ ? table_.find(outcome_->name + name) : nullptr;
        return column ? column->text(record_) : "";
    }
    std::string who() const {
        const auto name = label();
        const auto& id = table_.records[record_];
        return name == id ? id : fmt::format("{} ({})", name, id);
    }
    std::string list(const std::string& name) const {
        const auto* column = outcome_ ? table_.find(outcome_->name + name) : nullptr;
        if (!column || !column->known[record_]) return "";
        const auto& lists = std::get<Column::Lists>(column->cells);
        auto items = lists.dictionary[static_cast<std::size_t>(lists.codes[record_])];
        for (auto& item : items)
            item = column->part == Column::Part::waiting_for ? results::title_of(*table_.graph, item, data_.language)
                                                             : column->label_of(item);
        return fmt::format("{}", fmt::join(items, wording::say(wording::Phrase::separator, data_.language)));
    }
    std::string clause() const { return outcome_ ? results::clause_of(table_, *outcome_, record_) : ""; }
    /// The conditions that decided, with limits and margins.
    std::string decided() const {
        if (!outcome_) return "–\n";
        using wording::Answer;
        const auto language = data_.language;
        const auto e = audit::explain(*data_.assessment, *outcome_->of, record_, results::code(language));
        std::string out;
        for (const auto& part : e.decided)
            audit::for_each_condition(part, [&](const audit::Condition& c) {
                out += fmt::format("| {} | {} | {} | {} |\n", for_markdown(c.subject.shown(language)),
                                   for_markdown(audit::found_text(c, language)),
                                   for_markdown(audit::limit_text(c, language)),
                                   for_markdown(audit::margin_text(c, language)));
            });
        if (out.empty()) return "–\n";
        return fmt::format("| {} | {} | {} | {} |\n|---|---:|---:|---:|\n", wording::say(Answer::condition, language),
                           wording::say(Answer::found, language), wording::say(Answer::limit, language),
                           wording::say(Answer::margin, language)) +
               out;
    }
    /// What would have led to another outcome, one figure at a time.
    std::string would_change() const {
        if (!outcome_) return "–\n";
        const auto found =
            audit::would_change(*data_.assessment, *outcome_->of, record_, results::code(data_.language));
        std::string out;
        for (const auto& section : audit::sections(found)) {
            if (section.rows.empty()) continue;
            if (!section.title.empty()) out += for_markdown(section.title) + "\n\n";
            for (std::size_t r = 0; r < section.rows.size(); ++r) {
                out += "|";
                for (const auto& cell : section.rows[r]) out += " " + for_markdown(cell) + " |";
                out += "\n";
                for (std::size_t c = 0; r == 0 && c < section.columns.size(); ++c)
                    out +=
                        (c == 0 ? "|" : "") + std::string(section.columns[c] == audit::Align::right ? "---:|" : "---|");
                if (r == 0) out += "\n";
            }
            out += "\n";
        }
        return out.empty() ? "–\n" : out;
    }
    /// The published figures as a table.
    std::string facts() const {
        const auto head = fmt::format("| {} | {} |\n|---|---:|\n", wording::say(Page::figure, data_.language),
                                      wording::say(Page::value, data_.language));
        std::string out;
        for (const auto& name : data_.shown) {
            const auto* column = table_.find(name);
            if (!column || column->part == Column::Part::record || column->part == Column::Part::label ||
                column == outcome_)
                continue;
            auto text = column->text_or_undetermined(record_);
            if (text.empty()) text = column->why(record_);
            if (text.empty()) continue;
            if (column->is_number() && column->known[record_] && !column->unit.empty())
                text = wording::with_unit(std::move(text), column->unit, data_.language);
            out += fmt::format("| {} | {} |\n", for_markdown(column->title), for_markdown(text));
        }
        return out.empty() ? "–\n" : head + out;
    }

    const PageData& data_;
    const results::Table& table_;
    const Column* outcome_;
    std::uint32_t record_;
};

[[noreturn]] void refuse_field(const Template& by, std::string_view name) {
    throw InputError(
        Diagnostic{Kind::unknown_name,
                   fmt::format("{} has a field `{{{}}}` that is none", by.name, name),
                   {},
                   fmt::format("one of {}; a brace itself is written twice", fmt::join(letter_fields(), ", ")),
                   did_you_mean(name, letter_fields())});
}

}  // namespace

std::vector<std::string> letter_fields() {
    return {"record",  "who",    "name",     "kind",        "year",    "outcome",          "decision",
            "because", "clause", "possible", "waiting for", "rule",    "authority",        "rule set",
            "run",     "state",  "seal",     "facts",       "decided", "what would change"};
}

Template usual_template(const PageData& data, std::uint32_t record) {
    const Fields fields(data, record);
    const auto page = fields.undetermined() ? Page::letter_undetermined
                      : fields.adverse()    ? Page::letter_adverse
                      : fields.good()       ? Page::letter_good
                                            : Page::letter_other;
    return {"the usual letter", std::string(wording::words(page, data.language))};
}

std::string letter_markdown(const PageData& data, std::uint32_t record, const Template& by) {
    const Fields fields(data, record);
    std::string out;
    const std::string_view text = by.text;
    for (std::size_t at = 0; at < text.size();) {
        if (text.substr(at).starts_with("{{") || text.substr(at).starts_with("}}")) {
            out += text[at];
            at += 2;
        } else if (text[at] == '{') {
            const auto end = text.find('}', at);
            const auto name = text.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
            const auto filled = end == std::string_view::npos ? std::nullopt : fields(name);
            if (!filled) refuse_field(by, name);
            out += *filled;
            at = end + 1;
        } else {
            out += text[at++];
        }
    }
    return out;
}

std::string letter_page(const PageData& data, std::uint32_t record, const Template& by) {
    const auto body = html_of_markdown(letter_markdown(data, record, by));
    std::string notes;
    for (const auto& note : banners(data.table->standing, data.table->year, data.table->notes, data.language))
        notes += element("p", "class=banner", for_html(note)) + "\n";
    return fmt::format(
        "<!doctype html>\n<html lang={}>\n<head>\n<meta charset=utf-8>\n"
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'sha256-{}'; base-uri "
        "'none'; "
        "form-action 'none'\">\n<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<title>{} "
        "{}</title>\n"
        "<style>{}</style>\n</head>\n<body>\n{}<main>\n{}</main>\n</body>\n</html>\n",
        results::code(data.language), base64_of_hex(sha256(letter_style)), for_html(data.table->records[record]),
        data.table->year, letter_style, notes, body);
}

}  // namespace zoneval::report
