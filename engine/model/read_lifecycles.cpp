// Lifecycles: states, transitions, deadlines and bans. They become decisions at once; graph/lifecycles.cpp adds the
// guards.
#include <fmt/format.h>

#include <algorithm>

#include "engine/model/read_definitions.hpp"

namespace zoneval::model {

namespace {

std::vector<std::string> state_names(const Lifecycle& lifecycle) {
    std::vector<std::string> out;
    for (const auto& s : lifecycle.states) out.push_back(s.name);
    return out;
}

bool is_state(const Lifecycle& lifecycle, const std::string& name) {
    return std::any_of(lifecycle.states.begin(), lifecycle.states.end(), [&](const auto& s) { return s.name == name; });
}

void require_state(const Lifecycle& lifecycle, const Yaml& node, const std::string& context, Diagnostics& diagnostics) {
    if (!node.is_scalar()) {
        diagnostics.add(Kind::wrong_shape, *node.source, node.span,
                        fmt::format("{} names {}", context, to_string(node.shape)), "the name of a state");
        return;
    }
    if (is_state(lifecycle, node.scalar)) return;
    const auto names = state_names(lifecycle);
    diagnostics.add(Kind::undeclared_value, *node.source, node.span,
                    fmt::format("{} names `{}`, which is not a state", context, node.scalar),
                    fmt::format("one of {}", fmt::join(names, ", ")), did_you_mean(node.scalar, names));
}

/// What a state's `deadline` asks for: a transition of its own, tried after all others.
struct Deadline {
    std::string state;
    const Yaml* body;
};

void read_states(const Yaml& section, Decision& decision, std::vector<Deadline>& deadlines, const std::string& context,
                 Diagnostics& diagnostics) {
    for_each_entry(section, "states", diagnostics, [&](const Yaml& key, const Yaml& body) {
        Lifecycle::State state{key.scalar, false, false, {}, key.source, key.span};
        if (body.shape != Yaml::Shape::null) {
            MapReader map(body, fmt::format("state `{}` of {}", key.scalar, context), diagnostics);
            state.adverse = map.flag("adverse");
            state.final = map.flag("final");
            state.ban = map.years("ban");
            if (const auto* deadline = map.take("deadline")) deadlines.push_back({key.scalar, deadline});
            map.finish();
        }
        decision.values.emplace_back(state.name);
        if (state.adverse) decision.adverse.emplace_back(state.name);
        decision.lifecycle->states.push_back(std::move(state));
    });
}

std::vector<std::string> read_from(MapReader& map, const Lifecycle& lifecycle, Diagnostics& diagnostics) {
    const auto* node = map.require("from");
    std::vector<std::string> out;
    if (!node) return out;
    const auto add = [&](const Yaml& item) {
        require_state(lifecycle, item, map.context(), diagnostics);
        out.push_back(item.scalar);
    };
    if (node->is_sequence())
        for (const auto& item : node->items) add(item);
    else
        add(*node);
    return out;
}

void read_target_state(MapReader& map, std::string_view key, Rule& rule, const Lifecycle& lifecycle,
                       Diagnostics& diagnostics) {
    const auto* to = map.require(key);
    if (!to) return;
    require_state(lifecycle, *to, map.context(), diagnostics);
    if (!to->is_scalar()) return;
    rule.then = to->expression();
    rule.then_is_value = true;
}

void finish_rule(MapReader& map, Rule& rule, const Yaml& item, Decision& decision) {
    rule.source = item.source;
    rule.span = item.span;
    if (const auto* id = item.find("id")) rule.span = id->span;
    rule.because = map.reasons();
    map.citation_of(rule);
    map.finish();
    if (rule.when.source && rule.then.source) decision.rules.push_back(std::move(rule));
}

void read_transitions(const Yaml& list, Decision& decision, const std::string& context, Diagnostics& diagnostics) {
    if (!list.is_sequence()) {
        diagnostics.add(Kind::wrong_shape, *list.source, list.span,
                        fmt::format("`transitions` of {} is {}", context, to_string(list.shape)),
                        "a list: `- {from: …, to: …, when: …}`");
        return;
    }
    std::size_t place = 0;
    for (const auto& item : list.items) {
        MapReader map(item, fmt::format("transition {} of {}", ++place, context), diagnostics);
        Rule rule;
        rule.id = map.text("id");
        rule.from = read_from(map, *decision.lifecycle, diagnostics);
        read_target_state(map, "to", rule, *decision.lifecycle, diagnostics);
        if (rule.id.empty()) rule.id = fmt::format("{} to {}", fmt::join(rule.from, "/"), rule.then.text);
        if (map.require("when"))
            if (auto when = map.expression("when")) rule.when = std::move(*when);
        rule.after = map.years("after");
        rule.skips = map.text("skips");
        map.in_force("since", "until", rule.in_force_from, rule.in_force_until);  // `from` names states
        finish_rule(map, rule, item, decision);
    }
}

void read_deadline(const Deadline& deadline, Decision& decision, const std::string& context, Diagnostics& diagnostics) {
    MapReader map(*deadline.body, fmt::format("`deadline` of state `{}` of {}", deadline.state, context), diagnostics);
    Rule rule;
    rule.id = fmt::format("deadline of {}", deadline.state);
    rule.from = {deadline.state};
    rule.deadline = true;
    map.require("years");
    rule.after = map.years("years");
    read_target_state(map, "then", rule, *decision.lifecycle, diagnostics);
    rule.when = {deadline.body->source, "true", std::vector<std::uint32_t>(5, deadline.body->span.begin)};
    rule.skips = map.text("skips");
    finish_rule(map, rule, *deadline.body, decision);
}

}  // namespace

void read_lifecycles(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics) {
    for_each_entry(section, "lifecycles", diagnostics, [&](const Yaml& key, const Yaml& body) {
        auto decision = begin_definition<Decision>(key);
        decision.lifecycle.emplace();
        const auto context = fmt::format("lifecycle `{}`", key.scalar);
        MapReader map(body, context, diagnostics);
        map.common(decision);
        std::vector<Deadline> deadlines;
        if (const auto* states = map.require("states")) read_states(*states, decision, deadlines, context, diagnostics);
        read_labels(decision, decision.value_names(), map);
        if (const auto* start = map.require("start")) {
            require_state(*decision.lifecycle, *start, "`start` of " + context, diagnostics);
            decision.lifecycle->start = start->scalar;
        }
        decision.lifecycle->stay_if_unknown = map.choice("if unknown", {"stay"}).has_value();
        if (const auto* list = map.require("transitions")) read_transitions(*list, decision, context, diagnostics);
        for (const auto& deadline : deadlines) read_deadline(deadline, decision, context, diagnostics);
        map.finish();
        rules.decisions.push_back(std::move(decision));
    });
}

}  // namespace zoneval::model
