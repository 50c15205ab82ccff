// Records that go on under other names.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/model/read_definitions.hpp"

namespace zoneval::model {

namespace {

std::vector<std::string> names(MapReader& map, std::string_view key) {
    constexpr std::string_view wanted = "a name, or a list of names";
    const auto* node = map.require(key);
    if (!node) return {};
    if (node->is_scalar()) return {node->scalar};
    std::vector<std::string> out;
    if (!node->is_sequence() || node->items.empty()) map.wrong(*node, key, std::string(wanted));
    for (const auto& item : node->items) {
        if (!item.is_scalar()) map.wrong(item, key, std::string(wanted));
        out.push_back(item.scalar);
    }
    return out;
}

void read_succession(const Yaml& item, const std::string& context, RuleSet& rules, Diagnostics& diagnostics) {
    MapReader map(item, context, diagnostics);
    Succession out;
    out.source = item.source;
    out.span = item.span;
    out.from = names(map, "from");
    out.to = names(map, "to");
    if (map.require("on")) out.on = map.date("on").value_or(feel::Date{});
    out.history_of = map.text("history of");
    map.finish();
    const auto* to = item.is_mapping() ? item.find("to") : nullptr;
    if (out.from.size() > 1 && out.to.size() > 1)
        map.wrong(*to, "to", "one name, where several become one", "write a line for each new record");
    if (const auto* of = item.is_mapping() ? item.find("history of") : nullptr;
        of && !out.history_of.empty() && std::find(out.from.begin(), out.from.end(), out.history_of) == out.from.end())
        map.wrong(*of, "history of", fmt::format("one of {}", fmt::join(out.from, ", ")));
    rules.successions.push_back(std::move(out));
}

}  // namespace

void read_successions(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics) {
    if (!section.is_sequence()) {
        MapReader(section, "a rule set", diagnostics)
            .wrong(section, "successions", "a list, e.g. `- {from: Old Park, to: New Park, on: 2024-03-01}`");
        return;
    }
    std::size_t number = 0;
    for (const auto& item : section.items)
        read_succession(item, fmt::format("succession {}", ++number), rules, diagnostics);
}

}  // namespace zoneval::model
