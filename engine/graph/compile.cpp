#include "engine/graph/compile.hpp"

#include "engine/graph/analyse.hpp"

namespace zoneval::graph {

Compiled compile(const std::string& entry, const model::ReadFile& read, Findings wanted) {
    Compiled out;
    out.rules = std::make_shared<const model::RuleSet>(model::load_ruleset(entry, read, out.found));
    if (!out.rules->files.empty()) {
        out.graph = std::make_shared<const Graph>(build_graph(out.rules, out.found));
        if (wanted == Findings::all && !out.found.has_errors()) analyse(*out.graph, out.found);
    }
    out.found.sort();
    for (const auto kind : {Kind::unknown_name, Kind::unknown_function}) out.found.gather(kind);
    return out;
}

std::shared_ptr<const Graph> sound_graph(Compiled compiled) {
    if (!compiled.sound()) throw InputError(std::move(compiled.found));
    return std::move(compiled.graph);
}

}  // namespace zoneval::graph
