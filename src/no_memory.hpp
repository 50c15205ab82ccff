// Memory that is not there, where nobody catches it.
#pragma once

namespace zoneval::command {

/// Says so, and ends the process with exit code 4. What was not finished is not in the store: SQLite undoes it when the
/// file is next opened.
[[noreturn]] void end_without_memory();

/// From here on whoever calls catches: main.
void catch_what_is_thrown();

}  // namespace zoneval::command
