#include "engine/exec/results/labels.hpp"

#include <algorithm>

#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Graph;
using graph::Node;

namespace {

/// What a node without labels only hands on.
struct Behind {
    const Graph* graph = nullptr;
    const Node* node = nullptr;
};

/// The name that an expression is, or that a branch of an `if` is: `if warned then null else finding` gives findings.
std::optional<graph::NodeId> handed_on(const feel::Expr& expression) {
    if (const auto* name = expression.as<feel::Name>())
        return name->slot >= 0 && name->items.empty() ? std::optional(name->slot) : std::nullopt;
    const auto* choice = expression.as<feel::If>();
    if (!choice) return std::nullopt;
    const auto then = handed_on(*choice->then);
    return then ? then : handed_on(*choice->otherwise);
}

Behind behind(const Graph& graph, const Node& node) {
    if (const auto* history = std::get_if<graph::HistoryForm>(&node.form)) return {&graph, &graph.node(history->of)};
    if (const auto* of_kind = std::get_if<graph::KindForm>(&node.form); of_kind && of_kind->value) {
        const auto& kind = *graph.kinds[of_kind->kind].graph;
        return {&kind, &kind.node(*of_kind->value)};
    }
    if (const auto* form = std::get_if<graph::ExpressionForm>(&node.form))
        if (const auto slot = handed_on(*form->formula.expr)) return {&graph, &graph.node(*slot)};
    return {};
}

}  // namespace

const model::Definition* labelled_by(const Graph& graph, const Node& node) {
    std::vector<const Node*> seen;  // a definition may hand on what it was a year ago
    for (Behind at{&graph, &node}; at.node && std::find(seen.begin(), seen.end(), at.node) == seen.end();
         at = behind(*at.graph, *at.node)) {
        if (at.node->definition && !at.node->definition->labels.empty()) return at.node->definition;
        seen.push_back(at.node);
    }
    return nullptr;
}

Labels labels_in(const Graph& graph, const Node& node, std::string_view language) {
    Labels out;
    if (const auto* definition = labelled_by(graph, node)) {
        for (const auto& [value, text] : definition->labels)
            out.emplace_back(value, definition->label(value, language));
    } else if (node.type && node.type->kind == feel::Type::Kind::boolean) {
        const auto tongue = wording::language_from_string(language).value_or(wording::Language::en);
        for (const bool truth : {true, false})
            out.emplace_back(Value(truth).to_string(), wording::show(Value(truth), {}, tongue));
    }
    return out;
}

const std::string& labelled(const Labels& labels, const std::string& value) {
    for (const auto& [own, label] : labels)
        if (own == value) return label;
    return value;
}

std::string shown(const Labels& labels, const Value& value, const wording::Format& format, wording::Language language) {
    if (const auto* items = value.list()) {
        std::string out;
        for (const auto& item : *items)
            out += (out.empty() ? "" : wording::say(wording::Phrase::separator, language)) +
                   shown(labels, item, format, language);
        return items->empty() ? wording::say(wording::Answer::none_at_all, language) : out;
    }
    if (!value.is_null())
        if (const auto text = value.to_string(); !labels.empty())
            if (const auto& label = labelled(labels, text); &label != &text) return label;
    return wording::show(value, format, language);
}

std::string shown(const Graph& graph, const Node& node, const Value& value, const wording::Format& format,
                  wording::Language language) {
    // Numbers are most of what is shown, and few have words.
    if (value.number() && !labelled_by(graph, node)) return wording::show(value, format, language);
    return shown(labels_in(graph, node, wording::code(language)), value, format, language);
}

}  // namespace zoneval::exec
