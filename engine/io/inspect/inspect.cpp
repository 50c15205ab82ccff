#include "engine/io/inspect/inspect.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "engine/io/bytes/text.hpp"
#include "engine/io/inspect/table.hpp"
#include "engine/io/reading/import.hpp"
#include "engine/io/shapes/shape_table.hpp"
#include "engine/io/sources/duckdb_table.hpp"
#include "engine/io/sources/json_lines.hpp"
#include "engine/io/sources/sqlite_table.hpp"
#include "engine/wording/files.hpp"

namespace zoneval::io {

using wording::Language;
using wording::OfFile;
using wording::say;

namespace {

/// How often `c` parts cells in a row. Tabs before commas are what bureaus put behind long numbers, so that
/// spreadsheets leave them alone.
std::size_t parting(std::string_view row, char c) {
    std::size_t out = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i] == '"') quoted = !quoted;
        if (quoted || row[i] != c) continue;
        out += c != '\t' || i + 1 == row.size() || (row[i + 1] != ',' && row[i + 1] != ';');
    }
    return out;
}

/// What parts the cells: a character that stands equally often in most lines. Commas come last, as they stand inside
/// cells, too: in numbers, and between codes.
char guess_delimiter(std::string_view text) {
    char best = ',';
    std::size_t most = 0;
    for (const char c : {'\t', ';', '|', ','}) {
        std::map<std::size_t, std::size_t> counts;
        std::size_t begin = 0, lines = 0;
        for (; lines < 50 && begin < text.size(); ++lines) {
            const auto end = std::min(text.find('\n', begin), text.size());
            ++counts[parting(text.substr(begin, end - begin), c)];
            begin = end + 1;
        }
        for (const auto& [per_line, alike] : counts) {
            if (per_line == 0) continue;
            if (alike * 3 >= lines * 2) return c;
            if (alike * (per_line + 1) <= most) continue;
            most = alike * (per_line + 1);
            best = c;
        }
    }
    return best;
}

/// Not UTF-8, another delimiter: as what a text is best read.
void look_at_text(std::string_view bytes, Inspection& out, ReadOptions& options) {
    if (const auto wide = unmarked_utf16(bytes); !wide.empty()) out.shape.encoding = options.encoding = wide;
    const bool marked = !options.encoding.empty() || bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
    if (!marked && first_invalid_utf8(bytes)) {
        out.encodings = guess_encodings(bytes.substr(0, 1 << 20));
        if (!out.encodings.empty()) out.shape.encoding = options.encoding = out.encodings.front().encoding;
    }
    Diagnostics none;
    std::string buffer;
    const auto text = utf8_of(bytes, out.file, options.encoding.empty() ? "UTF-8" : options.encoding, buffer, none);
    if (!text || text->starts_with("sep=") || looks_like_json(text->substr(0, 1000))) return;
    options.delimiter = guess_delimiter(*text);
    if (options.delimiter != ',') out.shape.delimiter = options.delimiter;
}

/// Sheets whose names are years, each of them another: then one declaration reads all of them.
void look_at_sheets(std::string_view bytes, bool chosen, const Grid& grid, Language language, Inspection& out) {
    if (out.of == Inspection::Of::text) return;
    Diagnostics none;
    std::set<std::int32_t> years;
    std::vector<std::string> of_years;
    bool one_each = true;
    for (auto& name : names_in(bytes, out.file, none)) {
        const auto found = years_in(name, out.shape);
        if (found.size() == 1) {
            one_each = one_each && years.insert(found.front()).second;
            of_years.push_back(name);
        }
        if (name != out.sheet && !name.empty()) out.other_sheets.push_back(std::move(name));
    }
    if (chosen) out.shape.sheets = {out.sheet};
    const bool first_is_one = std::find(of_years.begin(), of_years.end(), out.sheet) != of_years.end();
    const bool year_elsewhere = !out.year.empty() || out.shape.years_in_columns;
    if (chosen || year_elsewhere || !one_each || !first_is_one || years.size() < 2) return;
    const auto header = [](const Grid& of, std::uint32_t line) {
        std::vector<std::string> texts;
        for (std::size_t row = 0; row < of.rows() && of.line(row) <= line; ++row)
            for (std::size_t i = 0; of.line(row) == line && i < of.width(row); ++i) texts.emplace_back(of.text(row, i));
        return texts;
    };
    const auto names_at = out.shape.header_rows.empty() ? grid.line(0) : out.shape.header_rows.back();
    for (const auto& name : of_years) {
        ReadOptions options;
        options.sheet = name;
        std::string text;
        const auto source = open_rows(out.file, bytes, options, text, none);
        if (!source || header(Grid(*source, none), names_at) != header(grid, names_at)) {
            out.doubts.push_back(say(OfFile::sheets_differ, language));
            return;
        }
    }
    // Further sheets hold something else, and are not read.
    const bool all = of_years.size() == out.other_sheets.size() + 1;
    out.sheets_of_years = of_years;
    std::erase_if(out.other_sheets, [&](const auto& name) {
        return std::find(of_years.begin(), of_years.end(), name) != of_years.end();
    });
    out.shape.sheets = all ? std::vector<std::string>{"*"} : of_years;
    out.shape.year_from = Shape::YearFrom::sheet;
    std::erase(out.doubts, say(OfFile::year_missing, language));
}

}  // namespace

Inspection inspect(const std::string& file, std::string_view bytes, const std::string& sheet, const KnownInputs* known,
                   Language language, Diagnostics& diagnostics) {
    Inspection out;
    out.file = file;
    ReadOptions options;
    options.sheet = sheet;
    std::string text;
    if (bytes.starts_with("PK\x03\x04"))
        out.of = Inspection::Of::workbook;
    else if (is_sqlite(bytes) || is_duckdb(bytes) || is_parquet(bytes))
        out.of = Inspection::Of::table;
    else
        look_at_text(bytes, out, options);
    auto source = open_rows(file, bytes, options, text, diagnostics);
    if (!source) return out;
    out.sheet = source->sheet();
    const Grid grid(*source, diagnostics);
    if (diagnostics.has_errors()) return out;
    if (grid.rows() < 2) {
        Location where;
        where.file = file;
        where.sheet = out.sheet;
        diagnostics.add({Kind::unreadable_file, "the file holds fewer than two rows", std::move(where), "", ""});
        return out;
    }
    look_at_table(grid, known, source->names_columns(), language, out);
    look_at_sheets(bytes, !sheet.empty(), grid, language, out);
    return out;
}

}  // namespace zoneval::io
