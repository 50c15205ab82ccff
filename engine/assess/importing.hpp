// Data files into a store: all of them, or nothing.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "engine/io/import.hpp"
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

struct Imported {
    std::string file;
    std::size_t rows = 0;
    std::int64_t revision = 0;
};
/// Stores them in their order, each in a transaction of its own; their memory is given back on the way.
std::vector<Imported> store_files(store::Store& store, std::vector<io::ImportedRows> files, const DatasetSchema& schema,
                                  const std::string& note, const Work& work, const TellFile& tell = {});

}  // namespace zoneval::assess
