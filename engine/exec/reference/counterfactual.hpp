// A year as it would be with a figure of one record, or a parameter, another than it is: what hangs on that is computed
// anew, exactly, and nothing else. The answers are those of evaluating the whole year again.
#pragma once

#include <bit>
#include <unordered_map>
#include <utility>

#include "engine/exec/reference/cases.hpp"
#include "engine/exec/reference/cells.hpp"

namespace zoneval::exec {

/// INVARIANT (nothing read, nothing changed): a value that was read from the same values as before is the same. So of
/// each definition and record it is kept what its value was read from, as things are and as they were once supposed to
/// be; and of conditions what each came to, so that a figure may move as long as no condition comes out otherwise.
class Counterfactual : private Computed, private FrameSource {
  public:
    /// Whether the values of others move with what is supposed of one record, as they do, or are taken as they stand:
    /// in large cohorts, where each of them moves by next to nothing and all together take long. Then the answers are
    /// those of the first order only.
    enum class Others : std::uint8_t { move, stand };
    /// Both must outlive it; not for several threads.
    Counterfactual(const Evaluation& base, const History& history, Others others = Others::move);
    ~Counterfactual() override;
    Counterfactual(const Counterfactual&) = delete;
    Counterfactual& operator=(const Counterfactual&) = delete;

    /// Whether an input's figures can be supposed: not where they say who belongs to the cohort, or where records of
    /// other kinds read them.
    bool can_suppose(graph::NodeId input) const { return !held_[at(input)]; }
    /// Beside what is supposed already: of an input, or of any definition that no blank is behind, in the place of what
    /// it would be computed from. Precondition: can_suppose(input).
    void suppose(graph::NodeId input, std::size_t record, feel::Value value);
    void suppose(graph::NodeId parameter, feel::Value value);
    /// What the record reads of earlier years is read from the history anew, which may say something else of it than it
    /// said when the year was evaluated. Precondition: can_look_back_anew().
    bool can_look_back_anew() const;
    void look_back_anew(std::size_t record);
    void forget();

    /// Throw as evaluate() does.
    const feel::Value& value(graph::NodeId node, std::size_t record);
    const Outcome& outcome(graph::NodeId decision, std::size_t record);
    /// Whether it is plain that the value, and the rule that gives it, are as things are; cheaper than asking for them.
    bool stays(graph::NodeId node, std::size_t record);
    /// Whether something is missing behind the value: then blanks have a say in what rests on it.
    bool blank_behind(graph::NodeId node, std::size_t record) { return !no_blank_behind(node, record); }
    /// What is felt of what is supposed, of one record or of parameters: where that is the same, the decision's outcome
    /// for the record is. nullopt: that cannot be told. Of one decision only.
    std::optional<std::string> felt(graph::NodeId decision, std::size_t record);
    /// Whether what is supposed can reach anybody's value of the node but that of the records it was supposed of.
    bool reaches_others(graph::NodeId node) {
        spread();
        return reach_[at(node)] == Reach::others;
    }
    /// Whether the node hangs on values of others that may be others now: then each of them is computed anew.
    bool moves_others(graph::NodeId node);

  private:
    enum class Reach : std::uint8_t { none, own, others };
    struct Supposed {
        graph::NodeId node;
        std::optional<std::size_t> record;  ///< nullopt: a parameter
        feel::Value value;
    };
    /// By record: in their places where records are few, else only those that were asked for.
    template <class T>
    class Remembered {
      public:
        T* find(std::size_t record) {
            if (record < places_.size()) return places_[record] ? &*places_[record] : nullptr;
            const auto found = rest_.find(record);
            return found == rest_.end() ? nullptr : &found->second;
        }
        T& put(std::size_t record, std::size_t records, T value) {
            constexpr std::size_t few = 20000;
            if (records > few) return rest_.insert_or_assign(record, std::move(value)).first->second;
            if (places_.empty()) places_.resize(records);
            touched_.push_back(record);
            return places_[record].emplace(std::move(value));
        }
        void clear() {
            for (const auto record : touched_) places_[record].reset();
            touched_.clear();
            rest_.clear();
        }

      private:
        std::vector<std::optional<T>> places_;
        std::vector<std::size_t> touched_;
        std::unordered_map<std::size_t, T> rest_;
    };
    /// A piece of a formula that is read in parts, and what it came to.
    struct Part {
        const feel::Expr* expression;
        const SourcePtr* source;
        feel::Value result;
    };
    /// What a value was read from as things are.
    struct Trace {
        std::vector<Part> parts;
        bool whole = true;  ///< false: from more than that
    };
    struct Reading {
        std::vector<Cases::Read> read;  ///< each question once
        std::vector<Part> parts;        ///< as things are
        bool of_one_record = true;      ///< false: others' values were read, too
        bool reached_alone = false;     ///< what cannot be another now is not noted
        /// Whether it is read for the first time; from then on it is not.
        bool is_first(const Cases::Question& question);

      private:
        std::vector<bool> met_;  ///< by definition and what was asked; not of peers
    };
    /// For whom the frame is filled.
    struct Reader {
        std::size_t record;
        bool as_it_is;
        Reading* from = nullptr;  ///< what is read is noted there
    };
    /// Another value until it goes, also where an outcome that the rules do not declare ends the work before its time.
    template <class T>
    class Meanwhile {
      public:
        template <class U>
        Meanwhile(T& of, U&& now) : of_(of), before_(std::exchange(of, std::forward<U>(now))) {}
        ~Meanwhile() { of_ = std::move(before_); }
        Meanwhile(const Meanwhile&) = delete;
        Meanwhile& operator=(const Meanwhile&) = delete;

