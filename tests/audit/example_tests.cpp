// The worked example: what its verdicts cite, what would change them, and its runs made again.
#include "engine/audit/replay.hpp"
#include "engine/audit/would_change.hpp"
#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/seal/verdict_lines.hpp"
#include "tests/audit/example.hpp"
#include "tests/audit/facts.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using feel::Decimal;

namespace {

std::string told(const exec::Evaluation& e, const graph::Node& decision, std::size_t record) {
    return e.outcome(decision.id, record).settled() ? e.value(decision.id, record).to_string() : "";
}

/// A year evaluated again as a whole, with some figures of one record, or a parameter, other than they are.
class Again {
  public:
    Again(const assess::Assessment& a, const graph::Node& decision, std::size_t record)
        : a_(a), decision_(decision), record_(record) {}
    std::string with(const std::vector<std::pair<std::string, Value>>& cells) {
        auto table = *a_.table;
        for (auto& column : table.columns)
            for (const auto& [input, value] : cells)
                if (column.name() == input) column.set(a_.evaluation.rows[record_], value);
        return told(exec::evaluate_columns(*a_.graph, table, *a_.history), decision_, record_);
    }

  private:
    const assess::Assessment& a_;
    const graph::Node& decision_;
    std::size_t record_;
};

/// What is told of one figure: with it the outcome is the other, one step less and it is as it was.
std::size_t require_true(const audit::WouldChange::Input& input, const std::string& now, Again& again) {
    std::size_t checked = 0;
    const auto& name = input.of.node->name;
    const auto step = Decimal::scaled(1, -input.decimals);
    for (const auto* flip : {&input.down, &input.up}) {
        if (!*flip) continue;
        const auto& needed = *(*flip)->needed.number();
        INFO(name << " = " << needed.to_string());
        REQUIRE(again.with({{name, Value(needed)}}) == (*flip)->outcome);
        REQUIRE(again.with({{name, Value(flip == &input.up ? needed - step : needed + step)}}) == now);
        ++checked;
    }
    for (const auto& flip : input.others) {
        REQUIRE(again.with({{name, flip.needed}}) == flip.outcome);
        ++checked;
    }
    for (const auto& stretch : input.stretches) {
        INFO(name << " from " << stretch.from.to_string() << " to " << stretch.to.to_string());
        REQUIRE(again.with({{name, stretch.from}}) == stretch.outcome);
        REQUIRE(again.with({{name, stretch.to}}) == stretch.outcome);
        ++checked;
    }
    return checked;
}

}  // namespace

TEST_CASE("the facts that are cited alone reproduce the verdicts of the example") {
    const auto store = assessed_example();
    const auto all = checks_wanted(0) > 0;
    FactsRead read;
    for (const std::int64_t run : {1, 2, 3, 4}) {
        const auto a = audit::made_again(store, *store.run(run));
        for (const auto id : a.evaluation.decisions) {
            const auto& node = a.graph->node(id);
            const auto& decision = *graph::decision_of(node);
            if (decision.hit_policy != feel::HitPolicy::first) continue;
            for (auto i = static_cast<std::size_t>(run); i < a.evaluation.size(); i += all ? 1 : 40) {
                const auto e = audit::explain(a, node, i, "en");
                INFO(node.name << " of " << a.evaluation.record(i) << "\n" << audit::render_text(e));
                require_facts(e, decision, read);
            }
        }
    }
    CHECK(read.verdicts > 40);
    CHECK(read.fired > 5);
    CHECK(read.by_branches * 20 < read.verdicts);
    if (all) WARN(read.verdicts << " verdicts of the example");
}

TEST_CASE("what would change a verdict of the example does, and one step less does not, with the year evaluated anew") {
    const auto store = assessed_example();
    const auto wanted = checks_wanted(40);
    std::size_t checked = 0;
    for (std::size_t n = 0; checked < wanted && n < 712; ++n) {
        const auto a = audit::made_again(store, *store.run(static_cast<std::int64_t>(n % 4 + 1)));
        const auto& decision = *a.graph->find("verdict");
        const auto record = n * 37 % a.evaluation.size();
        const auto now = told(a.evaluation, decision, record);
        const auto told_of = audit::would_change(a, decision, record, "en");
        Again again(a, decision, record);
        INFO(a.evaluation.record(record) << " " << a.evaluation.year);
        for (const auto& input : told_of.inputs) checked += require_true(input, now, again);
        for (const auto& pair : told_of.pairs) {
            const std::pair first{pair.first.of.node->name, pair.first.needed},
                second{pair.second.of.node->name, pair.second.needed};
            REQUIRE(again.with({first, second}) == pair.outcome);
            REQUIRE(again.with({first}) == now);
            REQUIRE(again.with({second}) == now);
            ++checked;
        }
    }
    CHECK(checked >= std::min<std::size_t>(wanted, 4000));
    if (wanted > 40) WARN(checked << " changes of the example");
}

TEST_CASE("what would change a verdict of the example is the same, whatever the number of threads") {
    const auto store = assessed_example();
    const auto a = audit::made_again(store, *store.run(4));
    const auto& decision = *a.graph->find("verdict");
    for (const std::size_t record : {3, 70, 141})
        CHECK(audit::render_json(audit::would_change(a, decision, record, "en", 1)) ==
              audit::render_json(audit::would_change(a, decision, record, "en", 3)));
}

TEST_CASE("every run of the example comes out again to the last bit, whatever the number of threads") {
    const auto store = assessed_example();
    for (const std::int64_t id : {1, 2, 3, 4}) {
        const auto stored = *store.run(id);
        const auto root = seal::verdict_tree(stored, {}).root();
        for (const unsigned threads : {1u, 2u, 3u, 8u})
            for (const bool exact : {false, true}) {
                assess::Options how;
                how.columns.threads = threads;
                how.columns.batch = 16 * threads;
                how.exact = exact;
                const auto again = audit::replay(store, stored, how);
                INFO("run " << id << ", " << threads << " threads" << (exact ? ", exact" : ""));
                for (const auto& difference : again.differences) UNSCOPED_INFO(difference.told());
                REQUIRE(again.differences.empty());
                REQUIRE(seal::verdict_tree(again.assessment.run, {}).root() == root);
            }
    }
}
