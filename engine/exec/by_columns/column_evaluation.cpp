#include "engine/exec/by_columns/column_evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <set>
#include <unordered_map>

#include "engine/diag/time_account.hpp"
#include "engine/exec/by_columns/again.hpp"
#include "engine/exec/by_columns/cohort_functions.hpp"
#include "engine/exec/by_columns/exact_values.hpp"
#include "engine/exec/by_columns/open_records.hpp"
#include "engine/exec/by_columns/portions.hpp"
#include "engine/exec/columns/history_columns.hpp"
#include "engine/exec/columns/node_columns.hpp"
#include "engine/exec/columns/open_outcomes.hpp"
#include "engine/exec/columns/rule_outcomes.hpp"
#include "engine/exec/compile/compiler.hpp"
#include "engine/exec/reference/evaluate.hpp"
#include "engine/exec/reference/records.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/value/cause.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Graph;
using graph::NodeId;

namespace {

bool is_decision(const graph::Node& node) { return graph::decision_of(node) != nullptr; }

/// Everything computed for one cohort.
class ColumnValues : public Values {
  public:
    ColumnValues(const Graph& graph, const Table& table, const History& history, Rows rows, ColumnOptions options)
        : graph_(graph),
          table_(table),
          history_(history),
          rows_(std::move(rows)),
          outcomes_(graph),
          hangs_on_decisions_(hanging_on_decisions(graph)),
          options_(options),
          earlier_(graph, table, history, rows_),
          cohort_(cohort_sources()),
          peers_(make_reader(nullptr)),
          members_(
              graph, [this](NodeId value, std::optional<NodeId> group) { return cohort_.members_of(value, group); },
              *peers_),
          reader_(make_reader(&members_)),
          read_later_(options.only ? std::vector<NodeId>() : read_later(graph)),
          open_records_(
              cell_sources(), [this] { return make_reader(&members_); }, options.threads, read_later_) {
        if (options_.report) profile_.nanoseconds.resize(graph.nodes.size());
        prepared_.resize(graph.nodes.size());
    }

    feel::Date date() const { return reader_->cells().date(); }

    /// Computes the nodes and decisions; their cohort functions first.
    void compute(const std::vector<NodeId>& nodes, const std::vector<NodeId>& decisions) {
        auto wanted = nodes;
        wanted.insert(wanted.end(), decisions.begin(), decisions.end());
        cohort_.compute_behind(wanted);
        compile_and_run(nodes, decisions);
        if (!with_lanes_.empty()) look_again({}, {});
        for (const auto id : wanted) prepared_[static_cast<std::size_t>(id)] = true;
        if (options_.report) report(*options_.report);
    }

    /// What is computed again whenever some of it has been forgotten.
    void want(std::vector<NodeId> nodes, std::vector<NodeId> decisions) {
        wanted_ = std::move(nodes), wanted_decisions_ = std::move(decisions);
    }
    void compute_wanted() {
        auto nodes = wanted_, decisions = wanted_decisions_;
        std::erase_if(nodes, [this](NodeId id) { return columns_.contains(id); });
        std::erase_if(decisions, [this](NodeId id) { return verdicts_.contains(id); });
        compute(nodes, decisions);
    }

    /// Forgets what does not stay, to be computed again.
    void forget(const KeptValues& kept) {
        const auto goes = [&](NodeId id) { return id >= 0 && !kept.stays(id); };
        const auto of_gone = [&](const auto& entry) { return goes(entry.first); };
        cohort_.forget(goes);
        std::erase_if(columns_, of_gone);
        std::erase_if(verdicts_, of_gone);
        std::erase_if(open_, of_gone);
        std::erase_if(left_out_, of_gone);
        std::erase_if(looks_back_, of_gone);
        std::erase_if(over_, [&](const auto& entry) { return goes(entry.first.first); });
        std::erase_if(without_column_, goes);
        exact_.clear();
        asked_.clear();
        prepared_.assign(prepared_.size(), false);
        members_.forget(goes);
        open_records_.forget(goes);
        peers_->start_again();
        reader_->start_again();
        if (settling_) settling_->start_again();
    }

    const NodeColumn* column(NodeId id) const {
        const auto found = columns_.find(id);
        return found == columns_.end() ? nullptr : &found->second;
    }

