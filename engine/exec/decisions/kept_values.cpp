#include "engine/exec/decisions/kept_values.hpp"

#include <algorithm>

namespace zoneval::exec {

KeptValues::KeptValues(const graph::Graph& graph, const std::vector<graph::NodeId>& changing)
    : stays_(graph.nodes.size(), true), place_(graph.nodes.size()) {
    for (const auto id : changing) stays_[at(id)] = false;
    stays_[at(graph.tested)] = false;
    for (const auto id : graph.order) {
        const auto& node = graph.node(id);
        const auto* history = std::get_if<graph::HistoryForm>(&node.form);
        const bool of_changing =
            std::any_of(node.uses.begin(), node.uses.end(), [&](graph::NodeId used) { return !stays_[at(used)]; });
        if (of_changing || (history && history->list && !stays_[at(history->of)])) stays_[at(id)] = false;
    }
    for (std::size_t i = 0; i < stays_.size(); ++i)
        if (stays_[i]) place_[i] = staying_++;
}

KeptValues::Node* KeptValues::find(graph::NodeId node, std::size_t record) {
    constexpr std::size_t most = 250'000;  // nodes of records, some hundred bytes each
    const auto found = records_.find(record);
    if (found == records_.end() && (records_.size() + 1) * staying_ > most) return nullptr;
    auto& nodes = found != records_.end() ? found->second : records_[record];
    if (nodes.empty()) nodes.resize(staying_);
    return &nodes[place_[at(node)]];
}

}  // namespace zoneval::exec
