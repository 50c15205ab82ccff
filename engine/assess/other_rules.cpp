#include "engine/assess/other_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

#include "engine/assess/rulings.hpp"
#include "engine/graph/compare.hpp"
#include "engine/table/row_finder.hpp"

namespace zoneval::assess {

namespace {

std::string listed(const std::set<std::string>& names) {
    constexpr std::size_t shown = 8;
    std::string out;
    std::size_t told = 0;
    for (const auto& name : names) {
        if (told++ == shown) return out + fmt::format(" and {} more", names.size() - shown);
        out += fmt::format("{}`{}`", out.empty() ? "" : ", ", name);
    }
    return out;
}

/// "12 verdicts come out otherwise (A: "notice", was "none"; …)"
std::string counted(const Replaced& replaced) {
    constexpr std::size_t most = 3;
    std::vector<std::string> examples;
    for (const auto& c : replaced.changes)
        if (examples.size() < most)
            examples.push_back(fmt::format("{} of {}: {}, was {}", c.decision, c.record, shown_outcome(c.now),
                                           shown_outcome(c.before)));
    const auto count = replaced.changes.size();
    return fmt::format("{} {} otherwise than in run {}, which {} ({}{})", count,
                       count == 1 ? "outcome comes out" : "outcomes come out", replaced.run,
                       replaced.stands ? "is published and stands" : "it replaces", fmt::join(examples, "; "),
                       count > most ? "; …" : "");
}

}  // namespace

std::set<std::string> said_otherwise(const graph::Graph& now, const store::Store& store,
                                     const std::string& ruleset_hash) {
    if (ruleset_text(*now.rules).hash() == ruleset_hash) return {};
    try {
        return graph::differing(*load_stored(store.ruleset(ruleset_hash)), now);
    } catch (const InputError&) {
        return {"a rule set that no longer loads"};
    }
}

void find_other_rules(const graph::Graph& graph, const store::Store& store, const Basis& basis, std::int32_t year,
                      Diagnostics& found) {
    std::vector<std::string> told;
    for (const auto& [of, run] : basis.earlier)
        if (const auto names = said_otherwise(graph, store, run->ruleset_hash); !names.empty())
            told.push_back(fmt::format("{} (run {}): {}", of, run->id, listed(names)));
    if (told.empty()) return;
    found.add(
        {Kind::other_rules,
         fmt::format("{} builds on years that other rules of this id judged; what they say otherwise: {}", year,
                     fmt::join(told, "; ")),
         {},
         "",
         "verdicts stand as they were issued; to have these years judged by the rules of today, assess them again, the "
         "oldest first"});
}

void find_rulings_under_other_rules(const graph::Graph& graph, const store::Store& store, Diagnostics& found) {
    const auto hash = ruleset_text(*graph.rules).hash();
    std::map<std::string, std::shared_ptr<const graph::Graph>> under;  // by hash
    for (const auto& ruling : store.rulings(graph.rules->id)) {
        if (ruling.ruleset_hash == hash) continue;
        auto& rules = under[ruling.ruleset_hash];
        if (!rules) rules = load_stored(store.ruleset(ruling.ruleset_hash));
        const auto names = graph::differing_behind(*rules, graph, ruling.decision);
        if (names.empty()) continue;
        found.add({Kind::ruled_otherwise,
                   fmt::format("ruling {} ({} of {}: {}, {}) was made under other rules; what they say otherwise: {}",
                               ruling.id, ruling.decision, ruling.year, ruling.record, shown_outcome(ruling.outcome),
                               listed(names)),
                   {},
                   "",
                   "look at it again: it stands while the rules leave that outcome open"});
    }
}

Replaced replaced_by(const Assessment& assessment, const store::Store& store) {
    Replaced out;
    const auto& now = assessment.run;
    const auto before = store.latest_run(now.ruleset, now.year);
    if (!before) return out;
    const RowFinder rows(before->records);
    const bool same_records = before->records == now.records;
    for (const auto& decision : now.decisions) {
        const auto* was = before->decision(decision.name);
        if (!was || (same_records && was->codes == decision.codes && was->outcomes == decision.outcomes)) continue;
        for (std::size_t i = 0; i < now.records.size(); ++i) {
            const auto row = rows.find(now.records[i], i);
            if (!row || was->of(*row).value == decision.of(i).value) continue;
            out.changes.push_back(
                {std::string(now.records[i]), decision.name, was->of(*row).value, decision.of(i).value});
        }
    }
    if (out.changes.empty()) return out;
    out.run = before->id;
    out.stands = before->standing.state == store::Standing::State::published;
    out.records = now.records.size();
    out.rules = said_otherwise(*assessment.graph, store, before->ruleset_hash);
    out.data = before->snapshot.hash != now.snapshot.hash;
    return out;
}

void find_replaced(const Replaced& replaced, std::int32_t year, Diagnostics& found) {
    if (replaced.run == 0 || replaced.rules.empty()) return;
    found.add(
        {Kind::replaced_run,
         fmt::format("{}: {}; the rules of this id were edited: {}{}", year, counted(replaced), listed(replaced.rules),
                     replaced.data ? ", and data came" : ""),
         {},
         "",
         "the earlier run stays in the store; rules that are others are better told apart by another `ruleset` id"});
}

namespace {

using wording::Noted;
using wording::Remark;

/// Adds the first three changes to what a note speaks of.
void add_examples(const std::vector<Replaced::Change>& changes, Noted& note) {
    struct Names {
        std::string_view example, record, decision, before, now;
        Remark words;
    };
    static constexpr std::array names{
        Names{"first", "record_1", "decision_1", "before_1", "now_1", Remark::first_example},
        Names{"second", "record_2", "decision_2", "before_2", "now_2", Remark::second_example},
        Names{"third", "record_3", "decision_3", "before_3", "now_3", Remark::third_example}};
    static constexpr std::array lists{Remark::one_example, Remark::two_examples, Remark::three_examples,
                                      Remark::more_examples};
    const auto add = [&](std::string_view name, auto value) { note.arguments.emplace_back(name, std::move(value)); };
    const auto outcome = [&](std::string_view name, const std::string& value) {
        value.empty() ? add(name, Remark::undetermined) : add(name, shown_outcome(value));
    };
    for (std::size_t i = 0; i < std::min(names.size(), changes.size()); ++i) {
        add(names[i].example, names[i].words);
        add(names[i].record, changes[i].record);
        add(names[i].decision, changes[i].decision);
        outcome(names[i].before, changes[i].before);
        outcome(names[i].now, changes[i].now);
    }
    add("examples", lists[std::min(lists.size(), changes.size()) - 1]);
}

}  // namespace

std::optional<Note> note_of(const Replaced& replaced, std::int32_t year) {
    if (replaced.run == 0 || !replaced.rules.empty()) return std::nullopt;
    const auto count = replaced.changes.size();
    const bool one = count == 1;
    Noted out{
        replaced.stands ? (one ? Remark::beside_1 : Remark::beside) : (one ? Remark::replaces_1 : Remark::replaces),
        {{"year", std::int64_t{year}},
         {"n", static_cast<std::int64_t>(count)},
         {"run", replaced.run},
         {"data", replaced.data ? Remark::on_other_data : Remark::on_the_same_data}}};
    add_examples(replaced.changes, out);
    return out;
}

std::optional<Note> stands_beside(const store::Store& store, const store::Run& run) {
    const auto standing = store.latest_run(run.ruleset, run.year);
    if (!standing || standing->standing.state != store::Standing::State::published) return std::nullopt;
    return Noted{Remark::stands,
                 {{"year", std::int64_t{run.year}},
                  {"run", standing->id},
                  {"date", standing->standing.published_at.substr(0, 10)},
                  {"approver", standing->standing.approver}}};
}

std::vector<std::string> told(const std::vector<Note>& notes, wording::Language language) {
    std::vector<std::string> out;
    out.reserve(notes.size());
    for (const auto& note : notes) out.push_back(note.in(language));
    return out;
}

}  // namespace zoneval::assess
