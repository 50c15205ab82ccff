// How values were computed, down to their sources. Not for other folders.
#pragma once

#include <set>

#include "engine/audit/sources.hpp"

namespace zoneval::audit {

class Derivations {
  public:
    explicit Derivations(const AtRecord& at);

    /// Each node is unfolded once.
    Derivation derive(const graph::Node& node);
    /// Of parameters that were met, those nearest to what was derived first, each once.
    std::vector<Explanation::Assumption> assumptions() const;

  private:
    /// Records of other kinds, of the assessment or of a kind whose records have such.
    struct Level {
        const graph::Graph& graph;
        const exec::Kinds& kinds;
    };
    /// A record of a kind.
    struct OfKind {
        const graph::KindGraph& kind;
        const exec::Kinds* below;
        const exec::Evaluation& among;
        std::size_t record;
    };
    void derive_from(Derivation& out, const graph::Node& node);
    void parameter(Derivation& out, const model::Parameter& parameter);
    void cohort(Derivation& out, const graph::CohortForm& form) const;
    void records_of_kind(Derivation& out, const Level& level, const graph::Node& of, const graph::KindForm& form,
                         std::size_t row);
    Derivation record_of_kind(const graph::KindGraph& kind, const exec::Kinds* below, const graph::KindForm& form,
                              const exec::Evaluation& among, std::size_t i);
    void show_value(Derivation& out, const graph::Graph& graph, const graph::Node& node,
                    const feel::Value& value) const;
    void value_in_kind(Derivation& out, const graph::Node& node, const exec::Evaluation& among, std::size_t i) const;
    void handed_on(Derivation& out, const OfKind& one, const graph::Node& node);
    void behind_in_kind(Derivation& out, const OfKind& one, graph::NodeId of, std::set<graph::NodeId>& told);

    const AtRecord& at_;
    Sources sources_;
    std::set<graph::NodeId> unfolded_;
    std::vector<std::pair<int, Explanation::Assumption>> assumptions_;  ///< with how deep they were met
    int depth_ = 0;
};

}  // namespace zoneval::audit
