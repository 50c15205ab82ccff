#include "engine/report/would_change_page.hpp"

#include "engine/report/document.hpp"
#include "engine/report/html.hpp"
#include "engine/report/view.hpp"

namespace zoneval::report {

std::string section_table(const audit::Section& section, const std::string& caption) {
    std::vector<HtmlTable::Head> heads;
    for (std::size_t c = 0; c < section.rows.front().size(); ++c)
        heads.push_back({section.rows.front()[c], section.columns[c] == audit::Align::right});
    HtmlTable table("class=fit", caption, heads);
    for (std::size_t r = 1; r < section.rows.size(); ++r) {
        std::vector<std::string> cells;
        for (const auto& cell : section.rows[r]) cells.push_back(for_html(cell));
        table.row(cells);
    }
    return table.text();
}

std::string would_change_html(const audit::WouldChange& w) {
    auto out = element("h1", for_html(audit::head(w))) + "\n";
    for (const auto& section : audit::sections(w)) {
        if (!section.title.empty()) out += element("h2", for_html(section.title)) + "\n";
        if (!section.rows.empty()) out += section_table(section, section.title);
        for (const auto& text : section.texts) out += element("p", for_html(text)) + "\n";
    }
    return out;
}

std::string would_change_page(const audit::WouldChange& w) {
    return document(
        {w.language, audit::head(w), banners(w.standing, w.year, {}, w.language), "", would_change_html(w), false});
}

}  // namespace zoneval::report