    Value value(NodeId id, std::size_t i) override {
        prepare(id);
        if (const auto* constant = reader_->cells().constant(id)) return *constant;
        if (const auto found = verdicts_.find(id); found != verdicts_.end())
            if (const auto* fixed = outcomes_.value(id, found->second.rules[i])) return *fixed;
        if (const auto* known = column(id);
            known && known->bound.exact() && (known->masks.empty() || known->masks[i] == 0))
            return value_in(*known, i, strings_);
        if (const auto number = exact(id, i)) return *number;
        return asked(id, i);
    }

    std::optional<feel::Missing> null_kind(NodeId id, std::size_t i) override {
        prepare(id);
        const auto* known = column(id);
        return known && !known->masks.empty() ? one_kind(known->masks[i]) : std::nullopt;
    }

    std::optional<ExactNumbers> exact_numbers(NodeId id) override {
        // What only the decisions needed was a register of their program, and gone with it.
        if (!column(id) && !without_column_.contains(id) && !hangs_on_decisions(id)) compute({id}, {});
        prepare(id);
        const auto* known = column(id);
        const bool numbers = known && known->shape == Shape::number && !known->days && known->bound.exact();
        if (!numbers || known->numbers.size() < rows_.size() || reader_->cells().constant(id)) return std::nullopt;
        ExactNumbers out{std::span(known->numbers.data(), rows_.size()), known->bound.scale, {}, {}};
        if (known->masks.empty()) return out;
        out.nulls.resize(rows_.size());
        out.other.resize(rows_.size());
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (known->masks[i] == 0) continue;
            const auto kind = one_kind(known->masks[i]);
            out.nulls[i] = kind.value_or(feel::Missing::not_reported);
            out.other[i] = !kind;
        }
        return out;
    }

    Outcome outcome(NodeId id, std::size_t i) override {
        prepare(id);
        const auto found = verdicts_.find(id);
        if (found == verdicts_.end()) return reader_->outcome(id, i);
        const auto rule = found->second.rules[i];
        if (const auto* shared = open_records_.find(id, i)) return with_reason(id, shared->outcome, i);
        if (const auto open = open_.find(id); rule == DecisionColumn::open && open != open_.end())
            if (const auto* kept = open->second.find(i)) return *kept;
        if (rule == DecisionColumn::open) return reader_->outcome(id, i);
        return with_reason(id, outcomes_.plain(id, rule), i);
    }

    const CohortMembers* members() const override { return &members_; }

    CodedOutcomes coded(NodeId id) override {
        prepare(id);
        CodedOutcomes out;
        const auto found = verdicts_.find(id);
        if (found == verdicts_.end()) return out;
        out.codes = &found->second.rules;
        out.plain.resize(256);
        if (const auto* shared = open_records_.shared(id)) out.which = &shared->which, out.shared = &shared->outcomes;
        for (std::size_t at = 0; at < out.plain.size(); ++at) {
            const auto code = static_cast<std::uint8_t>(at);
            if (const auto* value = outcomes_.value(id, code))
                out.plain[at] =
                    CodedOutcomes::Plain{*value, outcomes_.plain(id, code), {}, outcomes_.explained(id, code)};
        }
        return out;
    }

    const Reopened* earlier(NodeId history, std::size_t i) override {
        prepare(history);
        return reader_->earlier(history, i);
    }

    void reopen(const std::vector<NodeId>& numbers, const std::vector<std::uint32_t>& records) override {
        if (put_off_.empty()) return;  // all of them are known
        const TimedStage stage("evaluating: records whose blanks may decide");
        for (const auto id : numbers) prepare(id);
        open_records_.settle({}, numbers, records);
    }

    std::map<NodeId, Reopened> reopened(const std::vector<NodeId>& nodes, std::size_t i) override {
        if (!std::all_of(nodes.begin(), nodes.end(), [&](NodeId id) { return open_records_.looked_at(id, i); }))
            catch_up();
        std::vector<NodeId> asked;
        std::map<NodeId, Reopened> known;
        for (const auto id : nodes) {
            prepare(id);
            if (const auto lanes = left_out_.find(id); lanes != left_out_.end() && lanes->second.truths[i] == 0)
                continue;
            if (const auto* shared = open_records_.find(id, i)) {
                if (shared->reopened) known.emplace(id, *shared->reopened);
            } else if (auto told = open_records_.reopened(id, i)) {
                if (*told) known.emplace(id, std::move(**told));
            } else {
                asked.push_back(id);
            }
        }
        if (!asked.empty()) known.merge(reader_->reopened_values(asked, i));
        return known;
    }

