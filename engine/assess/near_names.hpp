// Names that could be slips: of what is to be stored, against each other and what is known. Asked before anything is.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/io/reading/import.hpp"
#include "engine/store/store.hpp"

namespace zoneval::assess {

/// Adds ZV412 for names new to the store that look like a known one or like another new one, unless they are among
/// `accepted`; ZV413 for records of the year before that have no row in a year the files bring. `store` may be null:
/// then nothing is known yet.
void compare_names(const store::Store* store, const std::vector<io::ImportedRows>& files, const DatasetSchema& schema,
                   const std::vector<std::string>& accepted, Diagnostics& diagnostics);

/// Pairs of names of two lists that a reader takes for one.
std::vector<std::pair<std::string, std::string>> near_pairs(const std::vector<std::string>& names,
                                                            const std::vector<std::string>& others);

}  // namespace zoneval::assess
