// Decisions: rule lists and decision tables.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/model/read_definitions.hpp"

namespace zoneval::model {

namespace {

/// The policies as rule files write them: "first", "collect sum" …
struct Policy {
    std::string_view name;
    feel::HitPolicy policy;
    feel::Aggregator aggregator = feel::Aggregator::none;
    bool of_lists = false;  ///< rule lists may use it too
};
constexpr Policy policies[] = {
    {"first", feel::HitPolicy::first, {}, true},
    {"unique", feel::HitPolicy::unique, {}, true},
    {"any", feel::HitPolicy::any, {}, true},
    {"collect", feel::HitPolicy::collect, {}, true},
    {"priority", feel::HitPolicy::priority},
    {"output order", feel::HitPolicy::output_order},
    {"rule order", feel::HitPolicy::rule_order},
    {"collect sum", feel::HitPolicy::collect, feel::Aggregator::sum},
    {"collect min", feel::HitPolicy::collect, feel::Aggregator::min},
    {"collect max", feel::HitPolicy::collect, feel::Aggregator::max},
    {"collect count", feel::HitPolicy::collect, feel::Aggregator::count},
};

void read_policy(MapReader& map, bool of_table, Decision& decision) {
    std::vector<std::string> names;
    for (const auto& p : policies)
        if (of_table || p.of_lists) names.emplace_back(p.name);
    const auto name = map.choice("hit policy", names);
    for (const auto& p : policies)
        if (name == p.name) decision.hit_policy = p.policy, decision.aggregator = p.aggregator;
}

std::vector<feel::Value> read_values(MapReader& map, std::string_view key) {
    const auto* node = map.take(key);
    std::vector<feel::Value> out;
    if (!node) return out;
    if (!node->is_sequence()) {
        map.wrong(*node, key, "a list of outcomes, e.g. `[pass, fail]`");
        return out;
    }
    for (const auto& item : node->items) {
        if (item.is_sequence() || item.is_mapping())
            map.wrong(item, key, "a list of outcomes, e.g. `[pass, fail]`");
        else if (auto value = scalar_value(item); std::any_of(
                     out.begin(), out.end(), [&](const feel::Value& before) { return feel::identical(before, value); }))
            map.wrong(item, key, "each outcome once", "it stands in the list before; remove one of the two");
        else
            out.push_back(std::move(value));
    }
    return out;
}

bool is_declared(const Decision& decision, const Yaml& node) { return decision.declares(scalar_value(node)); }

/// `then` and `otherwise` hold a declared value or an expression; a lone word that is neither is most likely a slip.
struct OutcomeText {
    feel::ExpressionText text;
    bool is_value = false;
};
std::optional<OutcomeText> read_outcome(const Yaml* node, std::string_view key, const Decision& decision,
                                        MapReader& map) {
    if (!node) return std::nullopt;
    if (!node->is_scalar()) {
        map.wrong(*node, key, "a declared value or an expression");
        return std::nullopt;
    }
    return OutcomeText{node->expression(), is_declared(decision, *node)};
}

/// The word is written; a key left empty says nothing.
bool says_null(const Yaml* node) { return node && node->shape == Yaml::Shape::null && !node->scalar.empty(); }

/// `if missing: does not hold`, or one answer for each kind: `{late: does not hold, suppressed: holds}`.
std::map<feel::Missing, bool> read_if_missing(MapReader& map) {
    constexpr feel::Missing kinds[] = {feel::Missing::not_reported, feel::Missing::suppressed, feel::Missing::too_small,
                                       feel::Missing::late};
    std::map<feel::Missing, bool> out;
    const auto* node = map.take("if missing");
    if (!node) return out;
    const auto answer = [&](const Yaml& word) -> std::optional<bool> {
        if (word.scalar == "holds" || word.scalar == "does not hold") return word.scalar == "holds";
        map.wrong(word, "if missing", "`holds` or `does not hold`");
        return std::nullopt;
    };
    if (node->is_scalar()) {
        if (const auto counts_as = answer(*node))
            for (const auto kind : kinds) out[kind] = *counts_as;
        return out;
    }
    for_each_entry(*node, "if missing", map.diagnostics(), [&](const Yaml& key, const Yaml& word) {
        const auto kind = feel::missing_from_string(key.scalar);
        if (!kind || *kind == feel::Missing::not_applicable)
            map.wrong(key, "if missing", "a kind of missing: not reported, suppressed, too small, late");
        else if (const auto counts_as = answer(word))
            out[*kind] = *counts_as;
    });
    return out;
}

void read_rule(const Yaml& item, Decision& decision, const std::string& context, Diagnostics& diagnostics) {
    const auto number = decision.rules.size() + 1;
    const auto* id_node = item.is_mapping() ? item.find("id") : nullptr;
    const auto label = id_node && id_node->is_scalar() ? fmt::format("rule `{}` of {}", id_node->scalar, context)
                                                       : fmt::format("rule {} of {}", number, context);
    MapReader map(item, label, diagnostics);
    Rule rule;
    rule.source = item.source;
    rule.span = id_node ? id_node->span : item.span;
    rule.id = map.text("id");
    if (rule.id.empty()) rule.id = fmt::format("rule {}", number);
    if (map.require("when"))
        if (auto when = map.expression("when")) rule.when = std::move(*when);
    if (auto outcome = read_outcome(map.require("then"), "then", decision, map)) {
        rule.then = std::move(outcome->text);
        rule.then_is_value = outcome->is_value;
    }
    rule.if_missing = read_if_missing(map);
    map.in_force("from", "until", rule.in_force_from, rule.in_force_until);
    rule.because = map.reasons();
    map.citation_of(rule);
    map.finish();
    if (rule.when.source && rule.then.source) decision.rules.push_back(std::move(rule));
}

void read_rules(const Yaml& list, Decision& decision, const std::string& context, Diagnostics& diagnostics) {
    if (!list.is_sequence()) {
        diagnostics.add(Kind::wrong_shape, *list.source, list.span,
                        fmt::format("`rules` of {} is {}", context, to_string(list.shape)),
                        "a list: `- id: …` with `when` and `then`");
        return;
    }
    std::set<std::string> ids;
    for (const auto& item : list.items) {
        const auto before = decision.rules.size();
        read_rule(item, decision, context, diagnostics);
        if (decision.rules.size() == before) continue;
        const auto& rule = decision.rules.back();
        if (!ids.insert(rule.id).second)
            diagnostics.add(Kind::duplicate_definition, *rule.source, rule.span,
                            fmt::format("two rules of {} have the id `{}`", context, rule.id), "each id once");
    }
}

std::vector<feel::ExpressionText> read_cells(const Yaml& list, std::string_view what, MapReader& map) {
    std::vector<feel::ExpressionText> out;
    if (!list.is_sequence()) {
        map.wrong(list, what, "a list of cells");
        return out;
    }
    for (const auto& cell : list.items) {
        if (cell.is_scalar())
            out.push_back(cell.expression());
        else
            map.wrong(cell, what, "an expression in each cell (quote it where YAML needs quotes)");
    }
    return out;
}

/// A row is a list of cells, or `{row: [cells], id: …, because: …, cite: …, from: …, until: …}`; its last cell is the
/// outcome.
std::vector<const Yaml*> cells_of_row(const Yaml& item, Rule& rule, const std::string& context,
                                      Diagnostics& diagnostics) {
    const auto cells_of = [](const Yaml& list) {
        std::vector<const Yaml*> out;
        for (const auto& cell : list.items) out.push_back(&cell);
        return out;
    };
    if (item.is_sequence()) return cells_of(item);
    MapReader map(item, fmt::format("{} of {}", rule.id, context), diagnostics);
    if (const auto id = map.text("id"); !id.empty()) rule.id = id;
    const auto* list = map.require("row");
    map.in_force("from", "until", rule.in_force_from, rule.in_force_until);
    rule.because = map.reasons();
    map.citation_of(rule);
    map.finish();
    if (!list) return {};
    if (list->is_sequence()) return cells_of(*list);
    map.wrong(*list, "row", "a list of cells");
    return {};
}

void read_row(const Yaml& item, Decision& decision, const std::string& context, Diagnostics& diagnostics) {
    Rule rule;
    rule.source = item.source;
    rule.span = item.span;
    rule.id = fmt::format("row {}", decision.rules.size() + 1);
    const auto cells = cells_of_row(item, rule, context, diagnostics);
    for (const auto* cell : cells)
        if (!cell->is_scalar())
            return diagnostics.add(Kind::wrong_shape, *cell->source, cell->span,
                                   fmt::format("a cell of {} of {} is {}", rule.id, context, to_string(cell->shape)),
                                   "an expression", "quote the cell: '[1..2]'");
    if (cells.size() != decision.inputs.size() + 1)
        return diagnostics.add(Kind::wrong_shape, *item.source, item.span,
                               fmt::format("{} of {} has {} cells", rule.id, context, cells.size()),
                               fmt::format("{}: one for each of the {} inputs, then the outcome",
                                           decision.inputs.size() + 1, decision.inputs.size()));
    for (std::size_t i = 0; i + 1 < cells.size(); ++i) rule.cells.push_back(cells[i]->expression());
    rule.then = cells.back()->expression();
    rule.then_is_value = is_declared(decision, *cells.back());
    decision.rules.push_back(std::move(rule));
}

void read_table(const Yaml& body, Decision& decision, const std::string& of, Diagnostics& diagnostics) {
    const auto context = "the table of " + of;
    MapReader map(body, context, diagnostics);
    decision.hit_policy = feel::HitPolicy::unique;
    read_policy(map, true, decision);
    if (const auto* inputs = map.require("inputs")) {
        decision.inputs = read_cells(*inputs, "inputs", map);
        if (inputs->is_sequence() && inputs->items.empty()) map.wrong(*inputs, "inputs", "one input or more");
    }
    const auto* rows = map.require("rules");
    if (rows && !rows->is_sequence()) map.wrong(*rows, "rules", "a list of rows");
    if (rows && rows->is_sequence() && decision.is_table())
        for (const auto& item : rows->items) read_row(item, decision, context, diagnostics);
    decision.otherwise_null = says_null(body.find("default"));
    if (auto outcome = read_outcome(map.take("default"), "default", decision, map)) {
        decision.otherwise = std::move(outcome->text);
        decision.otherwise_is_value = outcome->is_value;
    }
    map.finish();
}

/// `subject: city`, or `{is: city, title: …}`.
void read_subject(MapReader& map, Decision& decision) {
    const auto* node = map.take("subject");
    if (!node) return;
    if (node->is_scalar()) {
        decision.subject = {node->expression(), {}};
        return;
    }
    MapReader inner(*node, "`subject` of " + map.context(), map.diagnostics());
    inner.require("is");
    auto who = inner.expression("is");
    auto title = inner.localized("title");
    inner.finish();
    if (who) decision.subject = {std::move(*who), std::move(title)};
}

void check_adverse(const Decision& decision, MapReader& map, Diagnostics& diagnostics) {
    const auto* node = map.take("adverse");
    if (!node || decision.values.empty()) return;
    std::vector<std::string> names;
    for (const auto& v : decision.values) names.push_back(v.to_string());
    for (const auto& item : node->items)
        if (!is_declared(decision, item))
            diagnostics.add(
                Kind::undeclared_value, *item.source, item.span,
                fmt::format("`adverse` of {} names `{}`, which is not among its values", map.context(), item.scalar),
                fmt::format("one of {}", fmt::join(names, ", ")), did_you_mean(item.scalar, names));
}

}  // namespace

void read_decisions(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics) {
    for_each_entry(section, "decisions", diagnostics, [&](const Yaml& key, const Yaml& body) {
        auto decision = begin_definition<Decision>(key);
        const auto context = fmt::format("decision `{}`", key.scalar);
        MapReader map(body, context, diagnostics);
        map.common(decision);
        decision.values = read_values(map, "values");
        decision.adverse = read_values(map, "adverse");
        check_adverse(decision, map, diagnostics);
        read_labels(decision, decision.value_names(), map);
        read_subject(map, decision);
        const auto* list = map.take("rules");
        const auto* table = map.take("table");
        if (!table) read_policy(map, false, decision);
        if (list && table) map.wrong(*table, "table", "either `rules` or `table`, not both");
        if (!list && !table) map.require("rules");
        if (list) read_rules(*list, decision, context, diagnostics);
        if (table) read_table(*table, decision, context, diagnostics);
        const auto* otherwise = map.take("otherwise");
        decision.otherwise_null |= !otherwise && says_null(body.find("otherwise"));
        if (otherwise && table && decision.otherwise)
            map.wrong(*otherwise, "otherwise", "either `otherwise`, or `default` in the table");
        else if (auto outcome = read_outcome(otherwise, "otherwise", decision, map)) {
            decision.otherwise = std::move(outcome->text);
            decision.otherwise_is_value = outcome->is_value;
        }
        decision.over_time = map.flag("over time");
        map.finish();
        rules.decisions.push_back(std::move(decision));
    });
}

}  // namespace zoneval::model