    std::optional<std::vector<std::uint32_t>> may_be_reopened(NodeId id) override {
        prepare(id);
        const auto lanes = left_out_.find(id);
        return lanes == left_out_.end() ? std::nullopt : std::optional(set_in(lanes->second.truths));
    }

    void report(ColumnReport& out) const {
        out.kernels = (options_.kernels ? *options_.kernels : kernels()).name;
        out.records = rows_.size();
        out.in_doubt = in_doubt_;
        out.entries.clear();
        for (const auto id : graph_.order) {
            const auto at = static_cast<std::size_t>(id);
            const auto extra = times_.find(id);
            const auto of_cohort = cohort_.milliseconds().find(id);
            const auto slow = by_record_.find(id);
            ColumnReport::Entry entry{id, static_cast<double>(profile_.nanoseconds[at]) / 1e6, rows_.size(), 0, ""};
            if (extra != times_.end()) entry.milliseconds += extra->second;
            if (of_cohort != cohort_.milliseconds().end()) entry.milliseconds += of_cohort->second;
            if (slow != by_record_.end()) {
                entry.by_record = slow->second;
                if (slow->second == rows_.size() && rows_.size() > 0) entry.why = "no kernel for its form";
            }
            if (entry.milliseconds > 0 || entry.by_record > 0) out.entries.push_back(std::move(entry));
        }
    }

  private:
    /// By the reference evaluator; whoever explains a year asks for the same few records again and again.
    const Value& asked(NodeId id, std::size_t i) {
        constexpr std::size_t most = 1 << 16;
        if (asked_.size() >= most) asked_.clear();
        const auto key = static_cast<std::uint64_t>(id) << 40 | i;
        const auto found = asked_.find(key);
        return found != asked_.end() ? found->second : asked_.emplace(key, reader_->get(id, i)).first->second;
    }

    /// The cohort functions behind a node that nobody wanted before.
    void prepare(NodeId id) {
        if (prepared_[static_cast<std::size_t>(id)]) return;
        prepared_[static_cast<std::size_t>(id)] = true;
        if (!put_off_.empty() && decisions_make_peers({id})) catch_up();
        cohort_.compute_behind({id});
    }

    /// `members`: nullptr: it gathers them itself.
    std::unique_ptr<RecordEvaluator> make_reader(const ColumnMembers* members) const {
        return std::make_unique<RecordEvaluator>(
            graph_, table_, history_, rows_,
            [this](RecordEvaluator& reader, NodeId id, std::size_t i) { return cohort_.value(reader, id, i); }, members,
            options_.threads == 1 ? options_.kept : nullptr);
    }
    std::unique_ptr<RecordEvaluator> make_reader() const { return make_reader(&members_); }

    /// Where evaluations follow each other on one thread, the same one for all.
    std::shared_ptr<RecordEvaluator> settling_reader() {
        if (!options_.kept || options_.threads > 1) return make_reader();
        if (!settling_) settling_ = make_reader();
        return settling_;
    }

    CohortSources cohort_sources() {
        return {graph_,
                rows_.size(),
                options_.threads,
                options_.report != nullptr,
                [this](NodeId id) { return column(id); },
                [this](const std::vector<NodeId>& operands) { compile_and_run(operands, {}); },
                [this] { return make_reader(); },
                [this](NodeId id, const std::vector<Value>& values) {
                    NodeColumn out;
                    if (fill_column(out, feel::Type::Kind::number, values, strings_))
                        columns_.emplace(id, std::move(out));
                    by_record_[id] = rows_.size();
                }};
    }

    CellSources cell_sources() {
        return {graph_,
                table_,
                rows_,
                earlier_,
                members_,
                [this](NodeId id) { return reader_->cells().constant(id); },
                [this](NodeId id) { return column(id); },
                [this](NodeId id) { return cohort_.column(id); },
                [this](NodeId id) -> const DecisionColumn* {
                    const auto found = verdicts_.find(id);
                    return found == verdicts_.end() ? nullptr : &found->second;
                }};
    }

