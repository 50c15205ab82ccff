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

std::vector<std::string> against(const store::Store& store, const Seal& seal) {
    const auto reading = store.read();
    std::vector<std::string> out;
    const auto at = store.at(seal.revision);
    if (seal.revision > store.latest().revision)
        out.push_back(
            fmt::format("imports: the seal knows {}, the store has {}", seal.revision, store.latest().revision));
    else if (seal.revision > 0 && (!at || at->hash != seal.snapshot_hash))
        out.push_back(fmt::format("imports: the first {} are not those that were sealed", seal.revision));
    if (seal.last_ruling > store.last_ruling())
        out.push_back(
            fmt::format("rulings: the seal knows {}, the store has {}", seal.last_ruling, store.last_ruling()));
    else if (store.hash_of_ruling(seal.last_ruling) != seal.last_ruling_hash)
        out.push_back(fmt::format("rulings: the first {} are not those that were sealed", seal.last_ruling));
    for (const auto& sealed : seal.runs) {
        const auto name = fmt::format("run {} ({}, {})", sealed.run, sealed.ruleset, sealed.year);
        const auto run = store.run(sealed.run);
        if (!run) {
            out.push_back(name + ": the store has no such run");
            continue;
        }
        const auto now = seal_of(store, *run, seal.last_ruling);
        if (now.hash != sealed.hash)
            out.push_back(fmt::format("{}: hash {} was sealed, the store has {}", name, short_hex(sealed.hash),
                                      short_hex(now.hash)));
        else if (now.root != sealed.root)
            out.push_back(fmt::format("{}: its verdicts have the root {}, {} was sealed", name,
                                      short_hex(to_hex(now.root)), short_hex(to_hex(sealed.root))));
        else if (now.ruleset != sealed.ruleset || now.year != sealed.year || now.records != sealed.records)
            out.push_back(name + ": rule set, year or number of records are not those that were sealed");
    }
    return out;
}

}  // namespace zoneval::seal
