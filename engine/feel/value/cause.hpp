// Why values are null: trees whose leaves are missing data or failed operations. Facts, not words: engine/wording says
// them.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/diag/source.hpp"
#include "engine/feel/value/missing.hpp"
#include "engine/feel/value/reason.hpp"
#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

struct Cause {
    Fact fact;
    SourcePtr source;  ///< where it happened, if in an expression
    Span span;
    Missing missing = Missing::none;  ///< set on the leaf for a missing datum
    std::vector<CausePtr> because;
    std::vector<Value> possible;       ///< values still possible; empty: not known
    std::optional<Decimal> low, high;  ///< of a number: bounds, inclusive, where there are any
    /// Found once, when the cause is made by make_cause: trees share parts, so walking them could take for ever.
    struct Summary {
        Missing kind = Missing::none;
        int depth = 0;
    };
    std::optional<Summary> summary;
};
/// Finishes a cause: drops repeated reasons, bounds the depth and notes the summary.
CausePtr make_cause(Cause cause);
/// Null for that reason.
Value null_because(Fact fact, std::vector<CausePtr> because = {});
/// The kind of missing datum a null goes back to: the first found, depth first, where a datum that is merely not
/// applicable counts only if everything the null goes back to is; or none.
Missing missing_kind(const CausePtr& cause);
/// The leaves of the tree, depth first, each once: what would have to be settled.
std::vector<CausePtr> leaves(const CausePtr& cause);

}  // namespace zoneval::feel
