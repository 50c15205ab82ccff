// XLSX by libxlsxwriter. It reports errors as numbers, most of them at the end.
#include <fmt/format.h>
#include <xlsxwriter.h>

#include <algorithm>

#include "engine/audit/lines.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/model/record_title.hpp"
#include "engine/report/files.hpp"
#include "engine/report/tally.hpp"
#include "engine/report/whole_file.hpp"
#include "engine/wording/pages.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::report {

using results::Column;
using wording::Page;

namespace {

constexpr std::size_t most_rows = 1'048'575, kept_in_memory = 100'000, longest_text = 32'767;

/// As much of it as a cell holds, cut between characters.
std::string cell_text(std::string text) {
    if (text.size() <= longest_text) return text;  // in bytes: never more characters than that
    auto end = longest_text - 3;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
    return text + "…";
}

class Workbook {
  public:
    Workbook(const View& view, const Sources& sources, const std::string& path) : view_(view), sources_(sources) {
        lxw_workbook_options options{};
        options.constant_memory = view.rows.size() > kept_in_memory;
        book_ = workbook_new_opt(path.c_str(), &options);
        head_ = format();
        format_set_bold(head_);
        format_set_text_wrap(head_);
        format_set_bottom(head_, LXW_BORDER_THIN);
        format_set_align(head_, LXW_ALIGN_VERTICAL_BOTTOM);
        wrap_ = format();
        format_set_text_wrap(wrap_);
        format_set_align(wrap_, LXW_ALIGN_VERTICAL_TOP);
        top_ = format();
        format_set_align(top_, LXW_ALIGN_VERTICAL_TOP);
        share_ = format();
        format_set_num_format(share_, "0.00 %");
    }
    ~Workbook() {
        if (book_) lxw_workbook_free(book_);
    }
    Workbook(const Workbook&) = delete;
    Workbook& operator=(const Workbook&) = delete;

    void write() {
        results();
        counts();
        reasons();
        sources();
        const auto error = workbook_close(std::exchange(book_, nullptr));
        if (error != LXW_NO_ERROR)
            throw InputError(Diagnostic{Kind::cannot_write,
                                        fmt::format("the workbook cannot be written: {}", lxw_strerror(error)),
                                        {},
                                        "room on the disk, and in the folder for temporary files",
                                        "a file that was there is as it was"});
    }

  private:
    lxw_format* format() { return workbook_add_format(book_); }
    std::string say(Page page) const { return wording::say(page, view_.language); }

