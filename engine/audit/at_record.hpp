// One record of an assessment, read as things are and with its blanks put back. Not for other folders.
#pragma once

#include <memory>

#include "engine/assess/assessment.hpp"
#include "engine/audit/conditions.hpp"
#include "engine/exec/decisions/completions.hpp"

namespace zoneval::audit {

/// One line for a formula that its author spread over several.
std::string one_line(std::string_view text);

class AtRecord {
  public:
    AtRecord(const assess::Assessment& assessment, std::size_t record, std::string_view language);
    AtRecord(const AtRecord&) = delete;
    AtRecord& operator=(const AtRecord&) = delete;

    /// An outcome that was found by putting back blanks is explained so.
    void put_back(exec::Outcome::Filled filled);
    /// How conditions are read: as things are, or with the blanks put back.
    const exec::Reading& reading() const { return filled ? static_cast<const exec::Reading&>(*filled) : as_it_is_; }
    ConditionReader reader() const { return {e, record, reading(), bounds_, members, language}; }
    /// A rule's reason, in the language where the rule has one in it.
    std::string because(const graph::Node& decision, const exec::Outcome& outcome) const;

    const assess::Assessment& a;
    const graph::Graph& graph;
    const exec::Evaluation& e;
    const std::size_t record;
    const std::string_view language;
    const wording::Language tongue;

  private:
    std::vector<feel::Value> frame_;
    exec::FrameReading as_it_is_;
    exec::EvaluatedCohort known_;
    exec::GatheredMembers gathered_;

  public:
    const exec::CohortMembers& members;

  private:
    exec::CompletionsMemories memories_;
    exec::Completions bounds_;  ///< what is open cannot go beyond

  public:
    std::unique_ptr<exec::Completions> filled;  ///< nullptr: as things are
};

}  // namespace zoneval::audit
