#include "engine/audit/verification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <new>
#include <set>

#include "engine/audit/conditions.hpp"
#include "engine/exec/results/labels.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/wording/ledger.hpp"

namespace zoneval::audit {

namespace {

using AsItStands = Verification::AsItStands;

assess::Options with_threads(const VerifyOptions& options) {
    assess::Options out;
    out.columns.threads = options.threads;
    return out;
}

std::size_t rulesets_of(const std::vector<store::Run>& runs) {
    std::set<std::string> hashes;
    for (const auto& run : runs) hashes.insert(run.ruleset_hash);
    return hashes.size();
}

/// A run as it is recorded against the same run made again.
void make_again(const store::Store& store, const store::Run& head, const VerifyOptions& options, Verification& out) {
    const auto stored = *store.run(head.id);
    out.records.push_back(stored.records.size());
    for (const auto& decision : stored.decisions) out.outcomes += decision.codes.size();
    out.values += stored.measured.size() * stored.records.size();
    auto again = replay(store, stored, with_threads(options));
    if (!again.differences.empty())
        out.otherwise.push_back(
            {head.id, head.year, std::move(again.differences), why_otherwise(head, options.language), {}});
    else if (auto others = other_libraries(head, options.language); !others.empty())
        out.other_libraries.push_back({head.id, std::move(others)});
}

/// What was published of each run is still what it says.
void hold_against_publications(const store::Store& store, Verification& out) {
    for (const auto& publication : store.publications()) {
        const auto run = store.run(publication.run);
        if (!run || seal::to_hex(seal::seal_of(store, *run, publication.last_ruling).root) != publication.root)
            out.unlike_published.push_back({publication.run, publication.approver});
    }
}

void compare(const store::Run& stored, const assess::Assessment& made, wording::Language language, AsItStands& out) {
    const auto& now = made.run;
    std::map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < now.records.size(); ++i) places.emplace(now.records[i], i);
    for (const auto& before : stored.decisions) {
        const auto after = std::find_if(now.decisions.begin(), now.decisions.end(),
                                        [&](const auto& decision) { return decision.name == before.name; });
        const auto* node = made.graph->find(before.name);
        if (after == now.decisions.end() || !node) continue;
        const auto labels = exec::labels_in(*made.graph, *node, code(language));
        const auto told = [&](const std::string& outcome) {
            return outcome.empty() ? outcome : exec::shown(labels, feel::from_feel(outcome), {}, language);
        };
        for (std::size_t i = 0; i < stored.records.size(); ++i) {
            const auto place = places.find(stored.records[i]);
            if (place == places.end()) continue;
            ++out.of;
            const auto &outcome = before.of(i), &again = after->of(place->second);
            const auto &was = outcome.value, &is = again.value;
            if (was == is && outcome.because != again.because)
                out.moved.push_back({std::string(stored.records[i]),
                                     say(wording::Ledger::reason_of, language, {{"of", before.name}}), stored.year,
                                     outcome.because, again.because});
            if (was != is)
                out.moved.push_back({std::string(stored.records[i]),
                                     subject_of(*made.graph, *node, stored.year, code(language)).title, stored.year,
                                     told(was), told(is)});
        }
    }
}

/// Values that were kept, and are others now.
void compare_kept(const store::Run& stored, const store::Run& now, AsItStands& out) {
    if (stored.records != now.records || stored.measured.size() != now.measured.size()) return;
    out.of += stored.measured.size() * stored.records.size();
    for (const auto& difference : differences(stored, now))
        if (difference.what == Difference::What::measure)
            out.moved.push_back({difference.record, difference.of, stored.year,
                                 feel::from_feel(difference.before).to_string(),
                                 feel::from_feel(difference.now).to_string()});
}

/// On the runs as they were made here, where they were.
void replace_made(const std::map<std::int64_t, std::shared_ptr<const store::Run>>& made, assess::Basis& basis) {
    const auto replace = [&](auto& runs) {
        for (auto& [of, run] : runs)
            if (const auto found = made.find(run->id); found != made.end()) run = found->second;
    };
    replace(basis.earlier);
    replace(basis.others);
}

/// Each run on the data that stand there now, and on what the runs before it come to then.
AsItStands as_it_stands(const store::Store& store, const VerifyOptions& options, std::vector<std::size_t>& records) {
    AsItStands out;
    std::map<std::int64_t, std::shared_ptr<const store::Run>> made;
    const auto runs = store.runs();
    for (const auto& head : runs) {
        options.tell(head.id, runs.size());
        const auto stored = *store.run(head.id);
        records.push_back(stored.records.size());
        auto basis = assess::basis_of(stored, store);
        replace_made(made, basis);
        auto how = with_threads(options);
        for (const auto& measured : stored.measured) how.also_recorded.push_back(measured.name);
        const auto graph = assess::load_stored(store.ruleset(stored.ruleset_hash));
        auto now = assess::assess(graph, store, stored.year, basis, how);
        compare(stored, now, options.language, out);
        compare_kept(stored, now.run, out);
        now.run.id = head.id;
        made[head.id] = std::make_shared<const store::Run>(std::move(now.run));
    }
    return out;
}

/// What there is, and what it comes to, as far as what is left says so.
void look_at_what_is_left(const std::string& path, const VerifyOptions& options, Verification& out) {
    try {
        const store::Store store(path, store::Store::Mode::as_it_stands);
        const auto reading = store.read();
        out.imports = static_cast<std::size_t>(store.latest().revision);
        out.runs = store.runs();
        out.rulesets = rulesets_of(out.runs);
        out.as_it_stands = as_it_stands(store, options, out.records);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception&) {  // torn texts may be anything
        out.as_it_stands.reset();
    }
}

}  // namespace

