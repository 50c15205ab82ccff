#include "engine/results/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/assess/as_ruled.hpp"
#include "engine/audit/explain.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/model/record_title.hpp"
#include "engine/results/imputed.hpp"
#include "engine/results/ranking.hpp"
#include "engine/wording/pages.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::results {

using feel::Value;
using Part = Column::Part;
using TypeKind = feel::Type::Kind;

namespace {
constexpr std::string_view between_items = " | ";
}

std::string list_text(const Value& value) {
    if (!value.list()) return value.to_string();
    std::string out;
    for (const auto& item : *value.list()) out += (out.empty() ? "" : std::string(between_items)) + item.to_string();
    return out;
}

namespace {

/// Each text once, with a code.
class Dictionary {
  public:
    std::int32_t code(const std::string& text) {
        const auto [place, is_new] = index_.try_emplace(text, static_cast<std::int32_t>(texts.size()));
        if (is_new) texts.push_back(text);
        return place->second;
    }
    std::vector<std::string> texts;

  private:
    std::unordered_map<std::string, std::int32_t> index_;
};

/// "not reported: GDP, revenue"; the words of the first cause where no datum is missing.
std::string why_text(const Value& null, wording::Language language) {
    const auto leaves = feel::leaves(null.cause());
    if (leaves.empty()) return "";
    const auto kind = feel::missing_kind(null.cause());
    if (kind == feel::Missing::none) return wording::say(*leaves.front(), language);
    std::string names;
    std::size_t told = 0;
    for (const auto& leaf : leaves) {
        const auto name = wording::awaited(*leaf, language);
        if (names.find(name) != std::string::npos) continue;
        if (++told > 3) {
            names += " …";
            break;
        }
        names += (names.empty() ? "" : wording::say(wording::Phrase::separator, language)) + name;
    }
    return fmt::format("{}: {}", wording::say(kind, language), names);
}

Column described(const graph::Node& node, Part part, wording::Language language) {
    Column out;
    out.name = node.name;
    out.title = node.definition ? title_of(*node.definition, language) : node.name;
    out.of = &node;
    out.part = part;
    if (part == Part::value) {
        out.unit = node.unit;
        out.decimals = node.decimals;
    }
    if (node.definition && node.definition->cite) out.cite = node.definition->cite->to_string();
    return out;
}

/// Fills known and whys, and calls put(value) for each record, or put(nullptr) where there is none.
template <class Put>
void fill(Column& out, const std::vector<Value>& values, const Wanted& wanted, Put put) {
    Dictionary whys;
    out.known.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto& value = values[i];
        out.known.push_back(!value.is_null());
        put(value.is_null() ? nullptr : &value);
        if (!value.is_null() || !wanted.whys || !value.cause()) continue;
        out.whys.records.push_back(static_cast<std::uint32_t>(i));
        out.whys.codes.push_back(static_cast<std::uint32_t>(whys.code(why_text(value, wanted.language))));
    }
    out.whys.dictionary = std::move(whys.texts);
}

