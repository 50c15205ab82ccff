#include "engine/assess/results.hpp"

#include <fmt/format.h>

#include <functional>
#include <unordered_map>

#include "engine/assess/as_ruled.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/feel/value/cause.hpp"

namespace zoneval::assess {

using feel::Value;
using Part = ResultColumn::Part;
using TypeKind = feel::Type::Kind;

namespace {

/// Texts to codes, each text once.
class Dictionary {
  public:
    explicit Dictionary(std::size_t rows) { texts_.codes.reserve(rows); }
    void append(const std::string& text) {
        const auto [place, is_new] = index_.try_emplace(text, static_cast<std::int32_t>(texts_.dictionary.size()));
        if (is_new) texts_.dictionary.push_back(text);
        texts_.codes.push_back(place->second);
    }
    void append_null() { texts_.codes.push_back(0); }
    ResultColumn::Texts texts() && { return std::move(texts_); }

  private:
    ResultColumn::Texts texts_;
    std::unordered_map<std::string, std::int32_t> index_;
};

/// A list is shown as its elements; other values as FEEL's string().
std::string missing_text(const Value& null) {
    const auto kind = feel::missing_kind(null.cause());
    return kind == feel::Missing::none ? "null" : std::string(feel::to_string(kind));
}

/// Values of one node, record by record, into whatever `put` fills; what is no value of that type is null.
template <class Cells, class Put>
ResultColumn filled(const graph::Node& node, const std::vector<Value>& values, Cells cells, Put put) {
    ResultColumn out{node.name, &node, Part::value, {}, {}};
    out.known.reserve(values.size());
    for (const auto& value : values) out.known.push_back(put(cells, value));
    out.cells = std::move(cells);
    return out;
}

/// A number, truth value or date of a definition is one, or null; a type that is only known at run time goes by text.
ResultColumn value_column(const graph::Node& node, const std::vector<Value>& values, bool exact) {
    const auto typed = [&](TypeKind kind) {
        if (node.type->kind != kind) return false;
        for (const auto& value : values)
            if (!value.is_null() && value.kind() != kind) return false;
        return true;
    };
    if (!exact && typed(TypeKind::number))
        return filled(node, values, ResultColumn::Numbers{}, [](auto& cells, const Value& value) {
            cells.nearest.push_back(value.number() ? value.number()->to_double() : 0);
            return value.number() != nullptr;
        });
    if (typed(TypeKind::boolean))
        return filled(node, values, ResultColumn::Truths{}, [](auto& cells, const Value& value) {
            cells.values.push_back(value.is_true());
            return value.boolean() != nullptr;
        });
    if (typed(TypeKind::date))
        return filled(node, values, ResultColumn::Dates{}, [](auto& cells, const Value& value) {
            cells.days.push_back(value.date() ? static_cast<std::int32_t>(value.date()->days_since_epoch()) : 0);
            return value.date() != nullptr;
        });
    Dictionary texts(values.size());
    ResultColumn out{node.name, &node, Part::value, {}, {}};
    for (const auto& value : values) {
        out.known.push_back(!value.is_null());
        if (value.is_null())
            texts.append_null();
        else
            texts.append(text_of(value));
    }
    out.cells = std::move(texts).texts();
    return out;
}

ResultColumn missing_column(const graph::Node& node, const std::vector<Value>& values) {
    Dictionary texts(values.size());
    ResultColumn out{node.name + ".missing", &node, Part::missing, {}, {}};
    for (const auto& value : values) {
        out.known.push_back(value.is_null());
        if (value.is_null())
            texts.append(missing_text(value));
        else
            texts.append_null();
    }
    out.cells = std::move(texts).texts();
    return out;
}

std::vector<std::string> texts_in(const std::string& feel_list) {
    std::vector<std::string> out;
    const auto value = feel::from_feel(feel_list);
    if (value.list())
        for (const auto& item : *value.list()) out.push_back(item.to_string());
    return out;
}

OutcomeTexts texts_of(const store::Outcome& stored) {
    using Ending = store::Outcome::Ending;
    const bool settled = stored.ending != Ending::open && stored.ending != Ending::conflict;
    OutcomeTexts out{stored.ending, !settled, "", stored.rule, stored.because, {}, {}, {}};
    if (stored.ending == Ending::conflict) {
        out.rule.clear();
        for (const auto& id : texts_in(stored.rule)) out.rule += (out.rule.empty() ? "" : ", ") + id;
    } else if (out.undetermined) {
        out.possible = texts_in(stored.possible);
        out.waiting_for = texts_in(stored.waiting_for);
        out.failed = texts_in(stored.failed);
    } else if (const auto value = feel::from_feel(stored.value); !value.is_null()) {
        out.value = text_of(value);
    }
    return out;
}

/// A text of each outcome, spread over the records; an empty one is null.
ResultColumn text_part(const graph::Node& node, const std::vector<OutcomeTexts>& outcomes,
                       const std::vector<std::uint32_t>& codes, Part part, std::string OutcomeTexts::*text) {
    const auto name = part == Part::value ? node.name : fmt::format("{}.{}", node.name, to_string(part));
    ResultColumn out{name, &node, part, {}, {}};
    Dictionary different(outcomes.size());  // outcomes that differ elsewhere may agree in this part
    for (const auto& outcome : outcomes)
        if ((outcome.*text).empty())
            different.append_null();
        else
            different.append(outcome.*text);
    auto texts = std::move(different).texts();
    const auto by_outcome = std::move(texts.codes);
    texts.codes.clear();
    texts.codes.reserve(codes.size());
    for (const auto code : codes) {
        texts.codes.push_back(by_outcome[code]);
        out.known.push_back(!(outcomes[code].*text).empty());
    }
    out.cells = std::move(texts);
    return out;
}

/// The same of lists; null where the outcome is settled.
ResultColumn list_part(const graph::Node& node, const std::vector<OutcomeTexts>& outcomes,
                       const std::vector<std::uint32_t>& codes, Part part,
                       std::vector<std::string> OutcomeTexts::*list) {
    ResultColumn out{fmt::format("{}.{}", node.name, to_string(part)), &node, part, {}, {}};
    ResultColumn::Lists lists;
    for (const auto& outcome : outcomes) lists.dictionary.push_back(outcome.*list);
    for (const auto code : codes) {
        lists.codes.push_back(static_cast<std::int32_t>(code));
        out.known.push_back(outcomes[code].undetermined);
    }
    out.cells = std::move(lists);
    return out;
}

void add_decision(const graph::Node& node, const store::Decisions& decisions, std::vector<ResultColumn>& out) {
    std::vector<OutcomeTexts> outcomes;
    outcomes.reserve(decisions.outcomes.size());
    for (const auto& outcome : decisions.outcomes) outcomes.push_back(texts_of(outcome));
    out.push_back(text_part(node, outcomes, decisions.codes, Part::value, &OutcomeTexts::value));
    out.push_back(text_part(node, outcomes, decisions.codes, Part::rule, &OutcomeTexts::rule));
    out.push_back(text_part(node, outcomes, decisions.codes, Part::because, &OutcomeTexts::because));
    out.push_back(list_part(node, outcomes, decisions.codes, Part::possible, &OutcomeTexts::possible));
    out.push_back(list_part(node, outcomes, decisions.codes, Part::waiting_for, &OutcomeTexts::waiting_for));
}

std::vector<const graph::Node*> chosen(const graph::Graph& graph, const std::vector<std::string>& names) {
    std::vector<const graph::Node*> out;
    for (const auto& name : names) {
        const auto* node = graph.find(name);
        if (!node || node->kind == graph::NodeKind::hidden)
            throw InputError(Diagnostic{zoneval::Kind::unknown_name,
                                        fmt::format("the rule set defines no `{}`", name),
                                        {},
                                        "the name of an input, parameter, measure, score or decision",
                                        did_you_mean(name, graph.visible_names())});
        out.push_back(node);
    }
    if (!names.empty()) return out;
    for (const auto& node : graph.nodes)
        if (node.kind == graph::NodeKind::measure || node.kind == graph::NodeKind::score ||
            node.kind == graph::NodeKind::decision)
            out.push_back(&node);
    return out;
}

}  // namespace

std::string text_of(const Value& value) {
    if (!value.list()) return value.to_string();
    std::string out;
    for (const auto& item : *value.list()) out += (out.empty() ? "" : ", ") + item.to_string();
    return out;
}

std::string_view to_string(Part part) {
    switch (part) {
        case Part::value: return "value";
        case Part::missing: return "missing";
        case Part::rule: return "rule";
        case Part::because: return "because";
        case Part::possible: return "possible";
        case Part::waiting_for: return "waiting_for";
    }
    return "";
}

OutcomeTexts outcome_of(const Assessment& a, const graph::Node& decision, std::size_t record) {
    return texts_of(as_ruled(a.run, *a.run.decision(decision.name), record, a.rulings));
}

std::vector<ResultColumn> results_of(const Assessment& a, const ResultsWanted& wanted) {
    std::vector<ResultColumn> out;
    for (const auto* node : chosen(*a.graph, wanted.definitions)) {
        if (const auto* decisions = a.run.decision(node->name)) {
            add_decision(*node, as_ruled(a.run, *decisions, a.rulings), out);
            continue;
        }
        std::vector<Value> values;
        values.reserve(a.evaluation.size());
        for (std::size_t i = 0; i < a.evaluation.size(); ++i) values.push_back(a.evaluation.value(node->id, i));
        out.push_back(value_column(*node, values, wanted.exact_numbers));
        out.push_back(missing_column(*node, values));
    }
    return out;
}

}  // namespace zoneval::assess
