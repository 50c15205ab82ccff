// An evaluation by columns made again where nothing but some parameters, and what hangs on them, has changed.
#pragma once

#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/exec/decisions/kept_values.hpp"

namespace zoneval::exec {

/// `evaluation`: what evaluate_columns() made with ColumnOptions::only and `kept`. It becomes what that would make now;
/// who belongs to the cohort must not hang on what changes.
void evaluate_again(Evaluation& evaluation, const KeptValues& kept);

}  // namespace zoneval::exec
