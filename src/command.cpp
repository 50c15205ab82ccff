#include "src/command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "engine/graph/compile.hpp"
#include "engine/io/reading/table_file.hpp"
#include "engine/wording/findings.hpp"

namespace zoneval::command {

void expect_large_data() {
#ifdef __GLIBC__
    // What is freed is kept for what comes next, and the heap lies in large pages: a command that goes through hundreds
    // of megabytes would spend a fifth of its time being given pages and giving them back. Memory not used is not
    // taken.
    constexpr std::size_t large = std::size_t{1} << 30, page = 2 << 20;
    constexpr int most_told = 32 << 20;  // a larger threshold is refused, and then it is 128 KB
    mallopt(M_MMAP_THRESHOLD, most_told);
    mallopt(M_TRIM_THRESHOLD, large);
    if (void* const heap = std::malloc(large / 2)) {
        void* begin = heap;
        std::size_t room = large / 2;
        if (std::align(page, room - page, begin, room)) madvise(begin, large / 2 - page, MADV_HUGEPAGE);
        std::free(heap);
    }
#endif
}

CLI::App* subcommand(CLI::App& app, Global& global, const std::string& name, const std::string& description,
                     const std::string& examples, const std::vector<std::string>& formats) {
    auto* sub = app.add_subcommand(name, description);
    sub->footer("Examples:\n" + examples);
    const bool prints = std::find(formats.begin(), formats.end(), "pdf") != formats.end();
    sub->add_option("--format", global.format,
                    prints ? "text for people, json for programs, pdf to print" : "text for people, json for programs")
        ->check(CLI::IsMember(formats))
        ->capture_default_str();
    return sub;
}

std::shared_ptr<const graph::Graph> load_rules(const std::string& path, Diagnostics& diagnostics) {
    auto compiled = graph::compile(path, io::read_text_or_sheet);
    if (compiled.sound()) diagnostics.append(compiled.found);
    return graph::sound_graph(std::move(compiled));
}

DatasetSchema dataset_named(const model::RuleSet& rules, const std::string& name) {
    auto chosen = assess::choose_dataset(rules, name);
    if (auto* schema = std::get_if<DatasetSchema>(&chosen)) return std::move(*schema);
    const auto& none = std::get<assess::NoDataset>(chosen);
    const auto names = fmt::format("one of {}", fmt::join(none.names, ", "));
    if (none.why == assess::NoDataset::Why::several)
        throw InputError(
            Diagnostic{Kind::missing_key, "the rule set reads several datasets", {}, "--dataset with " + names, {}});
    throw InputError(Diagnostic{Kind::missing_key,
                                fmt::format("the rule set has no dataset `{}`", name),
                                {},
                                names,
                                did_you_mean(name, none.names)});
}

void report(const Diagnostics& diagnostics, const Global& global) {
    if (diagnostics.empty() && !global.json()) return;
    constexpr std::size_t most_read = 100, most_parsed = 1000;
    if (global.json())
        std::cout << render_json(diagnostics, most_parsed) << '\n';
    else
        std::cerr << render_text(diagnostics, may_colour(STDERR_FILENO), most_read, [&](Kind kind) {
            return wording::gist(kind, wording::language_from_string(global.language).value_or(wording::Language::en));
        });
}

std::vector<std::int32_t> parse_years(const std::string& text) {
    const auto year = [&](const std::string& part) {
        std::size_t used = 0;
        int value = 0;
        try {
            value = std::stoi(part, &used);
        } catch (const std::exception&) {
            used = 0;
        }
        if (used != part.size() || part.empty())
            throw CLI::ValidationError("--year",
                                       fmt::format("`{}` is not a year, a range 2021..2024 or a list 2021,2023", text));
        return value;
    };
    std::vector<std::int32_t> out;
    if (const auto dots = text.find(".."); dots != std::string::npos) {
        const auto from = year(text.substr(0, dots)), until = year(text.substr(dots + 2));
        if (until < from || until - from > 500)
            throw CLI::ValidationError("--year", fmt::format("`{}` is not a range of years", text));
        for (auto y = from; y <= until; ++y) out.push_back(y);
        return out;
    }
    for (const auto& part : CLI::detail::split(text, ','))
        if (const auto next = year(part); std::find(out.begin(), out.end(), next) == out.end()) out.push_back(next);
    return out;
}

}  // namespace zoneval::command
