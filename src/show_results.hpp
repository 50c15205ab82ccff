// Results as commands ask for them.
#pragma once

#include "engine/report/usual.hpp"
#include "src/command.hpp"

namespace zoneval::command {

/// --lang. Throws CLI::ValidationError for a language that has no words.
wording::Language language_of(const Global& global);

using report::table_with_reasons;
using report::usual_columns;
using report::with_ends;

}  // namespace zoneval::command
