// Any rule file: reading ends, and what it accepts as expressions, boxed ones too, parses or is refused with a reason.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/syntax/print.hpp"
#include "engine/model/load.hpp"
#include "engine/wording/say.hpp"

using namespace zoneval;

namespace {

feel::Names names_of(const model::RuleSet& rules) {
    feel::Names out;
    for (const auto& input : rules.inputs) out.entries.push_back({input.name, nullptr});
    for (const auto& measure : rules.measures) out.entries.push_back({measure.name, nullptr});
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    Diagnostics found;
    const auto rules = model::load_ruleset(
        "fuzz.yaml", [&](const std::string& path) { return path == "fuzz.yaml" ? std::optional(text) : std::nullopt; },
        found);
    const auto names = names_of(rules);
    const std::vector<feel::Value> frame(names.entries.size(), feel::Value(feel::Decimal(3)));
    for (const auto& measure : rules.measures) {
        Diagnostics here;
        const auto tree = feel::parse_expression(measure.is, names, here);
        if (!tree && !here.has_errors()) std::abort();  // a refusal says why
        render_text(here, false);
        if (!tree) continue;
        feel::to_feel(*tree);
        if (!feel::same(*tree, *feel::clone(*tree))) std::abort();
        const auto value = feel::evaluate(*tree, frame, {feel::NullMeaning::unknown, measure.is.source});
        wording::render(value.cause(), wording::Language::en);
    }
    render_text(found, false);
    return 0;
}
