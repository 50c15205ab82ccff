// Columns by the Arrow C data interface.
#pragma once

#include "engine/assess/results.hpp"
#include "zoneval/arrow.hpp"

namespace zoneval::api {

/// Writes both structs, which the caller releases. Strings, metadata and buffers are copies held by them. Either both
/// are written or, when this throws, neither.
void export_results(const assess::Assessment& assessment, const std::vector<assess::ResultColumn>& columns,
                    std::string_view language, ArrowSchema* schema, ArrowArray* array);

}  // namespace zoneval::api
