// What others, and ranks among them, feel of what is supposed.
#include <algorithm>

#include "engine/exec/reference/counterfactual_cohort.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Node;
using graph::NodeId;

namespace {

bool is_parameter(const Node& node) { return std::holds_alternative<graph::ParameterForm>(node.form); }

template <class T>
void add_bytes(const T& of, std::string& out) {
    out.append(reinterpret_cast<const char*>(&of), sizeof of);
}

/// Two values have the same bytes only where they are the same; a number written otherwise (1.0 and 1.00) has others.
void add_value(const Value& value, std::string& out) {
    if (const auto* number = value.number()) {
        const auto bits = number->bits();
        out += 'n';
        add_bytes(bits.low, out), add_bytes(bits.high, out);
        return;
    }
    const auto text = value.to_feel();
    out += 't';
    add_bytes(text.size(), out);
    out += text;
}

}  // namespace

/// A definition is near where no function over the cohort lies between what is supposed and it. What is not near reads
/// these, and nothing else, of what is supposed.
std::vector<Counterfactual::Felt> Counterfactual::what_is_felt(const Node& decision) const {
    std::vector<bool> behind(graph_.nodes.size()), near(graph_.nodes.size());
    for (const auto id : nodes_behind(graph_, decision)) behind[at(id)] = true;
    for (const auto& s : supposed_) near[at(s.node)] = true;
    for (const auto id : graph_.order) {
        const auto& node = graph_.node(id);
        if (reach_[at(id)] == Reach::none || near[at(id)] || std::holds_alternative<graph::CohortForm>(node.form))
            continue;
        near[at(id)] = std::all_of(node.uses.begin(), node.uses.end(),
                                   [&](NodeId used) { return reach_[at(used)] == Reach::none || near[at(used)]; });
    }
    std::vector<Felt> out;
    for (const auto id : graph_.order) {
        const auto& node = graph_.node(id);
        if (!behind[at(id)] || reach_[at(id)] == Reach::none || (near[at(id)] && id != decision.id)) continue;
        const auto* cohort = std::get_if<graph::CohortForm>(&node.form);
        for (const auto used : node.uses) {
            const bool by_place = cohort && graph::is_rank(cohort->function) && cohort->group != used;
            if (near[at(used)]) out.push_back({used, by_place ? id : -1});
        }
    }
    return out;
}

/// By its place where only the order counts: whatever lies between the same two of the others is the same to all.
bool Counterfactual::add_place(const Felt& felt, std::size_t record, std::string& out) {
    const auto& node = graph_.node(felt.rank);
    const auto& form = std::get<graph::CohortForm>(node.form);
    const auto* number = value(felt.node, record).number();
    if (!number || (form.group && !no_blank_behind(*form.group, record))) return false;
    const auto group = form.group ? value(*form.group, record) : Value();
    if (form.group && group.is_null()) return false;
    const auto [below, above] = cohort_->place_as_things_are(node, group, *number);
    out += 'p';
    add_bytes(below, out), add_bytes(above, out), add_value(group, out);
    return true;
}

std::optional<std::string> Counterfactual::felt(NodeId decision, std::size_t record) {
    spread();
    if (anew_ || blanks_ || supposed_.empty()) return std::nullopt;
    const bool own = supposed_.front().record.has_value();
    for (const auto& s : supposed_)
        if (s.record != (own ? std::optional(record) : std::nullopt)) return std::nullopt;
    if (!felt_) felt_ = what_is_felt(graph_.node(decision));
    std::string out;
    for (const auto& s : supposed_) add_bytes(s.node, out);
    for (const auto& felt : *felt_) {
        out += ':';
        add_bytes(felt.node, out);
        if (own && felt.rank >= 0 && add_place(felt, record, out)) continue;
        bool plain = true;  // what there is behind a null is not told by it
        const auto add = [&](std::size_t i) {
            const auto& is = value(felt.node, i);
            plain = plain && !is.is_null();
            add_bytes(i, out), add_value(is, out);
        };
        if (own || is_parameter(graph_.node(felt.node)))
            add(record);
        else
            for_each_reached(felt.node, std::nullopt, [&](std::size_t i) {
                if (!same_as_before(felt.node, i)) add(i);
            });
        if (!plain) return std::nullopt;
    }
    return out;
}

}  // namespace zoneval::exec
