#include "engine/seal/publish.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/diag/diagnostic.hpp"
#include "engine/seal/verdict_lines.hpp"

namespace zoneval::seal {

namespace {

[[noreturn]] void refuse(std::string message, std::string expected, std::string help) {
    throw InputError(
        Diagnostic{Kind::refused_publication, std::move(message), {}, std::move(expected), std::move(help)});
}

/// Names as people compare them: blanks around and capitals of ASCII aside.
std::string folded(std::string_view name) {
    const auto from = name.find_first_not_of(" \t"), to = name.find_last_not_of(" \t");
    std::string out(from == std::string_view::npos ? "" : name.substr(from, to - from + 1));
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

void refuse_approver(const store::Run& run, const PublicationWanted& wanted) {
    if (folded(wanted.approver).empty()) refuse("nobody is named who publishes it", "a name or an office", "--by NAME");
    if (folded(wanted.approver) == folded(run.created_by))
        refuse(fmt::format("{} made run {}, and cannot publish it as well", run.created_by, run.id),
               "somebody other than its author",
               "who makes an assessment is named with `assess --by`, who publishes it with `publish --by`");
}

void refuse_state(const store::Run& run) {
    using State = store::Standing::State;
    const auto since = fmt::format("{} by {}", run.standing.published_at.substr(0, 10), run.standing.approver);
    if (run.standing.state == State::published)
        refuse(fmt::format("run {} was published on {}", run.id, since), "a draft",
               "nothing is to be done; another run takes its place with --run N --supersede --reason TEXT");
    if (run.standing.state == State::superseded)
        refuse(fmt::format("run {}, published on {}, was superseded", run.id, since), "a draft",
               "assess the year again, and publish that run");
}

}  // namespace

store::Publication make_publication(const store::Store& store, const store::Run& run, const PublicationWanted& wanted) {
    refuse_approver(run, wanted);
    refuse_state(run);
    store::Publication out;
    out.run = run.id;
    out.approver = wanted.approver;
    out.reason = wanted.reason;
    const auto standing = store.latest_run(run.ruleset, run.year);
    const bool replaces = standing && standing->standing.state == store::Standing::State::published;
    if (replaces && !wanted.supersede)
        refuse(fmt::format("run {} is published for {} already, on {} by {}", standing->id, run.year,
                           standing->standing.published_at.substr(0, 10), standing->standing.approver),
               "a year without a published run",
               fmt::format("to put run {} in its place, say why: --supersede --reason TEXT", run.id));
    if (replaces && folded(wanted.reason).empty())
        refuse("no reason is given why it takes the place of a published run", "a reason", "--reason TEXT");
    if (!replaces && wanted.supersede)
        refuse(fmt::format("no run is published for {}: there is nothing to supersede", run.year), "",
               "leave out --supersede");
    if (replaces) out.supersedes = standing->id;
    out.root = to_hex(verdict_tree(run, store.rulings(run.ruleset)).root());
    return out;
}

}  // namespace zoneval::seal
