#include "engine/assess/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <stdexcept>

#include "engine/assess/published.hpp"
#include "engine/assess/reopened_text.hpp"
#include "engine/diag/time_account.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::assess {

using feel::Value;

namespace {

std::string list_text(const std::vector<std::string>& items) {
    feel::List list;
    for (const auto& item : items) list.emplace_back(item);
    return Value(std::move(list)).to_feel();
}

store::Outcome stored(const graph::Node& node, const Value& value, const exec::Outcome& o) {
    using enum store::Outcome::Ending;
    const auto& rules = graph::decision_of(node)->rules;
    store::Outcome out;
    out.because = o.because;
    if (const auto* open_now = o.open()) {
        out.ending = open;
        if (!open_now->anything) out.possible = Value(feel::List(open_now->possible)).to_feel();
        out.waiting_for = list_text(open_now->waiting_for);
        if (!open_now->failed.empty()) out.failed = list_text(open_now->failed);
        return out;
    }
    if (const auto* both = o.conflict()) {
        out.ending = conflict;
        out.rule = list_text({rules[both->first].id, rules[both->second].id});
        return out;
    }
    out.value = value.to_feel();
    if (const auto rule = o.rule()) {
        out.ending = fired;
        out.rule = rules[*rule].id;
    } else if (o.is_default()) {
        out.ending = by_default;
    }
    return out;
}

/// By node, with its records, ascending: values that rest on blanks, and what they come to with them, as text.
using WithBlanks = std::map<graph::NodeId, std::vector<std::pair<std::size_t, std::string>>>;

/// Those of one node, for who goes through all records.
class BlanksOf {
  public:
    BlanksOf(const WithBlanks& all, graph::NodeId node) {
        const auto found = all.find(node);
        if (found != all.end()) next_ = found->second.data(), end_ = next_ + found->second.size();
    }
    /// nullptr: it rests on none. Each record is later than the one before.
    const std::string* of(std::size_t record) {
        while (next_ != end_ && next_->first < record) ++next_;
        return next_ != end_ && next_->first == record ? &next_->second : nullptr;
    }

  private:
    const std::pair<std::size_t, std::string>*next_ = nullptr, *end_ = nullptr;
};

WithBlanks with_blanks_of(const std::vector<graph::NodeId>& nodes, const exec::Evaluation& e) {
    const TimedStage stage("what later years read of blanks");
    WithBlanks out;
    for (const auto id : nodes) {
        auto& of_node = out[id];
        const auto ask = [&](std::size_t i) {
            for (const auto& [node, reopened] : e.reopened({id}, i)) of_node.emplace_back(i, text_of(reopened));
        };
        if (const auto records = e.values->may_be_reopened(id))
            std::for_each(records->begin(), records->end(), ask);
        else
            for (std::size_t i = 0; i < e.size(); ++i) ask(i);
    }
    return out;
}

store::Decisions decisions_of(const graph::Node& node, const exec::Evaluation& e, const WithBlanks& with_blanks) {
    store::Decisions out(node.name);
    out.codes.reserve(e.size());
    const auto coded = e.coded(node.id);
    constexpr std::uint32_t unknown = UINT32_MAX;
    std::vector<std::uint32_t> known(coded.slots(), unknown);  // slot of the evaluation -> code of the run
    const auto code_of = [&](const exec::CodedOutcomes::Plain& plain) {
        auto told = stored(node, plain.value, plain.outcome);
        if (plain.reopened) told.with_blanks = text_of(*plain.reopened);
        return out.code(std::move(told));
    };
    BlanksOf blanks_of(with_blanks, node.id);
    for (std::size_t i = 0; i < e.size(); ++i) {
        const auto* plain = coded.at(i);
        const bool says_all = plain && coded.which_shared(i) != 0;  // its blanks, too
        const auto* blanks = says_all ? nullptr : blanks_of.of(i);
        if (!plain || blanks) {
            auto told = recorded_outcome(node, e, i);  // that of an open record says all that is recorded
            if (blanks) told.with_blanks = *blanks;
            out.append(std::move(told));
            continue;
        }
        auto& code = known[coded.slot(i)];
        if (code == unknown) code = code_of(*plain);
        out.codes.push_back(code);
    }
    return out;
}

/// Why there is no value: the kind of missing data it goes back to, or what failed.
std::string null_text(const feel::Value& null) {
    const auto kind = feel::missing_kind(null.cause());
    if (kind != feel::Missing::none && kind != feel::Missing::too_small) return std::string(feel::to_string(kind));
    return null.cause() ? wording::say(*feel::leaves(null.cause()).front(), wording::Language::en) : "";
}

/// Numbers that a column has exactly are written from it, the others, and what is null for other reasons, one by one.
store::Measured measured_of(const graph::Node& node, const exec::Evaluation& e, const WithBlanks& with_blanks) {
    store::Measured out(node.name);
    constexpr std::size_t usual_length = 12;
    out.cells.reserve(e.size() * usual_length + 2);
    const auto exact = e.values->exact_numbers(node.id);
    BlanksOf blanks_of(with_blanks, node.id);
    for (std::size_t i = 0; i < e.size(); ++i) {
        const auto* blanks = blanks_of.of(i);
        if (exact && (exact->nulls.empty() || exact->nulls[i] == feel::Missing::none)) {
            const Scaled number{static_cast<std::int64_t>(exact->numbers[i]), exact->scale};
            blanks ? out.append(number, *blanks) : out.append(number);
            continue;
        }
        if (const auto kind = e.values->null_kind(node.id, i)) {
            out.append_null(feel::to_string(*kind));
            continue;
        }
        const auto value = e.value(node.id, i);
        if (value.is_null())
            out.append_null(null_text(value));
        else
            blanks ? out.append(value.to_feel(), *blanks) : out.append(value.to_feel());
    }
    return out;
}

}  // namespace

