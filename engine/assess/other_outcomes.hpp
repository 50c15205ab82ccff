// What other rule sets' runs in the same store said: handed on to an evaluation as earlier years are.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/assess/assessment.hpp"
#include "engine/assess/earlier_run.hpp"
#include "engine/assess/rulings.hpp"
#include "engine/assess/successions.hpp"

namespace zoneval::assess {

/// Under which name a record stands in that year's run: one that was renamed since, under its old one.
std::string name_then(const Successions& successions, const model::OtherOutcome& other, const std::string& record,
                      std::int32_t year);

class OtherOutcomes : public exec::History {
  public:
    /// All must outlive it. Throws InputError when a run does not say what the rules expect of it.
    OtherOutcomes(std::unique_ptr<exec::History> earlier, const graph::Graph& graph, const store::Store& store,
                  const Basis& basis, std::int32_t year);

    std::optional<feel::Value> value(const graph::Node& node, exec::RecordAt record, std::int32_t year) const override;
    std::optional<exec::Reopened> reopened(const graph::Node& node, exec::RecordAt record,
                                           std::int32_t year) const override;
    bool may_be_reopened(const graph::Node& node, std::int32_t year) const override;
    std::optional<exec::EarlierColumn> column(const graph::Node& node, const Table& now,
                                              std::int32_t year) const override;

  private:
    using Reopenings = std::map<std::string, exec::Reopened>;  ///< by record
    struct Read {
        const model::OtherOutcome* other = nullptr;
        std::int32_t year = 0;
        std::shared_ptr<const store::Run> run;  ///< null: there is none
        std::unique_ptr<EarlierRun> said;
        Rulings rulings;
        std::optional<Reopenings> again;  ///< where the run did not record them
    };
    const Read* read_by(const graph::Node& node) const;
    static std::optional<Reopenings> made_again(const store::Store& store, const store::Run& run,
                                                const std::string& outcome);
    std::string name_then(const Read& read, const std::string& record) const {
        return assess::name_then(successions_, *read.other, record, read.year);
    }
    const store::Ruling* ruling(const Read& read, const std::string& name) const;

    std::unique_ptr<exec::History> earlier_;
    Successions successions_;
    std::map<graph::NodeId, Read> reads_;
};

/// Which runs were read, and which are not there.
void note_other_outcomes(const graph::Graph& graph, const Basis& basis, std::int32_t year, std::vector<Note>& out);

}  // namespace zoneval::assess
