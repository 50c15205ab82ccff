#include "engine/assess/rulings.hpp"

#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/parsing/parse.hpp"

namespace zoneval::assess {

Rulings::Rulings(const std::vector<store::Ruling>& all) {
    for (const auto& ruling : all) newest_.insert_or_assign({ruling.year, ruling.decision, ruling.record}, ruling);
}

bool Rulings::any(std::int32_t year, const std::string& decision) const {
    const auto first = newest_.lower_bound({year, decision, ""});
    return first != newest_.end() && std::get<0>(first->first) == year && std::get<1>(first->first) == decision;
}

const store::Ruling* Rulings::standing(std::int32_t year, const std::string& record, const std::string& decision,
                                       bool settled) const& {
    const auto found = newest_.find({year, decision, record});
    return found != newest_.end() && (!settled || found->second.over_rules) ? &found->second : nullptr;
}

feel::Value read_outcome(const std::string& feel_text) {
    Diagnostics ignored;
    const auto expr = feel::parse_expression(feel::ExpressionText::of(feel_text), {}, ignored);
    return expr ? feel::evaluate(*expr, {}, {}) : feel::Value();
}

std::string shown_outcome(const std::string& feel_text) {
    return feel_text.empty() ? "undetermined" : read_outcome(feel_text).to_string();
}

}  // namespace zoneval::assess
