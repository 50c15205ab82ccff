// Where values that were not computed come from: data, earlier years, other rule sets. Not for other folders.
#pragma once

#include <map>

#include "engine/assess/rulings.hpp"
#include "engine/audit/at_record.hpp"
#include "engine/audit/explain.hpp"

namespace zoneval::audit {

class Sources {
  public:
    explicit Sources(const AtRecord& at);

    /// The file and line of a cell.
    std::string datum_place(const Table& table, std::size_t row, const std::string& input) const;
    /// Why a null is one.
    void null_note(Derivation& out, const feel::Value& value) const;
    /// What was read of an earlier year, of several or of another rule set; records of other kinds are not told here.
    void history(Derivation& out, graph::NodeId id, const graph::HistoryForm& form) const;

  private:
    void earlier_datum(Derivation& out, const graph::Node& of, std::int32_t year) const;
    void earlier_outcome(Derivation& out, const graph::Node& of, std::int32_t year) const;
    std::string by_rule_then(const store::Outcome& o) const;
    std::string ruled_then(const store::Ruling& ruling, const std::string& as) const;
    void other_outcome(Derivation& out, const model::OtherOutcome& other) const;

    const AtRecord& at_;
    assess::Rulings earlier_rulings_;  ///< as the run knew them
};

}  // namespace zoneval::audit
