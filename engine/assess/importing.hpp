// Data files into a store: all of them, or nothing.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "engine/assess/dry_run.hpp"
#include "engine/io/reading/import.hpp"
#include "engine/model/ruleset.hpp"
#include "engine/store/store.hpp"

namespace zoneval::assess {

/// Why no dataset could be chosen: none of that name, or several and none named.
struct NoDataset {
    enum class Why { unknown, several } why;
    std::vector<std::string> names;
};
/// What the files of a dataset must hold; with an empty name, of the only one the rule set has.
std::variant<DatasetSchema, NoDataset> choose_dataset(const model::RuleSet& rules, const std::string& name);

/// `done` of `total` records of a file; both 0 when it begins.
using TellFile = std::function<void(const std::string& file, std::size_t done, std::size_t total)>;

/// Reads every file before anything is done with any of them. Throws InputError with what is wrong in all of them.
/// Warnings and notes are added to `diagnostics`.
std::vector<io::ImportedRows> read_files(const std::vector<std::string>& files, const DatasetSchema& schema,
                                         const io::ReadOptions& options, Diagnostics& diagnostics,
                                         const TellFile& tell = {});

struct StoringOptions {
    std::string note{};                    ///< shown wherever the data are shown
    bool again = false;                    ///< store files that were imported before, too: their figures count again
    std::vector<std::string> new_names{};  ///< nearly equal a known one, and are others
    Work work{};
    TellFile tell{};
};

struct Imported {
    FileChanges changes;        ///< against what was stored before this file, files before it included
    std::int64_t revision = 0;  ///< that it is
    bool is_new = true;         ///< false: it was imported before, as that revision, and has changed nothing
};
/// Stores them in their order, all of them in one transaction, or throws and has stored none; their memory is given
/// back on the way. A file imported before is passed over, unless `again`: its figures may have been corrected since.
/// Throws InputError: ZV412 for near names (compare_names), ZV417 for a file that was imported before under other
/// declarations and would set figures back. Warnings and notes are added to `diagnostics`.
std::vector<Imported> store_files(store::Store& store, std::vector<io::ImportedRows> files, const DatasetSchema& schema,
                                  const StoringOptions& options, Diagnostics& diagnostics);

}  // namespace zoneval::assess
