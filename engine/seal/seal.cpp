#include "engine/seal/seal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/diag/whole_number.hpp"
#include "engine/seal/json.hpp"
#include "engine/seal/verdict_lines.hpp"

namespace zoneval::seal {

namespace {

std::string short_hex(const std::string& hex) { return hex.substr(0, 16); }

}  // namespace

RunSeal seal_of(const store::Run& run, const Digest& root) {
    return {run.id, run.ruleset, run.year, run.records.size(), store::to_string(run.standing.state), run.hash, root};
}

RunSeal seal_of(const store::Store& store, const store::Run& run, std::int64_t last_ruling) {
    return seal_of(run, verdict_tree(run, store.rulings(run.ruleset, last_ruling)).root());
}

Seal seal_of(const store::Store& store) {
    const auto reading = store.read_sound();
    Seal out;
    out.last_ruling = store.last_ruling();
    out.last_ruling_hash = store.hash_of_ruling(out.last_ruling);
    const auto latest = store.latest();
    out.revision = latest.revision;
    out.snapshot_hash = latest.hash;
    out.made_at = store::now_utc();
    for (const auto& head : store.runs()) out.runs.push_back(seal_of(store, *store.run(head.id), out.last_ruling));
    return out;
}

Json to_json(const RunSeal& run) {
    return {{"run", run.run},     {"ruleset", run.ruleset}, {"year", run.year},        {"records", run.records},
            {"state", run.state}, {"hash", run.hash},       {"root", to_hex(run.root)}};
}

RunSeal run_seal(const Json& json) {
    RunSeal out;
    out.run = whole_number<std::int64_t>(json.at("run"));
    out.ruleset = json.at("ruleset").get<std::string>();
    out.year = whole_number<std::int32_t>(json.at("year"));
    out.records = whole_number<std::size_t>(json.at("records"));
    out.state = json.at("state").get<std::string>();
    out.hash = json.at("hash").get<std::string>();
    const auto root = from_hex(json.at("root").get<std::string>());
    if (!root) throw std::runtime_error("`root` is no SHA-256 in hexadecimal");
    out.root = *root;
    return out;
}

std::string to_text(const Seal& seal) {
    // A line for each run: two seals can be compared by eye and by diff.
    std::string runs;
    for (const auto& run : seal.runs) runs += (runs.empty() ? "\n  " : ",\n  ") + to_json(run).dump();
    const Json imports = {{"last", seal.revision}, {"hash", seal.snapshot_hash}};
    const Json rulings = {{"last", seal.last_ruling}, {"hash", seal.last_ruling_hash}};
    return fmt::format(
        "{{\n\"zoneval seal\": 1,\n\"made\": {},\n\"imports\": {},\n\"rulings\": {},\n\"runs\": [{}]\n}}\n",
        Json(seal.made_at).dump(), imports.dump(), rulings.dump(), runs);
}

Seal read_seal(const std::string& file, const std::string& text) {
    return read_json<Seal>(file, text, "zoneval seal", "a seal made by `zoneval seal`", [](const Json& json) {
        Seal out;
        out.made_at = json.at("made").get<std::string>();
        out.revision = whole_number<std::int64_t>(json.at("imports").at("last"));
        out.snapshot_hash = json.at("imports").at("hash").get<std::string>();
        out.last_ruling = whole_number<std::int64_t>(json.at("rulings").at("last"));
        out.last_ruling_hash = json.at("rulings").at("hash").get<std::string>();
        for (const auto& run : json.at("runs")) out.runs.push_back(run_seal(run));
        return out;
    });
}

namespace {

using wording::Fault;
using wording::Flaw;

/// The run as it stands against what was sealed of it.
std::optional<Fault> against(const store::Store& store, const RunSeal& sealed, std::int64_t last_ruling) {
    const auto fault = [&](Flaw what, const std::string& before = "", const std::string& now = "") {
        return Fault{what,
                     {{"n", sealed.run},
                      {"ruleset", sealed.ruleset},
                      {"year", std::int64_t{sealed.year}},
                      {"sealed", short_hex(before)},
                      {"now", short_hex(now)}}};
    };
    try {
        const auto run = store.run(sealed.run);
        if (!run) return fault(Flaw::run_not_there);
        const auto now = seal_of(store, *run, last_ruling);
        if (now.hash != sealed.hash) return fault(Flaw::other_hash, sealed.hash, now.hash);
        if (now.root != sealed.root) return fault(Flaw::other_root, to_hex(sealed.root), to_hex(now.root));
        if (now.ruleset != sealed.ruleset || now.year != sealed.year || now.records != sealed.records)
            return fault(Flaw::other_head);
    } catch (const store::StoreError&) {
        return fault(Flaw::run_unreadable);
    }
    return std::nullopt;
}

}  // namespace

std::vector<Fault> against(const store::Store& store, const Seal& seal) {
    const auto reading = store.read();
    std::vector<Fault> out;
    const auto at = store.at(seal.revision);
    const auto latest = store.latest().revision, last_ruling = store.last_ruling();
    if (seal.revision > latest)
        out.push_back({Flaw::fewer_imports, {{"n", seal.revision}, {"now", latest}}});
    else if (seal.revision > 0 && (!at || at->hash != seal.snapshot_hash))
        out.push_back({Flaw::other_imports, {{"n", seal.revision}}});
    if (seal.last_ruling > last_ruling)
        out.push_back({Flaw::fewer_rulings, {{"n", seal.last_ruling}, {"now", last_ruling}}});
    else if (store.hash_of_ruling(seal.last_ruling) != seal.last_ruling_hash)
        out.push_back({Flaw::other_rulings, {{"n", seal.last_ruling}}});
    for (const auto& sealed : seal.runs)
        if (auto fault = against(store, sealed, seal.last_ruling)) out.push_back(std::move(*fault));
    return out;
}

}  // namespace zoneval::seal
