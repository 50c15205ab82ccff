// Decisions: rule lists and decision tables.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/model/read_definitions.hpp"

namespace zoneval::model {

namespace {

const std::vector<std::string> table_policies = {"unique",       "any",         "first",        "priority",
                                                 "output order", "rule order",  "collect",      "collect sum",
                                                 "collect min",  "collect max", "collect count"};

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
        else
            out.push_back(scalar_value(item));
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
    rule.because = map.expression("because");
    rule.cite = map.citation();
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

void read_row(const Yaml& item, DecisionTable& table, const std::string& context, Diagnostics& diagnostics) {
    TableRow row;
    row.source = item.source;
    row.span = item.span;
    row.id = fmt::format("row {}", table.rows.size() + 1);
    std::vector<feel::ExpressionText> cells;
    if (item.is_sequence()) {
        for (const auto& cell : item.items) {
            if (cell.is_scalar()) {
                cells.push_back(cell.expression());
                continue;
            }
            diagnostics.add(Kind::wrong_shape, *cell.source, cell.span,
                            fmt::format("a cell of {} of {} is {}", row.id, context, to_string(cell.shape)),
                            "an expression", "quote the cell: '[1..2]'");
        }
    } else {
        MapReader map(item, fmt::format("{} of {}", row.id, context), diagnostics);
        if (const auto id = map.text("id"); !id.empty()) row.id = id;
        if (const auto* list = map.require("row")) cells = read_cells(*list, "row", map);
        row.because = map.expression("because");
        row.cite = map.citation();
        map.finish();
    }
    if (cells.size() != table.inputs.size() + 1) {
        diagnostics.add(Kind::wrong_shape, *item.source, item.span,
                        fmt::format("{} of {} has {} cells", row.id, context, cells.size()),
                        fmt::format("{}: one for each of the {} inputs, then the outcome", table.inputs.size() + 1,
                                    table.inputs.size()));
        return;
    }
    row.outcome = std::move(cells.back());
    cells.pop_back();
    row.tests = std::move(cells);
    table.rows.push_back(std::move(row));
}

DecisionTable read_table(const Yaml& body, const std::string& decision, Diagnostics& diagnostics) {
    const auto context = "the table of " + decision;
    MapReader map(body, context, diagnostics);
    DecisionTable table;
    if (const auto policy = map.choice("hit policy", table_policies)) table.hit_policy = *policy;
    if (const auto* inputs = map.require("inputs")) table.inputs = read_cells(*inputs, "inputs", map);
    const auto* rows = map.require("rules");
    if (rows && !rows->is_sequence()) map.wrong(*rows, "rules", "a list of rows");
    if (rows && rows->is_sequence())
        for (const auto& item : rows->items) read_row(item, table, context, diagnostics);
    table.otherwise = map.expression("default");
    map.finish();
    return table;
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
        if (const auto policy = map.choice("hit policy", {"first", "unique", "any", "collect"}))
            decision.hit_policy = *policy;
        const auto* list = map.take("rules");
        const auto* table = map.take("table");
        if (list && table) map.wrong(*table, "table", "either `rules` or `table`, not both");
        if (!list && !table) map.require("rules");
        if (list) read_rules(*list, decision, context, diagnostics);
        if (table) decision.table = read_table(*table, context, diagnostics);
        if (auto outcome = read_outcome(map.take("otherwise"), "otherwise", decision, map)) {
            decision.otherwise = std::move(outcome->text);
            decision.otherwise_is_value = outcome->is_value;
        }
        map.finish();
        rules.decisions.push_back(std::move(decision));
    });
}

}  // namespace zoneval::model