    /// A number that its column has only nearly.
    std::optional<feel::Decimal> exact(NodeId id, std::size_t i) {
        const auto* near = column(id);
        if (!near || near->shape != Shape::number || near->days || (!near->masks.empty() && near->masks[i] != 0))
            return std::nullopt;
        auto& values = exact_[id];
        if (!values) values = std::make_unique<ExactValues>(cell_sources(), id);
        return values->number(i);
    }

    Outcome with_reason(NodeId id, Outcome outcome, std::size_t i) {
        const auto rule = outcome.rule();
        if (rule && outcomes_.explained(id, static_cast<std::uint8_t>(*rule)))
            outcome.because = reader_->because(id, *rule, i);
        return outcome;
    }

    static std::vector<std::uint32_t> set_in(const std::vector<std::uint8_t>& truths) {
        std::vector<std::uint32_t> out;
        for (std::size_t i = 0; i < truths.size(); ++i)
            if (truths[i] != 0) out.push_back(static_cast<std::uint32_t>(i));
        return out;
    }

    /// What waited to be asked for: of all records, for somebody asks about all.
    void catch_up() {
        caught_up_ = caught_up_ || !put_off_.empty();
        for (const auto& off : std::exchange(put_off_, {})) {
            with_lanes_ = off.with_lanes;
            look_again(off.again, off.decided);
        }
    }
    /// Not where a decision makes somebody's peers in another.
    bool waits_to_be_asked() const {
        return options_.when_asked && !caught_up_ && !decisions_make_peers(wanted_decisions_);
    }
    bool decisions_make_peers(const std::vector<NodeId>& wanted) const {
        const auto reads_decisions = [this](NodeId id) {
            const auto* form = std::get_if<graph::CohortForm>(&graph_.node(id).form);
            return form && (hangs_on_decisions(form->value) || (form->group && hangs_on_decisions(*form->group)));
        };
        return std::any_of(wanted.begin(), wanted.end(), [&](NodeId of) {
            const auto behind = nodes_behind(graph_, graph_.node(of));
            return std::any_of(behind.begin(), behind.end(), reads_decisions);
        });
    }
    /// A decision, or something that reads one of the same year.
    bool hangs_on_decisions(NodeId id) const { return hangs_on_decisions_[static_cast<std::size_t>(id)]; }
    static std::vector<bool> hanging_on_decisions(const Graph& graph) {
        std::vector<bool> out(graph.nodes.size());
        for (const auto id : graph.order) {
            const auto& node = graph.node(id);
            out[static_cast<std::size_t>(id)] =
                is_decision(node) || std::any_of(node.uses.begin(), node.uses.end(),
                                                 [&](NodeId used) { return out[static_cast<std::size_t>(used)]; });
        }
        return out;
    }

    Inputs inputs() {
        return {&graph_,
                &table_,
                [this](NodeId id) { return reader_->cells().constant(id); },
                [this](NodeId id) { return column(id); },
                [this](NodeId id) { return cohort_.column(id); },
                [this](NodeId id) { return by_record(id); },
                [this](NodeId id) { return reopened_lanes(id); },
                [this](NodeId list, feel::Kernel aggregate) { return over(list, aggregate); }};
    }

    /// A node without a kernel: one record after the other. nullptr: its values are not of a kind that columns hold.
    const NodeColumn* by_record(NodeId id) {
        const auto& node = graph_.node(id);
        if (std::holds_alternative<graph::CohortForm>(node.form)) return column(id);
        const auto kind = node.type ? node.type->kind : feel::Type::Kind::any;
        const bool plain = kind == feel::Type::Kind::number || kind == feel::Type::Kind::string ||
                           kind == feel::Type::Kind::boolean || kind == feel::Type::Kind::date;
        if (!plain || without_column_.contains(id)) return nullptr;
        const auto began = std::chrono::steady_clock::now();
        const bool looks_back = std::holds_alternative<graph::HistoryForm>(node.form);
        const TimedStage stage(looks_back ? "evaluating: earlier years" : "evaluating: definitions without a kernel");
        if (looks_back)
            if (auto joined = earlier_.values(id, strings_)) {
                times_[id] += milliseconds_since(began);
                return &columns_.emplace(id, std::move(*joined)).first->second;
            }
        auto values = values_of(id);
        NodeColumn out;
        const bool fits = fill_column(out, kind, values, strings_);
        by_record_[id] = rows_.size();
        times_[id] += milliseconds_since(began);
        if (!fits) {
            without_column_.insert(id);
            return nullptr;
        }
        return &columns_.emplace(id, std::move(out)).first->second;
    }

