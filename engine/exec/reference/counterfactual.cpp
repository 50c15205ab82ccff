#include "engine/exec/reference/counterfactual.hpp"

#include <algorithm>

#include "engine/exec/reference/counterfactual_cohort.hpp"
#include "engine/feel/evaluation/eval.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Node;
using graph::NodeId;

namespace {

constexpr std::size_t most_cases = 16, most_of_decision = 512;  ///< kept of one definition and record

/// Whether the reading of an expression may take one of several ways.
bool is_read_in_parts(const feel::Expr& e) {
    const auto* binary = e.as<feel::Binary>();
    return e.as<feel::If>() || (binary && (binary->op == feel::BinaryOp::and_ || binary->op == feel::BinaryOp::or_));
}

/// Rules whose conditions are formulas; a table tests what its inputs give.
bool is_read_in_parts(const Node& node) {
    if (const auto* e = std::get_if<graph::ExpressionForm>(&node.form)) return is_read_in_parts(*e->formula.expr);
    const auto* form = std::get_if<graph::DecisionForm>(&node.form);
    return form && form->inputs.empty();
}

}  // namespace

Counterfactual::Counterfactual(const Evaluation& base, const History& history, Others others)
    : graph_(*base.graph),
      base_(base),
      others_(others),
      cohort_(std::make_unique<Cohort>(*this)),
      cells_(graph_, *base.table, history, *this, {}, cohort_.get(), this),
      held_(graph_.nodes.size()),
      reach_(graph_.nodes.size()),
      reached_uses_(graph_.nodes.size()),
      sorts_out_(graph_.nodes.size()),
      movers_(graph_.nodes.size()),
      before_(graph_.nodes.size()),
      values_(graph_.nodes.size()),
      outcomes_(graph_.nodes.size()),
      base_outcomes_(graph_.nodes.size()),
      unblank_(graph_.nodes.size()),
      base_unblank_(graph_.nodes.size()),
      traces_(graph_.nodes.size()),
      deciding_(graph_.nodes.size()),
      cases_(graph_.nodes.size()),
      keeps_cases_(graph_.nodes.size()) {
    hold_what_cannot_be_supposed();
    for (const auto& node : graph_.nodes) in_parts_.push_back(is_read_in_parts(node));
    for (const auto& node : graph_.nodes)
        if (const auto* form = std::get_if<graph::CohortForm>(&node.form))
            for (const auto id : {form->value, form->group.value_or(form->value)})
                sorts_out_[at(id)] = std::holds_alternative<graph::ExpressionForm>(graph_.node(id).form);
}

Counterfactual::~Counterfactual() = default;

