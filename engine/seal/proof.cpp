#include "engine/seal/proof.hpp"

#include <algorithm>

#include "engine/diag/whole_number.hpp"
#include "engine/seal/json.hpp"
#include "engine/seal/verdict_lines.hpp"

namespace zoneval::seal {

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

std::string fault(const Proof& proof) {
    const auto root = root_by_path(leaf_hash(proof.line), proof.index, proof.run.records, proof.path);
    if (!root) return "the path does not fit a run of so many records";
    if (*root != proof.run.root) return "the line leads to another root: it is not a verdict of this run";
    const auto line = Json::parse(proof.line, nullptr, false);
    const auto says = [&](const char* key, const Json& value) { return line.contains(key) && line.at(key) == value; };
    if (!line.is_object() || !says("ruleset", proof.run.ruleset) || !says("year", proof.run.year))
        return "the line is of another rule set or year than its run";
    return "";
}

std::string fault(const Proof& proof, const Seal& seal) {
    const auto found =
        std::find_if(seal.runs.begin(), seal.runs.end(), [&](const RunSeal& run) { return run.run == proof.run.run; });
    if (found == seal.runs.end()) return fmt::format("the seal has no run {}", proof.run.run);
    if (found->hash != proof.run.hash) return fmt::format("run {} has another hash in the seal", proof.run.run);
    if (found->root != proof.run.root)
        return fmt::format("run {} has another root in the seal: a ruling since then, or another verdict",
                           proof.run.run);
    if (found->ruleset != proof.run.ruleset || found->year != proof.run.year || found->records != proof.run.records)
        return fmt::format("run {} is of another rule set, year or size in the seal", proof.run.run);
    return "";
}

}  // namespace zoneval::seal
