#include "engine/audit/lines.hpp"

#include <algorithm>

#include "engine/diag/terminal.hpp"
#include "engine/wording/pages.hpp"

namespace zoneval::audit {

std::string table_text(std::vector<Cells> rows, const std::vector<Align>& columns, std::size_t indent) {
    for (auto& row : rows)
        for (auto& cell : row) cell = for_terminal(cell);
    std::vector<std::size_t> widths(columns.size());
    for (const auto& row : rows)
        for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], shown_width(row[c]));
    std::string out;
    for (const auto& row : rows) {
        std::string line(indent, ' ');
        for (std::size_t c = 0; c < row.size(); ++c) {
            if (widths[c] == 0) continue;
            line += columns[c] == Align::right ? padded_left(row[c], widths[c]) : padded(row[c], widths[c]);
            line += "  ";
        }
        while (!line.empty() && line.back() == ' ') line.pop_back();
        out += line + "\n";
    }
    return out;
}

std::string wrapped(std::string_view said, std::size_t width, std::size_t first, std::size_t hanging) {
    const auto text = for_terminal(said);
    const std::string blanks(hanging, ' ');
    std::string out(first, ' '), word;
    auto used = first;
    const auto put = [&] {
        const auto wide = shown_width(word);
        const bool gap = !word.empty() && word.front() == ' ';
        if (used + wide > width && used > hanging) {
            while (!out.empty() && out.back() == ' ') out.pop_back();
            out += "\n" + blanks;
            used = hanging;
            if (gap) word.erase(0, 1);
        }
        out += word;
        used += shown_width(word);
        word.clear();
    };
    for (std::size_t at = 0; at < text.size();) {
        const auto character = character_at(text, at);
        const auto length = std::max<std::size_t>(character.length, 1);
        const bool wide = shown_width(text.substr(at, length)) == 2;
        constexpr std::u32string_view never_first = U"，。、：；）」』】";
        if (text[at] == ' ' || (wide && never_first.find(character.code) == std::u32string_view::npos)) put();
        word += text.substr(at, length);
        at += length;
    }
    put();
    return out + "\n";
}

std::string state_text(const store::Standing& standing, wording::Language language) {
    using wording::Page;
    using State = store::Standing::State;
    const auto page = standing.state == State::draft       ? Page::draft
                      : standing.state == State::published ? Page::published_by
                                                           : Page::superseded_since;
    return wording::say(page, language,
                        {{"approver", for_terminal(standing.approver)}, {"date", standing.published_at.substr(0, 10)}});
}

std::string short_seal(const std::string& hash) {
    std::string out;
    for (std::size_t i = 0; i < hash.size() && i < 16; ++i) {
        if (i > 0 && i % 4 == 0) out += ' ';
        out += hash[i];
    }
    return out;
}

std::string who(const std::string& record, const std::string& label) {
    return for_terminal(label.empty() || label == record ? record : record + " " + label);
}

}  // namespace zoneval::audit
