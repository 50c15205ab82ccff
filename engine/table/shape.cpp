#include "engine/table/shape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/feel/value/decimal.hpp"

namespace zoneval {

bool CellForm::plain() const {
    return !percent && !grouped && !decimal_comma && !parentheses && !full_width && !rounded && marks.empty() &&
           !less_than && dates.empty() && unit.empty();
}

bool Shape::plain() const {
    return skip == 0 && header_rows.empty() && units_row == 0 && until.empty() && !drop && fill_down.empty() &&
           split.empty() && year_from == YearFrom::column && !years_in_columns && names_in.empty();
}

std::string yaml_scalar(const std::string& text) {
    const bool plain = !text.empty() && text.find_first_of("\"'\\:#,[]{}&*!|>%@`\n\t") == std::string::npos &&
                       text.front() != ' ' && text.back() != ' ' && text.front() != '-' && text.front() != '?' &&
                       text != "true" && text != "false" && text != "null" && text != "~" &&
                       !feel::Decimal::parse(text) && text.front() != '=';
    if (plain) return text;
    if (text.find('"') != std::string::npos && text.find_first_of("'\n\t") == std::string::npos)
        return "'" + text + "'";
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else
            out += c;
    }
    return out + '"';
}

namespace {

std::string list(const std::vector<std::string>& texts) {
    if (texts.size() == 1) return yaml_scalar(texts[0]);
    std::vector<std::string> scalars;
    for (const auto& text : texts) scalars.push_back(yaml_scalar(text));
    return fmt::format("[{}]", fmt::join(scalars, ", "));
}

/// Of keys that are always lists.
std::string brackets(const std::vector<std::string>& texts) {
    return texts.size() == 1 ? "[" + list(texts) + "]" : list(texts);
}

std::string codes(const std::map<std::string, feel::Missing>& kinds) {
    std::vector<std::string> out;
    for (const auto& [text, kind] : kinds)
        out.push_back(fmt::format("{}: {}", yaml_scalar(text), feel::to_string(kind)));
    return fmt::format("{{{}}}", fmt::join(out, ", "));
}

std::string split_of(const std::map<std::string, std::vector<std::string>>& split) {
    std::vector<std::string> out;
    for (const auto& [heading, names] : split)
        out.push_back(fmt::format("{}: {}", yaml_scalar(heading), brackets(names)));
    return fmt::format("{{{}}}", fmt::join(out, ", "));
}

}  // namespace

Written written(const CellForm& form) {
    Written out;
    if (!form.unit.empty()) out.emplace_back("unit", yaml_scalar(form.unit));
    std::vector<std::string> words;
    for (const auto& [word, member] : cell_words)
        if (form.*member) words.emplace_back(word);
    if (!words.empty()) out.emplace_back("cells", list(words));
    if (!form.marks.empty()) out.emplace_back("marks", brackets(form.marks));
    if (form.less_than) out.emplace_back("less than", feel::to_string(*form.less_than));
    if (!form.dates.empty()) out.emplace_back("dates", list(form.dates));
    if (!form.missing_codes.empty()) out.emplace_back("missing codes", codes(form.missing_codes));
    return out;
}

Written written(const Shape& shape) {
    Written out;
    const auto text = [&](const char* key, const std::string& value) {
        if (!value.empty()) out.emplace_back(key, yaml_scalar(value));
    };
    text("encoding", shape.encoding);
    if (shape.delimiter == '\t')
        out.emplace_back("delimiter", "tab");
    else if (shape.delimiter != 0)
        out.emplace_back("delimiter", yaml_scalar(std::string(1, shape.delimiter)));
    if (!shape.sheets.empty()) out.emplace_back("sheet", list(shape.sheets));
    if (shape.skip > 0) out.emplace_back("skip", std::to_string(shape.skip));
    if (shape.header_rows.size() == 1) out.emplace_back("header row", std::to_string(shape.header_rows[0]));
    if (shape.header_rows.size() > 1)
        out.emplace_back("header row", fmt::format("[{}]", fmt::join(shape.header_rows, ", ")));
    if (shape.units_row > 0) out.emplace_back("units row", std::to_string(shape.units_row));
    if (!shape.until.empty()) out.emplace_back("until", list(shape.until));
    if (shape.drop) out.emplace_back("drop", yaml_scalar(shape.drop->text));
    if (!shape.fill_down.empty()) out.emplace_back("fill down", brackets(shape.fill_down));
    if (!shape.split.empty()) out.emplace_back("split", split_of(shape.split));
    switch (shape.year_from) {
        case Shape::YearFrom::column: break;
        case Shape::YearFrom::constant: out.emplace_back("year", std::to_string(shape.year)); break;
        case Shape::YearFrom::sheet: out.emplace_back("year", "{from: sheet}"); break;
        case Shape::YearFrom::file: out.emplace_back("year", "{from: file}"); break;
        case Shape::YearFrom::title: out.emplace_back("year", "{from: title}"); break;
    }
    if (shape.first_year != 1900 || shape.last_year != 2100)
        out.emplace_back("years", fmt::format("{}..{}", shape.first_year, shape.last_year));
    if (shape.years_in_columns)
        out.emplace_back("years in columns", shape.year_values.empty() ? "true" : yaml_scalar(shape.year_values));
    text("names in", shape.names_in);
    text("values in", shape.values_in);
    text("unit in", shape.unit_in);
    return out;
}

}  // namespace zoneval
