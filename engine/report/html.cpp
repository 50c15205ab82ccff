#include "engine/report/html.hpp"

#include <fmt/format.h>

namespace zoneval::report {

HtmlTable::HtmlTable(std::string attributes, std::string caption, std::vector<Head> heads)
    : attributes_(std::move(attributes)), caption_(std::move(caption)), heads_(std::move(heads)) {}

std::string HtmlTable::cells(const std::vector<std::string>& cells) const {
    std::string out = "<tr>";
    for (std::size_t c = 0; c < cells.size(); ++c) {
        const auto number = heads_[c].number ? " class=num" : "";
        out += c == 0 && !cells[c].empty()   ? fmt::format("<th scope=row{}>{}</th>", number, cells[c])
               : cells[c].starts_with("<td") ? cells[c]
                                             : fmt::format("<td{}>{}</td>", number, cells[c]);
    }
    return out + "</tr>\n";
}

void HtmlTable::terse_row(const std::vector<std::string>& row) {
    body_ += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) body_ += (c == 0 ? "<th scope=row>" : "<td>") + row[c];
    body_ += '\n';
}
void HtmlTable::row(const std::vector<std::string>& row) { body_ += cells(row); }
void HtmlTable::foot(const std::vector<std::string>& row) { foot_ += cells(row); }
void HtmlTable::group(const std::string& title) {
    body_ += fmt::format("<tr><th scope=rowgroup colspan={}>{}</th></tr>\n", heads_.size(), for_html(title));
}

std::string HtmlTable::text() const {
    std::string head;
    for (const auto& h : heads_)
        head += h.title.empty()
                    ? "<td></td>"
                    : fmt::format("<th scope=col{}>{}{}</th>", h.number ? " class=num" : "", for_html(h.title),
                                  h.unit.empty() ? "" : "<small>" + for_html(h.unit) + "</small>");
    return fmt::format(
        "<div class=scroll tabindex=0 role=region aria-label=\"{}\"><table{}{}><caption>{}</caption>"
        "<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>{}</table></div>\n",
        for_html(caption_), attributes_.empty() ? "" : " ", attributes_, for_html(caption_), head, body_,
        foot_.empty() ? "" : "<tfoot>" + foot_ + "</tfoot>");
}

}  // namespace zoneval::report
