#include "engine/audit/replay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/assess/recording.hpp"
#include "engine/diag/time_account.hpp"
#include "engine/feel/builtins/library_versions.hpp"
#include "engine/store/cell_text.hpp"
#include "engine/store/packed_numbers.hpp"
#include "engine/wording/ledger.hpp"

namespace zoneval::audit {

using wording::Ledger;
using What = Difference::What;

namespace {

template <class T>
void note(std::vector<T>& seen, const T& value) {
    if (std::find(seen.begin(), seen.end(), value) == seen.end()) seen.push_back(value);
}

void compare_measured(const store::Run& stored, const store::Measured& before, const store::Measured& now,
                      std::vector<Difference>& out) {
    if (before.name != now.name) return out.push_back({What::measures, "", "", before.name, now.name});
    if (before.cells == now.cells) return;
    store::MeasuredReader old_cells(before.cells), new_cells(now.cells);
    for (std::size_t i = 0;; ++i) {
        const auto a = old_cells.next(), b = new_cells.next();
        if (!a || !b) return;
        const auto told = [](const store::MeasuredReader::Cell& c) {
            return c.is_value ? std::string(c.text) : "null";
        };
        if (told(*a) != told(*b))
            out.push_back({What::measure, before.name, std::string(stored.records[i]), told(*a), told(*b)});
    }
}

void compare_decisions(const Texts& records, const store::Decisions& before, const store::Decisions& now,
                       std::vector<Difference>& out) {
    if (before.name != now.name) return out.push_back({What::decisions, "", "", before.name, now.name});
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto &a = before.of(i), &b = now.of(i);
        if (a == b) continue;
        std::string record(records[i]);
        if (a.value == b.value && a.possible == b.possible && a.rule != b.rule)
            out.push_back({What::rule, before.name, std::move(record), a.rule, b.rule});
        else if (a.ending != b.ending || a.value != b.value || a.possible != b.possible)
            out.push_back({What::outcome, before.name, std::move(record), a.value, b.value, a.possible, b.possible});
        else
            out.push_back({What::reason, before.name, std::move(record), a.because + a.waiting_for + a.failed,
                           b.because + b.waiting_for + b.failed});
    }
}

}  // namespace

std::variant<store::Run, NoRun> find_run(const store::Store& store, const RunWanted& wanted) {
    NoRun none{NoRun::Why::no_such_number, wanted.ruleset, {}, {}};
    if (wanted.id > 0) {
        if (auto run = store.run(wanted.id)) return std::move(*run);
        return none;
    }
    const auto runs = store.runs();
    for (const auto& run : runs) {
        note(none.rulesets, run.ruleset);
        note(none.years, run.year);
    }
    const auto refuse = [&](NoRun::Why why) {
        none.why = why;
        return none;
    };
    if (runs.empty()) return refuse(NoRun::Why::nothing_assessed);
    if (wanted.ruleset.empty() && none.rulesets.size() > 1) return refuse(NoRun::Why::several_rulesets);
    if (none.ruleset.empty()) none.ruleset = none.rulesets.front();
    auto year = wanted.year;
    if (year == 0)
        for (const auto& run : runs)
            if (run.ruleset == none.ruleset) year = std::max(year, run.year);
    if (auto run = store.latest_run(none.ruleset, year)) return std::move(*run);
    return refuse(NoRun::Why::not_assessed);
}

std::string Difference::told(wording::Language language) const {
    const bool counted = before.empty() && now.empty();
    const auto says = [&](Ledger word) {
        const auto outcome = [&](const std::string& value, const std::string& possible) {
            return what == What::outcome && value.empty() ? say(Ledger::undetermined, language) + " " + possible
                                                          : value;
        };
        return say(word, language,
                   {{"of", of},
                    {"record", record},
                    {"before", outcome(before, possible_before)},
                    {"now", outcome(now, possible_now)}});
    };
    switch (what) {
        case What::cohort: return says(Ledger::cohort_is_another);
        case What::decisions: return says(counted ? Ledger::number_of_decisions : Ledger::decision_is_another);
        case What::rule: return says(Ledger::rule_is_another);
        case What::reason: return says(Ledger::reason_is_another);
        case What::measures: return says(counted ? Ledger::number_of_measures : Ledger::measure_is_another);
        case What::published: return says(Ledger::column_is_another);
        case What::outcome:
        case What::measure: break;
    }
    return says(Ledger::value_is_another);
}

std::vector<Difference> differences(const store::Run& stored, const store::Run& again) {
    if (stored.records != again.records) return {{What::cohort, "", "", "", ""}};
    if (stored.decisions.size() != again.decisions.size()) return {{What::decisions, "", "", "", ""}};
    std::vector<Difference> out;
    for (std::size_t k = 0; k < stored.decisions.size(); ++k)
        compare_decisions(stored.records, stored.decisions[k], again.decisions[k], out);
    if (stored.measured.size() != again.measured.size()) out.push_back({What::measures, "", "", "", ""});
    for (std::size_t k = 0; k < std::min(stored.measured.size(), again.measured.size()); ++k)
        compare_measured(stored, stored.measured[k], again.measured[k], out);
    return out;
}

