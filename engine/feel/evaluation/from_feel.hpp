// The way back from Value::to_feel.
#pragma once

#include <string_view>

#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

/// The value that a FEEL literal stands for; null where it is none, and for "".
Value from_feel(std::string_view text);

}  // namespace zoneval::feel
