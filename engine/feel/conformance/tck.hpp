// Runs cases of the DMN TCK in their line-by-line JSON form: FEEL expressions, decision tables and small graphs
// of both.
#pragma once

#include <string>
#include <string_view>

namespace zoneval::feel {

/// One record gives one line: {"id":…, "value":…} with a typed value such as {"number":"1.1"}; whatever goes
/// wrong in the case gives {"null":true}. What could not be read is told in "error", so that it does not pass for a
/// null that was computed; a line that is no case also gives "id":null.
std::string run_case(std::string_view json_line);

}  // namespace zoneval::feel
