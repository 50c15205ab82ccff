// Rule files to a rule set.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/diag/diagnostic.hpp"
#include "engine/model/ruleset.hpp"

namespace zoneval::model {

/// Gives the text of a file, or nullopt when it cannot be read. Files come from disk or, for an old run, from the
/// store.
using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;
std::optional<std::string> read_file_from_disk(const std::string& path);

/// Loads an entry file and what it imports (paths relative to the importing file). Reports every error it finds; the
/// rule set must not be used when there are errors.
RuleSet load_ruleset(const std::string& entry, const ReadFile& read, Diagnostics& diagnostics);

}  // namespace zoneval::model
