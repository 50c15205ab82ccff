#include "engine/io/inspect/inspect.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/audit/lines.hpp"
#include "engine/diag/file_bytes.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/io/sources/xlsx.hpp"
#include "engine/wording/files.hpp"
#include "src/command.hpp"
#include "src/show_results.hpp"

namespace zoneval::command {

using wording::Language;
using wording::OfFile;
using wording::say;

namespace {

struct InspectOptions {
    std::string file, rules, dataset, sheet;
};

using Look = io::ColumnLook;

std::string listed(const std::vector<std::string>& texts, std::size_t most) {
    std::vector<std::string> some(texts.begin(),
                                  texts.begin() + static_cast<std::ptrdiff_t>(std::min(most, texts.size())));
    return fmt::format("{}{}", fmt::join(some, ", "), texts.size() > most ? " …" : "");
}

std::string how_read(const Look& column, const io::Inspection& seen, Language language) {
    std::vector<std::string> out;
    const auto add = [&](OfFile word, const std::string& n = "") {
        out.push_back(say(word, language, {{"n", n}, {"name", n}, {"words", n}}));
    };
    if (!seen.id.empty() && column.heading == seen.id) add(OfFile::names_records);
    if (!seen.year.empty() && column.heading == seen.year) add(OfFile::the_year);
    if (column.no_result > 0)
        add(OfFile::without_result, std::to_string(column.no_result));
    else if (column.kind == Look::Kind::empty)
        add(OfFile::nothing_in_it);
    if (column.nested > 0) add(OfFile::nested);
    if (column.merged) add(OfFile::merged);
    if (column.joined > 0) add(OfFile::joined, std::to_string(column.joined));
    const auto& filled = seen.shape.fill_down;
    if (std::find(filled.begin(), filled.end(), column.heading) != filled.end()) add(OfFile::repeats_above);
    if (column.per_cent > 0) add(OfFile::per_cent_cells, std::to_string(column.per_cent));
    for (const auto& [key, value] : written(column.form)) out.push_back(fmt::format("{}: {}", key, value));
    if (column.kind == Look::Kind::number && !column.words.empty()) add(OfFile::not_numbers, listed(column.words, 4));
    if (!column.to_translate.empty())
        add(OfFile::to_translate, std::to_string(column.to_translate.size()));
    else if (column.kind == Look::Kind::text && !column.words.empty() && !column.distinct)
        add(OfFile::n_words, std::to_string(column.words.size()));
    if (column.long_digits > 0) add(OfFile::long_digits, std::to_string(column.long_digits));
    if (!column.nearest.empty()) add(OfFile::feeds_nothing, column.nearest);
    return fmt::format("{}", fmt::join(out, "; "));
}

/// For programs; people get it in their language.
std::string kind_word(Look::Kind kind, Language language = Language::en) {
    switch (kind) {
        case Look::Kind::number: return say(OfFile::type_number, language);
        case Look::Kind::date: return say(OfFile::type_date, language);
        case Look::Kind::text: return say(OfFile::type_text, language);
        default: return "";
    }
}

std::string table_of_columns(const io::Inspection& seen, Language language) {
    std::vector<std::vector<std::string>> rows{{"", say(OfFile::heading, language), say(OfFile::input, language),
                                                say(OfFile::type, language), say(OfFile::cells_heading, language),
                                                say(OfFile::blank_heading, language), say(OfFile::how_read, language)}};
    for (std::size_t i = 0; i < seen.columns.size(); ++i) {
        const auto& column = seen.columns[i];
        rows.push_back({io::column_name(i), column.heading, column.input, kind_word(column.kind, language),
                        std::to_string(column.cells), std::to_string(column.blank), how_read(column, seen, language)});
    }
    using Align = audit::Align;
    return audit::table_text(
        std::move(rows), {Align::left, Align::left, Align::left, Align::left, Align::right, Align::right, Align::left},
        2);
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
    if (column.less_than) form.emplace_back("less than", "?");
    if (form.empty()) return yaml_scalar(column.heading);
    std::string out = "{column: " + yaml_scalar(column.heading);
    for (const auto& [key, value] : form) out += fmt::format(", {}: {}", key, value);
    return out + "}";
}

/// How the figures of all columns are written together: turned tables have no columns to say it for.
std::string form_of_all(const io::Inspection& seen) {
    CellForm all;
    for (const auto& column : seen.columns) {
        if (column.kind != Look::Kind::number) continue;
        for (const auto& [word, member] : cell_words) all.*member = all.*member || column.form.*member;
        for (const auto& mark : column.marks)
            if (std::find(all.marks.begin(), all.marks.end(), mark) == all.marks.end()) all.marks.push_back(mark);
    }
    all.percent = false;  // of some of the indicators, perhaps, and never of all
    std::string out;
    for (const auto& [key, value] : written(all)) out += fmt::format("    {}: {}\n", key, value);
    return out;
}

bool is_role(const Look& column, const io::Inspection& seen) {
    const auto& name = column.heading;
    return name == seen.id || name == seen.year || name == seen.shape.names_in || name == seen.shape.values_in ||
           name == seen.shape.unit_in;
}

/// Words that nobody but the reader can match: `region: {东部: ?}     # East, West`.
std::string translations(const io::Inspection& seen) {
    std::string out;
    for (const auto& column : seen.columns) {
        if (column.to_translate.empty()) continue;
        std::vector<std::string> words;
        for (const auto& word : column.to_translate) words.push_back(yaml_scalar(word) + ": ?");
        out += fmt::format("      {}: {{{}}}     # {}\n", yaml_scalar(column.input), fmt::join(words, ", "),
                           fmt::join(column.input_words, ", "));
    }
    return out.empty() ? out : "    translate:\n" + out;
}

std::string block(const io::Inspection& seen, const std::string& dataset, Language language) {
    auto out = fmt::format("datasets:\n  {}:\n", yaml_scalar(dataset));
    const bool table = seen.of == io::Inspection::Of::table;
    for (const auto& [key, value] : written(seen.shape))
        out += fmt::format("    {}: {}\n", table && key == "sheet" ? "table" : key, value);
    out += fmt::format("    id: {}\n", seen.id.empty() ? "?" : yaml_scalar(seen.id));
    if (!seen.year.empty()) out += fmt::format("    year: {}\n", yaml_scalar(seen.year));
    std::string columns;
    std::vector<std::string> ignored;
    const bool turned = seen.shape.years_in_columns || !seen.shape.names_in.empty();
    std::set<std::string> inputs;
    // Which input a heading feeds only a person knows, where no name and no title says it.
    constexpr std::ptrdiff_t few = 12;
    const auto unknown = std::count_if(seen.columns.begin(), seen.columns.end(),
                                       [&](const Look& c) { return c.input.empty() && !is_role(c, seen); });
    const bool ask = !seen.unfed.empty() && unknown <= few;
    for (const auto& column : seen.columns) {
        if (turned || is_role(column, seen) || column.joined > 0 || column.heading.empty() ||
            (column.kind == Look::Kind::empty && column.no_result == 0))
            continue;
        if (column.input.empty() && ask)
            columns += fmt::format("      ?: {}\n", column_entry(column));
        else if (column.input.empty())
            ignored.push_back(column.heading);
        else if (inputs.insert(column.input).second)
            columns += fmt::format("      {}: {}\n", yaml_scalar(column.input), column_entry(column));
    }
    if (!columns.empty()) out += "    columns:\n" + columns;
    if (!ignored.empty()) {
        for (auto& name : ignored) name = yaml_scalar(name);
        out += fmt::format("    ignore: [{}]\n", fmt::join(ignored, ", "));
    }
    if (turned) out += form_of_all(seen);
    const auto words = missing_words(seen);
    if (!words.empty()) {
        out += "    missing codes:\n";
        for (const auto& word : words)
            if (const auto known = seen.missing_codes.find(word); known != seen.missing_codes.end())
                out += fmt::format("      {}: {}\n", yaml_scalar(word), feel::to_string(known->second));
            else
                out +=
                    fmt::format("      {}: ?     # {}\n", yaml_scalar(word), say(OfFile::kinds_of_missing, language));
    }
    return out + translations(seen);
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

std::string where_things_are(const io::Inspection& seen, Language language) {
    using Of = io::Inspection::Of;
    std::string out;
    for (const auto& [first, last, what] : seen.spans)
        out += fmt::format("  {} {}  {}\n", say(seen.of == Of::text ? OfFile::line : OfFile::row, language),
                           padded(first == last ? std::to_string(first) : fmt::format("{}-{}", first, last), 9),
                           for_terminal(what));
    const auto add = [&](OfFile word, const std::vector<std::string>& names) {
        if (!names.empty()) out += "  " + for_terminal(say(word, language, {{"names", listed(names, 12)}})) + "\n";
    };
    add(OfFile::every_sheet, seen.sheets_of_years);
    add(seen.of == Of::table ? OfFile::other_tables : OfFile::other_sheets, seen.other_sheets);
    return out;
}

std::string text_of(const io::Inspection& seen, const std::string& dataset, Language language) {
    const auto rows =
        say(seen.records == 1 ? OfFile::rows_1 : OfFile::rows, language, {{"n", std::to_string(seen.records)}});
    const auto sheet = seen.of == io::Inspection::Of::table ? OfFile::of_table : OfFile::on_sheet;
    auto out =
        say(OfFile::looked_at, language,
            {{"file", for_terminal(seen.file)}, {"rows", rows}, {"columns", std::to_string(seen.columns.size())}}) +
        (seen.sheet.empty() ? "" : say(sheet, language, {{"sheet", for_terminal(seen.sheet)}})) + "\n";
    const auto section = [&](OfFile word) { return "\n" + say(word, language) + "\n"; };
    if (!seen.encodings.empty()) {
        out += section(OfFile::not_utf8);
        for (const auto& [encoding, sample] : seen.encodings)
            out += fmt::format("  {}  {}\n", padded(encoding, 14), for_terminal(sample));
    }
    out += section(OfFile::what_is_where) + where_things_are(seen, language);
    out += section(OfFile::columns) + table_of_columns(seen, language);
    out += section(OfFile::first_rows) + first_rows(seen);
    if (!seen.checked.empty() || !seen.doubts.empty() || !seen.unfed.empty()) out += section(OfFile::checked);
    for (const auto& line : seen.checked) out += "  ✓  " + for_terminal(line) + "\n";
    for (const auto& line : seen.doubts) out += "  ?  " + for_terminal(line) + "\n";
    if (!seen.unfed.empty())
        out += "  ?  " +
               say(OfFile::unfed, language,
                   {{"n", std::to_string(seen.unfed.size())}, {"names", for_terminal(listed(seen.unfed, 12))}}) +
               "\n";
    return out + section(OfFile::paste) + block(seen, dataset, language);
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
    return {
        {"file", seen.file},     {"sheet", seen.sheet},          {"encodings", encodings},
        {"spans", spans},        {"columns", columns},           {"checked", seen.checked},
        {"doubts", seen.doubts}, {"shape", written(seen.shape)}, {"declaration", block(seen, dataset, Language::en)}};
}

io::KnownInputs known_inputs(const model::RuleSet& rules, const std::string& dataset) {
    io::KnownInputs out{dataset_named(rules, dataset), {}};
    for (const auto& input : rules.inputs)
        for (const auto& [language, title] : input.title.by_language) out.by_title.emplace(title, input.name);
    return out;
}

int run(const InspectOptions& options, const Global& global) {
    Diagnostics found;
    std::optional<io::KnownInputs> known;
    if (!options.rules.empty()) known = known_inputs(*load_rules(options.rules, found)->rules, options.dataset);
    const auto bytes = file_bytes(options.file);
    if (!bytes) {
        Location where;
        where.file = options.file;
        throw InputError({Kind::unreadable_file, "the file cannot be read", std::move(where), "", "check the path"});
    }
    Diagnostics data;
    const auto language = language_of(global);
    const auto seen = io::inspect(options.file, *bytes, options.sheet, known ? &*known : nullptr,
                                  global.json() ? Language::en : language, data);
    if (data.has_errors()) throw InputError(std::move(data));
    const auto dataset = known ? known->schema.dataset : std::string("main");
    std::cout << (global.json() ? json_of(seen, dataset).dump(2) + "\n" : text_of(seen, dataset, language));
    return Exit::fine;
}

}  // namespace

void add_inspect(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(app, global, "inspect", "Looks at a data file, and proposes the declaration that reads it.",
                           "  zoneval inspect examples/hightech-zones/zones-2024.csv --rules "
                           "examples/hightech-zones/assessment.yaml\n"
                           "Nothing is stored. What it proposes is a guess: read it before you paste it.");
    auto o = std::make_shared<InspectOptions>();
    sub->add_option("file", o->file, "CSV, XLSX, JSON lines, SQLite; Parquet and DuckDB where `duckdb` is there")
        ->required();
    sub->add_option("--rules", o->rules, "rule file whose inputs the columns may feed");
    sub->add_option("--dataset", o->dataset, "which of the rule set's datasets the file is");
    sub->add_option("--sheet,--table", o->sheet,
                    "of a workbook or a database (default: the first sheet, the only table)");
    sub->add_option("--lang", global.language, "language of words")->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
