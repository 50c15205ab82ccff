#include "engine/seal/proof.hpp"

#include <algorithm>

#include "engine/diag/whole_number.hpp"
#include "engine/seal/json.hpp"
#include "engine/seal/verdict_lines.hpp"

namespace zoneval::seal {

using wording::Fault;
using wording::Flaw;

std::optional<Proof> proof_of(const store::Store& store, const store::Run& run, const std::string& record) {
    const auto reading = store.read_sound();
    const auto found = std::find(run.records.begin(), run.records.end(), record);
    if (found == run.records.end()) return std::nullopt;
    Proof out;
    MerkleTree tree;
    each_verdict_line(run, store.rulings(run.ruleset), [&](std::size_t i, std::string_view line) {
        tree.append(line);
        if (run.records[i] != record) return;
        out.index = i;
        out.line = line;
    });
    out.run = seal_of(run, tree.root());
    out.path = tree.path(out.index);
    return out;
}

std::string to_text(const Proof& proof) {
    Json json = {{"zoneval proof", 1},
                 {"run", to_json(proof.run)},
                 {"index", proof.index},
                 {"path", Json::array()},
                 {"line", proof.line}};
    for (const auto& hash : proof.path) json["path"].push_back(to_hex(hash));
    return json.dump(1) + "\n";
}

Proof read_proof(const std::string& file, const std::string& text) {
    return read_json<Proof>(file, text, "zoneval proof", "a proof made by `zoneval prove`", [](const Json& json) {
        Proof out;
        out.run = run_seal(json.at("run"));
        out.index = whole_number<std::size_t>(json.at("index"));
        out.line = json.at("line").get<std::string>();
        for (const auto& hash : json.at("path")) {
            const auto digest = from_hex(hash.get<std::string>());
            if (!digest) throw std::runtime_error("`path` holds something that is no SHA-256 in hexadecimal");
            out.path.push_back(*digest);
        }
        return out;
    });
}

std::optional<Fault> fault(const Proof& proof) {
    const auto root = root_by_path(leaf_hash(proof.line), proof.index, proof.run.records, proof.path);
    if (!root) return Fault{Flaw::path_does_not_fit};
    if (*root != proof.run.root) return Fault{Flaw::leads_elsewhere};
    const auto line = Json::parse(proof.line, nullptr, false);
    const auto says = [&](const char* key, const Json& value) { return line.contains(key) && line.at(key) == value; };
    if (!line.is_object() || !says("ruleset", proof.run.ruleset) || !says("year", proof.run.year))
        return Fault{Flaw::line_of_another};
    return std::nullopt;
}

std::optional<Fault> fault(const Proof& proof, const Seal& seal) {
    const auto of_run = [&](Flaw what) { return Fault{what, {{"n", proof.run.run}}}; };
    const auto found =
        std::find_if(seal.runs.begin(), seal.runs.end(), [&](const RunSeal& run) { return run.run == proof.run.run; });
    if (found == seal.runs.end()) return of_run(Flaw::seal_lacks_run);
    if (found->hash != proof.run.hash) return of_run(Flaw::hash_in_seal);
    if (found->root != proof.run.root) return of_run(Flaw::root_in_seal);
    if (found->ruleset != proof.run.ruleset || found->year != proof.run.year || found->records != proof.run.records)
        return of_run(Flaw::head_in_seal);
    return std::nullopt;
}

}  // namespace zoneval::seal