      private:
        T& of_;
        T before_;
    };
    using Reads = Meanwhile<std::optional<Reader>>;
    struct Felt {
        graph::NodeId node;
        graph::NodeId rank;  ///< by which alone it is felt; -1: by its value
    };
    class Cohort;

    void hold_what_cannot_be_supposed();
    /// Who may have other values now, where that is not known yet.
    void spread();
    void reach_on();
    bool is_own(std::size_t record) const;
    /// Whether the record's value of the node may be another.
    bool reached(graph::NodeId node, std::size_t record);
    /// Bits of records: those whose value of the node may be another. Precondition: it reaches others.
    const std::vector<std::uint64_t>& movers(graph::NodeId node);
    void add_own(std::vector<std::uint64_t>& movers) const;
    /// Every record whose value of the one, or the other, may be another, in their order.
    template <class F>
    void for_each_reached(graph::NodeId node, std::optional<graph::NodeId> or_node, const F& f) {
        std::vector<std::uint64_t> all((size() + 63) / 64);
        for (const auto id : {std::optional(node), or_node}) {
            if (!id || reach_[at(*id)] == Reach::none) continue;
            if (reach_[at(*id)] == Reach::own) {
                add_own(all);
                continue;
            }
            const auto& of_node = movers(*id);
            for (std::size_t w = 0; w < all.size(); ++w) all[w] |= of_node[w];
        }
        for (std::size_t w = 0; w < all.size(); ++w)
            for (auto bits = all[w]; bits != 0; bits &= bits - 1)
                f(w * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
    }
    const feel::Value& as_it_is(graph::NodeId node, std::size_t record);
    bool same_as_before(graph::NodeId node, std::size_t record);
    const feel::Value* supposed_value(graph::NodeId node, std::size_t record) const;
    bool reads_anew(const graph::Node& node, std::size_t record) const;
    bool uses_the_same(const graph::Node& node, std::size_t record);
    bool guarded(const graph::Node& node, std::size_t record);
    const Trace& trace(const graph::Node& node, std::size_t record);
    feel::Value part_now(const Part& part, std::size_t record);
    const std::vector<graph::NodeId>& deciding(const graph::Node& node, std::size_t record);
    const Cases::Result* known_case(const graph::Node& node, std::size_t record);
    Cases::Answer ask(const Cases::Question& question, std::size_t record);
    void keep_case(graph::NodeId node, std::size_t record, const Reading& from, Cases::Result result);
    void note(Cases::Question::What what, graph::NodeId node, std::size_t record, const feel::Value& answer);
    std::vector<Felt> what_is_felt(const graph::Node& decision) const;
    bool add_place(const Felt& felt, std::size_t record, std::string& out);
    void compute(const graph::Node& node, std::size_t record, feel::Value& out);
    void decide(const graph::Node& node, std::size_t record, feel::Value& out);
    feel::Value read_cell(const graph::Node& node, const Reader& reader, Beside& beside);
    const std::vector<int>& slots_of(const feel::Expr& expression);
    void put_in_frame(graph::NodeId slot, const Reader& reader);
    // FrameSource, of the reader at hand.
    void fill(const feel::Expr& expression) override;
    void fill(graph::NodeId node) override;
    void found(const feel::Expr& expression, const SourcePtr& source, const feel::Value& result) override;
    // Computed, for decisions that look again at what is missing.
    const feel::Value& now(graph::NodeId node, std::size_t record) override;
    bool unknown_now(graph::NodeId node, std::size_t record) override;
    bool without_blanks(graph::NodeId node, std::size_t record) override;
    bool no_blank_behind(graph::NodeId node, std::size_t record);
    feel::Value of(graph::NodeId node, std::size_t record) override;
    std::size_t size() const override { return base_.size(); }
    const Reopened* put_back(graph::NodeId history, std::size_t record) override;

    const graph::Graph& graph_;
    const Evaluation& base_;
    const Others others_;
    std::unique_ptr<Cohort> cohort_;
    CellEvaluator cells_;
    std::vector<bool> held_;      ///< by node: inputs that cannot be supposed
    std::vector<bool> in_parts_;  ///< by node: its formula is read in parts
    std::vector<Supposed> supposed_;
    std::optional<std::size_t> anew_;                         ///< whose earlier years are read anew
    std::map<graph::NodeId, std::optional<Reopened>> again_;  ///< of that record
    bool spread_ = true;
    bool blanks_ = false;  ///< a blank comes, goes or is another: a decision may look again though its values are alike
    std::vector<std::pair<graph::NodeId, bool>> spread_from_;  ///< what reach_ is of: nodes, whether of a record
    std::vector<Reach> reach_;                                 ///< by node
    std::vector<std::size_t> reached_;
    std::vector<std::vector<graph::NodeId>> reached_uses_;  ///< by node: those that it uses; of nodes that are reached
    std::optional<std::vector<Felt>> felt_;
    bool parameter_ = false;                                ///< one is supposed
    std::vector<bool> sorts_out_;                           ///< by node: a formula that functions over the cohort read
    std::vector<std::vector<std::uint64_t>> movers_;        ///< by node; empty: not known yet
    std::vector<Remembered<feel::Value>> before_, values_;  ///< by node
    std::vector<Remembered<Outcome>> outcomes_, base_outcomes_;
    std::vector<Remembered<std::uint8_t>> unblank_, base_unblank_;
    std::vector<Remembered<Trace>> traces_;
    std::vector<Remembered<std::vector<graph::NodeId>>> deciding_;
    std::vector<Remembered<Cases>> cases_;
    std::vector<bool> keeps_cases_;  ///< by node: formulas that read nothing which moves with every step
    std::unordered_map<const feel::Expr*, std::vector<int>> slots_;
    std::optional<Reader> reader_;
    bool reads_base_ = false;  ///< whoever computes reads things as they are
};

}  // namespace zoneval::exec
