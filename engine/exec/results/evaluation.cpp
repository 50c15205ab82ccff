#include "engine/exec/results/evaluation.hpp"

#include <algorithm>

#include "engine/feel/evaluation/eval.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::exec {

using feel::Value;

std::optional<std::size_t> Rows::find(std::size_t row) const {
    if (all_) return row < count_ ? std::optional(row) : std::nullopt;
    const auto place = std::lower_bound(picked_.begin(), picked_.end(), row);
    if (place == picked_.end() || *place != row) return std::nullopt;
    return static_cast<std::size_t>(place - picked_.begin());
}

std::optional<std::size_t> Evaluation::find(std::string_view wanted) const {
    const auto row = table->row(wanted);
    return row ? rows.find(*row) : std::nullopt;
}

std::vector<graph::NodeId> read_later(const graph::Graph& graph) {
    std::vector<bool> wanted(graph.nodes.size());
    for (const auto& node : graph.nodes) {
        if (node.kept) wanted[static_cast<std::size_t>(node.id)] = true;
        const auto* history = std::get_if<graph::HistoryForm>(&node.form);
        if (history && graph::decision_of(graph.node(history->of)))
            wanted[static_cast<std::size_t>(history->of)] = true;
    }
    std::vector<graph::NodeId> out;
    for (const auto& node : graph.nodes)
        if (wanted[static_cast<std::size_t>(node.id)]) out.push_back(node.id);
    return out;
}

const model::Parameter::Dated* in_force(const model::Parameter& parameter, feel::Date day) {
    if (parameter.until && *parameter.until < day) return nullptr;
    const model::Parameter::Dated* found = nullptr;
    for (const auto& value : parameter.values)
        if (!value.from || *value.from <= day) found = &value;
    return found;
}

std::string display(const Value& value, const std::optional<int>& decimals) {
    return wording::show(value, {decimals, ""}, wording::Language::en);
}

}  // namespace zoneval::exec
