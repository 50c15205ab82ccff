// Values to and from the columns that kernels work on. Not for other folders.
#pragma once

#include "engine/exec/columns/program.hpp"

namespace zoneval::exec {

/// What a null goes back to.
Mask mask_of(const feel::Value& value);
/// The one kind of missing data that such nulls go back to; nullopt: several, or something else.
std::optional<feel::Missing> one_kind(Mask mask);

/// Fills a column with values that are nulls or of one kind (number, string, boolean, date); false when they are not,
/// or are beyond what columns hold.
bool fill_column(NodeColumn& column, feel::Type::Kind kind, const std::vector<feel::Value>& values,
                 StringCodes& strings);

/// Puts an exactly known value in a column that a program has written.
void put_value(NodeColumn& column, std::size_t record, const feel::Value& value, StringCodes& strings);

/// The value of a record that is not null, of a column that is exact.
feel::Value value_in(const NodeColumn& column, std::size_t record, const StringCodes& strings);

}  // namespace zoneval::exec
