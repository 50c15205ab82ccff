// What a value was, by what it was read from. For counterfactual.cpp alone.
#pragma once

#include <memory>
#include <vector>

#include "engine/exec/results/evaluation.hpp"

namespace zoneval::exec {

/// Of a null also why it is one: an outcome says what it waits for. In a list, of each element.
bool same_value(const feel::Value& is, const feel::Value& was);

/// INVARIANT: who computes a value asks first what it always asks first, and what it asks next depends on the answers
/// so far alone. So the questions are a tree with an edge for each answer, and a value is found by asking once.
class Cases {
  public:
    struct Question {
        enum class What : std::uint8_t { value, unknown, without_blanks, peers } what;
        graph::NodeId node;
        feel::Value group{};  ///< of peers
        bool operator==(const Question& other) const;
    };
    struct Answer {
        feel::Value value;
        std::vector<feel::Decimal> gone{}, come{};  ///< figures that a group of peers has lost, and gained
        bool operator==(const Answer& other) const;
    };
    struct Read {
        Question question;
        Answer answer;
    };
    struct Result {
        feel::Value value;
        Outcome outcome;  ///< of a decision
    };

    /// nullptr: none was kept with these answers. ask: Question -> Answer
    template <class Ask>
    const Result* find(const Ask& ask) const {
        const auto* step = first_.get();
        while (step && !step->result) step = step->after(ask(step->question));
        return step ? &*step->result : nullptr;
    }
    /// Once there are `most`, all are forgotten first.
    void keep(const std::vector<Read>& reads, Result result, std::size_t most);

  private:
    struct Step {
        struct Edge {
            std::size_t hash;
            Answer answer;
            std::unique_ptr<Step> to;
        };
        Question question{Question::What::value, -1};
        std::vector<Edge> edges;
        std::optional<Result> result;
        Step* after(const Answer& answer) const;
    };
    std::unique_ptr<Step> first_;
    std::size_t kept_ = 0;
};

}  // namespace zoneval::exec
