#include "engine/assess/other_outcomes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/feel/value/null_meaning.hpp"
#include "engine/feel/value/reason.hpp"

namespace zoneval::assess {

using exec::EarlierColumn;
using feel::Value;
using model::OtherOutcome;
namespace reasons = feel::reasons;

namespace {

[[noreturn]] void refuse(const OtherOutcome& other, Kind kind, std::string message, std::string expected,
                         std::string hint = {}) {
    Diagnostics found;
    found.add(kind, *other.source, other.span, std::move(message), std::move(expected), std::move(hint));
    throw InputError(std::move(found));
}

void check_recorded(const OtherOutcome& other, const store::Run& run) {
    std::vector<std::string> names;
    for (const auto& decisions : run.decisions) names.push_back(decisions.name);
    for (const auto& measured : run.measured) names.push_back(measured.name);
    if (std::find(names.begin(), names.end(), other.outcome) != names.end()) return;
    refuse(other, Kind::unknown_name,
           fmt::format("run {} of `{}` has recorded no `{}`", run.id, run.ruleset, other.outcome),
           fmt::format("one of its decisions, scores and kept measures: {}", fmt::join(names, ", ")),
           did_you_mean(other.outcome, names));
}

/// A value that the rules do not expect would fail every comparison without a word.
void check_value(const OtherOutcome& other, const store::Run& run, const Value& value) {
    if (value.is_null()) return;
    const auto said = [&] {
        return fmt::format("run {} of `{}` says {} for `{}`", run.id, run.ruleset, value.to_feel(), other.outcome);
    };
    if (value.kind() != other.type)
        refuse(other, Kind::type_error, said(),
               fmt::format("what `type` of `{}` says: a {}", other.name, feel::Type::of(other.type)->to_string()));
    if (const auto* text = value.string();
        text && !other.values.empty() &&
        std::find(other.values.begin(), other.values.end(), *text) == other.values.end())
        refuse(other, Kind::undeclared_value, said() + ", which is not among its values here",
               fmt::format("one of {}", fmt::join(other.values, ", ")), did_you_mean(*text, other.values));
    if (const auto* number = value.number();
        number && ((other.min && *number < *other.min) || (other.max && *other.max < *number)))
        refuse(other, Kind::out_of_range, said() + ", outside its range here", "`min` and `max` that hold there");
}

/// Each different value once.
void check_values(const OtherOutcome& other, const store::Run& run, const EarlierRun& said) {
    if (const auto* decisions = run.decision(other.outcome)) {
        for (const auto& o : decisions->outcomes)
            if (!o.value.empty()) check_value(other, run, feel::from_feel(o.value));
        return;
    }
    Table all;
    for (std::size_t i = 0; i < run.records.size(); ++i) all.records.emplace_back(run.records[i]);
    const auto column = said.column(other.outcome, all);
    for (std::size_t i = 0; column.values && i < column.values->size(); ++i)
        check_value(other, run, (*column.values)[i]);
}

}  // namespace

/// A run records what a decision comes to with its blanks only where its own rules look back at it: else it is made
/// again.
std::optional<OtherOutcomes::Reopenings> OtherOutcomes::made_again(const store::Store& store, const store::Run& run,
                                                                   const std::string& outcome) {
    const auto graph = load_stored(store.ruleset(run.ruleset_hash));
    const auto* node = graph->find(outcome);
    const auto recorded = exec::read_later(*graph);
    if (!node || std::find(recorded.begin(), recorded.end(), node->id) != recorded.end()) return std::nullopt;
    Options exactly;  // columns keep what rests on blanks of what later years read alone
    exactly.exact = true;
    const auto again = assess(graph, store, run.year, basis_of(run, store), exactly);
    const auto& e = again.evaluation;
    Reopenings out;
    for (std::size_t i = 0; i < e.size(); ++i)
        for (auto& [id, reopened] : e.reopened({node->id}, i)) out.emplace(e.record(i), std::move(reopened));
    return out;
}

OtherOutcomes::OtherOutcomes(std::unique_ptr<exec::History> earlier, const graph::Graph& graph,
                             const store::Store& store, const Basis& basis, std::int32_t year)
    : earlier_(std::move(earlier)), successions_(*graph.rules) {
    for (const auto& node : graph.nodes) {
        const auto* form = std::get_if<graph::OtherForm>(&node.form);
        if (!form) continue;
        const auto& other = *form->other;
        auto& read = reads_[node.id];
        read.other = &other;
        read.year = year - other.years_back;
        const auto run = basis.others.find({other.ruleset, read.year});
        if (run == basis.others.end()) continue;
        read.run = run->second;
        check_recorded(other, *read.run);
        read.said = std::make_unique<EarlierRun>(*read.run, std::set<std::string>{other.outcome});
        check_values(other, *read.run, *read.said);
        if (const auto ruled = basis.others_rulings.find(other.ruleset); ruled != basis.others_rulings.end())
            read.rulings = Rulings(ruled->second);
        read.again = made_again(store, *read.run, other.outcome);
    }
}

const OtherOutcomes::Read* OtherOutcomes::read_by(const graph::Node& node) const {
    if (!std::holds_alternative<graph::OtherForm>(node.form)) return nullptr;
    return &reads_.at(node.id);
}

std::string name_then(const Successions& successions, const OtherOutcome& other, const std::string& record,
                      std::int32_t year) {
    if (other.years_back == 0 || successions.empty()) return record;
    const auto earlier = successions.earlier(record, year);
    return earlier && earlier->renamed && earlier->names.size() == 1 ? earlier->names.front() : record;
}

const store::Ruling* OtherOutcomes::ruling(const Read& read, const std::string& name) const {
    if (!read.rulings.any(read.year, read.other->outcome)) return nullptr;
    const auto said = read.said->value(read.other->outcome, name);
    return said ? read.rulings.standing(read.year, name, read.other->outcome, !feel::is_unknown(*said)) : nullptr;
}

std::optional<Value> OtherOutcomes::value(const graph::Node& node, exec::RecordAt record, std::int32_t year) const {
    const auto* read = read_by(node);
    if (!read) return earlier_->value(node, record, year);
    const auto& other = *read->other;
    if (!read->run)
        return Value::missing(feel::Missing::not_reported,
                              reasons::not_assessed_elsewhere(other.name, other.ruleset, read->year));
    const auto name = name_then(*read, record);
    if (const auto* ruling = this->ruling(*read, name)) return feel::from_feel(ruling->outcome);
    if (auto said = read->said->value(other.outcome, {name, record.row})) return said;
    if (other.blank == feel::Missing::not_applicable) return std::nullopt;
    return Value::missing(feel::Missing::not_reported,
                          reasons::not_in_run(other.name, record, read->run->id, other.ruleset));
}

std::optional<exec::Reopened> OtherOutcomes::reopened(const graph::Node& node, exec::RecordAt record,
                                                      std::int32_t year) const {
    const auto* read = read_by(node);
    if (!read) return earlier_->reopened(node, record, year);
    if (!read->run) return std::nullopt;
    const auto name = name_then(*read, record);
    if (ruling(*read, name)) return std::nullopt;  // a ruling rests on nothing
    if (!read->again) return read->said->reopened(read->other->outcome, {name, record.row});
    const auto found = read->again->find(name);
    return found == read->again->end() ? std::nullopt : std::optional(found->second);
}

bool OtherOutcomes::may_be_reopened(const graph::Node& node, std::int32_t year) const {
    const auto* read = read_by(node);
    if (!read) return earlier_->may_be_reopened(node, year);
    if (!read->run) return false;
    return read->again ? !read->again->empty() : read->said->rests_on_blanks(read->other->outcome);
}

/// Where somebody ruled, a record has a new name or the run recorded no blanks, record by record; those are few.
std::optional<EarlierColumn> OtherOutcomes::column(const graph::Node& node, const Table& now, std::int32_t year) const {
    const auto* read = read_by(node);
    if (!read) return earlier_->column(node, now, year);
    EarlierColumn out;
    if (!read->run) {
        out.places.assign(now.records.size(), EarlierColumn::unknown);
        return out;
    }
    const bool as_recorded = !read->rulings.any(read->year, read->other->outcome) &&
                             (read->other->years_back == 0 || successions_.empty()) &&
                             (!read->again || read->again->empty());
    if (!as_recorded) return std::nullopt;
    out = read->said->column(read->other->outcome, now);
    out.reopened = read->again ? nullptr : out.reopened;
    if (read->other->blank == feel::Missing::not_applicable) return out;
    for (auto& place : out.places)
        if (place == EarlierColumn::absent) place = EarlierColumn::unknown;
    return out;
}

void note_other_outcomes(const graph::Graph& graph, const Basis& basis, std::int32_t year, std::vector<Note>& out) {
    using wording::Remark;
    for (const auto& other : graph.rules->uses) {
        const auto of = year - other.years_back;
        const auto run = basis.others.find({other.ruleset, of});
        if (run == basis.others.end())
            out.emplace_back(
                wording::Noted{Remark::no_other_assessment,
                               {{"year", std::int64_t{of}}, {"ruleset", other.ruleset}, {"name", other.name}}});
        else
            out.emplace_back(wording::Noted{Remark::read_from,
                                            {{"name", other.name},
                                             {"outcome", other.outcome},
                                             {"year", std::int64_t{of}},
                                             {"ruleset", other.ruleset},
                                             {"run", run->second->id}}});
    }
}

}  // namespace zoneval::assess