    lxw_worksheet* sheet(Page name) { return workbook_add_worksheet(book_, say(name).c_str()); }
    void text(lxw_worksheet* sheet, std::size_t row, std::size_t column, std::string text, lxw_format* how = nullptr) {
        worksheet_write_string(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column),
                               cell_text(std::move(text)).c_str(), how);
    }
    void number(lxw_worksheet* sheet, std::size_t row, std::size_t column, double number, lxw_format* how = nullptr) {
        worksheet_write_number(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column), number, how);
    }
    void heads(lxw_worksheet* sheet, const std::vector<std::pair<std::string, double>>& heads) {
        for (std::size_t c = 0; c < heads.size(); ++c) {
            const auto column = static_cast<lxw_col_t>(c);
            worksheet_set_column(sheet, column, column, heads[c].second, nullptr);
            text(sheet, 0, c, heads[c].first, head_);
        }
        worksheet_freeze_panes(sheet, 1, 0);
    }

    lxw_format* number_format(const std::optional<int>& decimals) {
        if (!decimals) return nullptr;
        auto& made = formats_[*decimals];
        if (!made) {
            made = format();
            format_set_num_format(
                made,
                ("#,##0" + (*decimals > 0 ? "." + std::string(static_cast<std::size_t>(*decimals), '0') : "")).c_str());
        }
        return made;
    }

    double width(const Column& column) const {
        std::size_t widest = 8;
        for (std::size_t i = 0; i < std::min<std::size_t>(view_.rows.size(), 300); ++i)
            widest = std::max(widest, shown_width(column.text_or_undetermined(view_.rows[i])));
        return static_cast<double>(std::min<std::size_t>(widest, 60)) + 2;
    }

    void cell(lxw_worksheet* sheet, std::size_t line, std::size_t place, const Column& column, std::uint32_t row,
              lxw_format* how) {
        if (const auto* known = column.number(row)) return number(sheet, line, place, known->to_double(), how);
        if (const auto* dates = std::get_if<Column::Dates>(&column.cells); dates && column.known[row]) {
            const auto date = feel::Date::from_days(dates->days[row]);
            lxw_datetime when{date.year, date.month, date.day, 0, 0, 0};
            worksheet_write_datetime(sheet, static_cast<lxw_row_t>(line), static_cast<lxw_col_t>(place), &when, how);
            return;
        }
        if (auto shown = column.text_or_undetermined(row); !shown.empty()) text(sheet, line, place, std::move(shown));
    }

    void results() {
        auto* out = sheet(Page::sheet_results);
        std::vector<std::pair<std::string, double>> titles;
        std::vector<lxw_format*> how;
        lxw_format* day = nullptr;
        struct Shown {
            const Column* column;
            bool imputed;  ///< which figures behind its numbers were filled in
        };
        std::vector<Shown> shown;
        for (const auto* column : view_.columns) {
            auto title = column->title;
            if (column->part != Column::Part::value && column->of && column->name.find('.') != std::string::npos)
                title += ", " + part(column->part);
            if (!column->unit.empty()) title += fmt::format(" ({})", column->unit);
            titles.emplace_back(title, width(*column));
            shown.push_back({column, false});
            const bool dates = std::holds_alternative<Column::Dates>(column->cells);
            if (dates && !day) format_set_num_format(day = format(), "yyyy-mm-dd");
            how.push_back(dates ? day : number_format(column->decimals));
            if (with_imputed(view_, *column).empty()) continue;
            constexpr double wide = 30;
            titles.emplace_back(column->title + ", " + say(Page::imputed), wide);
            shown.push_back({column, true});
            how.push_back(nullptr);
        }
        heads(out, titles);
        worksheet_freeze_panes(out, 1, frozen());
        for (std::size_t i = 0; i < view_.rows.size(); ++i)
            for (std::size_t c = 0; c < shown.size(); ++c) {
                const auto& [column, imputed] = shown[c];
                const auto row = view_.rows[i];
                if (!imputed)
                    cell(out, i + 1, c, *column, row, how[c]);
                else if (column->known[row] && column->is_imputed(row))
                    text(out, i + 1, c, imputed_titles(view_, *column, row));
            }
        if (view_.columns.empty() || view_.rows.empty()) return;
        worksheet_autofilter(out, 0, 0, static_cast<lxw_row_t>(view_.rows.size()),
                             static_cast<lxw_col_t>(shown.size() - 1));
        for (std::size_t c = 0; c < shown.size(); ++c)
            if (!shown[c].imputed) colour(out, c, *shown[c].column);
    }

    std::string part(Column::Part part) const {
        switch (part) {
            case Column::Part::rule: return say(Page::rule);
            case Column::Part::because: return say(Page::reason);
            case Column::Part::possible: return say(Page::possible);
            case Column::Part::waiting_for: return say(Page::waiting_for);
            case Column::Part::cite: return say(Page::clause);
            case Column::Part::about: return say(Page::about);
            default: return "";
        }
    }

    /// Rank, id and name stay in sight.
    lxw_col_t frozen() const {
        lxw_col_t out = 0;
        for (const auto* column : view_.columns) {
            using enum Column::Part;
            if (column->part != rank && column->part != record && column->part != label) break;
            ++out;
        }
        return out;
    }

    /// Adverse outcomes from pale to dark in their declared order, what is undetermined pale yellow; the words stay.
    void colour(lxw_worksheet* out, std::size_t place, const Column& column) {
        if (!column.of || !graph::decision_of(*column.of) || column.part != Column::Part::value) return;
        constexpr std::pair<lxw_color_t, lxw_color_t> shades[] = {
            {0xF8D3C1, 0x1C1E20}, {0xD9693A, 0x1C1E20}, {0x7D2206, 0xFFFFFF}};
        const auto& adverse = graph::decision_of(*column.of)->adverse;
        for (std::size_t i = 0; i < adverse.size(); ++i) {
            const auto place_of = adverse.size() == 1 ? 1 : i * 2 / (adverse.size() - 1);
            paint(out, place, column.label_of(adverse[i].to_string()), shades[place_of].first, shades[place_of].second);
        }
        paint(out, place, say(Page::undetermined), 0xFFF4C2, 0x1C1E20);
    }

    void paint(lxw_worksheet* out, std::size_t place, const std::string& value, lxw_color_t ground, lxw_color_t ink) {
        auto* how = format();
        format_set_bg_color(how, ground);
        format_set_font_color(how, ink);
        std::string quoted;
        for (const char c : value) quoted += c == '"' ? "\"\"" : std::string(1, c);
        auto text = "\"" + quoted + "\"";
        lxw_conditional_format when{};
        when.type = LXW_CONDITIONAL_TYPE_CELL;
        when.criteria = LXW_CONDITIONAL_CRITERIA_EQUAL_TO;
        when.value_string = text.data();
        when.format = how;
        const auto column = static_cast<lxw_col_t>(place);
        worksheet_conditional_format_range(out, 1, column, static_cast<lxw_row_t>(view_.rows.size()), column, &when);
    }

    void counts() {
        auto* out = sheet(Page::sheet_counts);
        heads(out,
              {{say(Page::decision), 30}, {say(Page::outcome), 36}, {say(Page::records), 12}, {say(Page::share), 10}});
        std::size_t line = 1;
        for (const auto& column : view_.table->columns) {
            if (!column.is_outcome()) continue;
            const auto tally = tally_of(column, view_.language);
            for (const auto& entry : tally.entries) {
                text(out, line, 0, column.title);
                text(out, line, 1, entry.label);
                number(out, line, 2, static_cast<double>(entry.records), number_format(0));
                if (tally.total > 0)
                    number(out, line, 3, static_cast<double>(entry.records) / static_cast<double>(tally.total), share_);
                ++line;
            }
            text(out, line, 0, column.title, head_);
            text(out, line, 1, say(Page::total), head_);
            number(out, line, 2, static_cast<double>(tally.total), head_);
            line += 2;
        }
    }

    /// What decided each record, where something did; of a default nothing is to be said.
    void reasons() {
        auto* out = sheet(Page::sheet_reasons);
        const auto& table = *view_.table;
        heads(out, {{model::record_title(*table.graph->rules, view_.language), 16},
                    {say(Page::decision), 24},
                    {say(Page::outcome), 24},
                    {say(Page::rule), 28},
                    {say(Page::reason), 80},
                    {say(Page::possible), 28},
                    {say(Page::waiting_for), 36},
                    {say(Page::clause), 14}});
        std::size_t line = 1;
        for (const auto& column : table.columns) {
            if (!column.is_outcome()) continue;
            const auto* rule = table.find(column.name + ".rule");
            const auto* because = table.find(column.name + ".because");
            const auto* possible = table.find(column.name + ".possible");
            const auto* waiting = table.find(column.name + ".waiting_for");
            if (!rule || !because || !possible || !waiting) continue;
            for (const auto row : view_.rows) {
                if (!rule->known[row] && !column.undetermined(row)) continue;
                if (line > most_rows) return;
                text(out, line, 0, table.records[row], top_);
                text(out, line, 1, column.title, top_);
                text(out, line, 2, column.text_or_undetermined(row), top_);
                text(out, line, 3, rule->text(row), top_);
                text(out, line, 4, because->text(row), wrap_);
                text(out, line, 5, possible->label(row), wrap_);
                text(out, line, 6, waiting->text(row), wrap_);
                text(out, line++, 7, results::clause_of(table, column, row), top_);
            }
        }
    }

    void sources() {
        auto* out = sheet(Page::sheet_sources);
        worksheet_set_column(out, 0, 0, 30, nullptr);
        worksheet_set_column(out, 1, 3, 44, nullptr);
        const auto& table = *view_.table;
        std::size_t line = 0;
        const auto fact = [&](Page what, const std::string& value) {
            if (value.empty()) return;
            text(out, line, 0, say(what), top_);
            text(out, line++, 1, value, wrap_);
        };
        fact(Page::rule_set, sources_.ruleset);
        fact(Page::rule_set, sources_.title);
        fact(Page::authority, sources_.authority);
        fact(Page::year, std::to_string(table.year));
        fact(Page::run, std::to_string(table.run));
        fact(Page::state, audit::state_text(table.standing, view_.language));
        fact(Page::seal, table.seal);
        fact(Page::rules_hash, table.ruleset_hash);
        fact(Page::engine, table.engine_version.empty() ? "" : "zoneval " + table.engine_version);
        fact(Page::assessed_at, sources_.created_at);
        for (const auto& note : table.notes) fact(Page::note, note);
        ++line;
        for (std::size_t c = 0; const auto page : {Page::import, Page::file, Page::imported_at, Page::note})
            text(out, line, c++, say(page), head_);
        ++line;
        for (const auto& file : sources_.files) {
            number(out, line, 0, static_cast<double>(file.revision));
            text(out, line, 1, file.file + (file.sheet.empty() ? "" : ", " + file.sheet));
            text(out, line, 2, file.imported_at);
            text(out, line++, 3, file.note);
        }
        ++line;
        columns(out, line);
        assumptions(out, line);
    }

    void columns(lxw_worksheet* out, std::size_t& line) {
        for (std::size_t c = 0; const auto page : {Page::column, Page::means, Page::unit, Page::clause})
            text(out, line, c++, say(page), head_);
        ++line;
        for (const auto* column : view_.columns) {
            if (!column->of) continue;
            text(out, line, 0, column->name);
            text(out, line, 1, column->title);
            text(out, line, 2, column->unit);
            text(out, line++, 3, column->cite);
        }
        ++line;
    }

    void assumptions(lxw_worksheet* out, std::size_t line) {
        for (std::size_t c = 0; const auto page : {Page::parameter, Page::assumption, Page::value, Page::clause})
            text(out, line, c++, say(page), head_);
        ++line;
        for (const auto& parameter : view_.table->graph->rules->parameters) {
            if (parameter.assumption.empty()) continue;
            const auto* now = exec::in_force(parameter, {view_.table->year, 12, 31});
            text(out, line, 0, parameter.name, top_);
            text(out, line, 1, parameter.assumption.in(results::code(view_.language)), wrap_);
            text(out, line, 2, now ? wording::with_unit(now->value.to_string(), parameter.unit, view_.language) : "",
                 top_);
            text(out, line++, 3, parameter.cite ? parameter.cite->to_string() : "", top_);
        }
    }

    const View& view_;
    const Sources& sources_;
    lxw_workbook* book_ = nullptr;
    lxw_format *head_, *wrap_, *top_, *share_;
    std::map<int, lxw_format*> formats_;
};

}  // namespace

void write_workbook(const View& view, const Sources& sources, const std::string& path) {
    if (view.rows.size() > most_rows)
        throw InputError(Diagnostic{Kind::cannot_write,
                                    fmt::format("a sheet holds {} records, and these are {}", with_commas(most_rows),
                                                with_commas(view.rows.size())),
                                    {},
                                    "fewer records",
                                    "choose some with --where, or write --csv"});
    WholeFile file(path);
    Workbook(view, sources, file.beside()).write();
    file.finish();
}

}  // namespace zoneval::report
