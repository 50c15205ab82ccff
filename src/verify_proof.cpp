#include "src/verify_proof.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/assess/rulings.hpp"
#include "engine/audit/lines.hpp"
#include "engine/diag/file_bytes.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/seal/proof.hpp"
#include "engine/seal/signature.hpp"
#include "engine/wording/ledger.hpp"
#include "engine/wording/show.hpp"
#include "src/show_results.hpp"

namespace zoneval::command {

namespace {

using Json = nlohmann::ordered_json;
using wording::Ledger;

std::string text_in(const std::string& path) {
    auto out = file_bytes(path);
    if (!out)
        throw InputError(Diagnostic{Kind::not_a_seal, fmt::format("`{}` cannot be read", path), {}, "a file", ""});
    return std::move(*out);
}

/// The line for people: each decision with its outcome, rule and reason.
std::string told(const std::string& line, wording::Language language) {
    std::string out;
    const auto json = Json::parse(line);
    const auto text = [](const Json& of, const char* key) { return of.value(key, std::string()); };
    for (const auto& [name, decision] : json.at("decisions").items()) {
        auto outcome = text(decision, "value");
        const auto* ruled = decision.contains("ruled") ? &decision.at("ruled") : nullptr;
        if (ruled) outcome = text(*ruled, "outcome");
        const auto rule = text(decision, "rule");
        const auto form = ruled ? Ledger::ruled_by : rule.empty() ? Ledger::without_rule : Ledger::by_rule;
        out += "  " +
               for_terminal(say(form, language,
                                {{"decision", name},
                                 {"outcome", outcome.empty()   ? say(Ledger::undetermined, language)
                                             : outcome == "[]" ? say(Ledger::nothing_collected, language)
                                                               : assess::shown_outcome(outcome)},
                                 {"by", ruled ? text(*ruled, "by") : ""},
                                 {"rule", rule}})) +
               "\n";
        if (const auto because = text(decision, "because"); !because.empty())
            out += audit::wrapped("    " + for_terminal(because), 100, 0, 4);
    }
    return out;
}

std::string as_json(const seal::Proof& proof, const OutsideSeal& outside, const std::vector<wording::Fault>& wrong) {
    auto told = Json::array();
    for (const auto& fault : wrong) told.push_back(say(fault, wording::Language::en));
    const Json out = {{"version", 1},
                      {"genuine", wrong.empty()},
                      {"wrong", told},
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

/// Also what a later version may call it.
std::string state_told(const std::string& state, wording::Language language) {
    for (const auto& [name, word] :
         {std::pair{"draft", Ledger::draft}, {"published", Ledger::is_published}, {"superseded", Ledger::superseded}})
        if (state == name) return say(word, language);
    return state;
}

std::string as_text(const seal::Proof& proof, const OutsideSeal& outside, const std::vector<wording::Fault>& wrong,
                    wording::Language language) {
    const auto& run = proof.run;
    if (!wrong.empty()) {
        auto out = say(Ledger::proof_false, language) + "\n\n";
        for (const auto& what : wrong) out += "  ✗  " + for_terminal(say(what, language)) + "\n";
        return out;
    }
    const auto record = Json::parse(proof.line).value("record", std::string());
    const auto head = say(outside.seal ? Ledger::proof_genuine : Ledger::proof_whole, language,
                          {{"record", record},
                           {"year", std::to_string(run.year)},
                           {"n", wording::with_commas(run.records)},
                           {"run", std::to_string(run.run)},
                           {"ruleset", run.ruleset},
                           {"state", state_told(run.state, language)}});
    const auto last = outside.seal ? say(Ledger::both_stand_in, language, {{"seal", outside.told}})
                                   : say(Ledger::hold_against, language);
    const auto hashes = audit::table_text(
        {{say(Ledger::seal, language), run.hash}, {say(Ledger::root, language), seal::to_hex(run.root)}},
        {audit::Align::left, audit::Align::left}, 2);
    return fmt::format("{}\n\n{}\n{}\n{}\n", for_terminal(head), told(proof.line, language), hashes,
                       for_terminal(last));
}

}  // namespace

OutsideSeal outside_seal(const OutsideSealOptions& options, wording::Language language) {
    OutsideSeal out;
    if (options.file.empty()) return out;
    const auto text = text_in(options.file);
    out.seal = seal::read_seal(options.file, text);
    const auto told = say(Ledger::seal_of, language,
                          {{"file", options.file},
                           {"date", out.seal->made_at.substr(0, 10)},
                           {"n", std::to_string(out.seal->runs.size())}});
    if (options.signature.empty()) {
        out.told = say(Ledger::not_looked_at, language, {{"seal", told}});
        return out;
    }
    std::error_code none;
    const auto key = std::filesystem::exists(options.key, none) ? text_in(options.key) : options.key;
    const auto signature = seal::check_signature(text, text_in(options.signature), key);
    if (!signature.valid)
        out.wrong.push_back(
            {wording::Flaw::of_file, {{"file", options.signature}, {"fault", signature.why_not->what}}});
    else
        out.told = say(signature.comment.empty() ? Ledger::signed_by : Ledger::signed_with, language,
                       {{"seal", told}, {"comment", signature.comment}});
    return out;
}

int verify_proof(const std::string& file, const OutsideSealOptions& options, const Global& global) {
    const auto proof = seal::read_proof(file, text_in(file));
    const auto language = language_of(global);
    const auto outside = outside_seal(options, language);
    auto wrong = outside.wrong;
    if (const auto fault = seal::fault(proof)) wrong.push_back(*fault);
    if (outside.seal && wrong.empty())
        if (const auto fault = seal::fault(proof, *outside.seal)) wrong.push_back(*fault);
    std::cout << (global.json() ? as_json(proof, outside, wrong) : as_text(proof, outside, wrong, language));
    return wrong.empty() ? Exit::fine : Exit::not_genuine;
}

}  // namespace zoneval::command
