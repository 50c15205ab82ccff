#include "engine/seal/verdict_lines.hpp"

#include <deque>
#include <map>
#include <nlohmann/json.hpp>

namespace zoneval::seal {

namespace {

std::string json_text(std::string_view text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::strict);
}

const char* word(store::Outcome::Ending ending) {
    using Ending = store::Outcome::Ending;
    switch (ending) {
        case Ending::fired: return "fired";
        case Ending::by_default: return "default";
        case Ending::nothing_fired: return "nothing";
        case Ending::open: return "open";
        case Ending::conflict: return "conflict";
    }
    return "";
}

/// Of an outcome, without the closing brace: a ruling may follow.
std::string told(const store::Outcome& outcome) {
    std::string out = std::string("{\"ending\":\"") + word(outcome.ending) + "\"";
    const auto add = [&](const char* key, const std::string& text) {
        if (!text.empty()) out += std::string(",\"") + key + "\":" + json_text(text);
    };
    add("value", outcome.value);
    add("rule", outcome.rule);
    add("because", outcome.because);
    add("possible", outcome.possible);
    add("waiting_for", outcome.waiting_for);
    add("failed", outcome.failed);
    return out;
}

std::string told(const store::Ruling& ruling) {
    std::string out = ",\"ruled\":{\"outcome\":" + json_text(ruling.outcome) + ",\"by\":" + json_text(ruling.by) +
                      ",\"reason\":" + json_text(ruling.reason);
    if (!ruling.document_sha256.empty()) out += ",\"document_sha256\":" + json_text(ruling.document_sha256);
    return out + "}";
}

/// The newest ruling on each record of a decision.
using Ruled = std::map<std::string_view, const store::Ruling*, std::less<>>;

Ruled ruled_in(const store::Run& run, const std::string& decision, const std::vector<store::Ruling>& rulings) {
    Ruled out;
    for (const auto& ruling : rulings)  // the oldest first
        if (ruling.ruleset == run.ruleset && ruling.year == run.year && ruling.decision == decision)
            out[ruling.record] = &ruling;
    return out;
}

struct Decided {
    const store::Decisions* decisions;
    std::string opening;            ///< ,"name":
    std::vector<std::string> told;  ///< of each different outcome
    Ruled ruled;
};

bool holds(const store::Ruling& ruling, const store::Outcome& outcome) {
    using Ending = store::Outcome::Ending;
    return ruling.over_rules || outcome.ending == Ending::open || outcome.ending == Ending::conflict;
}

std::vector<Decided> decided_in(const store::Run& run, const std::vector<store::Ruling>& rulings) {
    std::vector<Decided> out;
    for (const auto& decisions : run.decisions) {
        auto& one =
            out.emplace_back(Decided{&decisions, (out.empty() ? "" : ",") + json_text(decisions.name) + ":", {}, {}});
        for (const auto& outcome : decisions.outcomes) one.told.push_back(told(outcome));
        one.ruled = ruled_in(run, decisions.name, rulings);
    }
    return out;
}

}  // namespace

void each_verdict_line(const store::Run& run, const std::vector<store::Ruling>& rulings,
                       const std::function<void(std::size_t, std::string_view)>& with) {
    const auto opening = "{\"zoneval verdict\":1,\"ruleset\":" + json_text(run.ruleset) +
                         ",\"year\":" + std::to_string(run.year) + ",\"record\":";
    const auto decided = decided_in(run, rulings);
    std::deque<store::MeasuredReader> kept;
    std::vector<std::string> names;
    for (const auto& measured : run.measured) {
        kept.emplace_back(measured.cells);
        names.push_back((names.empty() ? "" : ",") + json_text(measured.name) + ":");
    }
    std::string line;
    for (std::size_t i = 0; i < run.records.size(); ++i) {
        const auto record = run.records[i];
        line = opening;
        line += json_text(record);
        line += ",\"decisions\":{";
        for (const auto& one : decided) {
            const auto code = one.decisions->codes[i];
            line += one.opening;
            line += one.told[code];
            if (const auto ruling = one.ruled.find(record);
                ruling != one.ruled.end() && holds(*ruling->second, one.decisions->outcomes[code]))
                line += told(*ruling->second);
            line += '}';
        }
        line += "},\"values\":{";
        for (std::size_t m = 0; m < kept.size(); ++m) {
            const auto cell = kept[m].next();
            line += names[m];
            line += cell && cell->is_value ? json_text(cell->text) : "null";
        }
        line += "}}";
        with(i, line);
    }
}

MerkleTree verdict_tree(const store::Run& run, const std::vector<store::Ruling>& rulings) {
    MerkleTree out;
    each_verdict_line(run, rulings, [&](std::size_t, std::string_view line) { out.append(line); });
    return out;
}

}  // namespace zoneval::seal
