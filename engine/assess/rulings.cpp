#include "engine/assess/rulings.hpp"

#include "engine/feel/evaluation/from_feel.hpp"

namespace zoneval::assess {

Rulings::Rulings(const std::vector<store::Ruling>& all) {
    for (const auto& ruling : all) newest_.insert_or_assign({ruling.year, ruling.decision, ruling.record}, ruling);
}

bool Rulings::any(std::int32_t year, const std::string& decision) const {
    const auto first = newest_.lower_bound({year, decision, ""});
    return first != newest_.end() && std::get<0>(first->first) == year && std::get<1>(first->first) == decision;
}

std::vector<std::string> Rulings::records(std::int32_t year, const std::string& decision) const {
    std::vector<std::string> out;
    for (auto found = newest_.lower_bound({year, decision, ""}); found != newest_.end(); ++found) {
        const auto& [of_year, of_decision, record] = found->first;
        if (of_year != year || of_decision != decision) break;
        out.push_back(record);
    }
    return out;
}

const store::Ruling* Rulings::standing(std::int32_t year, const std::string& record, const std::string& decision,
                                       bool settled) const& {
    const auto found = newest_.find({year, decision, record});
    return found != newest_.end() && (!settled || found->second.over_rules) ? &found->second : nullptr;
}

std::string shown_outcome(const std::string& feel_text) {
    return feel_text.empty() ? "undetermined" : feel::from_feel(feel_text).to_string();
}

}  // namespace zoneval::assess
