// Which rows need the second look that decisions with adverse outcomes take (Guard::look_again).
#include <algorithm>

#include "engine/exec/compile/compiler.hpp"
#include "engine/exec/compile/steady.hpp"
#include "engine/exec/decisions/completions.hpp"

namespace zoneval::exec {

using graph::NodeId;

/// Rows for which the node is unknown; nullopt: it cannot be told by columns.
std::optional<Ref> Compiler::unknown_rows(NodeId id) {
    const auto value = node(id);
    if (!value) return std::nullopt;
    if ((value->kinds & mask_unknown) == 0) return byte_constant(0);
    return has_bits(value->mask, mask_unknown);
}

/// Rows for which one of these made something of a blank (Guard::has_say).
std::optional<Ref> Compiler::blanks_behind(const std::vector<NodeId>& makers) {
    Ref out = byte_constant(0);
    for (const auto maker : makers) {
        const auto& form = inputs_.graph->node(maker).form;
        if (std::holds_alternative<graph::HistoryForm>(form))
            if (const auto* lanes = inputs_.reopened(maker)) out = either(out, column(*lanes)->data);
        for (const auto used : inputs_.graph->node(maker).uses) {
            const auto lanes = unknown_rows(used);
            if (!lanes) return std::nullopt;
            out = either(out, *lanes);
        }
    }
    return out;
}

bool Compiler::write_left_out(NodeId id, NodeColumn& out) {
    const auto lanes = blanks_behind(fact_makers(*inputs_.graph, inputs_.graph->node(id)));
    if (!lanes) return false;
    out.shape = Shape::truth;
    program_.outputs.push_back({&out, *lanes, no_ref});
    return true;
}

/// Rows in which a rule is unknown, up to the first that holds: `if missing` may have answered for it.
Ref Compiler::unknown_before_hit(const Verdict& verdict) {
    Ref out = byte_constant(0);
    for (auto line = verdict.lines.rbegin(); line != verdict.lines.rend(); ++line) {
        const auto& condition = line->condition;
        if (out != byte_constant(0)) out = choose_bytes(condition.data, byte_constant(0), out);
        if ((condition.kinds & mask_unknown) != 0) out = either(has_bits(condition.mask, mask_unknown), out);
    }
    return out;
}

/// Rows whose outcome a second look with the scores' blanks put back might not confirm, although no score left any out.
std::optional<Ref> Compiler::unsteady_rows(const graph::Node& n, const Verdict& own) {
    const auto& graph = *inputs_.graph;
    const auto may_be_absent = [this](NodeId input) {
        const auto value = node(input);
        return !value || (value->kinds & mask_not_applicable) != 0;
    };
    if (!steady_when_filled(graph, n, may_be_absent)) return std::nullopt;
    Ref out = unknown_before_hit(own);
    for (const auto id : nodes_behind(graph, n)) {
        const auto& other = graph.node(id);
        if (std::holds_alternative<graph::CohortForm>(other.form)) {
            for (const auto used : other.uses) {
                const auto lanes = unknown_rows(used);
                if (!lanes) return std::nullopt;
                out = either(out, *lanes);
            }
        }
        if (id == n.id || !graph::decision_of(other)) continue;
        const auto& before = verdict(id);
        if (!before) return std::nullopt;
        out = either(out, unknown_before_hit(*before));
        for (const auto lanes : before->doubts) out = either(out, lanes);
    }
    return out;
}

/// Puts in doubt what Guard::look_again may change: adverse outcomes and unsteady ones where a blank was made a fact
/// of, and everything where a score left one out.
bool Compiler::guard(const graph::Node& n, const std::vector<Maybe>& values, const Verdict& verdict) {
    const auto& graph = *inputs_.graph;
    const auto makers = fact_makers(graph, n);
    const auto blanks = blanks_behind(makers);
    if (!blanks) return false;
    if (*blanks == byte_constant(0)) return true;
    const auto unsteady = unsteady_rows(n, verdict);
    if (!unsteady) return put_in_doubt(*blanks), true;
    std::vector<NodeId> of_scores;
    std::copy_if(makers.begin(), makers.end(), std::back_inserter(of_scores), [&](NodeId maker) {
        return graph.node(maker).of_score || std::holds_alternative<graph::HistoryForm>(graph.node(maker).form);
    });
    put_in_doubt(*blanks_behind(of_scores));
    const auto& decision = *graph::decision_of(n);
    Ref again = *unsteady;
    for (std::size_t r = 0; r < values.size(); ++r) {
        if (values[r]->constant && !decision.is_adverse(*values[r]->constant)) continue;
        again = either(again, is_hit(verdict.hit, static_cast<std::uint8_t>(r)));
    }
    Instruction i;
    i.op = Op::bytes_and;
    i.a = std::min(*blanks, again), i.b = std::max(*blanks, again);
    put_in_doubt(emit(i, Shape::truth));
    return true;
}

}  // namespace zoneval::exec