    /// Records for which a look back left blanks out; nullptr: none.
    const NodeColumn* reopened_lanes(NodeId id) {
        const auto [place, is_new] = looks_back_.try_emplace(id);
        const TimedStage stage("evaluating: earlier years");
        if (is_new) place->second = earlier_.rests_on_blanks(id);
        return place->second.truths.empty() ? nullptr : &place->second;
    }

    const NodeColumn* over(NodeId list, feel::Kernel aggregate) {
        const auto [place, is_new] = over_.try_emplace({list, aggregate});
        const TimedStage stage("evaluating: earlier years");
        if (is_new) place->second = earlier_.over(list, aggregate);
        return place->second ? &*place->second : nullptr;
    }

    std::vector<Value> values_of(NodeId id) const {
        std::vector<Value> out(rows_.size());
        constexpr std::size_t worth_a_thread = 2000;
        const auto threads = std::min<std::size_t>(options_.threads, rows_.size() / worth_a_thread + 1);
        std::atomic<std::size_t> part = 0;
        on_threads(threads, [&] {
            const auto reader = make_reader();
            const auto mine = part++;
            for (auto i = rows_.size() * mine / threads; i < rows_.size() * (mine + 1) / threads; ++i)
                out[i] = reader->get(id, i);
        });
        return out;
    }

    /// Has nodes and decisions written to columns_ and verdicts_, and settles the records in doubt.
    void compile_and_run(const std::vector<NodeId>& nodes, const std::vector<NodeId>& decisions) {
        Compiler compiler(inputs(), strings_);
        std::vector<NodeId> written, decided, with_lanes;
        for (const auto id : nodes) {
            if (columns_.contains(id)) continue;
            auto& place = fresh_[id];
            if (compiler.write(id, place)) written.push_back(id);
        }
        for (const auto id : decisions) {
            auto& place = verdicts_[id];
            if (compiler.write(id, place))
                decided.push_back(id);
            else
                verdicts_.erase(id), by_record_[id] = rows_.size();
        }
        for (const auto* some : {&nodes, &decisions})
            for (const auto id : *some)
                if (std::binary_search(read_later_.begin(), read_later_.end(), id)) {
                    if (compiler.write_left_out(id, left_out_[id]))
                        with_lanes.push_back(id);
                    else
                        left_out_.erase(id);
                }
        const auto& program = compiler.finished();
        LeftOver left;
        if (!written.empty() || !decided.empty() || !left_out_.empty()) {
            const TimedStage stage("evaluating: by columns");
            left = run(program, rows_.data(), rows_.size(),
                       {options_.threads, options_.batch, options_.kernels, options_.report ? &profile_ : nullptr,
                        options_.progress});
        }
        std::vector<std::uint32_t> again;
        std::set_difference(left.again.begin(), left.again.end(), left.doubt.begin(), left.doubt.end(),
                            std::back_inserter(again));
        in_doubt_ = std::max(in_doubt_, left.doubt.size() + again.size());
        settle(left.doubt, written, decided);
        const auto on_decisions = std::stable_partition(written.begin(), written.end(),
                                                        [this](NodeId id) { return !hangs_on_decisions(id); });
        std::map<NodeId, NodeColumn> later;  // once it is known what the decisions come to
        for (auto id = on_decisions; id != written.end(); ++id) later.emplace(*id, std::move(fresh_[*id]));
        written.erase(on_decisions, written.end());
        for (const auto id : written) columns_.insert_or_assign(id, std::move(fresh_[id]));
        fresh_.clear();
        // What was in doubt may be unknown after all, which lanes made of it do not show.
        for (const auto id : with_lanes) {
            for (const auto d : left.doubt) left_out_.at(id).truths[d] = 1;
            if (hangs_on_decisions(id))
                for (const auto d : again) left_out_.at(id).truths[d] = 1;
        }
        with_lanes_.insert(with_lanes_.end(), with_lanes.begin(), with_lanes.end());
        if (!decided.empty()) look_again(again, decided);
        if (!waits_to_be_asked()) {
            settle_on_decisions(again, later);
            for (auto& [id, column] : later) {
                columns_.insert_or_assign(id, std::move(column));
                written.push_back(id);
            }
        }
        if (options_.watch)
            options_.watch({program, written, decided, compiler.refusals(),
                            [this](NodeId id) -> const NodeColumn& { return columns_.at(id); }, strings_, left.doubt,
                            again});
    }

