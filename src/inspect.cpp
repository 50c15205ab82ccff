#include "engine/io/inspect.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "engine/diag/terminal.hpp"
#include "engine/io/xlsx.hpp"
#include "src/command.hpp"

namespace zoneval::command {

namespace {

struct Options {
    std::string file, rules, dataset, sheet;
};

using Look = io::ColumnLook;

std::string listed(const std::vector<std::string>& texts, std::size_t most) {
    std::vector<std::string> some(texts.begin(),
                                  texts.begin() + static_cast<std::ptrdiff_t>(std::min(most, texts.size())));
    return fmt::format("{}{}", fmt::join(some, ", "), texts.size() > most ? " …" : "");
}

std::string how_read(const Look& column, const io::Inspection& seen) {
    std::vector<std::string> out;
    if (!seen.id.empty() && column.heading == seen.id) out.emplace_back("names the records");
    if (!seen.year.empty() && column.heading == seen.year) out.emplace_back("the year");
    if (column.kind == Look::Kind::empty) out.emplace_back("nothing in it");
    if (column.merged) out.emplace_back("merged cells, read for every row");
    if (column.per_cent > 0) out.push_back(fmt::format("{} per cent cells", column.per_cent));
    for (const auto& [key, value] : written(column.form)) out.push_back(fmt::format("{}: {}", key, value));
    if (column.kind == Look::Kind::number && !column.words.empty())
        out.push_back(fmt::format("not numbers: {}", listed(column.words, 4)));
    if (column.kind == Look::Kind::text && !column.words.empty() && !column.distinct)
        out.push_back(fmt::format("{} words", column.words.size()));
    if (column.long_digits > 0) out.push_back(fmt::format("{} cells of more than 15 digits", column.long_digits));
    if (!column.nearest.empty()) out.push_back(fmt::format("feeds no input; nearest: {}", column.nearest));
    return fmt::format("{}", fmt::join(out, "; "));
}

std::string kind_word(Look::Kind kind) {
    switch (kind) {
        case Look::Kind::number: return "number";
        case Look::Kind::date: return "date";
        case Look::Kind::text: return "text";
        default: return "";
    }
}

std::string table_of_columns(const io::Inspection& seen) {
    std::size_t heading = 7, input = 5;
    for (const auto& column : seen.columns) {
        heading = std::max(heading, shown_width(for_terminal(column.heading)));
        input = std::max(input, shown_width(column.input));
    }
    auto out = fmt::format("     {}  {}  type    cells  blank  how it is read\n", padded("heading", heading),
                           padded("input", input));
    for (std::size_t i = 0; i < seen.columns.size(); ++i) {
        const auto& column = seen.columns[i];
        auto line =
            fmt::format("  {:<2} {}  {}  {:<6}  {:>5}  {:>5}  {}", io::column_name(i),
                        padded(for_terminal(column.heading), heading), padded(column.input, input),
                        kind_word(column.kind), column.cells, column.blank, for_terminal(how_read(column, seen)));
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

/// Words that are no numbers, in columns of numbers: somebody has to say what they mean.
std::vector<std::string> missing_words(const io::Inspection& seen) {
    std::vector<std::string> out;
    for (const auto& column : seen.columns)
        if (column.kind == Look::Kind::number)
            for (const auto& word : column.words)
                if (std::find(out.begin(), out.end(), word) == out.end()) out.push_back(word);
    return out;
}

std::string column_entry(const Look& column) {
    auto form = written(column.form);
    const auto unit = column.heading.find(column.unit) == std::string::npos ? column.unit : "";
    if (!unit.empty()) form.insert(form.begin(), {"unit", yaml_scalar(unit)});
    if (form.empty()) return yaml_scalar(column.heading);
    std::string out = "{column: " + yaml_scalar(column.heading);
    for (const auto& [key, value] : form) out += fmt::format(", {}: {}", key, value);
    return out + "}";
}

bool is_role(const Look& column, const io::Inspection& seen) {
    const auto& name = column.heading;
    return name == seen.id || name == seen.year || name == seen.shape.names_in || name == seen.shape.values_in ||
           name == seen.shape.unit_in;
}

std::string block(const io::Inspection& seen, const std::string& dataset) {
    auto out = fmt::format("  datasets:\n    {}:\n", yaml_scalar(dataset));
    for (const auto& [key, value] : written(seen.shape)) out += fmt::format("      {}: {}\n", key, value);
    out += fmt::format("      id: {}\n", seen.id.empty() ? "?" : yaml_scalar(seen.id));
    if (!seen.year.empty()) out += fmt::format("      year: {}\n", yaml_scalar(seen.year));
    std::string columns;
    std::vector<std::string> ignored;
    const bool turned = seen.shape.years_in_columns || !seen.shape.names_in.empty();
    for (const auto& column : seen.columns) {
        if (turned || is_role(column, seen) || column.heading.empty() || column.kind == Look::Kind::empty) continue;
        if (column.input.empty())
            ignored.push_back(column.heading);
        else
            columns += fmt::format("        {}: {}\n", yaml_scalar(column.input), column_entry(column));
    }
    if (!columns.empty()) out += "      columns:\n" + columns;
    if (!ignored.empty()) {
        for (auto& name : ignored) name = yaml_scalar(name);
        out += fmt::format("      ignore: [{}]\n", fmt::join(ignored, ", "));
    }
    const auto words = missing_words(seen);
    if (!words.empty()) {
        out += "      missing codes:\n";
        for (const auto& word : words)
            out += fmt::format("        {}: ?     # not reported, not applicable, suppressed, too small or late\n",
                               yaml_scalar(word));
    }
    return out;
}

std::string first_rows(const io::Inspection& seen) {
    std::string out;
    for (const auto& row : seen.first_rows) {
        std::vector<std::string> cells;
        for (std::size_t i = 0; i < row.size(); ++i)
            if (!row[i].empty() && !seen.columns[i].heading.empty())
                cells.push_back(for_terminal(fmt::format("{}: {}", seen.columns[i].heading, row[i])));
        out += "  " + listed(cells, 6) + "\n";
    }
    return out;
}

std::string text_of(const io::Inspection& seen, const std::string& dataset) {
    auto out = fmt::format("{}: {} rows below the names of {} columns{}\n", for_terminal(seen.file), seen.records,
                           seen.columns.size(),
                           seen.sheet.empty() ? "" : fmt::format(", on sheet {}", for_terminal(seen.sheet)));
    if (!seen.encodings.empty()) {
        out += "\nNot UTF-8. What it could be, and what that makes of the text\n";
        for (const auto& [encoding, sample] : seen.encodings)
            out += fmt::format("  {}  {}\n", padded(encoding, 14), sample);
    }
    out += "\nWhat is where\n";
    for (const auto& [first, last, what] : seen.spans)
        out += fmt::format("  {} {}  {}\n", seen.sheet.empty() ? "line" : "row ",
                           padded(first == last ? std::to_string(first) : fmt::format("{}-{}", first, last), 9), what);
    if (!seen.other_sheets.empty())
        out += fmt::format("  other sheets    {}, not read\n", fmt::join(seen.other_sheets, ", "));
    out += "\nColumns\n" + table_of_columns(seen);
    out += "\nFirst rows\n" + first_rows(seen);
    if (!seen.checked.empty() || !seen.doubts.empty()) out += "\nChecked\n";
    for (const auto& line : seen.checked) out += "  ✓  " + line + "\n";
    for (const auto& line : seen.doubts) out += "  ?  " + line + "\n";
    out += "\nReady to paste into the rule file; fill in what is `?`\n" + block(seen, dataset);
    return out;
}

nlohmann::ordered_json json_of(const io::Inspection& seen, const std::string& dataset) {
    auto columns = nlohmann::ordered_json::array();
    for (const auto& column : seen.columns)
        columns.push_back({{"heading", column.heading},
                           {"input", column.input},
                           {"type", kind_word(column.kind)},
                           {"cells", column.cells},
                           {"blank", column.blank},
                           {"form", written(column.form)},
                           {"words", column.words}});
    auto spans = nlohmann::ordered_json::array();
    for (const auto& [first, last, what] : seen.spans)
        spans.push_back({{"first", first}, {"last", last}, {"what", what}});
    auto encodings = nlohmann::ordered_json::array();
    for (const auto& [encoding, sample] : seen.encodings)
        encodings.push_back({{"encoding", encoding}, {"sample", sample}});
    return {{"file", seen.file},     {"sheet", seen.sheet},          {"encodings", encodings},
            {"spans", spans},        {"columns", columns},           {"checked", seen.checked},
            {"doubts", seen.doubts}, {"shape", written(seen.shape)}, {"declaration", block(seen, dataset)}};
}

int run(const Options& options, const Global& global) {
    Diagnostics found;
    std::optional<DatasetSchema> schema;
    if (!options.rules.empty()) schema = dataset_named(*load_rules(options.rules, found)->rules, options.dataset);
    std::ifstream in(options.file, std::ios::binary);
    if (!in) {
        Location where;
        where.file = options.file;
        throw InputError({Kind::unreadable_file, "the file cannot be read", std::move(where), "", "check the path"});
    }
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    Diagnostics data;
    const auto seen = io::inspect(options.file, bytes, options.sheet, schema ? &*schema : nullptr, data);
    if (data.has_errors()) throw InputError(std::move(data));
    const auto dataset = schema ? schema->dataset : std::string("main");
    std::cout << (global.json() ? json_of(seen, dataset).dump(2) + "\n" : text_of(seen, dataset));
    return Exit::fine;
}

}  // namespace

void add_inspect(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(app, global, "inspect", "Looks at a data file, and proposes the declaration that reads it.",
                           "  zoneval inspect examples/hightech-zones/zones-2024.csv --rules "
                           "examples/hightech-zones/assessment.yaml\n"
                           "Nothing is stored. What it proposes is a guess: read it before you paste it.");
    auto o = std::make_shared<Options>();
    sub->add_option("file", o->file, "CSV or XLSX")->required();
    sub->add_option("--rules", o->rules, "rule file whose inputs the columns may feed");
    sub->add_option("--dataset", o->dataset, "which of the rule set's datasets the file is");
    sub->add_option("--sheet", o->sheet, "of a workbook (default: the first)");
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
