// What a null means where values are compared: FEEL's own reading, and that of rule sets.
#pragma once

#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

enum class NullMeaning {
    /// DMN: `null = null` is true, `null = 1` is false, `if null` takes `else`.
    feel,
    /// Rule sets: a missing datum is unknown. A comparison (=, !=, <, between, in …) with a null that goes back to a
    /// missing datum (or to a failed operation) is unknown (null with that cause); `if` on an unknown condition is
    /// unknown unless both branches agree; comparing with the literal `null` asks whether the datum is missing and
    /// is always known. A datum that is *not applicable* is known to be absent: `=`, `<`, `in` … give false and
    /// `!=` gives true.
    unknown,
};

/// True for a null that is unknown under NullMeaning::unknown: it has a cause, and that is not a datum known
/// to be inapplicable.
bool is_unknown(const Value& value);

}  // namespace zoneval::feel