    /// Settles the decisions of records that need a second look, and finds what later years may read of blanks.
    void look_again(const std::vector<std::uint32_t>& again, const std::vector<NodeId>& decided) {
        if (waits_to_be_asked()) {
            for (const auto id : decided)
                for (const auto i : again) verdicts_[id].rules[i] = DecisionColumn::open;
            put_off_.push_back({again, decided, std::exchange(with_lanes_, {})});
            return;
        }
        auto wanted = again;
        std::vector<NodeId> numbers;
        for (const auto id : std::exchange(with_lanes_, {})) {
            if (!is_decision(graph_.node(id))) numbers.push_back(id);
            std::vector<std::uint32_t> both;
            const auto more = set_in(left_out_.at(id).truths);
            std::set_union(wanted.begin(), wanted.end(), more.begin(), more.end(), std::back_inserter(both));
            wanted = std::move(both);
        }
        const auto left = [&] {
            const TimedStage stage("evaluating: records whose blanks may decide");
            return open_records_.settle(decided, numbers, wanted);
        }();
        for (const auto id : decided) {
            const bool by_patterns =
                std::find(left.decisions.begin(), left.decisions.end(), id) == left.decisions.end();
            std::vector<std::uint32_t> rest;
            std::set_intersection(again.begin(), again.end(), left.records.begin(), left.records.end(),
                                  std::back_inserter(rest));
            settle(by_patterns ? rest : again, {}, {id});
            if (!by_patterns) continue;
            for (const auto i : wanted)
                if (const auto* shared = open_records_.find(id, i))
                    verdicts_[id].rules[i] = outcomes_.code(id, shared->outcome, shared->value);
        }
    }

    void settle(const std::vector<std::uint32_t>& doubts, const std::vector<NodeId>& written,
                const std::vector<NodeId>& decided) {
        struct Settled {
            std::vector<Value> values;
            std::vector<std::uint8_t> rules;
            std::vector<Outcome> open;
        };
        const TimedStage stage("evaluating: records left to the reference evaluator");
        std::vector<Settled> settled(doubts.size());
        in_portions(doubts.size(), options_.threads, [&] {
            return [&, reader = settling_reader()](std::size_t d) {
                for (const auto id : written) settled[d].values.push_back(reader->get(id, doubts[d]));
                for (const auto id : decided) {
                    settled[d].rules.push_back(settled_code(*reader, id, doubts[d]));
                    if (settled[d].rules.back() == DecisionColumn::open)
                        settled[d].open.push_back(reader->outcome(id, doubts[d]));
                }
            };
        });
        for (std::size_t d = 0; d < doubts.size(); ++d) {
            for (std::size_t w = 0; w < written.size(); ++w)
                put_value(fresh_[written[w]], doubts[d], settled[d].values[w], strings_);
            auto open = settled[d].open.begin();
            for (std::size_t k = 0; k < decided.size(); ++k) {
                const auto rule = verdicts_[decided[k]].rules[doubts[d]] = settled[d].rules[k];
                if (rule == DecisionColumn::open) open_[decided[k]].put(doubts[d], *open++);
            }
        }
        for (const auto id : written) by_record_[id] += doubts.size();
        for (const auto id : decided) by_record_[id] += doubts.size();
    }

    /// What hangs on decisions that had to be looked at again, from what they have come to.
    void settle_on_decisions(const std::vector<std::uint32_t>& records, std::map<NodeId, NodeColumn>& columns) {
        if (columns.empty()) return;
        const TimedStage stage("evaluating: what hangs on decisions");
        const RecordEvaluator::Decided decided = [this](NodeId decision, std::size_t i) -> const Value* {
            const auto* shared = open_records_.find(decision, i);
            return shared && shared->outcome.settled() ? &shared->value : nullptr;
        };
        std::vector<std::vector<Value>> values(records.size());
        in_portions(records.size(), options_.threads, [&] {
            return [&, reader = std::shared_ptr<RecordEvaluator>(make_reader())](std::size_t r) {
                for (const auto& [id, column] : columns) values[r].push_back(reader->get(id, records[r], decided));
            };
        });
        for (std::size_t r = 0; r < records.size(); ++r) {
            auto value = values[r].begin();
            for (auto& [id, column] : columns) put_value(column, records[r], *value++, strings_);
        }
        for (const auto& [id, column] : columns) by_record_[id] += records.size();
    }

