#include "engine/api/rule_set.hpp"

#include "engine/api/guard.hpp"
#include "engine/graph/compile.hpp"
#include "engine/io/reading/table_file.hpp"

namespace zoneval {

namespace {

Definition::Type type_of(const feel::TypePtr& type) {
    switch (type ? type->kind : feel::Type::Kind::any) {
        case feel::Type::Kind::number: return Definition::Type::number;
        case feel::Type::Kind::string: return Definition::Type::text;
        case feel::Type::Kind::boolean: return Definition::Type::boolean;
        case feel::Type::Kind::date: return Definition::Type::date;
        default: return Definition::Type::other;
    }
}

std::optional<Definition::Kind> kind_of(graph::NodeKind kind) {
    switch (kind) {
        case graph::NodeKind::input: return Definition::Kind::input;
        case graph::NodeKind::parameter: return Definition::Kind::parameter;
        case graph::NodeKind::measure: return Definition::Kind::measure;
        case graph::NodeKind::score: return Definition::Kind::score;
        case graph::NodeKind::decision: return Definition::Kind::decision;
        case graph::NodeKind::context:
        case graph::NodeKind::group:
        case graph::NodeKind::hidden: return std::nullopt;
    }
    return std::nullopt;
}

void add_values(const graph::Node& node, Definition& out) {
    if (const auto* input = std::get_if<graph::InputForm>(&node.form)) out.values = input->input->values;
    if (const auto* decision = graph::decision_of(node)) {
        out.values = decision->value_names();
        for (const auto& value : decision->adverse) out.adverse.push_back(value.to_string());
    }
}

}  // namespace

RuleSet::RuleSet(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

Result<RuleSet> RuleSet::load(const std::string& path) { return load(path, io::read_text_or_sheet); }

Result<RuleSet> RuleSet::load(const std::string& entry, const ReadFile& read) {
    return api::guarded([&]() -> Result<RuleSet> {
        auto compiled = graph::compile(entry, read);
        auto found = api::findings_of(compiled.found);
        if (!compiled.sound()) return Result<RuleSet>::failed(std::move(found));
        auto impl = std::make_shared<Impl>();
        impl->graph = std::move(compiled.graph);
        return {RuleSet(std::move(impl)), std::move(found)};
    });
}

Findings RuleSet::check(const std::string& entry, const ReadFile& read) {
    try {
        return api::findings_of(graph::compile(entry, read, graph::Findings::all).found);
    } catch (...) {
        return api::findings_of_current_exception();
    }
}

const std::string& RuleSet::id() const { return impl_->graph->rules->id; }
std::string RuleSet::title(const std::string& language) const { return impl_->graph->rules->title.in(language); }
const std::string& RuleSet::record() const { return impl_->graph->rules->record; }
std::vector<std::string> RuleSet::datasets() const { return model::dataset_names(*impl_->graph->rules); }

std::vector<Definition> RuleSet::definitions(const std::string& language) const {
    std::vector<Definition> out;
    for (const auto& node : impl_->graph->nodes) {
        const auto kind = kind_of(node.kind);
        if (!kind || !node.definition) continue;
        auto& next = out.emplace_back();
        next.kind = *kind;
        next.type = type_of(node.type);
        next.name = node.name;
        next.title = node.definition->title.in(language);
        if (next.title.empty()) next.title = node.name;
        next.unit = node.unit;
        if (node.definition->cite) next.cite = node.definition->cite->to_string();
        next.decimals = node.decimals;
        add_values(node, next);
    }
    return out;
}

}  // namespace zoneval
