// Of the libraries and data that a verdict may depend on.
#pragma once

#include <string>

namespace zoneval::command {

std::string versions();  ///< a line each

}  // namespace zoneval::command