Column of_values(const graph::Node& node, const assess::Assessment& a, const Wanted& wanted) {
    auto out = described(node, Part::value, wanted.language);
    out.imputed = imputed_behind(a, node);
    out.labels = exec::labels_in(*a.graph, node, code(wanted.language));
    std::vector<Value> values;
    values.reserve(a.evaluation.size());
    for (std::size_t i = 0; i < a.evaluation.size(); ++i) {
        const bool no_value = !wanted.whys && a.evaluation.values->null_kind(node.id, i);
        values.push_back(no_value ? Value() : a.evaluation.value(node.id, i));
    }
    const auto all = [&](TypeKind kind) {
        return std::all_of(values.begin(), values.end(),
                           [&](const Value& v) { return v.is_null() || v.kind() == kind; });
    };
    if (node.type->kind == TypeKind::number && all(TypeKind::number)) {
        Column::Numbers cells;
        fill(out, values, wanted, [&](const Value* v) { cells.values.push_back(v ? *v->number() : feel::Decimal()); });
        out.cells = std::move(cells);
    } else if (node.type->kind == TypeKind::boolean && all(TypeKind::boolean)) {
        Column::Truths cells;
        fill(out, values, wanted, [&](const Value* v) { cells.values.push_back(v && v->is_true()); });
        out.cells = std::move(cells);
    } else if (node.type->kind == TypeKind::date && all(TypeKind::date)) {
        Column::Dates cells;
        fill(out, values, wanted, [&](const Value* v) {
            cells.days.push_back(v ? static_cast<std::int32_t>(v->date()->days_since_epoch()) : 0);
        });
        out.cells = std::move(cells);
    } else {
        Dictionary texts;
        Column::Texts cells;
        fill(out, values, wanted, [&](const Value* v) { cells.codes.push_back(v ? texts.code(list_text(*v)) : 0); });
        cells.dictionary = std::move(texts.texts);
        out.cells = std::move(cells);
    }
    return out;
}

constexpr std::pair<std::string_view, Part> part_names[] = {
    {"rule", Part::rule}, {"because", Part::because}, {"possible", Part::possible}, {"waiting_for", Part::waiting_for},
    {"cite", Part::cite}, {"about", Part::about}};

/// Stored FEEL texts as plain ones; few are different, and each is read once.
class PlainTexts {
  public:
    const std::vector<std::string>& list(const std::string& feel_text) {
        const auto [place, is_new] = read_.try_emplace(feel_text);
        if (!is_new || feel_text.empty()) return place->second;
        const auto value = feel::from_feel(feel_text);
        if (value.list())
            for (const auto& item : *value.list()) place->second.push_back(item.to_string());
        else if (!value.is_null())
            place->second.push_back(value.to_string());
        return place->second;
    }
    std::string text(const std::string& feel_text) {
        return fmt::format("{}", fmt::join(list(feel_text), between_items));
    }

  private:
    std::unordered_map<std::string, std::vector<std::string>> read_;
};

/// A part of a decision: made of each different outcome once, and spread over the records.
Column of_decision(const graph::Graph& graph, const graph::Node& node, Part part, const store::Decisions& decisions,
                   PlainTexts& plain, wording::Language language) {
    using enum store::Outcome::Ending;
    auto out = described(node, part, language);
    if (part != Part::value)
        for (const auto& [word, named] : part_names)
            if (named == part) out.name = fmt::format("{}.{}", node.name, word);
    if (part == Part::value || part == Part::possible) out.labels = exec::labels_in(graph, node, code(language));
    Column::Texts texts;
    Column::Lists lists;
    Dictionary different;
    std::vector<std::uint8_t> known;
    std::vector<std::int32_t> codes;
    for (const auto& outcome : decisions.outcomes) {
        const bool undetermined = outcome.ending == open || outcome.ending == conflict;
        if (part == Part::possible || part == Part::waiting_for) {
            lists.dictionary.push_back(undetermined
                                           ? plain.list(part == Part::possible ? outcome.possible : outcome.waiting_for)
                                           : std::vector<std::string>());
            codes.push_back(static_cast<std::int32_t>(codes.size()));
            known.push_back(undetermined);
            continue;
        }
        const auto text = part == Part::value          ? plain.text(outcome.value)
                          : part == Part::because      ? outcome.because
                          : outcome.ending == conflict ? plain.text(outcome.rule)
                                                       : outcome.rule;
        known.push_back(!text.empty());
        codes.push_back(text.empty() ? 0 : different.code(text));
    }
    if (part == Part::value) out.whys.dictionary = {wording::say(wording::Page::undetermined, language)};
    auto& of_records = part == Part::possible || part == Part::waiting_for ? lists.codes : texts.codes;
    of_records.reserve(decisions.codes.size());
    out.known.reserve(decisions.codes.size());
    for (std::size_t i = 0; i < decisions.codes.size(); ++i) {
        const auto code = decisions.codes[i];
        of_records.push_back(codes[code]);
        out.known.push_back(known[code]);
        const auto ending = decisions.outcomes[code].ending;
        if (part != Part::value || (ending != open && ending != conflict)) continue;
        out.whys.records.push_back(static_cast<std::uint32_t>(i));
        out.whys.codes.push_back(0);
    }
    texts.dictionary = std::move(different.texts);
    if (part == Part::possible || part == Part::waiting_for)
        out.cells = std::move(lists);
    else
        out.cells = std::move(texts);
    return out;
}

