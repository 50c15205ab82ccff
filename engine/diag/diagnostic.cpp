#include "engine/diag/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "engine/diag/palette.hpp"
#include "engine/diag/terminal.hpp"

namespace zoneval {

extern const std::string_view findings_page;  // docs/findings.md, embedded by CMake

namespace {

struct KindRow {
    std::string_view code, title;
    Kind kind;
    Severity severity;
};

constexpr KindRow kind_rows[] = {
#define KIND(identifier, code, severity, title) {code, title, Kind::identifier, Severity::severity},
#include "engine/diag/kinds.def"
#undef KIND
};

const KindRow& row(Kind kind) { return kind_rows[static_cast<std::size_t>(kind)]; }

std::string_view name(Severity severity) {
    switch (severity) {
        case Severity::error: return "error";
        case Severity::warning: return "warning";
        case Severity::note: return "note";
    }
    return "";
}

/// Code points wider than one terminal cell (East Asian wide ranges) need two carets' worth of padding.
std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        const std::size_t length = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        width += length >= 3 ? 2 : 1;
        i += length;
    }
    return width;
}

std::string_view first_code_points(std::string_view text, std::size_t count) {
    std::size_t i = 0;
    while (i < text.size() && count > 0) {
        ++i;
        while (i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) ++i;
        --count;
    }
    return text.substr(0, i);
}

std::string place(const Location& where) {
    std::string out = for_terminal(where.file);
    if (!where.sheet.empty()) out += fmt::format("[{}]", for_terminal(where.sheet));
    if (where.line > 0) out += fmt::format(":{}", where.line);
    if (where.line > 0 && where.column > 0) out += fmt::format(":{}", where.column);
    return out;
}

/// A line of a file as it can be shown; its tabs stay.
std::string shown_line(std::string_view line) {
    std::string out;
    for (std::size_t begin = 0; begin <= line.size();) {
        const auto end = std::min(line.find('\t', begin), line.size());
        out += for_terminal(line.substr(begin, end - begin));
        if (end < line.size()) out += '\t';
        begin = end + 1;
    }
    return out;
}

void render_snippet(const Location& where, const Palette& p, std::string& out) {
    if (where.line_text.empty() || where.line == 0) return;
    const auto number = std::to_string(where.line);
    out += fmt::format("  {} | {}\n", number, shown_line(where.line_text));
    if (where.column == 0) return;
    // Of a long line a part is shown, after an ellipsis of its own.
    const auto skipped = where.line_text_from > 1 ? where.line_text_from - 2 : 0;
    const auto before = first_code_points(where.line_text, where.column - 1 - std::min(skipped, where.column - 1));
    const auto before_shown = shown_line(before),
               under =
                   shown_line(first_code_points(std::string_view(where.line_text).substr(before.size()), where.length));
    std::string padding;
    for (const char c : before_shown)  // keep tabs so the caret lines up
        if (c == '\t') padding += '\t';
    padding += std::string(display_width(before_shown) - padding.size(), ' ');
    const auto carets = std::max<std::size_t>(1, display_width(under));
    out += fmt::format("  {} | {}{}{}{}\n", std::string(number.size(), ' '), padding, p.red, std::string(carets, '^'),
                       p.reset);
}

}  // namespace

std::string_view code(Kind kind) { return row(kind).code; }
std::string_view title(Kind kind) { return row(kind).title; }
Severity severity(Kind kind) { return row(kind).severity; }

std::optional<Kind> kind_of(std::string_view wanted) {
    for (const auto& r : kind_rows)
        if (r.code == wanted) return r.kind;
    return std::nullopt;
}

std::string_view explanation(Kind kind) {
    const auto heading = fmt::format("\n## {} ", code(kind));
    const auto begin = findings_page.find(heading);
    if (begin == std::string_view::npos) return "";
    const auto end = findings_page.find("\n## ", begin + 1);
    return findings_page.substr(begin + 1, end == std::string_view::npos ? end : end - begin);
}

namespace {

constexpr std::size_t longest_line = 160, kept_before = 60, kept_after = 90;  // code points of a line that is shown

/// The part of a very long line around the place; `from` becomes the column of its first character.
std::string part_around(std::string_view line, std::uint32_t column, std::uint32_t& from) {
    if (count_code_points(line) <= longest_line) return std::string(line);
    const std::size_t skip = column > kept_before ? column - kept_before : 0;
    const auto rest = line.substr(first_code_points(line, skip).size());
    const auto kept = first_code_points(rest, kept_before + kept_after);
    from = static_cast<std::uint32_t>(skip + 1);
    return fmt::format("{}{}{}", skip > 0 ? "…" : "", kept, kept.size() < rest.size() ? "…" : "");
}

}  // namespace

