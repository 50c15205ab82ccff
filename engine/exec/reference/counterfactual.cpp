#include "engine/exec/reference/counterfactual.hpp"

#include <algorithm>
#include <set>

#include "engine/exec/results/cohort.hpp"
#include "engine/feel/value/null_meaning.hpp"

namespace zoneval::exec {

using feel::Decimal;
using feel::Value;
using graph::CohortFunction;
using graph::Node;
using graph::NodeId;

namespace {

constexpr std::size_t many = 2000;  ///< members of a group, of whom only one is asked about
constexpr NodeId no_group = -1;
constexpr const char* everybody = "*";  ///< the group of a function without one; no value is written so

std::string key_of(const Value& group) { return group.is_null() ? "" : group.to_feel(); }

}  // namespace

namespace {

/// A group as things are, in which one record has another figure, or which it has left or joined.
class WithAnother : public Members {
  public:
    WithAnother(const Members& all, const Decimal* before, const Decimal* now) : all_(all) {
        if (before) before_ = *before;
        if (now) now_ = *now;
    }
    std::size_t size() const override { return all_.size() - before_.has_value() + now_.has_value(); }
    std::int64_t below(const Decimal& value) const override {
        return all_.below(value) - (before_ && *before_ < value) + (now_ && *now_ < value);
    }
    std::int64_t above(const Decimal& value) const override {
        return all_.above(value) - (before_ && *before_ > value) + (now_ && *now_ > value);
    }
    Decimal ascending(std::size_t place) const override {
        if (now_) {
            const auto mine = static_cast<std::size_t>(all_.below(*now_) - (before_ && *before_ < *now_));
            if (place == mine) return *now_;
            place -= place > mine;
        }
        const bool passed = before_ && place >= static_cast<std::size_t>(all_.below(*before_));
        return all_.ascending(place + passed);
    }
    Decimal total() const override {
        auto out = before_ ? all_.total() - *before_ : all_.total();
        return now_ ? out + *now_ : out;
    }

  private:
    const Members& all_;
    std::optional<Decimal> before_, now_;
};

}  // namespace

/// Members of groups as supposed, for decisions that look again at blanks.
class Counterfactual::OwnMembers : public CohortMembers {
  public:
    explicit OwnMembers(Counterfactual& of) : of_(of) { reset(); }
    void reset() {
        gathered_ = std::make_unique<GatheredMembers>(of_.graph_, static_cast<Computed&>(of_));
        changed_.clear();
    }
    const Members& of(const Node& cohort, const Value& group) const override {
        const auto& form = std::get<graph::CohortForm>(cohort.form);
        const auto* all = of_.members_at_hand(form);
        const auto record = of_.only_record();
        if (!all || !record) return gathered_->of(cohort, group);
        auto& out = changed_[{cohort.id, key_of(group)}];
        if (!out) {
            const auto in = [&](const Value& of_record) { return !form.group || feel::identical(of_record, group); };
            const auto* before = of_.as_it_is(form.value, *record).number();
            const auto* now = of_.value(form.value, *record).number();
            if (!in(form.group ? of_.as_it_is(*form.group, *record) : Value())) before = nullptr;
            if (!in(form.group ? of_.value(*form.group, *record) : Value())) now = nullptr;
            out = std::make_unique<WithAnother>(all->of(cohort, group), before, now);
        }
        return *out;
    }