void Counterfactual::hold_what_cannot_be_supposed() {
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

bool Counterfactual::can_look_back_anew() const {
    for (const auto& node : graph_.nodes)
        if (held_[at(node.id)] && std::holds_alternative<graph::HistoryForm>(node.form)) return false;
    return true;
}

// --- What is supposed, and whom it reaches ---------------------------------------------------------------------------

void Counterfactual::suppose(NodeId input, std::size_t record, Value value) {
    supposed_.push_back({input, record, std::move(value)});
    spread_ = false;
}

void Counterfactual::suppose(NodeId parameter, Value value) {
    supposed_.push_back({parameter, std::nullopt, std::move(value)});
    spread_ = false;
}

void Counterfactual::look_back_anew(std::size_t record) {
    anew_ = record;
    spread_ = false;
}

void Counterfactual::forget() {
    supposed_.clear();
    anew_.reset();
    spread_ = false;
}

/// Nothing is known any more of those who may have other values now.
void Counterfactual::spread() {
    if (spread_) return;
    spread_ = true;
    for (const auto i : reached_) {
        values_[i].clear();
        outcomes_[i].clear();
        movers_[i].clear();
        unblank_[i].clear();
    }
    again_.clear();
    cohort_->reset();
    blanks_ = anew_.has_value();
    for (const auto& s : supposed_)
        blanks_ = blanks_ || s.value.is_null() || (s.record && as_it_is(s.node, *s.record).is_null());
    std::vector<std::pair<NodeId, bool>> from;
    for (const auto& s : supposed_) from.emplace_back(s.node, s.record.has_value());
    if (anew_) from.emplace_back(-1, true);
    if (from == spread_from_) return;
    spread_from_ = std::move(from);
    reach_on();
}

void Counterfactual::reach_on() {
    for (const auto i : reached_) reach_[i] = Reach::none;
    reached_.clear();
    felt_.reset();
    parameter_ = std::any_of(supposed_.begin(), supposed_.end(), [](const Supposed& s) { return !s.record; });
    for (const auto& s : supposed_) {
        auto& reach = reach_[at(s.node)];
        reach = std::max(reach, s.record ? Reach::own : Reach::others);
    }
    for (const auto id : graph_.order) {
        const auto& node = graph_.node(id);
        auto& reach = reach_[at(id)];
        if (anew_ && std::holds_alternative<graph::HistoryForm>(node.form)) reach = std::max(reach, Reach::own);
        bool by_steps = false;
        reached_uses_[at(id)].clear();
        for (const auto used : node.uses) {
            const auto of_used = reach_[at(used)];
            if (of_used != Reach::none) reached_uses_[at(id)].push_back(used);
            reach = std::max(reach, of_used);
            by_steps =
                by_steps || of_used == Reach::own ||
                (of_used == Reach::others && std::holds_alternative<graph::ParameterForm>(graph_.node(used).form));
        }
        const bool cohort = std::holds_alternative<graph::CohortForm>(node.form);
        if (reach == Reach::own && cohort && others_ == Others::move) reach = Reach::others;
        if (keeps_cases_[at(id)]) cases_[at(id)].clear();  // what is not reached may be another set now
        keeps_cases_[at(id)] = !by_steps && std::holds_alternative<graph::ExpressionForm>(node.form);
        if (reach != Reach::none) reached_.push_back(at(id));
    }
}

bool Counterfactual::moves_others(NodeId node) {
    spread();
    for (const auto id : nodes_behind(graph_, graph_.node(node)))
        if (const auto* form = std::get_if<graph::CohortForm>(&graph_.node(id).form))
            if (reaches_others(form->value) || (form->group && reaches_others(*form->group))) return true;
    return false;
}

bool Counterfactual::is_own(std::size_t record) const {
    return anew_ == record ||
           std::any_of(supposed_.begin(), supposed_.end(), [&](const Supposed& s) { return s.record == record; });
}

void Counterfactual::add_own(std::vector<std::uint64_t>& movers) const {
    const auto add = [&](std::size_t record) { movers[record / 64] |= std::uint64_t{1} << (record % 64); };
    if (anew_) add(*anew_);
    for (const auto& s : supposed_)
        if (s.record) add(*s.record);
}

const std::vector<std::uint64_t>& Counterfactual::movers(NodeId id) {
    auto& known = movers_[at(id)];
    if (!known.empty()) return known;
    std::vector<std::uint64_t> out((size() + 63) / 64);
    const auto& node = graph_.node(id);
    if (const auto* form = std::get_if<graph::CohortForm>(&node.form)) {
        cohort_->add_movers(node, *form, out);
    } else if (std::holds_alternative<graph::ParameterForm>(node.form)) {
        for (std::size_t i = 0; i < size(); ++i) out[i / 64] |= std::uint64_t{1} << (i % 64);
    } else if (sorts_out_[at(id)] && parameter_) {    // few of those who read a parameter come to another value
        known.assign(out.size(), ~std::uint64_t{0});  // anybody, until each has been looked at
        for (std::size_t i = 0; i < size(); ++i)
            if (!same_as_before(id, i)) out[i / 64] |= std::uint64_t{1} << (i % 64);
    } else {
        if (anew_ && std::holds_alternative<graph::HistoryForm>(node.form)) add_own(out);
        for (const auto used : reached_uses_[at(id)]) {
            if (reach_[at(used)] == Reach::own) add_own(out);
            if (reach_[at(used)] != Reach::others) continue;
            const auto& of_used = movers(used);
            for (std::size_t w = 0; w < out.size(); ++w) out[w] |= of_used[w];
        }
    }
    return known = std::move(out);
}

const Value* Counterfactual::supposed_value(NodeId node, std::size_t record) const {
    for (auto s = supposed_.rbegin(); s != supposed_.rend(); ++s)
        if (s->node == node && (!s->record || s->record == record)) return &s->value;
    return nullptr;
}

// --- Values --------------------------------------------------------------------------------------------------------

bool Counterfactual::reached(NodeId node, std::size_t record) {
    spread();
    const auto reach = reach_[at(node)];
    if (reach == Reach::none || is_own(record)) return reach != Reach::none;
    return reach == Reach::others && (movers(node)[record / 64] >> (record % 64) & 1) != 0;
}

const Value& Counterfactual::as_it_is(NodeId node, std::size_t record) {
    if (const auto* constant = cells_.constant(node)) return *constant;
    auto& known = before_[at(node)];
    if (const auto* value = known.find(record)) return *value;
    return known.put(record, size(), base_.value(node, record));
}

const Value& Counterfactual::value(NodeId node, std::size_t record) {
    if (!reached(node, record)) return as_it_is(node, record);
    if (const auto* known = values_[at(node)].find(record)) return *known;
    Value out;
    compute(graph_.node(node), record, out);
    return values_[at(node)].put(record, size(), std::move(out));
}

bool Counterfactual::same_as_before(NodeId node, std::size_t record) {
    return !reached(node, record) || same_value(value(node, record), as_it_is(node, record));
}

void Counterfactual::compute(const Node& node, std::size_t record, Value& out) {
    if (const auto* supposed = supposed_value(node.id, record)) {
        out = *supposed;
    } else if (const auto* form = std::get_if<graph::CohortForm>(&node.form)) {
        out = cohort_->value(node, *form, record);
    } else if (const auto* known = keeps_cases_[at(node.id)] ? known_case(node, record) : nullptr) {
        out = known->value;
    } else if (stays(node.id, record)) {
        out = as_it_is(node.id, record);
    } else if (graph::decision_of(node)) {
        decide(node, record, out);
    } else {
        Beside beside;
        Reading from;
        from.reached_alone = true;
        out = read_cell(node, {record, false, &from}, beside);
        if (std::holds_alternative<graph::HistoryForm>(node.form)) again_[node.id] = std::move(beside.reopened);
        if (keeps_cases_[at(node.id)]) keep_case(node.id, record, from, {out, {}});
    }
}

void Counterfactual::decide(const Node& node, std::size_t record, Value& out) {
    if (const auto* known = known_case(node, record)) {
        out = known->value;
        outcomes_[at(node.id)].put(record, size(), known->outcome);
        return;
    }
    Beside beside;
    Reading from;
    const bool keep = is_own(record) && !anew_;
    out = read_cell(node, {record, false, keep ? &from : nullptr}, beside);
    if (keep && from.of_one_record) keep_case(node.id, record, from, {out, beside.outcome});
    outcomes_[at(node.id)].put(record, size(), std::move(beside.outcome));
}

const Outcome& Counterfactual::outcome(NodeId decision, std::size_t record) {
    const auto& node = graph_.node(decision);
    const bool is_base = !reached(decision, record) || (!reads_anew(node, record) && uses_the_same(node, record));
    auto& known = is_base ? base_outcomes_[at(decision)] : outcomes_[at(decision)];
    if (const auto* found = known.find(record)) return *found;
    if (is_base) return known.put(record, size(), base_.outcome(decision, record));
    Value value;  // it may be known already, as one that stays; its reason may say other figures
    decide(node, record, value);
    values_[at(decision)].put(record, size(), std::move(value));
    return *known.find(record);
}

// --- What values were read from ------------------------------------------------------------------------------------

/// Whether something may be read that the node does not name: earlier years, or blanks.
bool Counterfactual::reads_anew(const Node& node, std::size_t record) const {
    if (anew_ == record && std::holds_alternative<graph::HistoryForm>(node.form)) return true;
    return blanks_ && graph::decision_of(node) && is_own(record);
}

bool Counterfactual::uses_the_same(const Node& node, std::size_t record) {
    spread();
    const auto& uses = reached_uses_[at(node.id)];
    return std::all_of(uses.begin(), uses.end(), [&](NodeId used) { return same_as_before(used, record); });
}

bool Counterfactual::stays(NodeId id, std::size_t record) {
    if (!reached(id, record)) return true;
    const auto& node = graph_.node(id);
    if (graph::decision_of(node) && is_own(record)) {
        const auto& slots = deciding(node, record);
        if (std::none_of(slots.begin(), slots.end(), [&](NodeId slot) { return reached(slot, record); })) return true;
    }
    if (reads_anew(node, record)) return false;
    if (!in_parts_[at(id)]) return uses_the_same(node, record);
    const auto& as_things_are = trace(node, record);
    if (!as_things_are.whole || guarded(node, record)) return uses_the_same(node, record);
    return std::all_of(as_things_are.parts.begin(), as_things_are.parts.end(), [&](const Part& part) {
        const auto& slots = slots_of(*part.expression);
        return std::all_of(slots.begin(), slots.end(), [&](NodeId slot) { return same_as_before(slot, record); }) ||
               same_value(part_now(part, record), part.result);
    });
}

/// Whether a decision's blanks have a say beside its rules.
bool Counterfactual::guarded(const Node& node, std::size_t record) {
    const auto* decision = graph::decision_of(node);
    if (!decision || decision->adverse.empty()) return false;
    const Reads nobody(reader_, std::nullopt);
    return cells_.guard().has_say(node, record);
}

const Counterfactual::Trace& Counterfactual::trace(const Node& node, std::size_t record) {
    auto& known = traces_[at(node.id)];
    if (const auto* found = known.find(record)) return *found;
    Trace out;
    if (graph::decision_of(node)) {
        const Meanwhile as_things_are(reads_base_, true);
        out.whole = base_.outcome(node.id, record).settled() && !guarded(node, record);
    }
    if (out.whole) {
        Reading from;
        const Reads reads(reader_, Reader{record, true, &from});
        cells_.by_itself(node);
        out.parts = std::move(from.parts);
    }
    return known.put(record, size(), std::move(out));
}

Value Counterfactual::part_now(const Part& part, std::size_t record) {
    const Reads reads(reader_, Reader{record, false, nullptr});
    fill(*part.expression);
    return feel::evaluate(*part.expression, cells_.frame(), {feel::NullMeaning::unknown, *part.source});
}

/// What the rules read that may decide, whatever the blanks are; those after them are never asked.
const std::vector<NodeId>& Counterfactual::deciding(const Node& node, std::size_t record) {
    auto& known = deciding_[at(node.id)];
    if (const auto* found = known.find(record)) return *found;
    auto out = node.uses;
    const auto& form = std::get<graph::DecisionForm>(node.form);
    if (in_parts_[at(node.id)] && form.decision->hit_policy == feel::HitPolicy::first) {
        const Meanwhile as_things_are(reads_base_, true);
        const Reads reads(reader_, Reader{record, true});
        if (const auto last = cells_.guard().last_to_decide(node, record, cells_.reading())) {
            out.clear();
            const auto add = [&](const graph::Formula& formula) {
                if (!formula) return;
                const auto& slots = slots_of(*formula.expr);
                out.insert(out.end(), slots.begin(), slots.end());
            };
            for (std::size_t i = 0; i <= *last; ++i) {
                for (const auto& condition : form.rules[i].conditions) add(condition.formula);
                add(form.rules[i].then.formula);
            }
        }
    }
    return known.put(record, size(), std::move(out));
}

/// The one of this year, whatever is supposed, with which all that it was read from is as it was.
const Cases::Result* Counterfactual::known_case(const Node& node, std::size_t record) {
    const auto* cases = cases_[at(node.id)].find(record);
    if (!cases || anew_) return nullptr;
    return cases->find([&](const Cases::Question& question) { return ask(question, record); });
}

Cases::Answer Counterfactual::ask(const Cases::Question& question, std::size_t record) {
    using What = Cases::Question::What;
    switch (question.what) {
        case What::value: return {value(question.node, record)};
        case What::unknown: return {Value(feel::is_unknown(value(question.node, record)))};
        case What::without_blanks: return {Value(no_blank_behind(question.node, record))};
        case What::peers: return cohort_->peers(question.node, question.group);
    }
    return {};
}

void Counterfactual::keep_case(NodeId node, std::size_t record, const Reading& from, Cases::Result result) {
    auto* cases = cases_[at(node)].find(record);
    if (!cases) cases = &cases_[at(node)].put(record, size(), {});
    cases->keep(from.read, std::move(result), graph::decision_of(graph_.node(node)) ? most_of_decision : most_cases);
}

void Counterfactual::note(Cases::Question::What what, NodeId node, std::size_t record, const Value& answer) {
    if (!reader_ || !reader_->from) return;
    auto& from = *reader_->from;
    if (from.reached_alone && reach_[at(node)] == Reach::none) return;
    if (record != reader_->record) from.of_one_record = false;
    if (from.is_first({what, node})) from.read.push_back({{what, node}, {answer}});
}

bool Counterfactual::Reading::is_first(const Cases::Question& question) {
    if (question.what == Cases::Question::What::peers)  // these are few
        return std::none_of(read.begin(), read.end(), [&](const auto& one) { return one.question == question; });
    constexpr std::size_t others = 3;
    const auto place = at(question.node) * others + static_cast<std::size_t>(question.what);
    if (place >= met_.size()) met_.resize(place + 1);
    if (met_[place]) return false;
    met_[place] = true;
    return true;
}

// --- The frame -------------------------------------------------------------------------------------------------------

Value Counterfactual::read_cell(const Node& node, const Reader& reader, Beside& beside) {
    const Reads reads(reader_, reader);
    if (const auto* form = std::get_if<graph::HistoryForm>(&node.form); form && form->list) fill(form->of);
    return cells_.cell(node, base_.rows[reader.record], reader.record, beside);
}

const std::vector<int>& Counterfactual::slots_of(const feel::Expr& expression) {
    const auto [place, is_new] = slots_.try_emplace(&expression);
    if (is_new) {
        place->second = feel::slots_read(expression);
        std::erase(place->second, graph_.tested);
    }
    return place->second;
}

void Counterfactual::fill(const feel::Expr& expression) {
    const auto reader = *reader_;
    const auto& slots = slots_of(expression);
    if (!reader.as_it_is)
        for (const auto slot : slots) value(slot, reader.record);  // which may take other records' frames
    for (const auto slot : slots) put_in_frame(slot, reader);
}

void Counterfactual::fill(NodeId node) {
    const auto reader = *reader_;
    if (node == graph_.tested) return;
    if (!reader.as_it_is) value(node, reader.record);
    put_in_frame(node, reader);
}

void Counterfactual::put_in_frame(NodeId slot, const Reader& reader) {
    cells_.frame()[at(slot)] = reader.as_it_is ? as_it_is(slot, reader.record) : value(slot, reader.record);
    if (reader.from && !reader.as_it_is)
        note(Cases::Question::What::value, slot, reader.record, cells_.frame()[at(slot)]);
}

void Counterfactual::found(const feel::Expr& expression, const SourcePtr& source, const Value& result) {
    if (reader_->from && reader_->as_it_is) reader_->from->parts.push_back({&expression, &source, result});
}

// --- What decisions ask that look again at blanks --------------------------------------------------------------------

const Reopened* Counterfactual::put_back(NodeId history, std::size_t record) {
    if (reads_base_ || record != anew_) return base_.earlier(history, record);
    value(history, record);
    const auto& again = again_[history];
    return again ? &*again : nullptr;
}

const Value& Counterfactual::now(NodeId node, std::size_t record) {
    static const Value none;
    if (node == graph_.tested) return none;
    if (reads_base_) return as_it_is(node, record);
    const auto& out = value(node, record);
    note(Cases::Question::What::value, node, record, out);
    return out;
}

Value Counterfactual::of(NodeId node, std::size_t record) {
    if (reader_ && reader_->from) reader_->from->of_one_record = false;
    return value(node, record);
}

bool Counterfactual::unknown_now(NodeId node, std::size_t record) {
    if (node == graph_.tested) return false;
    if (reads_base_) return feel::is_unknown(as_it_is(node, record));
    const bool out = feel::is_unknown(value(node, record));
    note(Cases::Question::What::unknown, node, record, Value(out));
    return out;
}

bool Counterfactual::without_blanks(NodeId node, std::size_t record) {
    const bool out = no_blank_behind(node, record);
    if (!reads_base_) note(Cases::Question::What::without_blanks, node, record, Value(out));
    return out;
}

bool Counterfactual::no_blank_behind(NodeId id, std::size_t record) {
    if (id == graph_.tested) return false;
    const bool as_things_are = reads_base_ || !reached(id, record);
    auto& known = (as_things_are ? base_unblank_ : unblank_)[at(id)];
    if (const auto* found = known.find(record)) return *found != 0;
    const auto& node = graph_.node(id);
    const auto* history = std::get_if<graph::HistoryForm>(&node.form);
    bool out = !feel::is_unknown(as_things_are ? as_it_is(id, record) : value(id, record)) &&
               (!history || (!history->list && !put_back(id, record)));
    out = out &&
          std::all_of(node.uses.begin(), node.uses.end(), [&](NodeId used) { return no_blank_behind(used, record); });
    return known.put(record, size(), out) != 0;
}

}  // namespace zoneval::exec
