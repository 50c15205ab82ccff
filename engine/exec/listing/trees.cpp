#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/exec/listing/listing.hpp"
#include "engine/feel/syntax/print.hpp"

namespace zoneval::exec {

using Json = nlohmann::ordered_json;

namespace {

/// What a part of a formula is, beside its own parts.
struct Label {
    std::string operator()(const feel::Literal& x) const { return "literal " + x.value.to_feel(); }
    std::string operator()(const feel::Name& x) const {
        return fmt::format("name {}{}", x.name, x.slot >= 0 ? "" : x.local >= 0 ? " (local)" : " (unresolved)");
    }
    std::string operator()(const feel::Negate&) const { return "negate"; }
    std::string operator()(const feel::Binary& x) const { return std::string(feel::spelling(x.op)); }
    std::string operator()(const feel::If&) const { return "if"; }
    std::string operator()(const feel::Between&) const { return "between"; }
    std::string operator()(const feel::In&) const { return "in"; }
    std::string operator()(const feel::For& x) const { return "for " + names(x.iterators); }
    std::string operator()(const feel::Quantified& x) const {
        return (x.every ? "every " : "some ") + names(x.iterators);
    }
    std::string operator()(const feel::Filter&) const { return "filter"; }
    std::string operator()(const feel::Path& x) const { return "entry " + x.name; }
    std::string operator()(const feel::InstanceOf& x) const { return "instance of " + x.type->to_string(); }
    std::string operator()(const feel::ListExpr&) const { return "list"; }
    std::string operator()(const feel::ContextExpr& x) const {
        std::string out = "context";
        for (const auto& entry : x.entries) out += " " + entry.name;
        return out;
    }
    std::string operator()(const feel::RangeExpr& x) const {
        switch (x.form) {
            case feel::RangeForm::equal: return "range =";
            case feel::RangeForm::not_equal: return "range !=";
            default: break;
        }
        return fmt::format("range {}{}..{}{}", x.start_included ? '[' : '(', x.start ? "" : "-", x.end ? "" : "-",
                           x.end_included ? ']' : ')');
    }
    std::string operator()(const feel::FunctionExpr&) const { return "function"; }
    std::string operator()(const feel::Call& x) const { return "call " + x.builtin; }
    std::string operator()(const feel::UnaryTests& x) const {
        return x.any ? "tests -" : x.negated ? "tests not" : "tests";
    }
    std::string operator()(const feel::TableExpr&) const { return "decision table"; }

    static std::string names(const std::vector<feel::Iterator>& iterators) {
        std::string out;
        for (const auto& i : iterators) out += (out.empty() ? "" : ", ") + i.name;
        return out;
    }
};

Json tree_of(const feel::Expr& expr, const SourcePtr& source) {
    Json out{{"is", std::visit(Label{}, expr.node)}};
    if (source) {
        const auto at = source->position(expr.span.begin);
        out["line"] = at.line, out["column"] = at.column;
    }
    auto parts = Json::array();
    feel::for_each_child(expr, [&](const feel::Expr& child) { parts.push_back(tree_of(child, source)); });
    if (!parts.empty()) out["parts"] = std::move(parts);
    return out;
}

std::string indented(const Json& tree, std::size_t depth) {
    constexpr std::size_t width = 60;
    auto line = std::string(2 * depth, ' ') + tree["is"].get<std::string>();
    if (tree.contains("line"))
        line += fmt::format("{:>{}}{}:{}", "", line.size() < width ? width - line.size() : 1, tree["line"].get<int>(),
                            tree["column"].get<int>());
    line += '\n';
    if (tree.contains("parts"))
        for (const auto& part : tree["parts"]) line += indented(part, depth + 1);
    return line;
}

}  // namespace

std::string list_trees(const graph::Graph& graph, const Wanted& wanted, ListingFormat form) {
    auto all = Json::array();
    for (const auto id : graph.order) {
        if (!is_wanted(graph, wanted, id)) continue;
        const auto& node = graph.node(id);
        auto formulas = Json::array();
        graph::for_each_formula(node, [&](const graph::Formula& f) {
            formulas.push_back({{"formula", feel::to_feel(*f.expr)},
                                {"file", f.source ? f.source->name() : ""},
                                {"tree", tree_of(*f.expr, f.source)}});
        });
        if (formulas.empty()) continue;
        all.push_back({{"name", node.name}, {"kind", graph::to_string(node.kind)}, {"formulas", std::move(formulas)}});
    }
    if (form == ListingFormat::json) return all.dump(2) + "\n";
    std::string out;
    for (const auto& definition : all) {
        out += fmt::format("{} ({})\n", definition["name"].get<std::string>(), definition["kind"].get<std::string>());
        for (const auto& formula : definition["formulas"])
            out += fmt::format("  {}\n", formula["formula"].get<std::string>()) + indented(formula["tree"], 2);
    }
    return out;
}

}  // namespace zoneval::exec
