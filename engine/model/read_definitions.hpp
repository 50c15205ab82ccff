// The sections of a rule file, one reader each; load.cpp calls them in turn.
#pragma once

#include <functional>

#include "engine/model/map_reader.hpp"

namespace zoneval::model {

void read_inputs(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics);
void read_uses(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics);
void read_parameters(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics);
void read_measures(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics);
/// The text of a table that a rule file names, as part of the rule set; null: told.
using ReadTable = std::function<SourcePtr(const Yaml& file)>;
void read_scores(const Yaml& section, RuleSet& rules, const ReadTable& table, Diagnostics& diagnostics);
void read_decisions(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics);
void read_lifecycles(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics);
/// Key `labels`: `{commend: {en: Commendation, zh: 表彰}}`. `values`: those that the definition can have; empty: any.
void read_labels(Definition& definition, const std::vector<std::string>& values, MapReader& map);
void read_targets(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics);
void read_tests(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics);
void read_successions(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics);
void read_kinds(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics);
/// Once all files are read: what the kinds have from their rule set, and whether their names fit together.
void finish_kinds(RuleSet& rules, Diagnostics& diagnostics);
void read_datasets(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics);

/// Calls `read(key, value)` for each entry of a section that must be a mapping.
template <typename Read>
void for_each_entry(const Yaml& section, std::string_view name, Diagnostics& diagnostics, Read read) {
    if (!section.is_mapping()) {
        diagnostics.add(Kind::wrong_shape, *section.source, section.span,
                        "`" + std::string(name) + "` is " + std::string(to_string(section.shape)),
                        "a mapping from names to definitions");
        return;
    }
    for (const auto& [key, value] : section.entries) read(key, value);
}

template <typename Each>
Each begin_definition(const Yaml& key) {
    Each out;
    out.name = key.scalar;
    out.source = key.source;
    out.span = key.span;
    return out;
}

}  // namespace zoneval::model
