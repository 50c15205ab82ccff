#include "engine/feel/syntax/names_in_scope.hpp"

namespace zoneval::feel {

int Names::find(std::string_view name) const {
    const auto indexed = index ? index->size() : 0;
    for (auto i = entries.size(); i-- > indexed;)
        if (entries[i].name == name) return static_cast<int>(i);
    return index ? index->find(name) : -1;
}

const Names::OverKind* Names::over_kind(std::string_view function) const {
    for (const auto& one : over_kinds)
        if (one.name == function) return &one;
    return nullptr;
}

void Names::make_index() {
    std::vector<std::string_view> names;
    for (const auto& entry : entries) names.push_back(entry.name);
    index = std::make_shared<const NameIndex>(names);
}

std::span<const Names::Entry> Names::unindexed() const { return std::span(entries).subspan(index ? index->size() : 0); }

ExpressionText ExpressionText::whole(SourcePtr source) {
    std::string text(source->text());
    return {std::move(source), std::move(text), {}};
}

ExpressionText ExpressionText::of(std::string text, std::string name) {
    return whole(std::make_shared<const Source>(std::move(name), std::move(text)));
}

}  // namespace zoneval::feel
