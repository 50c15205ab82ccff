// Why values are null: trees whose leaves are missing data or failed operations.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diag/source.hpp"
#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

std::string_view to_string(Missing kind);  ///< "not reported", "not applicable", …
std::optional<Missing> missing_from_string(std::string_view text);

/// Why a value is null: a tree whose leaves are missing data or failed operations.
struct Cause {
    std::string message;  ///< "division by zero", "`GDP` is missing …"
    SourcePtr source;     ///< where it happened, if in an expression
    Span span;
    Missing missing = Missing::none;  ///< set on the leaf for a missing datum
    std::string subject;              ///< the missing datum's name, where it has one
    std::vector<CausePtr> because;
    std::vector<std::string> possible;  ///< FEEL texts of the values still possible; empty: not known
    /// Found once, when the cause is made by make_cause: trees share parts, so walking them could take for ever.
    struct Summary {
        Missing kind = Missing::none;
        int depth = 0;
    };
    std::optional<Summary> summary;
};
/// Finishes a cause: drops repeated reasons, bounds the depth and notes the summary.
CausePtr make_cause(Cause cause);
/// The kind of missing datum a null goes back to: the first found, depth first, where a datum that is merely not
/// applicable counts only if everything the null goes back to is; or none.
Missing missing_kind(const CausePtr& cause);
/// The leaves of the tree, depth first, each once: what would have to be settled.
std::vector<CausePtr> leaves(const CausePtr& cause);
/// The tree as indented lines, each with the expression it points at; what was shown before is not repeated.
std::string render(const CausePtr& cause);

}  // namespace zoneval::feel