/// What each record has of its own: the clause that the rule cites, or whom the outcome is about.
Column of_each_record(const graph::Node& node, Part part, const store::Decisions& decisions,
                      const exec::Evaluation& evaluation, wording::Language language) {
    auto out = described(node, part, language);
    out.name = fmt::format("{}.{}", node.name, part == Part::cite ? "cite" : "about");
    std::unordered_map<std::string_view, const graph::DecisionForm::Rule*> rules;
    for (const auto& rule : std::get<graph::DecisionForm>(node.form).rules) rules.emplace(rule.rule->id, &rule);
    Column::Texts texts;
    Dictionary different;
    for (std::size_t i = 0; i < decisions.codes.size(); ++i) {
        std::string text;
        if (part == Part::about) {
            text = exec::about_whom(evaluation, node, i, language).value_or("");
        } else {
            const auto& outcome = decisions.of(i);
            const auto rule = outcome.ending == store::Outcome::Ending::fired ? rules.find(outcome.rule) : rules.end();
            if (rule != rules.end()) text = exec::cite_of(evaluation, *rule->second, i, language);
        }
        out.known.push_back(!text.empty());
        texts.codes.push_back(text.empty() ? 0 : different.code(text));
    }
    texts.dictionary = std::move(different.texts);
    out.cells = std::move(texts);
    return out;
}

/// Reasons in the reader's language, of rules that have them in several.
void translate(const graph::Node& node, const store::Decisions& decisions, const exec::Evaluation& evaluation,
               wording::Language language, Column& out) {
    const auto& rules = std::get<graph::DecisionForm>(node.form).rules;
    const auto& recorded = [&](const graph::DecisionForm::Rule& rule) {
        return rule.because.by_language.size() < 2 || &rule.because.in(code(language)) == &rule.because.recorded();
    };
    std::unordered_map<std::string_view, const graph::DecisionForm::Rule*> others;
    for (const auto& rule : rules)
        if (!recorded(rule)) others.emplace(rule.rule->id, &rule);
    if (others.empty()) return;
    auto& texts = std::get<Column::Texts>(out.cells);
    Dictionary different;
    for (std::size_t i = 0; i < decisions.codes.size(); ++i) {
        const auto& outcome = decisions.of(i);
        const auto rule = outcome.ending == store::Outcome::Ending::fired ? others.find(outcome.rule) : others.end();
        texts.codes[i] =
            !out.known[i]
                ? 0
                : different.code(rule == others.end() ? outcome.because
                                                      : exec::reason_in(evaluation, node, *rule->second, i, language));
    }
    texts.dictionary = std::move(different.texts);
}

/// "verdict.rule" as the decision and its part; a definition's own name comes first.
struct Chosen {
    const graph::Node* node = nullptr;
    Part part = Part::value;
};