    std::uint8_t settled_code(RecordEvaluator& reader, NodeId id, std::size_t i) const {
        const auto outcome = reader.outcome(id, i);
        return outcomes_.code(id, outcome, reader.get(id, i));
    }

    const Graph& graph_;
    const Table& table_;
    const History& history_;
    Rows rows_;
    const RuleOutcomes outcomes_;
    struct PutOff {
        std::vector<std::uint32_t> again;
        std::vector<NodeId> decided, with_lanes;
    };
    std::vector<PutOff> put_off_;  ///< arguments of look_again() that waits to be asked for
    bool caught_up_ = false;
    const std::vector<bool> hangs_on_decisions_;  ///< by node
    ColumnOptions options_;
    HistoryColumns earlier_;
    CohortFunctions cohort_;
    std::unique_ptr<RecordEvaluator> peers_;  ///< reads values of other records than the one at hand
    ColumnMembers members_;
    std::unique_ptr<RecordEvaluator> reader_;
    std::shared_ptr<RecordEvaluator> settling_;
    const std::vector<NodeId> read_later_;
    OpenRecords open_records_;
    StringCodes strings_;
    std::map<NodeId, NodeColumn> columns_, fresh_;
    std::map<NodeId, DecisionColumn> verdicts_;
    std::map<NodeId, OpenOutcomes> open_;  ///< by decision
    std::map<NodeId, std::unique_ptr<ExactValues>> exact_;
    std::map<NodeId, NodeColumn> looks_back_;                                    ///< by node that looks back
    std::map<std::pair<NodeId, feel::Kernel>, std::optional<NodeColumn>> over_;  ///< of lists
    std::map<NodeId, NodeColumn> left_out_;  ///< of what later years read: where it may rest on blanks
    std::vector<NodeId> with_lanes_;  ///< nobody has looked at their records again yet: that is done once for all
    std::set<NodeId> without_column_;
    Profile profile_;
    std::map<NodeId, double> times_;
    std::map<NodeId, std::size_t> by_record_;
    std::size_t in_doubt_ = 0;
    std::unordered_map<std::uint64_t, Value> asked_;
    std::vector<bool> prepared_;  ///< by node: the cohort functions behind it are computed
    std::vector<NodeId> wanted_, wanted_decisions_;
};

/// What stays and is read where it does not: with columns of its own it is computed once.
std::vector<NodeId> read_by_changing(const Graph& graph, const std::vector<NodeId>& wanted, const KeptValues& kept) {
    std::set<NodeId> out;
    for (const auto id : wanted)
        for (const auto behind : nodes_behind(graph, graph.node(id))) {
            if (kept.stays(behind)) continue;
            for (const auto used : graph.node(behind).uses)
                if (kept.stays(used) && std::holds_alternative<graph::ExpressionForm>(graph.node(used).form))
                    out.insert(used);
        }
    return {out.begin(), out.end()};
}

