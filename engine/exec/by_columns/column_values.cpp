#include "engine/exec/by_columns/column_values.hpp"

#include <algorithm>

#include "engine/diag/time_account.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Graph;
using graph::NodeId;

ColumnValues::ColumnValues(const Graph& graph, const Table& table, const History& history, Rows rows,
                           const ColumnOptions& options)
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
      members_([this](NodeId value, std::optional<NodeId> group) { return cohort_.members_of(value, group); }, *peers_),
      reader_(make_reader(&members_)),
      read_later_(options.only ? std::vector<NodeId>() : read_later(graph)),
      open_records_(
          cell_sources(), [this] { return make_reader(&members_); }, options.threads, read_later_) {
    if (options_.report) profile_.nanoseconds.resize(graph.nodes.size());
    prepared_.resize(graph.nodes.size());
}

void ColumnValues::want(std::vector<NodeId> nodes, std::vector<NodeId> decisions) {
    wanted_ = std::move(nodes), wanted_decisions_ = std::move(decisions);
}

void ColumnValues::forget(const KeptValues& kept) {
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

const NodeColumn* ColumnValues::column(NodeId id) const {
    const auto found = columns_.find(id);
    return found == columns_.end() ? nullptr : &found->second;
}

Value ColumnValues::value(NodeId id, std::size_t i) {
    prepare(id);
    if (const auto* constant = reader_->cells().constant(id)) return *constant;
    if (const auto found = verdicts_.find(id); found != verdicts_.end())
        if (auto decided = decided_value(id, found->second.rules[i], i)) return std::move(*decided);
    if (const auto* known = column(id); known && known->bound.exact() && (known->masks.empty() || known->masks[i] == 0))
        return value_in(*known, i, strings_);
    if (const auto number = exact(id, i)) return *number;
    return asked(id, i);
}

/// As far as that is known without looking at the record again; nullopt: it is not.
std::optional<Value> ColumnValues::decided_value(NodeId id, std::uint8_t code, std::size_t i) {
    if (const auto* fixed = outcomes_.value(id, code)) return *fixed;
    if (const auto* shared = open_records_.find(id, i); shared && shared->outcome.settled()) return shared->value;
    const auto name = code == DecisionColumn::open ? -1 : outcomes_.looked_back_at(id, code);
    if (name < 0) return std::nullopt;
    // A ladder stays where it was, unless that rested on blanks.
    const auto* years = earlier_.of(name);
    const auto row = static_cast<std::uint32_t>(rows_[i]);
    if (!years || !years->front().has(row) || years->front().put_back(row)) return std::nullopt;
    auto out = value(name, i);
    const auto& decision = *graph::decision_of(graph_.node(id));
    return !out.is_null() && decision.declares(out) ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<feel::Missing> ColumnValues::null_kind(NodeId id, std::size_t i) {
    prepare(id);
    const auto* known = column(id);
    return known && !known->masks.empty() ? one_kind(known->masks[i]) : std::nullopt;
}

std::optional<ExactNumbers> ColumnValues::exact_numbers(NodeId id) {
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

Outcome ColumnValues::outcome(NodeId id, std::size_t i) {
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

CodedOutcomes ColumnValues::coded(NodeId id) {
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
            out.plain[at] = CodedOutcomes::Plain{*value, outcomes_.plain(id, code), {}, outcomes_.explained(id, code)};
    }
    return out;
}

const Reopened* ColumnValues::earlier(NodeId history, std::size_t i) {
    prepare(history);
    return reader_->earlier(history, i);
}

void ColumnValues::reopen(const std::vector<NodeId>& numbers, const std::vector<std::uint32_t>& records) {
    if (put_off_.empty()) return;  // all of them are known
    const TimedStage stage("evaluating: records whose blanks may decide");
    for (const auto id : numbers) prepare(id);
    open_records_.settle({}, numbers, records);
}

std::map<NodeId, Reopened> ColumnValues::reopened(const std::vector<NodeId>& nodes, std::size_t i) {
    if (!std::all_of(nodes.begin(), nodes.end(), [&](NodeId id) { return open_records_.looked_at(id, i); })) catch_up();
    std::vector<NodeId> asked;
    std::map<NodeId, Reopened> known;
    for (const auto id : nodes) {
        prepare(id);
        if (const auto lanes = left_out_.find(id); lanes != left_out_.end() && lanes->second.truths[i] == 0) continue;
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

std::optional<std::vector<std::uint32_t>> ColumnValues::may_be_reopened(NodeId id) {
    prepare(id);
    const auto lanes = left_out_.find(id);
    return lanes == left_out_.end() ? std::nullopt : std::optional(set_in(lanes->second.truths));
}

void ColumnValues::report(ColumnReport& out) const {
    out.kernels = (options_.kernels ? *options_.kernels : kernels()).name;
    out.records = rows_.size();
    out.in_doubt = in_doubt_;
    out.open = open_records_.count().records;
    out.read_alone = open_records_.count().read_alone;
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

const Value& ColumnValues::asked(NodeId id, std::size_t i) {
    constexpr std::size_t most = 1 << 16;
    if (asked_.size() >= most) asked_.clear();
    const auto key = static_cast<std::uint64_t>(id) << 40 | i;
    const auto found = asked_.find(key);
    return found != asked_.end() ? found->second : asked_.emplace(key, reader_->get(id, i)).first->second;
}

void ColumnValues::prepare(NodeId id) {
    if (prepared_[static_cast<std::size_t>(id)]) return;
    prepared_[static_cast<std::size_t>(id)] = true;
    if (!put_off_.empty() && decisions_make_peers({id})) catch_up();
    cohort_.compute_behind({id});
}

std::optional<feel::Decimal> ColumnValues::exact(NodeId id, std::size_t i) {
    const auto* near = column(id);
    if (!near || near->shape != Shape::number || near->days || (!near->masks.empty() && near->masks[i] != 0))
        return std::nullopt;
    auto& values = exact_[id];
    if (!values) values = std::make_unique<ExactValues>(cell_sources(), id);
    return values->number(i);
}

Outcome ColumnValues::with_reason(NodeId id, Outcome outcome, std::size_t i) {
    const auto rule = outcome.rule();
    if (rule && outcomes_.explained(id, static_cast<std::uint8_t>(*rule)))
        outcome.because = reader_->because(id, *rule, i);
    return outcome;
}

std::vector<std::uint32_t> ColumnValues::set_in(const std::vector<std::uint8_t>& truths) {
    std::vector<std::uint32_t> out;
    for (std::size_t i = 0; i < truths.size(); ++i)
        if (truths[i] != 0) out.push_back(static_cast<std::uint32_t>(i));
    return out;
}

}  // namespace zoneval::exec
