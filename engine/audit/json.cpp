#include "engine/audit/json.hpp"

namespace zoneval::audit {

namespace {

std::string_view to_string(exec::Holds holds) {
    static constexpr std::string_view words[] = {"no", "yes", "open"};
    return words[static_cast<std::size_t>(holds)];
}

std::string_view to_string(Condition::Asks asks) {
    static constexpr std::string_view words[] = {"limit", "one of", "none of", "there", "not there", "true"};
    return words[static_cast<std::size_t>(asks)];
}

}  // namespace

Json json_of(const Condition& c) {
    if (c.kind != Condition::Kind::one) {
        Json out = {{"met", to_string(c.holds)}};
        auto& parts = out[c.kind == Condition::Kind::all ? "all" : "any"] = Json::array();
        for (const auto& part : c.parts) parts.push_back(json_of(part));
        return out;
    }
    Json out = {{"met", to_string(c.holds)}, {"text", c.text}, {"subject", c.subject.title}};
    if (c.subject.year != 0) out["year"] = c.subject.year;
    out["asks"] = to_string(c.asks);
    out["found"] = c.found.is_null() ? Json() : Json(c.found.to_string());
    if (c.low) out["low"] = c.low->to_string();
    if (c.high) out["high"] = c.high->to_string();
    if (c.asks == Condition::Asks::limit) {
        out["compared"] = feel::spelling(c.compared);
        out["limit"] = c.limit.to_string();
    }
    if (!c.choices.empty()) {
        out["choices"] = Json::array();
        for (const auto& choice : c.choices) out["choices"].push_back(choice.to_string());
    }
    if (!c.unit.empty()) out["unit"] = c.unit;
    if (c.margin) out["margin"] = c.margin->to_string();
    if (c.below) {
        out["below"] = {{"now", c.below->now}, {"others", c.below->others}};
        if (c.below->otherwise) out["below"]["otherwise"] = *c.below->otherwise;
    }
    return out;
}

std::string dumped(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace); }

}  // namespace zoneval::audit
