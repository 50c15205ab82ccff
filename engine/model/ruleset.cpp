#include "engine/model/ruleset.hpp"

#include <algorithm>

#include "engine/model/by_language.hpp"

namespace zoneval::model {

std::string Text::in(std::string_view language) const {
    const auto* found =
        in_language(by_language, language, [](const auto& text) { return std::string_view(text.first); });
    return found ? found->second : "";
}

std::string Definition::label(std::string_view value, std::string_view language) const {
    for (const auto& [own, words] : labels) {
        if (own != value) continue;
        // What is left is a language that the reader did not ask for: the author's own word is no worse.
        for (const auto wanted : {language, std::string_view(), std::string_view("en")})
            for (const auto& [tongue, word] : words.by_language)
                if (tongue == wanted) return word;
    }
    return std::string(value);
}

const Target::Goal* Target::goal_on(feel::Date day) const {
    const Goal* out = nullptr;
    for (const auto& goal : goals)
        if (!goal.from || *goal.from <= day) out = &goal;
    return out;
}

std::string Citation::to_string() const {
    if (document.empty()) return clause;
    return clause.empty() ? document : document + " " + clause;
}

namespace {
bool contains(const std::vector<feel::Value>& values, const feel::Value& value) {
    return std::any_of(values.begin(), values.end(), [&](const feel::Value& v) { return feel::identical(v, value); });
}
}  // namespace

bool Decision::declares(const feel::Value& value) const { return contains(values, value); }

bool Decision::is_adverse(const feel::Value& value) const {
    if (contains(adverse, value)) return true;
    const auto* list = value.list();
    return list && std::any_of(list->begin(), list->end(), [&](const feel::Value& v) { return contains(adverse, v); });
}

std::vector<std::string> Decision::value_names() const {
    std::vector<std::string> out;
    for (const auto& value : values) out.push_back(value.to_string());
    return out;
}

const Input* RuleSet::input(std::string_view name) const {
    const auto found = std::find_if(inputs.begin(), inputs.end(), [&](const Input& i) { return i.name == name; });
    return found == inputs.end() ? nullptr : &*found;
}

const RecordKind* RuleSet::kind(std::string_view name) const {
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const RecordKind& k) { return k.name == name; });
    return found == kinds.end() ? nullptr : &*found;
}

std::string joined_name(const std::string& input, const std::string& record) { return input + " of " + record; }

namespace {

bool feeds_itself(const Dataset& dataset) { return dataset.of.empty(); }

/// Nothing says how the data of the rule set's own records come: they come in one file.
bool one_plain_dataset(const RuleSet& rules) {
    return std::none_of(rules.datasets.begin(), rules.datasets.end(), feeds_itself);
}

ColumnSchema column_of(const Input& input) {
    ColumnSchema column;
    column.name = input.name;
    column.header = input.column.empty() ? input.name : input.column;
    column.type = input.type;
    column.min = input.min;
    column.max = input.max;
    column.values = input.values;
    column.required = input.required;
    column.blank = input.blank;
    column.unit = input.unit;
    column.form.rounded = input.round;
    return column;
}

}  // namespace

std::vector<ColumnSchema> input_columns(const RuleSet& rules) {
    std::vector<ColumnSchema> out;
    for (const auto& input : rules.inputs) {
        out.push_back(column_of(input));
        for (const auto& dataset : rules.datasets)
            if (feeds_itself(dataset) && (dataset.all_inputs || dataset.columns.contains(input.name)))
                out.back().no_row = dataset.no_row;
    }
    return out;
}

std::vector<std::string> dataset_names(const RuleSet& rules) {
    std::vector<std::string> out;
    if (one_plain_dataset(rules) && !rules.datasets.empty()) out.push_back(rules.record);
    for (const auto& dataset : rules.datasets) out.push_back(dataset.name);
    return out;
}

std::optional<DatasetSchema> dataset_schema(const RuleSet& rules, std::string_view name) {
    DatasetSchema schema;
    schema.record = schema.dataset = rules.record;
    schema.id_header = rules.id_column;
    schema.year_header = rules.year_column;
    if (one_plain_dataset(rules) && (name.empty() || name == rules.record)) {
        schema.columns = input_columns(rules);
        return schema;
    }
    const auto found = name.empty() ? std::find_if(rules.datasets.begin(), rules.datasets.end(), feeds_itself)
                                    : std::find_if(rules.datasets.begin(), rules.datasets.end(),
                                                   [&](const Dataset& d) { return d.name == name; });
    if (found == rules.datasets.end()) return std::nullopt;
    schema.dataset = found->name;
    if (!found->id.empty()) schema.id_header = found->id;
    if (!found->year.empty()) schema.year_header = found->year;
    schema.missing_codes = found->missing_codes;
    schema.aliases = found->aliases;
    schema.ignore = found->ignore;
    schema.roster = found->roster;
    schema.shape = found->shape;
    const auto* kind = found->of.empty() ? nullptr : rules.kind(found->of);
    if (kind) {
        schema.record = kind->name;
        if (found->id.empty()) schema.id_header = kind->name;
        schema.filled.push_back(kind->key);
        if (!kind->dated.empty()) {  // of no year: each has its day
            schema.shape.year_from = Shape::YearFrom::constant;
            schema.shape.year = schema.shape.last_year = year_of_dated;
            schema.filled.push_back(kind->dated);
        }
    }
    for (const auto& input : kind ? kind->rules->inputs : rules.inputs) {
        const auto header = found->columns.find(input.name);
        if (!found->all_inputs && header == found->columns.end()) continue;
        auto column = column_of(input);
        if (header != found->columns.end()) {
            column.header = header->second;
            column.required = true;  // a dataset that names a column promises to have it
        }
        const auto form = found->forms.find(input.name);
        column.form = form == found->forms.end() ? found->form : form->second;
        column.form.rounded = column.form.rounded || input.round;
        if (const auto words = found->translate.find(input.name); words != found->translate.end())
            column.translate = words->second;
        schema.columns.push_back(std::move(column));
    }
    return schema;
}

}  // namespace zoneval::model
