// What a run says of one record, in one line that never changes: the leaves of the tree that a seal publishes.
//
//   {"zoneval verdict":1,"ruleset":"…","year":2023,"record":"Z1",
//    "decisions":{"verdict":{"ending":"fired","value":"\"commend\"","rule":"…","because":"…"}},"values":{"overall":"91.2","x":null}}
//
// One line of JSON without blanks, keys in this order, decisions and kept values in the run's; values are FEEL texts. A
// decision that people ruled on says so: "ruled":{"outcome":…,"by":…,"reason":…,"document_sha256":…}.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/seal/merkle.hpp"
#include "engine/store/store.hpp"

namespace zoneval::seal {

/// Calls for each record of a whole run, in its order. `rulings`: those of its rule set up to the one to be considered.
void each_verdict_line(const store::Run& run, const std::vector<store::Ruling>& rulings,
                       const std::function<void(std::size_t record, std::string_view line)>& with);

MerkleTree verdict_tree(const store::Run& run, const std::vector<store::Ruling>& rulings);

}  // namespace zoneval::seal