Location Location::in(const Source& source, Span span) {
    const auto position = source.position(span.begin);
    const auto covered = source.text(span);
    const auto first_line = covered.substr(0, covered.find('\n'));
    Location out{source.name(),
                 "",
                 position.line,
                 position.column,
                 static_cast<std::uint32_t>(std::max<std::size_t>(1, count_code_points(first_line))),
                 "",
                 1};
    out.line_text = part_around(source.line(span.begin), out.column, out.line_text_from);
    if (out.line_text.size() > longest_line) out.length = std::min<std::uint32_t>(out.length, kept_after);
    return out;
}

void Diagnostics::add(Kind kind, const Source& source, Span span, std::string message, std::string expected,
                      std::string hint) {
    all_.push_back({kind, std::move(message), Location::in(source, span), std::move(expected), std::move(hint)});
}

bool Diagnostics::has_errors() const {
    return std::any_of(all_.begin(), all_.end(),
                       [](const Diagnostic& d) { return severity(d.kind) == Severity::error; });
}

void Diagnostics::sort() {
    const auto key = [](const Diagnostic& d) {
        return std::tie(d.where.file, d.where.sheet, d.where.line, d.where.column);
    };
    std::stable_sort(all_.begin(), all_.end(),
                     [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
    const auto same = [&](const Diagnostic& a, const Diagnostic& b) {
        return a.kind == b.kind && key(a) == key(b) && a.message == b.message;
    };
    all_.erase(std::unique(all_.begin(), all_.end(), same), all_.end());
}

void Diagnostics::gather(Kind kind) {
    constexpr std::size_t most_places = 5;
    std::map<std::string, std::vector<std::size_t>> places;
    for (std::size_t i = 0; i < all_.size(); ++i)
        if (all_[i].kind == kind) places[all_[i].message].push_back(i);
    std::vector<bool> told(all_.size());
    for (const auto& [message, at] : places) {
        if (at.size() < 2) continue;
        const auto& first = all_[at.front()].where;
        std::string lines;
        for (std::size_t i = 1; i < at.size(); ++i) {
            told[at[i]] = true;
            const auto& where = all_[at[i]].where;
            if (i > most_places) continue;
            lines += fmt::format("{}{}{}:{}", i == 1 ? "" : ", ", where.file == first.file ? "line " : where.file + ":",
                                 where.line, where.column);
        }
        all_[at.front()].message +=
            fmt::format("; the same in {} more {} ({}{})", at.size() - 1, at.size() == 2 ? "place" : "places", lines,
                        at.size() - 1 > most_places ? ", …" : "");
    }
    std::size_t i = 0;
    all_.erase(std::remove_if(all_.begin(), all_.end(), [&](const Diagnostic&) { return told[i++]; }), all_.end());
}

void Diagnostics::append(Diagnostics other) {
    for (auto& d : other.all_) all_.push_back(std::move(d));
}

namespace {

/// The findings to show: all, or the first `most`. What counts others then counts among the rest.
std::vector<const Diagnostic*> shown_of(const Diagnostics& diagnostics, std::size_t most) {
    std::vector<const Diagnostic*> all, own;
    for (const auto& d : diagnostics.all()) {
        all.push_back(&d);
        if (d.stands_for == 0) own.push_back(&d);
    }
    if (own.size() <= most) return all;
    own.resize(most);
    return own;
}

/// "and 12 more errors, 3 more warnings", or "" when all were shown.
std::string the_rest(const Diagnostics& diagnostics, const std::vector<const Diagnostic*>& shown) {
    std::string out;
    if (shown.size() == diagnostics.all().size()) return out;
    for (const auto level : {Severity::error, Severity::warning, Severity::note}) {
        std::size_t n = 0;
        for (const auto& d : diagnostics.all()) {
            if (d.stands_for > 0) n += level == Severity::error ? d.stands_for : 0;
            if (d.stands_for == 0 && severity(d.kind) == level) ++n;
        }
        for (const auto* d : shown) n -= severity(d->kind) == level ? 1 : 0;
        if (n > 0) out += fmt::format("{}{} more {}{}", out.empty() ? "and " : ", ", n, name(level), n > 1 ? "s" : "");
    }
    return out;
}

}  // namespace

std::string render_text(const Diagnostics& diagnostics, bool colour, std::size_t most,
                        const std::function<std::string(Kind)>& gist) {
    const auto p = palette(colour);
    std::string out;
    const auto shown = shown_of(diagnostics, most);
    for (const auto* finding : shown) {
        const auto& d = *finding;
        const auto level = severity(d.kind);
        const auto tint = level == Severity::error ? p.red : level == Severity::warning ? p.yellow : p.cyan;
        if (const auto where = place(d.where); !where.empty()) out += fmt::format("{}{}{}: ", p.bold, where, p.reset);
        out += fmt::format("{}{}{} {}: {}\n", tint, name(level), p.reset, code(d.kind), for_terminal(d.message));
        if (const auto line = gist ? gist(d.kind) : ""; !line.empty()) out += fmt::format("  {}\n", line);
        render_snippet(d.where, p, out);
        if (!d.expected.empty()) out += fmt::format("  expected: {}\n", for_terminal(d.expected));
        if (!d.hint.empty()) out += fmt::format("  {}help:{} {}\n", p.cyan, p.reset, for_terminal(d.hint));
    }
    if (const auto rest = the_rest(diagnostics, shown); !rest.empty())
        out += fmt::format("{}: mend those above first\n", rest);
    return out;
}

std::string render_json(const Diagnostics& diagnostics, std::size_t most) {
    auto out = nlohmann::ordered_json::array();
    const auto shown = shown_of(diagnostics, most);
    for (const auto* finding : shown) {
        const auto& d = *finding;
        nlohmann::ordered_json item = {{"code", code(d.kind)},
                                       {"severity", name(severity(d.kind))},
                                       {"message", d.message},
                                       {"file", d.where.file}};
        if (!d.where.sheet.empty()) item["sheet"] = d.where.sheet;
        if (d.where.line > 0) item["line"] = d.where.line;
        if (d.where.column > 0) item["column"] = d.where.column;
        if (!d.expected.empty()) item["expected"] = d.expected;
        if (!d.hint.empty()) item["hint"] = d.hint;
        out.push_back(std::move(item));
    }
    if (const auto rest = the_rest(diagnostics, shown); !rest.empty())
        out.push_back({{"code", code(Kind::too_many_errors)},
                       {"severity", name(severity(Kind::too_many_errors))},
                       {"message", rest},
                       {"file", ""}});
    return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

namespace {

std::vector<std::string_view> code_points(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const auto one = first_code_points(text, 1);
        out.push_back(one);
        text.remove_prefix(one.size());
    }
    return out;
}

/// Optimal string alignment distance: insert, delete, replace, swap neighbours. At least `enough` where it is that or
/// more: whoever looks for the nearest need not know by how much.
std::size_t edit_distance(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b,
                          std::size_t enough) {
    if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) >= enough) return enough;
    const auto width = b.size() + 1;
    std::vector<std::size_t> d((a.size() + 1) * width);
    for (std::size_t j = 0; j < width; ++j) d[j] = j;
    std::size_t least_before = 0;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto* row = &d[i * width];
        const auto* above = row - width;
        row[0] = i;
        for (std::size_t j = 1; j < width; ++j) {
            const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + cost});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], (above - width)[j - 2] + 1);
        }
        // What follows is made of these two rows, and only grows.
        const auto least = *std::min_element(row, row + width);
        if (least >= enough && least_before >= enough) return enough;
        least_before = least;
    }
    return d.back();
}

std::string folded(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates) {
    constexpr std::size_t longest_compared = 100;
    if (word.size() > longest_compared) return std::nullopt;
    const auto limit = std::max<std::size_t>(1, count_code_points(word) / 3);
    std::optional<std::string> best;
    std::size_t best_distance = limit + 1;
    const auto written = folded(word);
    const auto letters = code_points(written);
    for (const auto& candidate : candidates) {
        if (candidate.size() > longest_compared || candidate == word) continue;
        const auto known = folded(candidate);
        const auto distance = edit_distance(letters, code_points(known), best_distance);
        if (distance < best_distance && distance < count_code_points(candidate)) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
    const auto best = nearest(word, candidates);
    return best ? fmt::format("did you mean `{}`?", *best) : "";
}

}  // namespace zoneval