store::Run make_run(const graph::Graph& graph, const exec::Evaluation& e, const Basis& basis,
                    const std::vector<std::string>& also) {
    const TimedStage all("writing down outcomes");
    store::Run run;
    run.ruleset = graph.rules->id;
    run.ruleset_hash = ruleset_text(*graph.rules).hash();
    run.year = e.year;
    run.snapshot = basis.snapshot;
    for (const auto& [year, earlier] : basis.earlier) run.built_on.push_back(earlier->id);
    for (const auto& [of, other] : basis.others) run.built_on.push_back(other->id);
    for (std::size_t i = 0; i < e.size(); ++i) run.records.push_back(e.record(i));
    auto later = exec::read_later(graph);
    std::set<graph::NodeId> kept;
    for (const auto& node : graph.nodes)
        if (node.kept) kept.insert(node.id);
    for (const auto& name : also)
        if (const auto* node = graph.find(name); node && kept.insert(node->id).second) later.push_back(node->id);
    const auto with_blanks = with_blanks_of(later, e);
    for (const auto id : e.decisions) run.decisions.push_back(decisions_of(graph.node(id), e, with_blanks));
    const TimedStage values("writing down values");
    for (const auto id : kept) run.measured.push_back(measured_of(graph.node(id), e, with_blanks));
    run.published = published_columns(graph, e);
    return run;
}

store::Outcome recorded_outcome(const graph::Node& decision, const exec::Evaluation& e, std::size_t record) {
    const auto outcome = e.outcome(decision.id, record);
    return stored(decision, outcome.settled() ? e.value(decision.id, record) : Value(), outcome);
}

void check_counts(const store::Run& run, std::size_t decisions) {
    if (run.decisions.size() != decisions)
        throw std::logic_error(fmt::format("{} of {} decisions were made", run.decisions.size(), decisions));
    for (const auto& d : run.decisions) {
        if (d.codes.size() != run.records.size())
            throw std::logic_error(fmt::format("decision `{}` has {} outcomes for {} records", d.name, d.codes.size(),
                                               run.records.size()));
        for (const auto code : d.codes)
            if (code >= d.outcomes.size())
                throw std::logic_error(fmt::format("decision `{}` has an outcome that is none", d.name));
        for (const auto& o : d.outcomes)
            if (o.ending == store::Outcome::Ending::fired && (o.rule.empty() || o.value.empty()))
                throw std::logic_error(fmt::format("decision `{}` has neither a value nor a rule", d.name));
    }
}

}  // namespace zoneval::assess