Chosen chosen(const graph::Graph& graph, const std::string& name) {
    const auto* node = graph.find(name);
    if (node && node->kind != graph::NodeKind::context) return {node, Part::value};
    if (const auto dot = name.rfind('.'); dot != std::string::npos) {
        const auto* decision = graph.find(name.substr(0, dot));
        for (const auto& [word, part] : part_names)
            if (decision && graph::decision_of(*decision) && name.substr(dot + 1) == word) return {decision, part};
    }
    auto known = graph.visible_names();
    for (const auto& decision : graph.rules->decisions)
        for (const auto& [word, part] : part_names) known.push_back(fmt::format("{}.{}", decision.name, word));
    throw InputError(Diagnostic{zoneval::Kind::unknown_name,
                                fmt::format("there is no column `{}`", name),
                                {},
                                fmt::format("one of the published: {}; or any other definition of the rule set, or "
                                            "DECISION.rule, .because, .possible, .waiting_for, .cite, .about",
                                            fmt::join(published(graph), ", ")),
                                did_you_mean(name, known)});
}

Column texts_column(std::string name, std::string title, Part part, const std::vector<std::string>& texts) {
    Column out;
    out.name = std::move(name);
    out.title = std::move(title);
    out.part = part;
    Column::Texts cells;
    cells.dictionary = texts;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        cells.codes.push_back(static_cast<std::int32_t>(i));
        out.known.push_back(1);
    }
    out.cells = std::move(cells);
    return out;
}

void add_rank(const assess::Assessment& a, const Wanted& wanted, Table& out) {
    const auto& graph = *a.graph;
    const auto* node = ranked_node(graph);
    if (!node || node->type->kind != TypeKind::number) return;
    const auto made = rank(of_values(*node, a, {{}, wanted.language, false}));
    out.ranked_by = node->name;
    out.ranked = made.ranked;
    out.tied = made.tied;
    Column column;
    column.name = "rank";
    column.title = wording::say(wording::Page::rank, wanted.language);
    column.decimals = 0;
    column.part = Part::rank;
    Column::Numbers cells;
    for (const auto place : made.place) {
        column.known.push_back(place != 0);
        cells.values.emplace_back(std::int64_t{place});
    }
    column.cells = std::move(cells);
    out.columns.push_back(std::move(column));
}

void describe(const assess::Assessment& a, wording::Language language, Table& out) {
    out.graph = a.graph;
    out.year = a.run.year;
    out.run = a.run.id;
    out.seal = a.run.hash;
    out.standing = a.run.standing;
    out.revision = a.run.snapshot.revision;
    out.ruleset_hash = a.run.ruleset_hash;
    out.engine_version = a.run.engine_version;
    out.created_at = a.run.created_at;
    out.notes = assess::told(a.notes, language);
    out.rulings = a.rulings;
    for (const auto record : a.run.records) out.records.emplace_back(record);
    if (const auto* main = audit::decision_to_explain(*a.graph, "")) out.decision = main->name;
    if (!a.graph->rules->scores.empty()) out.score = a.graph->rules->scores.front().name;
}

std::string date_text(std::int32_t days) { return feel::Date::from_days(days).to_string(); }

std::string joined(const std::vector<std::string>& items) { return fmt::format("{}", fmt::join(items, between_items)); }

}  // namespace

std::string title_of(const model::Definition& definition, wording::Language language) {
    const auto title = definition.title.in(code(language));
    return title.empty() ? definition.name : title;
}

std::string title_of(const graph::Graph& graph, const std::string& name, wording::Language language) {
    const auto* node = graph.find(name);
    return node && node->definition ? title_of(*node->definition, language) : name;
}

const feel::Decimal* Column::number(std::size_t record) const {
    const auto* numbers = std::get_if<Numbers>(&cells);
    return numbers && known[record] ? &numbers->values[record] : nullptr;
}

std::string Column::text(std::size_t record) const {
    if (!known[record]) return "";
    struct Shown {
        const Column& column;
        std::size_t i;
        std::string operator()(const Numbers& c) const {
            return column.decimals ? c.values[i].to_fixed(*column.decimals)
                                   : wording::show(c.values[i], {}, wording::Language::en);
        }
        std::string operator()(const Truths& c) const { return c.values[i] ? "true" : "false"; }
        std::string operator()(const Dates& c) const { return date_text(c.days[i]); }
        std::string operator()(const Texts& c) const { return c.dictionary[static_cast<std::size_t>(c.codes[i])]; }
        std::string operator()(const Lists& c) const {
            return joined(c.dictionary[static_cast<std::size_t>(c.codes[i])]);
        }
    };
    return std::visit(Shown{*this, record}, cells);
}