  private:
    Counterfactual& of_;
    std::unique_ptr<GatheredMembers> gathered_;
    mutable std::map<std::pair<NodeId, std::string>, std::unique_ptr<WithAnother>> changed_;
};

Counterfactual::Counterfactual(const Evaluation& base, const History& history, Others others)
    : graph_(*base.graph),
      base_(base),
      others_(others),
      members_(std::make_unique<OwnMembers>(*this)),
      cells_(graph_, *base.table, history, *this, {}, members_.get()),
      held_(graph_.nodes.size()),
      reach_(graph_.nodes.size()),
      before_(graph_.nodes.size()),
      values_(graph_.nodes.size()),
      outcomes_(graph_.nodes.size()) {
    if (graph_.cohort_when)
        for (const auto id : nodes_behind(graph_, graph_.node(*graph_.cohort_when))) held_[at(id)] = true;
    for (const auto& node : graph_.nodes)  // what several years come to with this one is not computed anew
        if (const auto* years = std::get_if<graph::YearsForm>(&node.form))
            if (years->function && years->years.cover(base_.year))
                for (const auto id : nodes_behind(graph_, node)) held_[at(id)] = true;
    for (const auto& kind : graph_.kinds)  // their records are not computed anew
        for (const auto read : kind.reads)
            for (const auto id : nodes_behind(graph_, graph_.node(read))) held_[at(id)] = true;
    for (const auto& kind : graph_.kinds)
        for (const auto& input : graph_.rules->inputs) {
            const auto* joined = kind.graph->find(model::joined_name(input.name, graph_.rules->record));
            const auto* own = graph_.find(input.name);
            if (!joined || !own) continue;
            for (const auto& node : kind.graph->nodes)
                if (std::find(node.uses.begin(), node.uses.end(), joined->id) != node.uses.end())
                    held_[at(own->id)] = true;
        }
}

Counterfactual::~Counterfactual() = default;

bool Counterfactual::can_suppose(NodeId input) const { return !held_[at(input)]; }

bool Counterfactual::can_look_back_anew() const {
    for (const auto& node : graph_.nodes)
        if (held_[at(node.id)] && std::holds_alternative<graph::HistoryForm>(node.form)) return false;
    return true;
}

void Counterfactual::suppose(NodeId input, std::size_t record, Value value) {
    supposed_.push_back({input, record, std::move(value)});
    spread();
}

void Counterfactual::suppose(NodeId parameter, Value value) {
    supposed_.push_back({parameter, std::nullopt, std::move(value)});
    spread();
}

void Counterfactual::look_back_anew(std::size_t record) {
    anew_ = record;
    spread();
}

void Counterfactual::forget() {
    supposed_.clear();
    anew_.reset();
    spread();
}

/// Who may have other values now. Nothing is known of them any more.
void Counterfactual::spread() {
    for (std::size_t i = 0; i < reach_.size(); ++i) {
        if (reach_[i] == Reach::none) continue;
        values_[i].clear();
        outcomes_[i].clear();
        reach_[i] = Reach::none;
    }
    done_.clear();
    again_.clear();
    members_->reset();
    blanks_ = anew_.has_value();
    for (const auto& s : supposed_) {
        auto& reach = reach_[at(s.node)];
        reach = std::max(reach, s.record ? Reach::own : Reach::others);
        blanks_ = blanks_ || s.value.is_null() || (s.record && as_it_is(s.node, *s.record).is_null());
    }
    for (const auto id : graph_.order) {
        const auto& node = graph_.node(id);
        auto& reach = reach_[at(id)];
        if (anew_ && std::holds_alternative<graph::HistoryForm>(node.form)) reach = std::max(reach, Reach::own);
        for (const auto used : node.uses) reach = std::max(reach, reach_[at(used)]);
        const bool cohort = std::holds_alternative<graph::CohortForm>(node.form);
        if (reach == Reach::own && cohort && others_ == Others::move) reach = Reach::others;
    }
}

bool Counterfactual::moves_others(NodeId node) const {
    for (const auto id : nodes_behind(graph_, graph_.node(node)))
        if (const auto* form = std::get_if<graph::CohortForm>(&graph_.node(id).form))
            if (reaches_others(form->value) || (form->group && reaches_others(*form->group))) return true;
    return false;
}

bool Counterfactual::is_own(std::size_t record) const {
    return anew_ == record ||
           std::any_of(supposed_.begin(), supposed_.end(), [&](const Supposed& s) { return s.record == record; });
}

std::optional<std::size_t> Counterfactual::only_record() const {
    if (supposed_.empty()) return anew_;
    const auto record = anew_ ? anew_ : supposed_.front().record;
    const bool only =
        std::all_of(supposed_.begin(), supposed_.end(), [&](const Supposed& s) { return s.record == record; });
    return only ? record : std::nullopt;
}

const CohortMembers* Counterfactual::members_at_hand(const graph::CohortForm& form) const {
    const bool others_stay = !reaches_others(form.value) && !(form.group && reaches_others(*form.group));
    return others_stay && base_.size() >= many ? base_.values->members() : nullptr;
}

const Value* Counterfactual::supposed_value(NodeId node, std::size_t record) const {
    for (auto s = supposed_.rbegin(); s != supposed_.rend(); ++s)
        if (s->node == node && (!s->record || s->record == record)) return &s->value;
    return nullptr;
}

const Value& Counterfactual::as_it_is(NodeId node, std::size_t record) {
    if (const auto* constant = cells_.constant(node)) return *constant;
    auto& known = before_[at(node)];
    if (const auto* value = known.find(record)) return *value;
    return known.put(record, size(), base_.value(node, record));
}

const Value& Counterfactual::value(NodeId node, std::size_t record) {
    const auto reach = reach_[at(node)];
    if (reach == Reach::none || (reach == Reach::own && !is_own(record))) return as_it_is(node, record);
    if (const auto* known = values_[at(node)].find(record)) return *known;
    Value out;
    compute(graph_.node(node), record, out);
    return values_[at(node)].put(record, size(), std::move(out));
}

/// Of a null also why it is one: an outcome says what it waits for.
namespace {

/// Also why there is none: in a list, of each element.
bool same_value(const Value& is, const Value& was) {
    if (is.is_null()) return was.is_null() && is.cause() == was.cause();
    const auto *now = is.list(), *before = was.list();
    if (!now || !before) return feel::identical(is, was);
    return std::equal(now->begin(), now->end(), before->begin(), before->end(), same_value);
}

}  // namespace

bool Counterfactual::same_as_before(NodeId node, std::size_t record) {
    const auto reach = reach_[at(node)];
    if (reach == Reach::none || (reach == Reach::own && !is_own(record))) return true;
    const auto& is = value(node, record);
    const auto& was = as_it_is(node, record);
    return same_value(is, was);
}

void Counterfactual::compute(const Node& node, std::size_t record, Value& out) {
    if (const auto* supposed = supposed_value(node.id, record)) {
        out = *supposed;
        return;
    }
    if (const auto* form = std::get_if<graph::CohortForm>(&node.form)) {
        out = cohort_value(node, *form, record);
        return;
    }
    const bool looks_back = anew_ == record && std::holds_alternative<graph::HistoryForm>(node.form);
    bool same = !looks_back && !(blanks_ && is_own(record) && graph::decision_of(node));
    for (const auto used : node.uses) same = same_as_before(used, record) && same;  // all: the frame is filled after
    if (same) {
        out = as_it_is(node.id, record);
        return;
    }
    auto read = node.uses;
    if (const auto* form = std::get_if<graph::DecisionForm>(&node.form))  // its reasons may name more
        for (const auto& rule : form->rules)
            for (const auto& reason : rule.because.by_language)
                for (const auto& part : reason.second.parts)
                    if (part.formula)
                        for (const auto slot : feel::slots_read(*part.formula.expr)) read.push_back(slot);
    for (const auto slot : read) now(slot, record);  // which may take others' frames
    std::vector<Value> kept;  // a decision that looks again at its blanks goes on with its own record's values after
    for (const auto slot : read)
        if (slot != graph_.tested) kept.push_back(std::exchange(cells_.frame()[at(slot)], value(slot, record)));
    Beside beside;
    const auto counted = std::unique_ptr<int, void (*)(int*)>(&++in_cell_, [](int* n) { --*n; });
    out = cells_.cell(node, base_.rows[record], record, beside);
    auto old = kept.rbegin();
    for (auto slot = read.rbegin(); slot != read.rend(); ++slot)
        if (*slot != graph_.tested) cells_.frame()[at(*slot)] = std::move(*old++);
    if (looks_back) again_[node.id] = std::move(beside.reopened);
    if (graph::decision_of(node)) outcomes_[at(node.id)].put(record, size(), std::move(beside.outcome));
}

const Outcome& Counterfactual::outcome(NodeId decision, std::size_t record) {
    value(decision, record);
    if (const auto* known = outcomes_[at(decision)].find(record)) return *known;
    return outcomes_[at(decision)].put(record, size(), base_.outcome(decision, record));
}

const Reopened* Counterfactual::put_back(NodeId history, std::size_t record) {
    if (record != anew_) return base_.earlier(history, record);
    value(history, record);
    const auto& again = again_[history];
    return again ? &*again : nullptr;
}

const Value& Counterfactual::now(NodeId node, std::size_t record) {
    static const Value none;
    return node == graph_.tested ? none : value(node, record);
}

// --- Functions over the cohort -------------------------------------------------------------------------------------

const Counterfactual::Groups& Counterfactual::groups(std::optional<NodeId> by) {
    const auto [place, is_new] = groups_.try_emplace(by.value_or(no_group));
    auto& out = place->second;
    if (!is_new) return out;
    out.of.reserve(size());
    for (std::size_t i = 0; i < size(); ++i) {
        out.of.push_back(by ? key_of(base_.value(*by, i)) : everybody);
        out.members[out.of.back()].push_back(i);
    }
    return out;
}

std::string Counterfactual::group_of(const graph::CohortForm& form, std::size_t record) {
    if (!form.group || same_as_before(*form.group, record)) return groups(form.group).of[record];
    return key_of(value(*form.group, record));
}

/// `moved`: others are in it than as things are.
std::vector<std::size_t> Counterfactual::members_now(const graph::CohortForm& form, const std::string& group,
                                                     bool& moved) {
    const auto& before = groups(form.group);
    const auto found = before.members.find(group);
    auto out = found == before.members.end() ? std::vector<std::size_t>() : found->second;
    moved = false;
    if (!form.group || reach_[at(*form.group)] == Reach::none) return out;
    const bool anybody = reach_[at(*form.group)] == Reach::others;
    std::set<std::size_t> come, gone;
    const auto look_at = [&](std::size_t i) {
        if (same_as_before(*form.group, i)) return;
        const bool is = group_of(form, i) == group, was = before.of[i] == group;
        if (is && !was) come.insert(i);
        if (was && !is) gone.insert(i);
    };
    if (anybody)
        for (std::size_t i = 0; i < size(); ++i) look_at(i);
    else
        for (const auto& s : supposed_)
            if (s.record) look_at(*s.record);
    moved = !come.empty() || !gone.empty();
    std::erase_if(out, [&](std::size_t i) { return gone.contains(i); });
    out.insert(out.end(), come.begin(), come.end());
    std::sort(out.begin(), out.end());
    return out;
}

Value Counterfactual::cohort_value(const Node& node, const graph::CohortForm& form, std::size_t record) {
    if (auto alone = among_peers(node, form, record)) return *alone;
    const auto group = group_of(form, record);
    if (group.empty())  // nobody's group: a null, and why
        return evaluate_cohort(form, {value(form.value, record)}, {value(*form.group, record)}).front();
    const auto [looked, is_new] = done_.try_emplace({node.id, group});
    if (is_new) {
        bool moved = false;
        const auto members = members_now(form, group, moved);
        const bool changed = moved || std::any_of(members.begin(), members.end(),
                                                  [&](std::size_t i) { return !same_as_before(form.value, i); });
        looked->second = changed;
        if (changed) {
            std::vector<Value> values;
            for (const auto i : members) values.push_back(value(form.value, i));
            const std::vector<Value> all_alike(form.group ? values.size() : 0, Value(true));
            auto results = evaluate_cohort(form, values, all_alike);
            for (std::size_t k = 0; k < members.size(); ++k)
                values_[at(node.id)].put(members[k], size(), std::move(results[k]));
        }
    }
    if (!looked->second) return as_it_is(node.id, record);
    return *values_[at(node.id)].find(record);
}

/// In a large cohort, the record of which alone something is supposed: placed among the others, who stay where they
/// are. nullopt: that is not so, or the function asks for more.
std::optional<Value> Counterfactual::among_peers(const Node& node, const graph::CohortForm& form, std::size_t record) {
    const auto* as_things_are = members_at_hand(form);
    if (!as_things_are || only_record() != record) return std::nullopt;
    const auto group = form.group ? value(*form.group, record) : Value();
    const auto& mine = value(form.value, record);
    if (!mine.number() || (form.group && group.is_null())) return std::nullopt;
    const auto& all = members_->of(node, group);
    const auto size = static_cast<std::int64_t>(all.size());
    if (size == 1 || size < form.smallest) return std::nullopt;
    const auto& now = *mine.number();
    switch (form.function) {
        case CohortFunction::rank: return Value(all.above(now) + 1);
        case CohortFunction::percent_rank: return Value(Decimal(all.below(now)) / Decimal(size - 1));
        case CohortFunction::sum: return Value(total_with(node, group, record));
        case CohortFunction::mean: return Value(total_with(node, group, record) / Decimal(size));
        default: return std::nullopt;
    }
}

/// In the order of the reference, lowest first: sums of many digits are rounded on the way.
Decimal Counterfactual::total_with(const Node& node, const Value& group, std::size_t record) {
    if (record != asked_about_) others_ascending_.clear();
    asked_about_ = record;
    const auto& form = std::get<graph::CohortForm>(node.form);
    auto& others = others_ascending_[{node.id, key_of(group)}];
    if (others.empty()) {
        const bool stays = !form.group || feel::identical(group, as_it_is(*form.group, record));
        const auto* before = stays ? as_it_is(form.value, record).number() : nullptr;
        const WithAnother without(members_at_hand(form)->of(node, group), before, nullptr);
        for (std::size_t place = 0; place < without.size(); ++place) others.push_back(without.ascending(place));
    }
    const auto& now = *value(form.value, record).number();
    Decimal out{0};
    const auto place = std::upper_bound(others.begin(), others.end(), now);
    for (auto i = others.begin(); i != place; ++i) out = out + *i;
    out = out + now;
    for (auto i = place; i != others.end(); ++i) out = out + *i;
    return out;
}

}  // namespace zoneval::exec
