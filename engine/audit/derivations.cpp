#include "engine/audit/derivations.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/audit/score_parts.hpp"
#include "engine/exec/kinds/kinds.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::audit {

using feel::Value;
using graph::Node;
using wording::Answer;

namespace {

std::string place(const SourcePtr& source, Span span) {
    return fmt::format("{}:{}", source->name(), source->position(span.begin).line);
}

}  // namespace

Derivations::Derivations(const AtRecord& at) : at_(at), sources_(at) {}

/// Each once, those nearest to the decision first.
std::vector<Explanation::Assumption> Derivations::assumptions() const {
    auto met = assumptions_;
    std::stable_sort(met.begin(), met.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Explanation::Assumption> out;
    for (auto& [depth, assumption] : met)
        if (std::none_of(out.begin(), out.end(),
                         [&, &made = assumption](const auto& a) { return a.name == made.name; }))
            out.push_back(std::move(assumption));
    return out;
}

/// What a node was computed from, by the branch taken; of a score its indicators, each with its points.
void Derivations::derive_from(Derivation& out, const Node& node) {
    if (const auto& scores = at_.graph.rules->scores; node.of_score && node.definition) {
        const auto score =
            std::find_if(scores.begin(), scores.end(), [&](const auto& s) { return &s == node.definition; });
        const auto parts = score == scores.end() ? std::vector<ScorePart>() : parts_of(at_.graph, *score);
        const bool plain = std::all_of(parts.begin(), parts.end(), [](const auto& p) { return p.value; });
        for (const auto& part : parts)
            if (plain) {
                out.from.push_back(derive(*part.value));
                const auto points = at_.e.value(part.points->id, at_.record);
                const auto note =
                    points.is_null()
                        ? std::string()
                        : say(Answer::points_of, at_.tongue,
                              {{"points", exec::display(points, 2)},
                               {"weight", exec::display(part.group_weight * part.weight * feel::Decimal(100), {})}});
                auto& own = out.from.back().note;
                if (instead_of(at_.a, part, at_.record)) own = value_told(at_.a, part, at_.record, at_.language);
                own = fmt::format("{}{}{}", note, own.empty() || note.empty() ? "" : "; ", own);
            }
        if (plain && !parts.empty()) return;
    }
    if (const auto* form = std::get_if<graph::ExpressionForm>(&node.form)) {
        for (const auto used : at_.reader().read_by(form->formula)) out.from.push_back(derive(at_.graph.node(used)));
        return;
    }
    for (const auto used : node.uses) out.from.push_back(derive(at_.graph.node(used)));
}

void Derivations::show_value(Derivation& out, const graph::Graph& graph, const Node& node, const Value& value) const {
    out.has_value = !value.is_null();
    if (value.is_null()) {
        out.value = out.label = say(Answer::unknown, at_.tongue);
        return;
    }
    const wording::Format format{node.decimals, ""};
    out.value = wording::show(value, format, at_.tongue);
    out.label = exec::shown(graph, node, value, format, at_.tongue);
}

Derivation Derivations::derive(const Node& node) {
    Derivation out;
    out.name = node.name;
    out.kind = to_string(node.kind);
    out.unit = node.unit;
    const auto& value = at_.e.value(node.id, at_.record);
    show_value(out, at_.graph, node, value);
    if (value.is_null())
        sources_.null_note(out, value);
    else if (at_.filled && at_.filled->abstract(node.id).open())
        out.note = node.of_score ? wording::say(*at_.filled->abstract(node.id).value.cause(), at_.tongue)
                                 : say(Answer::as_things_are, at_.tongue);
    if (node.definition) {
        const auto title = node.definition->title.in(at_.language);
        if (!title.empty() && title != node.name) out.name = fmt::format("{} ({})", node.name, title);
        if (node.definition->cite) out.cite = node.definition->cite->to_string();
        out.where = place(node.definition->source, node.definition->span);
    }
    if (const auto* e = std::get_if<graph::ExpressionForm>(&node.form); e && e->formula.text != node.name)
        out.formula = one_line(e->formula.text);
    if (node.kind == graph::NodeKind::input)
        out.where = sources_.datum_place(*at_.e.table, at_.e.rows[at_.record], node.name);
    if (const auto* p = std::get_if<graph::ParameterForm>(&node.form)) parameter(out, *p->parameter);
    if (const auto* h = std::get_if<graph::HistoryForm>(&node.form)) {
        sources_.history(out, node.id, *h);
        const auto& of = at_.graph.node(h->of);
        const auto* of_kind = h->list ? nullptr : std::get_if<graph::KindForm>(&of.form);
        if (of_kind) records_of_kind(out, {at_.graph, *at_.a.kinds}, of, *of_kind, at_.e.rows[at_.record]);
    }
    if (const auto* c = std::get_if<graph::CohortForm>(&node.form)) cohort(out, *c);
    if (!unfolded_.insert(node.id).second) {
        if (!node.uses.empty()) out.note = say(Answer::see_above, at_.tongue);
        return out;
    }
    ++depth_;
    derive_from(out, node);
    --depth_;
    if (graph::decision_of(node)) {
        const auto o = at_.e.outcome(node.id, at_.record);
        const auto rule = assess::rule_name(node, o);
        if (o.is_default())
            out.formula = say(graph::decision_of(node)->lifecycle ? Answer::no_transition_holds : Answer::no_rule_holds,
                              at_.tongue);
        else if (!rule.empty())
            out.formula = say(Answer::by_rule, at_.tongue, {{"rule", rule}}) +
                          (o.because.empty() ? "" : say(Answer::colon, at_.tongue) + at_.because(node, o));
    }
    return out;
}

void Derivations::parameter(Derivation& out, const model::Parameter& parameter) {
    if (const auto* dated = exec::in_force(parameter, at_.e.date); dated && dated->from && parameter.values.size() > 1)
        out.note = say(Answer::in_force_from, at_.tongue, {{"date", dated->from->to_string()}});
    if (parameter.assumption.empty()) return;
    out.assumption = parameter.assumption.in(at_.language);
    const auto title = parameter.title.in(at_.language);
    const auto name = title.empty() ? parameter.name : title;
    if (std::any_of(assumptions_.begin(), assumptions_.end(), [&](const auto& a) { return a.second.name == name; }))
        return;  // of another record
    assumptions_.push_back(
        {depth_, {name, wording::with_unit(out.label, parameter.unit, at_.tongue), one_line(out.assumption)}});
}

void Derivations::cohort(Derivation& out, const graph::CohortForm& form) const {
    std::size_t members = 0;
    std::vector<std::string> blank;  // records whose value would count, too
    for (std::size_t i = 0; i < at_.e.size(); ++i) {
        if (form.group && !feel::identical(at_.e.value(*form.group, i), at_.e.value(*form.group, at_.record))) continue;
        const auto value = at_.e.value(form.value, i);
        members += !value.is_null();
        if (i != at_.record && feel::is_unknown(value)) blank.push_back(at_.e.record(i));
    }
    out.note = say(Answer::among_records, at_.tongue, {{"n", std::to_string(members)}});
    if (form.function == graph::CohortFunction::treated) out.note += treatment_told(at_.e, form, at_.tongue);
    if (form.group)
        out.note += say(Answer::of_group, at_.tongue,
                        {{"name", subject_of(at_.graph, at_.graph.node(*form.group), at_.e.year, at_.language).title},
                         {"value", exec::shown(at_.graph, at_.graph.node(*form.group),
                                               at_.e.value(*form.group, at_.record), {}, at_.tongue)}});
    constexpr std::size_t shown = 3;
    if (blank.empty()) return;
    const auto first =
        std::vector(blank.begin(), blank.begin() + static_cast<std::ptrdiff_t>(std::min(shown, blank.size())));
    out.note += say(Answer::not_yet_known, at_.tongue,
                    {{"records", fmt::format("{}", fmt::join(first, say(wording::Phrase::separator, at_.tongue)))}});
    if (blank.size() > shown)
        out.note += " " + say(wording::Phrase::more_of_them, at_.tongue, {{"n", std::to_string(blank.size() - shown)}});
}

// --- Records of other kinds -----------------------------------------------------------------------------------------

/// Who of the other kind has a part, each with what it gives and where that stands.
void Derivations::records_of_kind(Derivation& out, const Level& level, const Node& of, const graph::KindForm& form,
                                  std::size_t row) {
    const auto& kind = level.graph.kinds[form.kind];
    const auto& kinds = level.kinds;
    const auto& among = kinds.evaluation(form.kind);
    auto records = kinds.belonging(form.kind, row);
    std::erase_if(records, [&](auto i) { return kinds.takes_part(of.id, i) == exec::KindTerm::In::no; });
    const auto title = kind.kind->title.in(at_.language);
    const auto& name = title.empty() ? kind.kind->name : title;
    out.kind = kind.kind->name;
    if (out.note.empty())
        out.note = say(Answer::of_records_of_kind, at_.tongue, {{"n", std::to_string(records.size())}, {"kind", name}});
    constexpr std::size_t shown = 12;
    // Those that keep it open come first.
    std::stable_partition(records.begin(), records.end(), [&](auto i) {
        return kinds.takes_part(of.id, i) == exec::KindTerm::In::maybe ||
               (form.value && feel::is_unknown(among.value(*form.value, i)));
    });
    for (std::size_t k = 0; k < std::min(shown, records.size()); ++k)
        out.from.push_back(record_of_kind(kind, kinds.below(form.kind), form, among, records[k]));
    if (records.size() > shown)
        out.note +=
            " " + say(wording::Phrase::more_of_them, at_.tongue, {{"n", std::to_string(records.size() - shown)}});
}

Derivation Derivations::record_of_kind(const graph::KindGraph& kind, const exec::Kinds* below,
                                       const graph::KindForm& form, const exec::Evaluation& among, std::size_t i) {
    Derivation out;
    out.name = among.record(i);
    out.kind = kind.kind->name;
    const auto row = among.rows[i];
    const auto& table = *among.table;
    const auto asked = form.value ? form.value : form.where;
    if (asked) {
        value_in_kind(out, kind.graph->node(*asked), among, i);
        std::set<graph::NodeId> told;
        behind_in_kind(out, {kind, below, among, i}, *asked, told);
        if (form.value && form.where) behind_in_kind(out, {kind, below, among, i}, *form.where, told);
    }
    if (!kind.kind->dated.empty())
        if (const auto* days = table.column(kind.kind->dated)) out.name += " (" + days->at(row).to_string() + ")";
    const auto* shown = asked ? &kind.graph->node(*asked) : nullptr;
    out.where =
        sources_.datum_place(table, row, shown && shown->kind == graph::NodeKind::input ? shown->name : kind.kind->key);
    return out;
}

void Derivations::value_in_kind(Derivation& out, const Node& node, const exec::Evaluation& among, std::size_t i) const {
    const auto value = among.value(node.id, i);
    out.unit = node.unit;
    show_value(out, *among.graph, node, value);
    if (value.is_null()) sources_.null_note(out, value);
}

/// What was handed on to it: from the record that it belongs to, or from those that belong to it.
void Derivations::handed_on(Derivation& out, const OfKind& one, const Node& node) {
    const auto* read = std::get_if<graph::HistoryForm>(&node.form);
    if (!read) return;
    const auto& of = one.kind.graph->node(read->of);
    if (const auto* form = std::get_if<graph::KindForm>(&of.form))
        return records_of_kind(out, {*one.kind.graph, *one.below}, of, *form, one.among.rows[one.record]);
    const auto* owner = std::get_if<graph::OwnerForm>(&of.form);
    if (owner && one.kind.kind->of.empty()) out.from.push_back(derive(at_.graph.node(owner->of)));
}

/// What a value of another kind's record was made of, down to its data and parameters, each once.
void Derivations::behind_in_kind(Derivation& out, const OfKind& one, graph::NodeId of, std::set<graph::NodeId>& told) {
    const auto& own = *one.kind.graph;
    handed_on(out, one, own.node(of));
    for (const auto id : own.node(of).uses) {
        const auto& node = own.node(id);
        const bool named = node.kind != graph::NodeKind::hidden && node.kind != graph::NodeKind::context;
        if (!named && !std::holds_alternative<graph::HistoryForm>(node.form)) {
            behind_in_kind(out, one, id, told);
            continue;
        }
        if (!told.insert(id).second) continue;
        Derivation part;
        part.name = node.name;
        part.kind = to_string(node.kind);
        value_in_kind(part, node, one.among, one.record);
        if (const auto* p = std::get_if<graph::ParameterForm>(&node.form)) parameter(part, *p->parameter);
        if (const auto* form = std::get_if<graph::ExpressionForm>(&node.form))
            part.formula = one_line(form->formula.text);
        if (node.kind == graph::NodeKind::input)
            part.where = sources_.datum_place(*one.among.table, one.among.rows[one.record], node.name);
        behind_in_kind(part, one, id, told);
        out.from.push_back(std::move(part));
    }
}

}  // namespace zoneval::audit
