// Expressions as rule files write them: FEEL in one text, or boxed (DMN 1.5 clauses 7.3, 10.2.2) as YAML forms that
// nest.
#pragma once

#include <optional>
#include <string>

#include "engine/model/map_reader.hpp"

namespace zoneval::model {

/// `owner` says whose expression it is, in the words of the file: "measure `x`". nullopt when it cannot be read; every
/// reason is reported.
std::optional<feel::ExpressionText> read_expression(const Yaml& node, const std::string& owner,
                                                    Diagnostics& diagnostics);

}  // namespace zoneval::model