/// What is behind long sums of decisions that look at records with blanks one by one: with columns of its own it need
/// not be worked out for each of them.
std::vector<NodeId> behind_long_sums(const Graph& graph, const Table& table) {
    constexpr std::size_t long_sum = 8, most_cells = 32'000'000;
    const bool blanks = std::any_of(table.columns.begin(), table.columns.end(),
                                    [](const Column& column) { return column.missing_kinds() != 0; });
    std::vector<bool> decides(graph.nodes.size()), summed(graph.nodes.size());
    std::vector<NodeId> out;
    if (!blanks) return out;
    for (auto at = graph.order.rbegin(); at != graph.order.rend(); ++at) {  // whoever reads comes first
        const auto& node = graph.node(*at);
        const auto place = static_cast<std::size_t>(*at);
        const auto* decision = graph::decision_of(node);
        if (decision && !decision->adverse.empty()) decides[place] = true;
        if (decides[place] && node.uses.size() >= long_sum) summed[place] = true;
        if (summed[place] && std::holds_alternative<graph::ExpressionForm>(node.form) && is_number(node))
            out.push_back(*at);
        for (const auto used : node.uses) {
            if (decides[place]) decides[static_cast<std::size_t>(used)] = true;
            if (summed[place]) summed[static_cast<std::size_t>(used)] = true;
        }
    }
    if (out.size() * table.records.size() > most_cells) out.clear();
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<NodeId> nodes_to_keep(const Graph& graph, const Table& table, const ColumnOptions& options) {
    std::vector<NodeId> out;
    if (options.only) {
        for (const auto id : *options.only)  // it may name one twice
            if (!is_decision(graph.node(id)) && std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
        if (options.kept)
            for (const auto id : read_by_changing(graph, *options.only, *options.kept))
                if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
        return out;
    }
    const auto behind = behind_long_sums(graph, table);
    // Who asks about one record computes no column that only a run would keep, but those that others' outcomes hang on.
    std::vector<bool> read_by_decisions(graph.nodes.size());
    for (const auto& node : graph.nodes)
        if (is_decision(node))
            for (const auto used : node.uses)
                read_by_decisions[static_cast<std::size_t>(used)] =
                    std::holds_alternative<graph::ExpressionForm>(graph.node(used).form) && is_number(graph.node(used));
    const auto read = read_later(graph);
    for (const auto& node : graph.nodes) {
        const bool kept = options.when_asked ? read_by_decisions[static_cast<std::size_t>(node.id)] ||
                                                   (node.kept && std::binary_search(read.begin(), read.end(), node.id))
                                             : node.kept;
        const bool asked = std::find(options.also.begin(), options.also.end(), node.id) != options.also.end() ||
                           std::binary_search(behind.begin(), behind.end(), node.id);
        if ((kept || asked || options.every_definition) && !is_decision(node)) out.push_back(node.id);
    }
    return out;
}

/// The rows that belong to the cohort.
Rows cohort_rows(const Graph& graph, const Table& table, const History& history, const ColumnOptions& options) {
    const auto all = Rows::first(table.records.size());
    if (!graph.cohort_when) return all;
    const TimedStage stage("evaluating: who belongs to the cohort");
    auto for_membership = options;
    for_membership.report = nullptr;
    for_membership.watch = nullptr;
    for_membership.when_asked = false;
    for_membership.kept = nullptr;  // that is of the records of the cohort, which are not known yet
    ColumnValues values(graph, table, history, all, for_membership);
    values.compute({*graph.cohort_when}, {});
    const auto* member = values.column(*graph.cohort_when);
    std::vector<std::uint32_t> out;
    for (std::size_t row = 0; row < all.size(); ++row) {
        const bool known = member && (member->masks.empty() || (member->masks[row] & mask_unknown) == 0);
        if (known && member->shape == Shape::truth) {
            if (member->truths[row] && (member->masks.empty() || member->masks[row] == 0))
                out.push_back(static_cast<std::uint32_t>(row));
            continue;
        }
        const auto value = values.value(*graph.cohort_when, row);
        if (feel::is_unknown(value)) refuse_unknown_membership(graph, table, row, value);
        if (value.is_true()) out.push_back(static_cast<std::uint32_t>(row));
    }
    return Rows(std::move(out));
}

}  // namespace

void evaluate_again(Evaluation& evaluation, const KeptValues& kept) {
    auto& values = dynamic_cast<ColumnValues&>(*evaluation.values);
    values.forget(kept);
    values.compute_wanted();
}

Evaluation evaluate_columns(const Graph& graph, const Table& table, const History& history,
                            const ColumnOptions& options) {
    Evaluation out;
    out.graph = &graph;
    out.table = &table;
    out.year = table.year;
    out.rows = cohort_rows(graph, table, history, options);
    auto values = std::make_shared<ColumnValues>(graph, table, history, out.rows, options);
    out.date = values->date();
    for (const auto& node : graph.nodes)
        if (is_decision(node) &&
            (!options.only || std::find(options.only->begin(), options.only->end(), node.id) != options.only->end()))
            out.decisions.push_back(node.id);
    values->want(nodes_to_keep(graph, table, options), out.decisions);
    values->compute_wanted();
    out.values = std::move(values);
    return out;
}

}  // namespace zoneval::exec
