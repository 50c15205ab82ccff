#include "src/shape_options.hpp"

#include <fmt/format.h>

namespace zoneval::command {

namespace {

std::pair<std::string, std::string> parted(const std::string& text, char by, const std::string& option) {
    const auto at = text.rfind(by);
    if (at == std::string::npos || at == 0)
        throw CLI::ValidationError(option, fmt::format("`{}` has no `{}`", text, by));
    return {text.substr(0, at), text.substr(at + 1)};
}

char delimiter_of(const std::string& text) {
    if (text == "tab" || text == "\\t" || text == "\t") return '\t';
    if (text.size() != 1)
        throw CLI::ValidationError("--delimiter",
                                   fmt::format("`{}` is not one character; for a tab write `tab`", text));
    return text[0];
}

std::vector<std::string> comma_parts(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t begin = 0;;) {
        const auto end = text.find(',', begin);
        out.push_back(text.substr(begin, end - begin));
        if (end == std::string::npos) return out;
        begin = end + 1;
    }
}

}  // namespace

void ShapeOptions::add_to(CLI::App& sub) {
    const auto group = "How the file is made (else as the dataset declares)";
    const auto option = [&](const std::string& name, auto& value, const std::string& text) {
        return sub.add_option(name, value, text)->group(group);
    };
    option("--encoding", encoding_, "of CSV files, e.g. gb18030 (default: UTF-8)");
    option("--delimiter", delimiter_, "of CSV files, e.g. `;` or `tab` (default: a comma)");
    option("--sheet,--table", sheets_,
           "of a workbook or a database, may be repeated, `*` for all (default: the first sheet, the only table)");
    option("--id", id_, "heading of the column that names the record");
    option("--skip", skip_, "so many lines above the table are left out");
    option("--header-row", header_rows_, "row that names the columns, or two, as in 3,4")->delimiter(',');
    option("--units-row", units_row_, "row that holds the units");
    option("--until", until_, "the table ends above the row that begins so; may be repeated");
    option("--drop", drop_, "rows to leave out: a condition on the columns, as texts");
    option("--fill-down", fill_down_, "heading whose blanks repeat the cell above; may be repeated");
    option("--split", split_, "HEADING=a,b: parts of a column that commas part; may be repeated");
    option("--year", year_, "of every row, where no column holds it");
    option("--year-from", year_from_, "where the year stands: sheet, file or title")
        ->check(CLI::IsMember({"sheet", "file", "title"}));
    option("--years", years_, "that can be meant (default: 1900..2100)");
    option("--years-in-columns", years_in_columns_, "headings are years; name the column that their figures are")
        ->expected(0, 1)
        ->default_str("true");
    option("--names-in", names_in_, "one row for each indicator: the column that names it");
    option("--values-in", values_in_, "the column that holds its figure");
    option("--unit-in", unit_in_, "the column that holds its unit");
    option("--cells", cells_,
           "how numbers are written: percent, grouped, decimal comma, parentheses, full-width, rounded");
    option("--mark", marks_, "note or flag behind numbers that is left out; may be repeated");
    option("--date", dates_, "how dates are written, e.g. y/m/d or serial; may be repeated");
    option("--missing", missing_, "CODE=KIND, e.g. \"—=not reported\"; may be repeated");
}

void ShapeOptions::apply(DatasetSchema& schema) const {
    auto& shape = schema.shape;
    if (!encoding_.empty()) shape.encoding = encoding_;
    if (!delimiter_.empty()) shape.delimiter = delimiter_of(delimiter_);
    if (!sheets_.empty()) shape.sheets = sheets_;
    if (!id_.empty()) schema.id_header = id_;
    if (skip_ > 0) shape.skip = skip_;
    if (!header_rows_.empty()) shape.header_rows = header_rows_;
    if (units_row_ > 0) shape.units_row = units_row_;
    if (!until_.empty()) shape.until = until_;
    if (!drop_.empty()) shape.drop = feel::ExpressionText::of(drop_, "--drop");
    if (!fill_down_.empty()) shape.fill_down = fill_down_;
    for (const auto& text : split_) {
        const auto [heading, names] = parted(text, '=', "--split");
        shape.split[heading] = comma_parts(names);
    }
    if (year_ != 0) {
        shape.year_from = Shape::YearFrom::constant;
        shape.year = year_;
    }
    if (!year_from_.empty())
        shape.year_from = year_from_ == "sheet"  ? Shape::YearFrom::sheet
                          : year_from_ == "file" ? Shape::YearFrom::file
                                                 : Shape::YearFrom::title;
    if (!years_.empty()) {
        int first = 0, last = 0;
        if (std::sscanf(years_.c_str(), "%4d..%4d", &first, &last) != 2)
            throw CLI::ValidationError("--years", fmt::format("`{}` is not like 1900..2100", years_));
        shape.first_year = first;
        shape.last_year = last;
    }
    if (!years_in_columns_.empty()) {
        shape.years_in_columns = true;
        if (years_in_columns_ != "true") shape.year_values = years_in_columns_;
    }
    if (!names_in_.empty()) shape.names_in = names_in_;
    if (!values_in_.empty()) shape.values_in = values_in_;
    if (!unit_in_.empty()) shape.unit_in = unit_in_;
    apply_cells(schema);
}

void ShapeOptions::apply_cells(DatasetSchema& schema) const {
    for (auto& column : schema.columns) {
        for (const auto& text : cells_)
            for (const auto& word : comma_parts(text)) {
                const auto found = std::find_if(std::begin(cell_words), std::end(cell_words),
                                                [&](const CellWord& w) { return w.word == word; });
                if (found == std::end(cell_words))
                    throw CLI::ValidationError("--cells", fmt::format("`{}` is none of the words it takes", word));
                column.form.*found->member = true;
            }
        column.form.marks.insert(column.form.marks.end(), marks_.begin(), marks_.end());
        column.form.dates.insert(column.form.dates.end(), dates_.begin(), dates_.end());
    }
    for (const auto& text : missing_) {
        const auto [code, word] = parted(text, '=', "--missing");
        const auto kind = feel::missing_from_string(word);
        if (!kind) throw CLI::ValidationError("--missing", fmt::format("`{}` is no kind of missing", word));
        schema.missing_codes[code] = *kind;
    }
}

}  // namespace zoneval::command
