// The facts that an explanation cites reproduce the verdict by themselves, for random rule sets.
#include "tests/audit/facts.hpp"
#include "tests/exec/random_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {

assess::Assessment assessed(const std::shared_ptr<const graph::Graph>& graph, const std::vector<Row>& rows,
                            GivenHistory history) {
    assess::Assessment out;
    out.graph = graph;
    out.table = std::make_unique<Table>(table(*graph, rows));
    out.history = std::make_unique<GivenHistory>(std::move(history));
    out.evaluation = exec::evaluate(*graph, *out.table, *out.history);
    return out;
}

}  // namespace

TEST_CASE("the facts that are cited alone reproduce the verdict, for random rule sets") {
    const auto* wanted = std::getenv("ZONEVAL_CHECKS");
    const std::size_t verdicts = wanted ? static_cast<std::size_t>(std::atoll(wanted)) : 600;
    FactsRead read;
    for (std::uint64_t seed = 1; read.verdicts < verdicts; ++seed) {
        RandomRules random(seed);
        const auto year = RandomYear::of(random, 8);
        if (!year) continue;
        const auto& [yaml, graph, rows, history] = *year;
        const auto a = assessed(graph, rows, history);
        for (const auto id : a.evaluation.decisions) {
            const auto& node = graph->node(id);
            const auto& decision = *graph::decision_of(node);
            if (decision.hit_policy != feel::HitPolicy::first) continue;
            for (std::size_t i = 0; i < a.evaluation.size(); ++i) {
                const auto e = audit::explain(a, node, i, "en");
                INFO("seed " << seed << ", " << node.name << " of " << a.evaluation.record(i) << "\n"
                             << audit::render_text(e) << yaml);
                require_facts(e, decision, read);
            }
        }
    }
    CHECK(read.fired > verdicts / 20);
    CHECK(read.by_branches * 100 < read.verdicts);
}
