// One node for each name an author may use.
#include <fmt/format.h>

#include "engine/feel/value/names.hpp"
#include "engine/graph/builder.hpp"

namespace zoneval::graph {

using feel::Type;

NodeId Builder::add_node(NodeKind kind, std::string name, const model::Definition* definition) {
    Node out;
    out.id = static_cast<NodeId>(graph_.nodes.size());
    out.kind = kind;
    out.name = std::move(name);
    out.type = Type::of(Type::Kind::any);
    out.definition = definition;
    if (definition) {
        out.unit = definition->unit;
        out.decimals = definition->decimals;
    }
    graph_.names.entries.push_back({out.name, out.type});
    // A printed expression is no name: "n > 1" must not match itself when it is parsed.
    if (kind != NodeKind::hidden) graph_.by_name.emplace(out.name, out.id);
    graph_.nodes.push_back(std::move(out));
    return graph_.nodes.back().id;
}

void Builder::declare(NodeKind kind, const model::Definition& definition) {
    if (!feel::is_name(definition.name)) {
        diagnostics_.add(Kind::bad_name, *definition.source, definition.span,
                         fmt::format("`{}` cannot be used as a name in expressions", definition.name),
                         "words of letters and digits, with spaces and . / - ' + * & between them, and no word of "
                         "FEEL's own (some, if, in …)",
                         definition.name.find(':') != std::string::npos ? "write a space behind the colon" : "");
        return;
    }
    if (const auto* earlier = graph_.find(definition.name)) {
        std::string where = "is a word of zoneval's own";
        if (earlier->definition) {
            const auto place = Location::in(*earlier->definition->source, earlier->definition->span);
            where = fmt::format("is already defined in {}:{}", place.file, place.line);
        } else if (earlier->kind == NodeKind::group) {
            where = "is the name of a group of a score";
        }
        diagnostics_.add(Kind::duplicate_definition, *definition.source, definition.span,
                         fmt::format("`{}` {}", definition.name, where),
                         "each name once, in all imported files together", "rename one of the two");
        return;
    }
    add_node(kind, definition.name, &definition);
}

void Builder::declare_context() {
    const auto context = [&](const std::string& name, ContextForm::What what, Type::Kind type) {
        const auto id = add_node(NodeKind::context, name, nullptr);
        node(id).form = ContextForm{what};
        node(id).type = Type::of(type);
        return id;
    };
    graph_.year = context("year", ContextForm::What::year, Type::Kind::number);
    graph_.date = context("assessment date", ContextForm::What::assessment_date, Type::Kind::date);
    graph_.record = context(rules_->record, ContextForm::What::record, Type::Kind::string);
    graph_.tested = context("?", ContextForm::What::tested, Type::Kind::any);
}

void Builder::declare_groups(const model::Score& score, const model::IndicatorGroup& whole) {
    for (const auto& group : whole.groups) {
        const auto name = fmt::format("{} of {}", group.name, score.name);
        if (!feel::is_name(name) || graph_.find(name)) {
            diagnostics_.add(graph_.find(name) ? Kind::duplicate_definition : Kind::bad_name, *group.source, group.span,
                             fmt::format("the group's value would be called `{}`, which cannot be a new name", name),
                             "a group name that makes a new name", "rename the group");
            continue;
        }
        add_node(NodeKind::group, name, nullptr);
        declare_groups(score, group);
    }
}

void Builder::declare_other(const model::OtherOutcome& other) {
    if (other.ruleset == rules_->id)
        diagnostics_.add(Kind::unknown_name, *other.source, other.span,
                         fmt::format("`{}` is of this rule set itself", other.name), "the id of another rule set",
                         "what this one said in an earlier year is `prior(…)`");
    const auto before = graph_.nodes.size();
    declare(NodeKind::measure, other);
    if (graph_.nodes.size() == before) return;
    const auto place = graph_.nodes.back().id;
    const auto of = add_node(NodeKind::hidden, fmt::format("{} of {}", other.outcome, other.ruleset), nullptr);
    node(of).form = OtherForm{&other};
    node(of).type = node(place).type = Type::of(other.type);
    node(of).unit = other.unit;
    node(of).decimals = other.decimals;
    node(of).low = other.min;
    node(of).high = other.max;
    node(place).form = HistoryForm{of, 0, false};
}

void Builder::declare_definitions() {
    for (const auto& input : rules_->inputs) {
        const auto before = graph_.nodes.size();
        declare(NodeKind::input, input);
        if (graph_.nodes.size() == before) continue;
        graph_.nodes.back().form = InputForm{&input};
        graph_.nodes.back().type = Type::of(input.type);
    }
    for (const auto& input : rules_->joined) {
        const auto before = graph_.nodes.size();
        declare(NodeKind::input, input);
        if (graph_.nodes.size() == before) continue;
        graph_.nodes.back().form = InputForm{&input};
        graph_.nodes.back().type = Type::of(input.type);
    }
    for (const auto& parameter : rules_->parameters) {
        const auto before = graph_.nodes.size();
        declare(NodeKind::parameter, parameter);
        if (graph_.nodes.size() == before) continue;
        graph_.nodes.back().form = ParameterForm{&parameter};
        if (!parameter.values.empty()) graph_.nodes.back().type = parameter.values.front().value.type();
    }
    for (const auto& other : rules_->uses) declare_other(other);
    for (const auto& measure : rules_->measures) declare(NodeKind::measure, measure);
    for (const auto& score : rules_->scores) {
        declare(NodeKind::score, score);
        declare_groups(score, score.whole);
    }
    for (const auto& decision : rules_->decisions) {
        declare(NodeKind::decision, decision);
        if (decision.lifecycle) declare_lifecycle(decision);
        if (decision.over_time) declare_set(decision);
    }

    declare_of_owner();

    graph_.names.refuse_two_readings = true;
    visible_ = testing_ = graph_.names;
    visible_.entries[static_cast<std::size_t>(graph_.tested)].name.clear();
    for (auto* names : {&visible_, &testing_}) names->make_index();
}

}  // namespace zoneval::graph
