#include "engine/exec/compile/second_look.hpp"

#include <algorithm>

#include "engine/exec/compile/steady.hpp"
#include "engine/exec/decisions/completions.hpp"

namespace zoneval::exec {

using graph::NodeId;

/// Rows for which the node is unknown; without a column (a list of earlier years, say) each may be.
Ref SecondLook::unknown(NodeId id) {
    const auto value = definitions_.node(id);
    if (!value) return emitter_.byte(1);
    if ((value->kinds & mask_unknown) == 0) return emitter_.byte(0);
    return emitter_.has_bits(value->mask, mask_unknown);
}

/// Rows for which one of these made something of a blank (Guard::has_say).
Ref SecondLook::blanks_behind(const std::vector<NodeId>& makers) {
    Ref out = emitter_.byte(0);
    for (const auto maker : makers) {
        const auto& node = graph_.node(maker);
        if (std::holds_alternative<graph::HistoryForm>(node.form))
            if (const auto* lanes = inputs_.reopened(maker)) out = emitter_.either(out, loads_.computed(*lanes).data);
        for (const auto used : node.uses) out = emitter_.either(out, unknown(used));
    }
    return out;
}

Ref SecondLook::left_out(const graph::Node& node) { return blanks_behind(fact_makers(graph_, node)); }

/// Rows in which a rule is unknown, up to the first that holds: `if missing` may have answered for it.
Ref SecondLook::unknown_before_hit(const CompiledDecision& decision) {
    const auto never = emitter_.byte(0);
    Ref out = never;
    for (auto rule = decision.rules.rbegin(); rule != decision.rules.rend(); ++rule) {
        const auto& condition = rule->condition;
        if (out != never) out = emitter_.choose_bytes(condition.data, never, out);
        if ((condition.kinds & mask_unknown) != 0)
            out = emitter_.either(emitter_.has_bits(condition.mask, mask_unknown), out);
    }
    return out;
}

/// Rows whose outcome a second look with the scores' blanks put back might not confirm, although no score left any out.
std::optional<Ref> SecondLook::unsteady(const graph::Node& node, const CompiledDecision& own) {
    const auto may_be_absent = [this](NodeId input) {
        const auto value = definitions_.node(input);
        return !value || (value->kinds & mask_not_applicable) != 0;
    };
    if (!steady_when_filled(graph_, node, may_be_absent)) return std::nullopt;
    Ref out = unknown_before_hit(own);
    for (const auto id : nodes_behind(graph_, node)) {
        const auto& other = graph_.node(id);
        if (std::holds_alternative<graph::CohortForm>(other.form))
            for (const auto used : other.uses) out = emitter_.either(out, unknown(used));
        if (id == node.id || !graph::decision_of(other)) continue;
        const auto& before = definitions_.decision(id);
        if (!before) return std::nullopt;
        out = emitter_.either(out, unknown_before_hit(*before));
        for (const auto lanes : before->doubts) out = emitter_.either(out, lanes);
    }
    return out;
}

std::vector<Ref> SecondLook::rows(const graph::Node& node, const std::vector<Maybe>& outcomes,
                                  const CompiledDecision& decision) {
    const auto makers = fact_makers(graph_, node);
    const auto blanks = blanks_behind(makers);
    if (blanks == emitter_.byte(0)) return {};
    const auto unsteady_rows = unsteady(node, decision);
    if (!unsteady_rows) return {blanks};
    std::vector<NodeId> of_scores;
    std::copy_if(makers.begin(), makers.end(), std::back_inserter(of_scores), [&](NodeId maker) {
        return graph_.node(maker).of_score || std::holds_alternative<graph::HistoryForm>(graph_.node(maker).form);
    });
    const auto left_out_by_scores = blanks_behind(of_scores);
    Ref again = *unsteady_rows;
    for (std::size_t r = 0; r < outcomes.size(); ++r) {
        if (outcomes[r]->constant && !graph::decision_of(node)->is_adverse(*outcomes[r]->constant)) continue;
        again = emitter_.either(again, emitter_.is_byte(decision.hit, static_cast<std::uint8_t>(r)));
    }
    return {left_out_by_scores, emitter_.both(blanks, again)};
}

}  // namespace zoneval::exec
