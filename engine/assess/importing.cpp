#include "engine/assess/importing.hpp"

namespace zoneval::assess {

namespace {

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
    if (name.empty() && names.size() > 1) return NoDataset{NoDataset::Why::several, std::move(names)};
    if (auto schema = model::dataset_schema(rules, name)) return std::move(*schema);
    if (names.empty()) names.push_back(rules.record);
    return NoDataset{NoDataset::Why::unknown, std::move(names)};
}

std::vector<io::ImportedRows> read_files(const std::vector<std::string>& files, const DatasetSchema& schema,
                                         const io::ReadOptions& options, Diagnostics& diagnostics,
                                         const TellFile& tell) {
    Diagnostics found;
    std::vector<io::ImportedRows> out;
    for (const auto& file : files) {
        auto how = options;
        how.work = on_file(options.work, file, tell);
        how.work.tell(0, 0);
        out.push_back(io::read_rows(file, schema, how, found));
    }
    if (found.has_errors()) throw InputError(std::move(found));
    diagnostics.append(std::move(found));
    return out;
}

std::vector<Imported> store_files(store::Store& store, std::vector<io::ImportedRows> files, const DatasetSchema& schema,
                                  const std::string& note, const Work& work, const TellFile& tell) {
    std::vector<Imported> out;
    for (auto& rows : files) {
        const auto how = on_file(work, rows.file, tell);
        how.tell(0, 0);
        out.push_back({rows.file, rows.records.size(), store.import(rows, schema, note, how)});
        rows = {};
    }
    return out;
}

}  // namespace zoneval::assess