std::string Column::label_of(const std::string& value) const { return exec::labelled(labels, value); }

std::string Column::label(std::size_t record) const {
    if (labels.empty() || !known[record]) return text(record);
    if (const auto* lists = std::get_if<Lists>(&cells)) {
        auto items = lists->dictionary[static_cast<std::size_t>(lists->codes[record])];
        for (auto& item : items) item = label_of(item);
        return joined(items);
    }
    const auto whole = text(record);
    std::string out;
    for (std::size_t at = 0; at <= whole.size();) {  // list_text: several in one cell
        const auto end = std::min(whole.find(between_items, at), whole.size());
        out += (at == 0 ? "" : std::string(between_items)) + label_of(whole.substr(at, end - at));
        at = end + between_items.size();
    }
    return out;
}

std::string Column::exact_text(std::size_t record) const {
    const auto* exact = decimals ? nullptr : number(record);
    return exact ? exact->to_string() : text(record);
}

std::string Column::why(std::size_t record) const {
    const auto found = std::lower_bound(whys.records.begin(), whys.records.end(), record);
    if (found == whys.records.end() || *found != record) return "";
    return whys.dictionary[whys.codes[static_cast<std::size_t>(found - whys.records.begin())]];
}

bool Column::is_outcome() const { return part == Part::value && of && graph::decision_of(*of); }

std::string Column::text_or_undetermined(std::size_t record) const {
    return undetermined(record) ? why(record) : label(record);
}

const Column* Table::find(std::string_view name) const {
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == name; });
    return found == columns.end() ? nullptr : &*found;
}

std::string clause_of(const Table& table, const Column& outcome, std::size_t record) {
    if (const auto* cite = table.find(outcome.name + ".cite")) return cite->text(record);
    const auto* rule = table.find(outcome.name + ".rule");
    if (!rule || !rule->known[record]) return "";
    const auto id = rule->text(record);
    for (const auto& r : graph::decision_of(*outcome.of)->rules)
        if (r.id == id && r.cite) return r.cite->to_string();
    return "";
}

Table table_of(const assess::Assessment& a, const Wanted& wanted) {
    Table out;
    describe(a, wanted.language, out);
    const auto& graph = *a.graph;
    add_rank(a, wanted, out);
    out.columns.push_back(texts_column(graph.rules->record, model::record_title(*graph.rules, wanted.language),
                                       Part::record, out.records));
    const auto* label = graph.find(graph.rules->label_input);
    if (label) {
        out.columns.push_back(of_values(*label, a, wanted));
        out.columns.back().part = Part::label;
    }
    PlainTexts plain;
    for (const auto& name : wanted.columns.empty() ? published(graph) : wanted.columns) {
        const auto [node, part] = chosen(graph, name);
        if (std::any_of(out.columns.begin(), out.columns.end(), [of = node, as = part](const Column& c) {
                return c.of == of && (c.part == as || c.part == Part::label);  // a label stands beside the id
            }))
            continue;
        if (!graph::decision_of(*node)) {
            out.columns.push_back(of_values(*node, a, wanted));
            continue;
        }
        const auto& decisions = assess::as_ruled(a.run, *a.run.decision(node->name), a.rulings);
        if (part == Part::cite || part == Part::about) {
            out.columns.push_back(of_each_record(*node, part, decisions, a.evaluation, wanted.language));
            continue;
        }
        out.columns.push_back(of_decision(graph, *node, part, decisions, plain, wanted.language));
        if (part == Part::because) translate(*node, decisions, a.evaluation, wanted.language, out.columns.back());
    }
    return out;
}

}  // namespace zoneval::results
