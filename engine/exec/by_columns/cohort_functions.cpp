#include "engine/exec/by_columns/cohort_functions.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>

#include "engine/diag/time_account.hpp"
#include "engine/exec/by_columns/portions.hpp"
#include "engine/exec/reference/evaluate.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::NodeId;

const graph::CohortForm& CohortFunctions::form(NodeId id) const {
    return std::get<graph::CohortForm>(sources_.graph.node(id).form);
}

const CohortColumn* CohortFunctions::column(NodeId id) const {
    const auto found = columns_.find(id);
    return found == columns_.end() ? nullptr : &found->second;
}

std::optional<ColumnMembers::Operand> CohortFunctions::members_of(NodeId value, std::optional<NodeId> group) const {
    const auto* values = sources_.column(value);
    const auto grouping = groupings_.find(group.value_or(no_group));
    if (!values || values->shape != Shape::number || values->days || grouping == groupings_.end() || !grouping->second)
        return std::nullopt;
    return ColumnMembers::Operand{values, &*grouping->second};
}

Value CohortFunctions::value(RecordEvaluator& reader, NodeId id, std::size_t record) const {
    if (const auto slow = slow_.find(id); slow != slow_.end()) return slow->second[record];
    const auto& c = columns_.at(id);
    const auto& of = form(id);
    const auto null_of = [&](NodeId operand, feel::Fact otherwise, feel::Missing kind) {
        const auto value = reader.get(operand, record);
        return value.cause() ? Value::null(value.cause()) : Value::missing(kind, std::move(otherwise));
    };
    if (of.group && c.grouping->of(record) == Grouping::none)
        return null_of(*of.group, feel::reasons::group_is_null(), feel::Missing::not_applicable);
    const auto& masks = sources_.column(of.value)->masks;
    if (c.ranks() && !masks.empty() && masks[record] != 0)
        return null_of(of.value, feel::reasons::rank_of_no_number(), feel::Missing::none);
    return c.at(record);
}

void CohortFunctions::forget(const std::function<bool(NodeId)>& gone) {
    const auto of_gone = [&](const auto& entry) { return entry.first != no_group && gone(entry.first); };
    std::erase_if(groupings_, of_gone);
    std::erase_if(columns_, of_gone);
    std::erase_if(slow_, of_gone);
    if (reader_) reader_->start_again();
}

std::vector<std::vector<NodeId>> CohortFunctions::levels(const std::vector<NodeId>& wanted) const {
    const auto& graph = sources_.graph;
    std::vector<bool> needed(graph.nodes.size());
    std::vector<NodeId> todo = wanted;
    while (!todo.empty()) {
        const auto id = todo.back();
        todo.pop_back();
        if (needed[at(id)]) continue;
        needed[at(id)] = true;
        for (const auto used : graph.node(id).uses) todo.push_back(used);
    }
    std::vector<std::vector<NodeId>> out;
    std::vector<std::size_t> level(graph.nodes.size());
    for (const auto id : graph.order) {
        auto& mine = level[at(id)];
        for (const auto used : graph.node(id).uses) mine = std::max(mine, level[at(used)]);
        if (!std::holds_alternative<graph::CohortForm>(graph.node(id).form)) continue;
        if (needed[at(id)] && !columns_.contains(id) && !slow_.contains(id)) {
            out.resize(std::max(out.size(), mine + 1));
            out[mine].push_back(id);
        }
        ++mine;
    }
    return out;
}

void CohortFunctions::compute_behind(const std::vector<NodeId>& wanted) {
    for (const auto& level : levels(wanted)) compute(level);
}

void CohortFunctions::write_operands(const std::vector<NodeId>& functions) {
    std::vector<NodeId> operands;
    const auto want = [&](NodeId id) {
        if (!sources_.column(id) && std::find(operands.begin(), operands.end(), id) == operands.end())
            operands.push_back(id);
    };
    for (const auto id : functions) {
        want(form(id).value);
        if (form(id).group) want(*form(id).group);
    }
    sources_.write(operands);
}

void CohortFunctions::compute(const std::vector<NodeId>& functions) {
    const TimedStage stage("evaluating: functions of the cohort");
    write_operands(functions);
    for (const auto id : functions)
        if (const auto& group = form(id).group) group_by(*group);
    group_by(no_group);
    std::map<std::pair<NodeId, NodeId>, std::vector<NodeId>> shared;  // by value and group
    for (const auto id : functions) {
        shared[{form(id).value, form(id).group.value_or(no_group)}].push_back(id);
        columns_[id], times_[id];  // made here, filled by the threads
    }
    std::vector<std::vector<NodeId>> tasks;
    for (auto& [operand, some] : shared) tasks.push_back(std::move(some));
    std::vector<std::vector<NodeId>> failed(tasks.size());
    std::atomic<std::size_t> next = 0;
    on_threads(std::min<std::size_t>(sources_.threads, tasks.size()), [&] {
        SortSpace space;
        for (auto i = next++; i < tasks.size(); i = next++) failed[i] = compute_operand(tasks[i], space);
    });
    for (const auto& some : failed)
        for (const auto id : some) {
            columns_.erase(id);
            compute_slowly(id);
        }
}

void CohortFunctions::group_by(NodeId by) {
    if (groupings_.contains(by)) return;
    if (by == no_group)
        groupings_[by] = make_grouping(nullptr, sources_.records);
    else if (const auto* c = sources_.column(by))
        groupings_[by] = make_grouping(c, sources_.records);
}

/// Functions of one operand in one grouping; returns those that have no column form.
std::vector<NodeId> CohortFunctions::compute_operand(std::vector<NodeId> functions, SortSpace& space) {
    const auto value = form(functions.front()).value;
    const auto* values = sources_.column(value);
    const auto grouping = groupings_.find(form(functions.front()).group.value_or(no_group));
    if (!values || grouping == groupings_.end() || !grouping->second) return functions;
    std::unique_ptr<RecordEvaluator> reader;
    Operand operand(
        *values, *grouping->second,
        [&](std::size_t i) {
            if (!reader) reader = sources_.reader();
            return *reader->get(value, i).number();
        },
        space);
    const auto sorts = [&](NodeId id) { return graph::is_rank(form(id).function); };
    std::stable_partition(functions.begin(), functions.end(), sorts);  // their order serves the others
    std::vector<NodeId> failed;
    for (const auto id : functions) {
        const auto began = std::chrono::steady_clock::now();
        if (!operand.compute(form(id), columns_.at(id))) failed.push_back(id);
        if (sources_.timed) times_.at(id) += milliseconds_since(began);
    }
    return failed;
}

/// As the reference evaluator does it, over values of every record.
void CohortFunctions::compute_slowly(NodeId id) {
    const TimedStage stage("evaluating: definitions without a kernel");
    const auto began = std::chrono::steady_clock::now();
    if (!reader_) reader_ = sources_.reader();
    std::vector<Value> values, groups;
    for (std::size_t i = 0; i < sources_.records; ++i) {
        values.push_back(reader_->get(form(id).value, i));
        if (form(id).group) groups.push_back(reader_->get(*form(id).group, i));
    }
    sources_.keep(id, slow_[id] = evaluate_cohort(form(id), values, groups));
    times_[id] += milliseconds_since(began);
}

}  // namespace zoneval::exec
