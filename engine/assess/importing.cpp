#include "engine/assess/importing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "engine/assess/near_names.hpp"

namespace zoneval::assess {

namespace {

/// A folder stands for the data files in it, by name. Databases in it are none: the store may be beside them.
std::vector<std::string> files_of(const std::string& path) {
    constexpr std::array endings = {".csv", ".tsv", ".xlsx", ".jsonl", ".ndjson", ".parquet"};
    const auto known = [&](const std::string& ending) {
        return std::find(endings.begin(), endings.end(), ending) != endings.end();
    };
    if (!std::filesystem::is_directory(path)) return {path};
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
        auto ending = entry.path().extension().string();
        for (auto& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        // Spreadsheet programs leave `~$name.xlsx` beside a file that is open.
        const bool lock = entry.path().filename().string().starts_with("~$");
        if (entry.is_regular_file() && !lock && known(ending)) out.push_back(entry.path().string());
    }
    std::sort(out.begin(), out.end());
    if (out.empty()) {
        Location where;
        where.file = path;
        throw InputError({Kind::unreadable_file,
                          fmt::format("the folder holds no file of {}", fmt::join(endings, ", ")), std::move(where), "",
                          "name the files one by one"});
    }
    return out;
}

/// Codes of the dataset that no file has: perhaps they are misspelt.
void note_unused_codes(const std::vector<io::ImportedRows>& files, const DatasetSchema& schema,
                       Diagnostics& diagnostics) {
    std::vector<std::string> unused;
    for (const auto& [code, kind] : schema.missing_codes)
        if (std::none_of(files.begin(), files.end(),
                         [&, &code = code](const auto& rows) { return rows.codes.contains(code); }))
            unused.push_back(code);
    if (unused.empty() || files.empty()) return;
    Location where;
    where.file = files.back().file;
    diagnostics.add({Kind::unused_code,
                     fmt::format("of `missing codes`, `{}` never occur{}", fmt::join(unused, "`, `"),
                                 unused.size() == 1 ? "s" : ""),
                     std::move(where), "", ""});
}

/// A row that does not say whose it is, or of which day, has no place.
void refuse_rows_without_place(const io::ImportedRows& rows, const DatasetSchema& schema, Diagnostics& found) {
    for (const auto& name : schema.filled) {
        const auto column =
            std::find_if(rows.columns.begin(), rows.columns.end(), [&](const Column& c) { return c.name() == name; });
        for (std::size_t i = 0; i < rows.records.size(); ++i) {
            if (column != rows.columns.end() && column->missing(i) == feel::Missing::none) continue;
            Location where;
            where.file = rows.file;
            where.sheet = rows.sheet;
            where.line = rows.lines[i];
            found.add({Kind::bad_cell, fmt::format("`{}` of {} is empty", name, rows.records[i]), std::move(where),
                       fmt::format("a cell of `{}` in every row: without it the row belongs nowhere", name), ""});
        }
    }
}

/// The same work, told about as work on a file.
Work on_file(Work work, const std::string& file, const TellFile& tell) {
    if (tell) {
        tell(file, 0, 0);
        work.progress = [&file, &tell](std::size_t done, std::size_t total) { tell(file, done, total); };
    }
    return work;
}

}  // namespace

std::variant<DatasetSchema, NoDataset> choose_dataset(const model::RuleSet& rules, const std::string& name) {
    auto names = model::dataset_names(rules);
    // The one that feeds the rule set's own records need not be named.
    const auto own = std::count_if(rules.datasets.begin(), rules.datasets.end(),
                                   [](const model::Dataset& dataset) { return dataset.of.empty(); });
    if (name.empty() && own > 1) return NoDataset{NoDataset::Why::several, std::move(names)};
    if (auto schema = model::dataset_schema(rules, name)) return std::move(*schema);
    if (names.empty()) names.push_back(rules.record);
    return NoDataset{NoDataset::Why::unknown, std::move(names)};
}

std::vector<io::ImportedRows> read_files(const std::vector<std::string>& files, const DatasetSchema& schema,
                                         const io::ReadOptions& options, Diagnostics& diagnostics,
                                         const TellFile& tell) {
    Diagnostics found;
    std::vector<io::ImportedRows> out;
    for (const auto& path : files)
        for (const auto& file : files_of(path))
            for (const auto& sheet : options.sheet.empty() ? io::sheets_of(file, schema.shape.sheets, found)
                                                           : std::vector<std::string>{options.sheet}) {
                auto how = options;
                how.sheet = sheet;
                how.work = on_file(options.work, file, tell);
                how.work.tell(0, 0);
                out.push_back(io::read_rows(file, schema, how, found));
                refuse_rows_without_place(out.back(), schema, found);
            }
    if (found.has_errors()) throw InputError(std::move(found));
    note_unused_codes(out, schema, found);
    diagnostics.append(std::move(found));
    return out;
}

namespace {

/// A file read otherwise than when it was imported before may be meant to say otherwise, or may be an old one by
/// mistake: nobody but who imports it knows.
void refuse_setting_back(const FileChanges& file) {
    Location where;
    where.file = file.file;
    where.sheet = file.sheet;
    throw InputError({Kind::sets_back,
                      fmt::format("the same file was imported as revision {} on {}, under other declarations; now it "
                                  "would change {} figures that are stored",
                                  file.before->batch.revision, file.before->batch.imported_at.substr(0, 10),
                                  file.corrected + file.withdrawn),
                      std::move(where), "", "--dry-run lists them; --again stores the file, and its figures count"});
}

}  // namespace

std::vector<Imported> store_files(store::Store& store, std::vector<io::ImportedRows> files, const DatasetSchema& schema,
                                  const StoringOptions& options, Diagnostics& diagnostics) {
    auto writing = store.write();
    Diagnostics found;
    compare_names(&store, files, schema, options.new_names, found);
    if (found.has_errors()) throw InputError(std::move(found));
    std::vector<Imported> out;
    for (auto& rows : files) {
        const auto how = on_file(options.work, rows.file, options.tell);
        how.tell(0, 0);
        auto& one = out.emplace_back(Imported{changes(&store, rows, schema, Listed::counts_only)});
        const auto& before = one.changes.before;
        one.is_new = !before || !before->same_reading || options.again;
        if (before && !options.again && !before->same_reading && one.changes.corrected + one.changes.withdrawn > 0)
            refuse_setting_back(one.changes);
        one.revision = one.is_new ? store.import(rows, schema, options.note, how) : before->batch.revision;
        rows = {};
    }
    writing.commit();
    diagnostics.append(std::move(found));
    return out;
}

}  // namespace zoneval::assess