Verification verify(const std::string& path, const VerifyOptions& options) {
    const store::Store store(path, store::Store::Mode::to_read);
    const auto reading = store.read();
    Verification out;
    out.seal = options.seal;
    out.damage = store.damage();
    if (out.damage.empty() && options.seal) out.against_seal = seal::against(store, *options.seal);
    if (!out.damage.empty()) {
        look_at_what_is_left(path, options, out);
        return out;
    }
    out.imports = static_cast<std::size_t>(store.latest().revision);
    out.runs = store.runs();
    out.rulesets = rulesets_of(out.runs);
    if (!out.against_seal.empty()) return out;
    hold_against_publications(store, out);
    for (const auto& head : out.runs) {
        options.tell(head.id, out.runs.size());
        try {
            make_again(store, head, options, out);
        } catch (const InputError& error) {
            const auto& found = error.diagnostics.all();
            out.otherwise.push_back({head.id, head.year, {}, {}, found.empty() ? "?" : found.front().message});
        }
    }
    return out;
}

std::vector<std::string> wrong_in(const Verification& v) {
    std::vector<std::string> out;
    for (const auto& damage : v.damage) out.push_back(damage.told());
    out.insert(out.end(), v.against_seal.begin(), v.against_seal.end());
    for (const auto& publication : v.unlike_published)
        out.push_back(
            fmt::format("run {}: its verdicts are not those that {} published", publication.run, publication.approver));
    for (const auto& run : v.otherwise) {
        if (!run.refused.empty()) {
            out.push_back(fmt::format("run {} ({}) cannot be made again: {}", run.run, run.year, run.refused));
            continue;
        }
        constexpr std::size_t most = 5;
        for (std::size_t i = 0; i < std::min(most, run.differences.size()); ++i)
            out.push_back(fmt::format("run {} ({}): {}", run.run, run.year, run.differences[i].told()));
        if (run.differences.size() > most)
            out.push_back(fmt::format("run {}: {} further differences", run.run, run.differences.size() - most));
        out.push_back(fmt::format("run {}: {}", run.run, run.why));
    }
    return out;
}

}  // namespace zoneval::audit
