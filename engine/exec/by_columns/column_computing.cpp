// How columns are computed, and records in doubt or with blanks settled.
#include <algorithm>
#include <atomic>
#include <chrono>

#include "engine/diag/time_account.hpp"
#include "engine/exec/by_columns/column_values.hpp"
#include "engine/exec/by_columns/portions.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Graph;
using graph::NodeId;

void ColumnValues::compute(const std::vector<NodeId>& nodes, const std::vector<NodeId>& decisions) {
    auto wanted = nodes;
    wanted.insert(wanted.end(), decisions.begin(), decisions.end());
    cohort_.compute_behind(wanted);
    compile_and_run(nodes, decisions);
    if (!with_lanes_.empty()) look_again({}, {});
    for (const auto id : wanted) prepared_[static_cast<std::size_t>(id)] = true;
    if (options_.report) report(*options_.report);
}

void ColumnValues::compute_wanted() {
    auto nodes = wanted_, decisions = wanted_decisions_;
    std::erase_if(nodes, [this](NodeId id) { return columns_.contains(id); });
    std::erase_if(decisions, [this](NodeId id) { return verdicts_.contains(id); });
    compute(nodes, decisions);
}

std::unique_ptr<RecordEvaluator> ColumnValues::make_reader(const ColumnMembers* members) const {
    return std::make_unique<RecordEvaluator>(
        graph_, table_, history_, rows_,
        [this](RecordEvaluator& reader, NodeId id, std::size_t i) { return cohort_.value(reader, id, i); }, members,
        options_.threads == 1 ? options_.kept : nullptr);
}

std::shared_ptr<RecordEvaluator> ColumnValues::settling_reader() {
    if (!options_.kept || options_.threads > 1) return make_reader();
    if (!settling_) settling_ = make_reader();
    return settling_;
}

CohortSources ColumnValues::cohort_sources() {
    return {graph_,
            rows_.size(),
            options_.threads,
            options_.report != nullptr,
            [this](NodeId id) { return column(id); },
            [this](const std::vector<NodeId>& operands) { compile_and_run(operands, {}); },
            [this] { return make_reader(); },
            [this](NodeId id, const std::vector<Value>& values) {
                NodeColumn out;
                if (fill_column(out, feel::Type::Kind::number, values, strings_)) columns_.emplace(id, std::move(out));
                by_record_[id] = rows_.size();
            }};
}

CellSources ColumnValues::cell_sources() {
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

void ColumnValues::catch_up() {
    caught_up_ = caught_up_ || !put_off_.empty();
    for (const auto& off : std::exchange(put_off_, {})) {
        with_lanes_ = off.with_lanes;
        look_again(off.again, off.decided);
    }
}

bool ColumnValues::waits_to_be_asked() const {
    return options_.when_asked && !caught_up_ && !decisions_make_peers(wanted_decisions_);
}

bool ColumnValues::decisions_make_peers(const std::vector<NodeId>& wanted) const {
    const auto reads_decisions = [this](NodeId id) {
        const auto* form = std::get_if<graph::CohortForm>(&graph_.node(id).form);
        return form && (hangs_on_decisions(form->value) || (form->group && hangs_on_decisions(*form->group)));
    };
    return std::any_of(wanted.begin(), wanted.end(), [&](NodeId of) {
        const auto behind = nodes_behind(graph_, graph_.node(of));
        return std::any_of(behind.begin(), behind.end(), reads_decisions);
    });
}

std::vector<bool> ColumnValues::hanging_on_decisions(const Graph& graph) {
    std::vector<bool> out(graph.nodes.size());
    for (const auto id : graph.order) {
        const auto& node = graph.node(id);
        out[static_cast<std::size_t>(id)] =
            graph::decision_of(node) || std::any_of(node.uses.begin(), node.uses.end(),
                                                    [&](NodeId used) { return out[static_cast<std::size_t>(used)]; });
    }
    return out;
}

Inputs ColumnValues::inputs() {
    return {&graph_,
            &table_,
            [this](NodeId id) { return reader_->cells().constant(id); },
            [this](NodeId id) { return column(id); },
            [this](NodeId id) { return cohort_.column(id); },
            [this](NodeId id) { return by_record(id); },
            [this](NodeId id) { return reopened_lanes(id); },
            [this](NodeId list, feel::Kernel aggregate) { return over(list, aggregate); }};
}

const NodeColumn* ColumnValues::by_record(NodeId id) {
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

const NodeColumn* ColumnValues::reopened_lanes(NodeId id) {
    const auto [place, is_new] = looks_back_.try_emplace(id);
    const TimedStage stage("evaluating: earlier years");
    if (is_new) place->second = earlier_.rests_on_blanks(id);
    return place->second.truths.empty() ? nullptr : &place->second;
}

const NodeColumn* ColumnValues::over(NodeId list, feel::Kernel aggregate) {
    const auto [place, is_new] = over_.try_emplace({list, aggregate});
    const TimedStage stage("evaluating: earlier years");
    if (is_new) place->second = earlier_.over(list, aggregate);
    return place->second ? &*place->second : nullptr;
}

std::vector<Value> ColumnValues::values_of(NodeId id) const {
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

void ColumnValues::compile_and_run(const std::vector<NodeId>& nodes, const std::vector<NodeId>& decisions) {
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
                compiler.write_left_out(id, left_out_[id]);
                with_lanes.push_back(id);
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
    const auto on_decisions =
        std::stable_partition(written.begin(), written.end(), [this](NodeId id) { return !hangs_on_decisions(id); });
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

void ColumnValues::look_again(const std::vector<std::uint32_t>& again, const std::vector<NodeId>& decided) {
    if (waits_to_be_asked()) {
        for (const auto id : decided)
            for (const auto i : again) verdicts_[id].rules[i] = DecisionColumn::open;
        put_off_.push_back({again, decided, std::exchange(with_lanes_, {})});
        return;
    }
    auto wanted = again;
    std::vector<NodeId> numbers;
    for (const auto id : std::exchange(with_lanes_, {})) {
        if (!graph::decision_of(graph_.node(id))) numbers.push_back(id);
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
        const bool by_patterns = std::find(left.decisions.begin(), left.decisions.end(), id) == left.decisions.end();
        std::vector<std::uint32_t> rest;
        std::set_intersection(again.begin(), again.end(), left.records.begin(), left.records.end(),
                              std::back_inserter(rest));
        const auto& alone = by_patterns ? rest : again;
        const TimedStage stage("evaluating: records left to the reference evaluator");
        open_records_.settle_alone(id, alone);
        by_record_[id] += alone.size();
        for (const auto i : wanted)
            if (const auto* shared = open_records_.find(id, i))
                verdicts_[id].rules[i] = outcomes_.code(id, shared->outcome, shared->value);
    }
}

void ColumnValues::settle(const std::vector<std::uint32_t>& doubts, const std::vector<NodeId>& written,
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

void ColumnValues::settle_on_decisions(const std::vector<std::uint32_t>& records,
                                       std::map<NodeId, NodeColumn>& columns) {
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

std::uint8_t ColumnValues::settled_code(RecordEvaluator& reader, NodeId id, std::size_t i) const {
    const auto outcome = reader.outcome(id, i);
    return outcomes_.code(id, outcome, reader.get(id, i));
}

}  // namespace zoneval::exec
