// A decision that collects, over time: last year's set, what was gained and lost since, and since when each holds are
// measures like others.
#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/value/names.hpp"
#include "engine/graph/builder.hpp"

namespace zoneval::graph {

using feel::Type;
using feel::Value;

namespace {

std::string since(const Value& value) { return *value.string() + " since"; }

bool collects_texts(const model::Decision& decision) {
    return decision.gives_list() && !decision.values.empty() &&
           std::all_of(decision.values.begin(), decision.values.end(),
                       [](const Value& value) { return value.string() != nullptr; });
}

}  // namespace

void Builder::declare_set(const model::Decision& decision) {
    const auto* set = graph_.find(decision.name);
    if (!set || set->definition != &decision) return;
    const auto id = set->id;
    if (!collects_texts(decision)) {
        diagnostics_.add(
            Kind::type_error, *decision.source, decision.span,
            fmt::format("`over time` of decision `{}`, which collects no texts", decision.name),
            "`hit policy: collect`, and the texts under `values`",
            "of one outcome a year `prior(…)` gives that of last year; a standing that carries over is a lifecycle");
        return;
    }
    const auto add = [&](const std::string& name) -> std::optional<NodeId> {
        if (const auto* other = graph_.find(name); other || !feel::is_name(name)) {
            diagnostics_.add(other ? Kind::duplicate_definition : Kind::bad_name, *decision.source, decision.span,
                             fmt::format("`over time` of `{}` would make `{}`, which {}", decision.name, name,
                                         other ? "is already defined" : "cannot be used as a name in expressions"),
                             "names that are free", "rename the decision, its value or the other definition");
            return std::nullopt;
        }
        return add_node(NodeKind::measure, name, nullptr);
    };
    if (const auto before = add(decision.name + " before"))
        node(*before).form = HistoryForm{id, 1, false, Value(feel::List{})};
    add(decision.name + " gained");
    add(decision.name + " lost");
    for (const auto& value : decision.values)
        if (const auto year = add(since(value))) {
            node(*year).unit = "year";
            node(*year).type = Type::of(Type::Kind::number);
        }
    graph_.history_reviews = std::max(graph_.history_reviews, 1);
}

void Builder::define_set(const model::Decision& decision) {
    if (!collects_texts(decision)) return;  // already told
    const auto define = [&](const std::string& name, const std::string& text) {
        const std::vector<std::uint32_t> place(text.size() + 1, decision.span.begin);
        if (graph_.find(name)) define_visible(name, parse({decision.source, text, place}));
    };
    const auto& set = decision.name;
    const auto before = set + " before";
    define(set + " gained", fmt::format("{}[not(list contains({}, item))]", set, before));
    define(set + " lost", fmt::format("{}[not(list contains({}, item))]", before, set));
    for (const auto& value : decision.values)
        define(since(value),
               fmt::format(
                   "if list contains({0}, {1}) then (if list contains({2}, {1}) then prior({3}) else year) else not "
                   "applicable({4})",
                   set, value.to_feel(), before, since(value), Value("it is not " + *value.string()).to_feel()));
}

}  // namespace zoneval::graph
