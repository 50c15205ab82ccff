// Records of other kinds, each a small rule set of its own inside the one it serves.
#include <fmt/format.h>

#include <algorithm>

#include "engine/model/read_definitions.hpp"

namespace zoneval::model {

void read_kinds(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics) {
    for_each_entry(section, "kinds", diagnostics, [&](const Yaml& key, const Yaml& body) {
        auto kind = begin_definition<RecordKind>(key);
        MapReader map(body, fmt::format("kind `{}`", key.scalar), diagnostics);
        kind.title = map.localized("title");
        kind.description = map.localized("description");
        kind.cite = map.citation();
        kind.of = map.text("of");
        map.require("key");
        kind.key = map.text("key");
        kind.dated = map.text("dated");
        kind.none_is_unknown = map.choice("no records", {"none", "not reported"}) == "not reported";
        RuleSet own;
        own.record = kind.name;
        if (const auto* inputs = map.require("inputs")) read_inputs(*inputs, own, diagnostics);
        if (const auto* measures = map.take("measures")) read_measures(*measures, own, diagnostics);
        map.finish();
        if (const auto* before = rules.kind(kind.name)) {
            const auto place = Location::in(*before->source, before->span);
            diagnostics.add(Kind::duplicate_definition, *kind.source, kind.span,
                            fmt::format("`{}` is already defined in {}:{}", kind.name, place.file, place.line),
                            "each kind of record once, in all imported files together");
            return;
        }
        kind.rules = std::make_shared<const RuleSet>(std::move(own));
        rules.kinds.push_back(std::move(kind));
    });
}

namespace {

/// The input of a kind that `key` or `dated` names must be there, and of that type.
void check_input(const RecordKind& kind, const std::string& name, const char* word, feel::Type::Kind type,
                 Diagnostics& diagnostics) {
    if (name.empty()) return;
    const auto* input = kind.rules->input(name);
    if (input && (input->type == type || input->type == feel::Type::Kind::any)) return;  // any: its type was mistaken
    std::vector<std::string> names;
    for (const auto& one : kind.rules->inputs) names.push_back(one.name);
    const auto wanted = type == feel::Type::Kind::date ? "date" : "string";
    diagnostics.add(input ? Kind::type_error : Kind::unknown_name, *kind.source, kind.span,
                    input ? fmt::format("`{}: {}` of kind `{}` is no {}", word, name, kind.name, wanted)
                          : fmt::format("kind `{}` has no input `{}`, which `{}` names", kind.name, name, word),
                    fmt::format("one of the kind's inputs, of `type: {}`", wanted),
                    input ? "" : did_you_mean(name, names));
}

void check_datasets(const RuleSet& rules, Diagnostics& diagnostics) {
    std::vector<std::string> names;
    for (const auto& kind : rules.kinds) names.push_back(kind.name);
    for (const auto& dataset : rules.datasets)
        if (!dataset.of.empty() && !rules.kind(dataset.of))
            diagnostics.add(
                Kind::unknown_name, *dataset.source, dataset.span,
                fmt::format("dataset `{}` is of `{}`, and no kind of record is called so", dataset.name, dataset.of),
                "a name under `kinds`, or no line `of` for the rule set's own records",
                did_you_mean(dataset.of, names));
    for (const auto& kind : rules.kinds)
        if (std::none_of(rules.datasets.begin(), rules.datasets.end(),
                         [&](const Dataset& dataset) {  // or is misspelt, which has been told
                             return dataset.of == kind.name || (!dataset.of.empty() && !rules.kind(dataset.of));
                         }))
            diagnostics.add(Kind::unknown_name, *kind.source, kind.span,
                            fmt::format("no dataset feeds the records of kind `{}`", kind.name),
                            fmt::format("under `datasets`, one with `of: {}`", kind.name));
}

}  // namespace

namespace {

/// Kinds whose owners are not there, or are their own.
void check_owners(const RuleSet& rules, Diagnostics& diagnostics) {
    std::vector<std::string> names;
    for (const auto& kind : rules.kinds) names.push_back(kind.name);
    for (const auto& kind : rules.kinds) {
        const auto* owner = &kind;
        for (std::size_t steps = 0; owner && !owner->of.empty(); ++steps) {
            const auto* next = rules.kind(owner->of);
            if (!next && owner == &kind)
                diagnostics.add(
                    Kind::unknown_name, *kind.source, kind.span,
                    fmt::format("kind `{}` is of `{}`, and no kind of record is called so", kind.name, kind.of),
                    "another name under `kinds`, or no line `of` for records that belong to the rule set's own",
                    did_you_mean(kind.of, names));
            if (next && steps > rules.kinds.size())
                return diagnostics.add(Kind::definition_cycle, *kind.source, kind.span,
                                       fmt::format("records of kind `{}` would belong to themselves", kind.name),
                                       "kinds of which each belongs to another, up to the rule set's own records");
            owner = next;
        }
    }
}

/// What a kind has from its rule set, and from the records its own belong to.
RecordKind finished(const RuleSet& rules, const RecordKind& kind) {
    auto own = *kind.rules;
    own.id = rules.id;
    own.authority = rules.authority;
    own.effective_from = rules.effective_from;
    own.effective_until = rules.effective_until;
    own.assessment_date = rules.assessment_date;
    own.rounding = rules.rounding;
    own.parameters = rules.parameters;
    own.id_column = kind.name;
    const auto* of = kind.of.empty() ? nullptr : rules.kind(kind.of);
    own.owner = of ? kind.key : rules.record;
    own.joined = of ? of->rules->inputs : rules.inputs;
    for (auto& input : own.joined) input.name = joined_name(input.name, own.owner);
    for (const auto& other : rules.kinds)
        if (other.of == kind.name) own.kinds.push_back(finished(rules, other));
    auto out = kind;
    out.rules = std::make_shared<const RuleSet>(std::move(own));
    return out;
}

}  // namespace

void finish_kinds(RuleSet& rules, Diagnostics& diagnostics) {
    Diagnostics of_owners;  // other errors keep nobody from reading names of an owner
    check_owners(rules, of_owners);
    const bool wrong = of_owners.has_errors();
    diagnostics.append(std::move(of_owners));
    if (wrong) return;
    std::vector<RecordKind> all;
    for (const auto& kind : rules.kinds) all.push_back(finished(rules, kind));
    rules.kinds = std::move(all);
    for (const auto& kind : rules.kinds) {
        check_input(kind, kind.key, "key", feel::Type::Kind::string, diagnostics);
        check_input(kind, kind.dated, "dated", feel::Type::Kind::date, diagnostics);
    }
    check_datasets(rules, diagnostics);
}

}  // namespace zoneval::model
