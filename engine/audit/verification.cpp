#include "engine/audit/verification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <set>

#include "engine/audit/as_it_stands.hpp"

namespace zoneval::audit {

namespace {

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
    if (!again.differences.empty()) {
        auto& otherwise = out.otherwise.emplace_back();
        otherwise.run = head.id;
        otherwise.year = head.year;
        otherwise.why = why_otherwise(head, options.language);
        for (const auto& one : again.differences)
            otherwise.moved.push_back(moved(one, *again.assessment.graph, head.year, options.language));
        otherwise.differences = std::move(again.differences);
    } else if (auto others = other_libraries(head, options.language); !others.empty()) {
        out.other_libraries.push_back({head.id, std::move(others)});
    }
}

/// What was published of each run is still what it says.
void hold_against_publications(const store::Store& store, Verification& out) {
    const auto is_like = [&](const store::Publication& publication) {
        try {
            const auto run = store.run(publication.run);
            return run && seal::to_hex(seal::seal_of(store, *run, publication.last_ruling).root) == publication.root;
        } catch (const store::StoreError&) {  // it cannot be read, which is said of the run
            return false;
        }
    };
    for (const auto& publication : store.publications())
        if (!is_like(publication)) out.unlike_published.push_back({publication.run, publication.approver});
}

/// What there is, and what it comes to, as far as what is left says so.
void look_at_what_is_left(const std::string& path, const VerifyOptions& options, Verification& out) {
    try {
        const store::Store store(path, store::Store::Mode::as_it_stands);
        const auto reading = store.read();
        out.imports = static_cast<std::size_t>(store.latest().revision);
        out.runs = store.runs();
        out.rulesets = rulesets_of(out.runs);
        const bool only_runs = std::none_of(out.damage.begin(), out.damage.end(), [](const store::Damage& damage) {
            return damage.part == store::Damage::Part::data || damage.part == store::Damage::Part::rules;
        });
        out.as_it_stands = as_it_stands(store, options, only_runs, out.records);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception&) {  // not even a list of runs
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
            auto& otherwise = out.otherwise.emplace_back();
            otherwise.run = head.id;
            otherwise.year = head.year;
            otherwise.refused = refused(error.diagnostics, options.language);
        }
    }
    return out;
}

std::vector<std::string> wrong_in(const Verification& v) {
    std::vector<std::string> out;
    for (const auto& damage : v.damage) out.push_back(damage.told());
    for (const auto& fault : v.against_seal) out.push_back(say(fault, wording::Language::en));
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
