// Any bytes as a table of indicators beside a rule file: reading ends, with indicators or an error.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/model/load.hpp"

using namespace zoneval;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string table(reinterpret_cast<const char*>(data), size);
    Diagnostics found;
    const auto rules = model::load_ruleset(
        "r.yaml",
        [&](const std::string& path) -> std::optional<std::string> {
            if (path == "t.csv") return table;
            return "ruleset: r\nrecord: zone\ninputs: {people: {}}\nscores:\n  s:\n    indicators from: t.csv\n"
                   "    normalise: min-max\n    groups: {a: {weight: 2, groups: {b: }}, trade: }\n";
        },
        found);
    const bool any = !rules.scores.empty() &&
                     (!rules.scores.front().whole.groups.empty() || !rules.scores.front().whole.indicators.empty());
    if (!any && !found.has_errors()) std::abort();
    render_text(found, false);
    return 0;
}
