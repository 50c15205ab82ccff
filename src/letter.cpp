#include "engine/report/letter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "engine/diag/terminal.hpp"
#include "engine/model/load.hpp"
#include "engine/report/pdf.hpp"
#include "engine/report/view.hpp"
#include "engine/report/whole_file.hpp"
#include "src/show_results.hpp"
#include "src/stored_runs.hpp"

namespace zoneval::command {

namespace {

namespace fs = std::filesystem;

struct LetterOptions {
    std::string record, store, pattern, output;
    audit::RunWanted run;
    bool all = false;

    /// Asked for, or told by the name of the file.
    bool pdf(const Global& global) const { return global.format == "pdf" || report::is_pdf_name(output); }
};

/// A file name of an id: what no file name holds everywhere becomes `_`.
std::string file_name(const std::string& record, const char* ending) {
    std::string out;
    for (const char c : record) {
        const bool plain = static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)) ||
                           c == '-' || c == '_' || (c == '.' && !out.empty());
        out += plain ? c : '_';
    }
    return out + ending;
}

std::optional<report::Template> own_template(const std::string& path) {
    if (path.empty()) return std::nullopt;
    const auto text = model::read_file_from_disk(path);
    if (!text)
        throw InputError(Diagnostic{Kind::unreadable_file,
                                    fmt::format("`{}` cannot be read", path),
                                    {},
                                    "a template in Markdown",
                                    "docs/results.md shows one"});
    return report::Template{fmt::format("`{}`", path), *text};
}

std::uint32_t record_named(const results::Table& table, const std::string& record) {
    const auto found = std::find(table.records.begin(), table.records.end(), record);
    if (found != table.records.end()) return static_cast<std::uint32_t>(found - table.records.begin());
    throw InputError(Diagnostic{Kind::no_run,
                                fmt::format("`{}` took no part in the assessment of {}", record, table.year),
                                {},
                                fmt::format("the id of a {}", table.graph->rules->record),
                                did_you_mean(record, table.records)});
}

/// Pages as HTML, or as PDF where a printer is given.
void write_letter(const std::string& path, const std::string& page, const std::optional<report::PdfPrinter>& printer) {
    if (printer)
        printer->print(page, path);
    else
        report::write_whole(path, page);
}

int all_letters(const LetterOptions& options, const report::PageData& data, const std::optional<report::Template>& own,
                const std::optional<report::PdfPrinter>& printer) {
    std::error_code error;
    fs::create_directories(options.output, error);  // whether it can be written to shows with the first letter
    std::map<std::string, std::string> names;
    for (std::uint32_t i = 0; i < data.table->size(); ++i) {
        const auto name = file_name(data.table->records[i], printer ? ".pdf" : ".html");
        const auto [place, is_new] = names.emplace(name, data.table->records[i]);
        if (!is_new)
            throw InputError(Diagnostic{Kind::cannot_write,
                                        fmt::format("the letters to `{}` and `{}` would have one file name, {}",
                                                    place->second, data.table->records[i], name),
                                        {},
                                        "ids that differ in letters and digits",
                                        "write one by one: zoneval letter RECORD --output FILE"});
        write_letter((fs::path(options.output) / name).string(),
                     report::letter_page(data, i, own ? *own : report::usual_template(data, i)), printer);
    }
    std::cout << fmt::format("{}: {} letters\n", options.output, report::with_commas(data.table->size()));
    return Exit::fine;
}

int run(const LetterOptions& options, const Global& global) {
    if (options.all == !options.record.empty()) throw CLI::ValidationError("letter", "the id of a record, or --all");
    if (options.all && options.output.empty())
        throw CLI::ValidationError("--all", "needs a folder to write to: --output FOLDER");
    if (options.pdf(global) && options.output.empty())
        throw CLI::ValidationError("--format", "a PDF needs a file to write to: --output FILE");
    const auto printer = options.pdf(global) ? std::optional<report::PdfPrinter>(std::in_place) : std::nullopt;
    const auto language = language_of(global);
    const auto own = own_template(options.pattern);
    const store::Store store(options.store, store::Store::Mode::to_read);
    const auto reading = store.read_sound();
    const auto assessment = made_again(store, stored_run(store, options.run));
    const auto columns = usual_columns(*assessment.graph, false);
    const auto table = table_with_reasons(assessment, columns, language, true);
    const report::PageData data{&assessment, &table, nullptr, with_ends(table, columns), {}, options.store, language};
    if (options.all) return all_letters(options, data, own, printer);
    const auto record = record_named(table, options.record);
    const auto by = own ? *own : report::usual_template(data, record);
    if (!options.output.empty()) {
        write_letter(options.output, report::letter_page(data, record, by), printer);
        std::cout << options.output << '\n';
        return Exit::fine;
    }
    const auto text = report::letter_markdown(data, record, by);
    for (std::size_t begin = 0; begin < text.size();) {  // line breaks are ours, the rest may not be obeyed
        const auto end = std::min(text.find('\n', begin), text.size());
        std::cout << for_terminal(text.substr(begin, end - begin)) << '\n';
        begin = end + 1;
    }
    return Exit::fine;
}

}  // namespace

void add_letter(CLI::App& app, Global& global, Action& action) {
    auto* sub =
        subcommand(app, global, "letter", "Writes a letter that tells a record its outcome.",
                   "  zoneval letter Invented-C22 --store build/demo.sqlite --year 2024\n"
                   "  zoneval letter Invented-C22 --store build/demo.sqlite --year 2024 --lang zh --output C22.html\n"
                   "  zoneval letter --all --store build/demo.sqlite --year 2024 --output letters\n"
                   "Without --output the Markdown is printed; with --format pdf, or a file named so, it is printed by\n"
                   "Chromium or WeasyPrint. docs/results.md shows how to write a template.",
                   {"text", "json", "pdf"});
    auto o = std::make_shared<LetterOptions>();
    sub->add_option("record", o->record, "id of the record (zone, park, firm)");
    sub->add_flag("--all", o->all, "a letter to every record, each a file of its own");
    sub->add_option("--store", o->store, "SQLite file")->required();
    sub->add_option("--output", o->output, "HTML or PDF file to write; with --all a folder");
    sub->add_option("--template", o->pattern, "Markdown with fields such as {outcome} (default: the usual letter)");
    auto* year = sub->add_option("--year", o->run.year, "year of the assessment (default: the last one assessed)");
    sub->add_option("--run", o->run.id, "a certain run, by its number")->excludes(year);
    sub->add_option("--ruleset", o->run.ruleset, "id of the rule set, if the store holds several");
    sub->add_option("--lang", global.language, "language of the letter: en, zh or ja")->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
