#include "engine/feel/value/cause.hpp"

#include <algorithm>
#include <set>

#include "engine/feel/value/limits.hpp"

namespace zoneval::feel {

namespace {

/// One blank among inapplicable data is still a blank: what could be known must not be taken for absent.
Missing kind_of(const std::vector<CausePtr>& because) {
    bool all_inapplicable = !because.empty();
    for (const auto& deeper : because) {
        const auto kind = missing_kind(deeper);
        if (kind != Missing::none && kind != Missing::not_applicable) return kind;
        all_inapplicable = all_inapplicable && kind == Missing::not_applicable;
    }
    return all_inapplicable ? Missing::not_applicable : Missing::none;
}

}  // namespace

CausePtr make_cause(Cause cause) {
    auto& because = cause.because;
    std::vector<CausePtr> kept;
    Cause::Summary summary{cause.missing, 0};
    for (auto& reason : because) {
        if (!reason || std::find(kept.begin(), kept.end(), reason) != kept.end()) continue;
        // Past the limit only the end of the story is kept.
        const auto depth = reason->summary ? reason->summary->depth : 0;
        if (depth >= limits::cause_depth) {
            const auto ends = leaves(reason);
            const auto typical = std::find_if(
                ends.begin(), ends.end(), [&](const CausePtr& end) { return end->missing == missing_kind(reason); });
            reason = typical == ends.end() ? ends.front() : *typical;
        }
        summary.depth = std::max(summary.depth, depth >= limits::cause_depth ? 1 : depth + 1);
        kept.push_back(std::move(reason));
    }
    because = std::move(kept);
    if (summary.kind == Missing::none) summary.kind = kind_of(because);
    cause.summary = summary;
    return std::make_shared<const Cause>(std::move(cause));
}

Missing missing_kind(const CausePtr& cause) {
    if (!cause) return Missing::none;
    if (cause->missing != Missing::none) return cause->missing;
    return cause->summary ? cause->summary->kind : kind_of(cause->because);
}

std::vector<CausePtr> leaves(const CausePtr& cause) {
    std::vector<CausePtr> out, todo;
    std::set<const Cause*> seen;
    if (cause) todo.push_back(cause);
    while (!todo.empty()) {
        const auto next = todo.back();
        todo.pop_back();
        if (!seen.insert(next.get()).second) continue;
        if (next->because.empty()) out.push_back(next);
        for (auto it = next->because.rbegin(); it != next->because.rend(); ++it) todo.push_back(*it);
    }
    return out;
}

Value null_because(Fact fact, std::vector<CausePtr> because) {
    Cause cause;
    cause.fact = std::move(fact);
    cause.because = std::move(because);
    return Value::null(make_cause(std::move(cause)));
}

}  // namespace zoneval::feel
