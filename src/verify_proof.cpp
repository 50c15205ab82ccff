#include "src/verify_proof.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/assess/rulings.hpp"
#include "engine/audit/lines.hpp"
#include "engine/diag/file_bytes.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/report/view.hpp"
#include "engine/seal/proof.hpp"
#include "engine/seal/signature.hpp"

namespace zoneval::command {

namespace {

using Json = nlohmann::ordered_json;

std::string text_in(const std::string& path) {
    auto out = file_bytes(path);
    if (!out)
        throw InputError(Diagnostic{Kind::not_a_seal, fmt::format("`{}` cannot be read", path), {}, "a file", ""});
    return std::move(*out);
}

/// The line for people: each decision with its outcome, rule and reason.
std::string told(const std::string& line) {
    std::string out;
    const auto json = Json::parse(line);
    const auto text = [](const Json& of, const char* key) { return of.value(key, std::string()); };
    for (const auto& [name, decision] : json.at("decisions").items()) {
        auto outcome = text(decision, "value");
        if (decision.contains("ruled")) outcome = text(decision.at("ruled"), "outcome");
        if (outcome == "[]") outcome = "\"none\"";  // of a decision that collects
        const auto rule = text(decision, "rule");
        out += fmt::format("  {}: {}", for_terminal(name),
                           outcome.empty() ? "undetermined" : for_terminal(assess::shown_outcome(outcome)));
        if (decision.contains("ruled"))
            out += fmt::format(", ruled by {}", for_terminal(text(decision.at("ruled"), "by")));
        else if (!rule.empty())
            out += fmt::format("  (rule {})", for_terminal(rule));
        out += "\n";
        if (const auto because = text(decision, "because"); !because.empty())
            out += audit::wrapped("    " + for_terminal(because), 100, 0, 4);
    }
    return out;
}

std::string as_json(const seal::Proof& proof, const OutsideSeal& outside, const std::vector<std::string>& wrong) {
    const Json out = {{"version", 1},
                      {"genuine", wrong.empty()},
                      {"wrong", wrong},
                      {"run", proof.run.run},
                      {"ruleset", proof.run.ruleset},
                      {"year", proof.run.year},
                      {"state", proof.run.state},
                      {"seal", proof.run.hash},
                      {"root", seal::to_hex(proof.run.root)},
                      {"line", proof.line},
                      {"sealed", outside.told}};
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string as_text(const seal::Proof& proof, const OutsideSeal& outside, const std::vector<std::string>& wrong) {
    const auto& run = proof.run;
    if (!wrong.empty()) {
        std::string out = "Not genuine: the proof does not show what it says.\n\n";
        for (const auto& what : wrong) out += "  ✗  " + for_terminal(what) + "\n";
        return out;
    }
    const auto record = Json::parse(proof.line).value("record", std::string());
    return fmt::format("{}: {}, {}, one of the {} verdicts of run {} ({}, {}).\n\n{}\n  seal  {}\n  root  {}\n\n",
                       outside.seal ? "Genuine" : "Whole in itself", for_terminal(record), run.year,
                       report::with_commas(run.records), run.run, for_terminal(run.ruleset), for_terminal(run.state),
                       told(proof.line), for_terminal(run.hash), seal::to_hex(run.root)) +
           (outside.seal ? fmt::format("Both stand in {}.\n", for_terminal(outside.told))
                         : "It is genuine where seal and root are those that were published: --seal FILE.\n");
}

}  // namespace

OutsideSeal outside_seal(const SealOptions& options) {
    OutsideSeal out;
    if (options.file.empty()) return out;
    const auto text = text_in(options.file);
    out.seal = seal::read_seal(options.file, text);
    out.told = fmt::format("{}, of {}, {} runs", options.file, out.seal->made_at.substr(0, 10), out.seal->runs.size());
    if (options.signature.empty()) {
        out.told += "; its signature was not looked at (--signature FILE --key KEY)";
        return out;
    }
    std::error_code none;
    const auto key = std::filesystem::exists(options.key, none) ? text_in(options.key) : options.key;
    const auto signature = seal::check_signature(text, text_in(options.signature), key);
    if (signature.valid)
        out.told += "; signed by the key given" + (signature.comment.empty() ? "" : ", " + signature.comment);
    else
        out.wrong.push_back(fmt::format("{}: {}", options.signature, signature.why_not));
    return out;
}

int verify_proof(const std::string& file, const SealOptions& options, const Global& global) {
    const auto proof = seal::read_proof(file, text_in(file));
    const auto outside = outside_seal(options);
    auto wrong = outside.wrong;
    if (const auto fault = seal::fault(proof); !fault.empty()) wrong.push_back(fault);
    if (outside.seal && wrong.empty())
        if (const auto fault = seal::fault(proof, *outside.seal); !fault.empty()) wrong.push_back(fault);
    std::cout << (global.json() ? as_json(proof, outside, wrong) : as_text(proof, outside, wrong));
    return wrong.empty() ? Exit::fine : Exit::not_genuine;
}

}  // namespace zoneval::command
