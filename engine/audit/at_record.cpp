#include "engine/audit/at_record.hpp"

namespace zoneval::audit {

std::string one_line(std::string_view text) {
    std::string out;
    bool gap = false;
    for (const char c : text) {
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            gap = !out.empty();
            continue;
        }
        if (gap) out += ' ';
        gap = false;
        out += c;
    }
    return out;
}

AtRecord::AtRecord(const assess::Assessment& assessment, std::size_t of, std::string_view in_language)
    : a(assessment),
      graph(*assessment.graph),
      e(assessment.evaluation),
      record(of),
      language(in_language),
      tongue(wording::language_from_string(in_language).value_or(wording::Language::en)),
      frame_(exec::frame_of(e, of)),
      as_it_is_(graph, frame_),
      known_(e),
      gathered_(known_),
      members(e.values->members() ? *e.values->members() : gathered_),
      memories_(graph),
      bounds_(graph, known_, of, exec::Blanks::all, members, memories_) {}

void AtRecord::put_back(exec::Outcome::Filled which) {
    if (which == exec::Outcome::Filled::no) return;
    const auto blanks = which == exec::Outcome::Filled::all ? exec::Blanks::all : exec::Blanks::of_scores;
    filled = std::make_unique<exec::Completions>(graph, known_, record, blanks, members, memories_);
}

std::string AtRecord::because(const graph::Node& decision, const exec::Outcome& outcome) const {
    if (!outcome.rule()) return outcome.because;
    const auto& rule = std::get<graph::DecisionForm>(decision.form).rules[*outcome.rule()];
    if (rule.because.by_language.size() < 2) return outcome.because;
    return exec::reason_in(e, decision, rule, record, tongue);
}

}  // namespace zoneval::audit