/// Version 8 had all numbers as texts.
bool same_published(const store::Published& stored, store::Published again) {
    if (stored.packed.empty() && !again.packed.empty()) {
        again.cells = store::cells_text(store::unpack(again.name, again.cells, again.packed));
        again.packed.clear();
    }
    return stored == again;
}

namespace {

/// A run of a store before version 8 has none on record, and nothing to compare.
void compare_published(const std::vector<store::Published>& stored, const std::vector<store::Published>& again,
                       std::vector<Difference>& out) {
    if (stored.empty()) return;
    if (stored.size() != again.size()) return out.push_back({Difference::What::measures, "", "", "", ""});
    for (std::size_t k = 0; k < stored.size(); ++k)
        if (!same_published(stored[k], again[k]))
            out.push_back(stored[k].name == again[k].name
                              ? Difference{What::published, stored[k].name, "", "", ""}
                              : Difference{What::measures, "", "", stored[k].name, again[k].name});
}

/// The year of a run on what the run was made from; its stages are part of the time account at hand.
assess::Assessment assessed_as_then(const store::Store& store, const store::Run& stored, const assess::Options& options,
                                    TimedStage& stage) {
    stage.turn_to("reading the rules");
    const auto graph = assess::load_stored(store.ruleset(stored.ruleset_hash));
    stage.turn_to("reading earlier runs");
    const auto basis = assess::basis_of(stored, store);
    stage.turn_to("assessing");
    auto out = assess::assess(graph, store, stored.year, basis, options);
    out.run.id = stored.id;
    out.run.standing = stored.standing;
    out.run.hash = stored.hash;
    out.rulings = store.rulings(stored.ruleset);  // as of today
    return out;
}

[[noreturn]] void refuse_otherwise(const store::Run& stored, const Difference& difference) {
    throw InputError(
        Diagnostic{Kind::no_run,
                   fmt::format("run {} does not come out again as recorded: {}", stored.id, difference.told()),
                   {},
                   "the recorded outcome",
                   why_otherwise(stored)});
}

}  // namespace

Replayed replay(const store::Store& store, const store::Run& stored, const assess::Options& options) {
    TimedStage stage("checking the store");
    const auto reading = store.read_sound();
    auto as_then = options;
    for (const auto& measured : stored.measured) as_then.also_recorded.push_back(measured.name);
    Replayed out{assessed_as_then(store, stored, as_then, stage), {}};
    stage.turn_to("comparing with what is on record");
    out.differences = differences(stored, out.assessment.run);
    compare_published(store.published(stored.id), out.assessment.run.published, out.differences);
    return out;
}

std::string other_libraries(const store::Run& stored, wording::Language language) {
    std::string out;
    const auto here = feel::libraries();
    for (const auto& [name, version] : stored.libraries) {
        const auto found = here.find(name);
        const auto now = found == here.end() ? say(Ledger::none_here, language) : found->second;
        if (now == version) continue;
        if (!out.empty()) out += say(Ledger::semicolon, language);
        out += say(Ledger::library_here, language, {{"name", name}, {"version", version}, {"now", now}});
    }
    return out;
}

std::string why_otherwise(const store::Run& stored, wording::Language language) {
    const auto others = other_libraries(stored, language);
    return others.empty() ? say(Ledger::altered_or_read, language)
                          : say(Ledger::made_with_others, language, {{"libraries", others}});
}

assess::Assessment made_again(const store::Store& store, const store::Run& stored, const assess::Options& options) {
    auto replayed = replay(store, stored, options);
    if (!replayed.differences.empty()) refuse_otherwise(stored, replayed.differences.front());
    auto out = std::move(replayed.assessment);
    out.run.created_at = stored.created_at;
    return out;
}

assess::Assessment made_again_for(const store::Store& store, const store::Run& stored, const std::string& record) {
    TimedStage stage("checking the store");
    const auto reading = store.read_sound();
    assess::Options options;
    options.recorded = &stored;
    auto out = assessed_as_then(store, stored, options, stage);
    stage.turn_to("comparing with what is on record");
    const auto& e = out.evaluation;
    bool same = e.size() == stored.records.size() && e.decisions.size() == stored.decisions.size();
    for (std::size_t i = 0; same && i < e.size(); ++i) same = e.record(i) == stored.records[i];
    if (!same) refuse_otherwise(stored, {What::cohort, "", "", "", ""});
    const auto place = e.find(record);
    for (std::size_t k = 0; place && k < e.decisions.size(); ++k) {
        const auto& decision = out.graph->node(e.decisions[k]);
        store::Decisions before(stored.decisions[k].name), now(decision.name);
        before.append(stored.decisions[k].of(*place));
        now.append(assess::recorded_outcome(decision, e, *place));
        before.outcomes.front().with_blanks.clear();  // what later years read
        std::vector<Difference> found;
        compare_decisions({record}, before, now, found);
        if (!found.empty()) refuse_otherwise(stored, found.front());
    }
    return out;
}

}  // namespace zoneval::audit
