#include "engine/report/markdown.hpp"

#include <vector>

#include "engine/report/html.hpp"

namespace zoneval::report {

namespace {

constexpr std::string_view marks = "\\`*_{}[]()#+-=.!|<>&~";

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Where a mark stands that no backslash precedes; npos: nowhere.
std::size_t find_mark(std::string_view text, std::string_view mark, std::size_t from) {
    for (auto at = from; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text.substr(at).starts_with(mark))
            return at;
    }
    return std::string_view::npos;
}

std::string inline_html(std::string_view text) {
    std::string out, plain;
    const auto flush = [&] {
        out += for_html(plain);
        plain.clear();
    };
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '\\' && at + 1 < text.size() && marks.find(text[at + 1]) != std::string_view::npos) {
            plain += text[at + 1];
            at += 2;
            continue;
        }
        const std::string_view mark = text.substr(at).starts_with("**") ? "**" : text[at] == '*' ? "*" : "";
        const auto end = mark.empty() ? std::string_view::npos : find_mark(text, mark, at + mark.size());
        const bool opens = end != std::string_view::npos && end > at + mark.size() && text[at + mark.size()] != ' ';
        if (!opens) {
            plain += text[at++];
            continue;
        }
        flush();
        out +=
            element(mark == "**" ? "strong" : "em", inline_html(text.substr(at + mark.size(), end - at - mark.size())));
        at = end + mark.size();
    }
    flush();
    return out;
}

std::vector<std::string_view> cells_of(std::string_view line) {
    line = trimmed(line);
    if (line.starts_with('|')) line.remove_prefix(1);
    std::vector<std::string_view> out;
    for (std::size_t begin = 0; begin <= line.size();) {
        const auto end = std::min(find_mark(line, "|", begin), line.size());
        if (end == line.size() && trimmed(line.substr(begin)).empty()) break;
        out.push_back(trimmed(line.substr(begin, end - begin)));
        begin = end + 1;
    }
    return out;
}

bool is_ruler(std::string_view line) {
    return line.find('-') != std::string_view::npos && line.find_first_not_of("|-: \t") == std::string_view::npos;
}

std::string table(const std::vector<std::string_view>& lines) {
    std::string out = "<table>";
    const bool headed = lines.size() > 1 && is_ruler(lines[1]);
    std::vector<bool> right;
    if (headed)
        for (const auto cell : cells_of(lines[1])) right.push_back(cell.ends_with(':') && !cell.starts_with(':'));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (headed && i == 1) continue;
        const auto* tag = headed && i == 0 ? "th" : "td";
        std::string row;
        const auto cells = cells_of(lines[i]);
        for (std::size_t c = 0; c < cells.size(); ++c)
            row += element(tag, c < right.size() && right[c] ? "class=num" : "", inline_html(cells[c]));
        out += element("tr", row);
    }
    return out + "</table>\n";
}

}  // namespace

std::string html_of_markdown(std::string_view markdown) {
    std::vector<std::string_view> lines;
    for (std::size_t begin = 0; begin < markdown.size();) {
        const auto end = std::min(markdown.find('\n', begin), markdown.size());
        auto line = markdown.substr(begin, end - begin);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.push_back(trimmed(line));
        begin = end + 1;
    }
    std::string out, paragraph;
    const auto flush = [&] {
        if (!paragraph.empty()) out += element("p", inline_html(paragraph)) + "\n";
        paragraph.clear();
    };
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto line = lines[i];
        const auto depth = std::min(line.find_first_not_of('#'), line.size());
        const auto taken = [&](auto belongs) {
            std::vector<std::string_view> block;
            for (; i < lines.size() && belongs(lines[i]); ++i) block.push_back(lines[i]);
            --i;
            return block;
        };
        if (line.empty()) {
            flush();
        } else if (depth > 0 && depth <= 3 && depth < line.size() && line[depth] == ' ') {
            flush();
            out += element("h" + std::to_string(depth), inline_html(trimmed(line.substr(depth)))) + "\n";
        } else if (line == "---") {
            flush();
            out += "<hr>\n";
        } else if (line.starts_with("- ")) {
            flush();
            std::string items;
            for (const auto item : taken([](std::string_view l) { return l.starts_with("- "); }))
                items += element("li", inline_html(trimmed(item.substr(2))));
            out += element("ul", items) + "\n";
        } else if (line.starts_with('|')) {
            flush();
            out += table(taken([](std::string_view l) { return l.starts_with('|'); }));
        } else {
            paragraph += (paragraph.empty() ? "" : "\n") + std::string(line);
        }
    }
    flush();
    return out;
}

std::string for_markdown(std::string_view text) {
    constexpr std::string_view anywhere = "\\`*_[]<>|&~", in_front = "#+-=";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (anywhere.find(c) != std::string_view::npos || (i == 0 && in_front.find(c) != std::string_view::npos))
            out += '\\';
        out += c == '\n' || c == '\r' ? ' ' : c;
    }
    return out;
}

}  // namespace zoneval::report
