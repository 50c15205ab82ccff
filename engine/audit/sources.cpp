#include "engine/audit/sources.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/assess/other_outcomes.hpp"
#include "engine/assess/successions.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::audit {

using feel::Value;
using graph::Node;
using wording::Answer;

Sources::Sources(const AtRecord& at) : at_(at), earlier_rulings_(at.a.basis.rulings) {}

void Sources::null_note(Derivation& out, const Value& value) const {
    const auto kind = feel::missing_kind(value.cause());
    if (kind == feel::Missing::not_applicable) out.value = out.label = wording::say(kind, at_.tongue);
    std::vector<std::string> why;
    for (const auto& leaf : feel::leaves(value.cause())) why.push_back(wording::say(*leaf, at_.tongue));
    out.note = fmt::format("{}", fmt::join(why, "; "));
}

std::string Sources::datum_place(const Table& table, std::size_t row, const std::string& input) const {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        if (table.columns[c].name() != input) continue;
        const auto origin = table.origin(row, c);
        if (origin.line == 0 || origin.batch >= table.batches.size()) return say(Answer::no_row_that_year, at_.tongue);
        const auto& batch = table.batches[origin.batch];
        const auto file = batch.sheet.empty() ? batch.file : fmt::format("{} [{}]", batch.file, batch.sheet);
        return say(batch.sheet.empty() ? Answer::line_of_file : Answer::row_of_sheet, at_.tongue,
                   {{"file", file}, {"line", std::to_string(origin.line)}, {"n", std::to_string(batch.revision)}});
    }
    return "";
}

/// The cell that `prior` of an input read.
void Sources::earlier_datum(Derivation& out, const Node& of, std::int32_t year) const {
    const auto table = at_.a.earlier_data.find(year);
    if (table == at_.a.earlier_data.end()) return;
    const auto row = table->second->row(at_.e.record(at_.record));
    if (row) out.where = datum_place(*table->second, *row, of.name);
    out.kind = to_string(of.kind);
}

/// Which rule had given an outcome on record, and why.
std::string Sources::by_rule_then(const store::Outcome& o) const {
    const auto comma = say(Answer::comma, at_.tongue);
    const auto rule = o.ending == store::Outcome::Ending::by_default ? comma + say(Answer::no_rule_held, at_.tongue)
                      : o.ending == store::Outcome::Ending::fired
                          ? comma + say(Answer::by_rule, at_.tongue, {{"rule", o.rule}})
                          : "";
    return rule + (o.because.empty() ? "" : say(Answer::colon, at_.tongue) + o.because);
}

/// That people ruled on what was on record, `as` whom.
std::string Sources::ruled_then(const store::Ruling& ruling, const std::string& as) const {
    return say(Answer::ruling_on, at_.tongue,
               {{"n", std::to_string(ruling.id)},
                {"decision", ruling.decision},
                {"year", std::to_string(ruling.year)},
                {"as", as},
                {"by", ruling.by},
                {"reason", ruling.reason}});
}

/// The run of another rule set that it was read from.
void Sources::other_outcome(Derivation& out, const model::OtherOutcome& other) const {
    const auto year = at_.e.year - other.years_back;
    const auto run = at_.a.basis.others.find({other.ruleset, year});
    if (run == at_.a.basis.others.end()) return;  // said beside the value
    auto note = say(Answer::said_in_run, at_.tongue,
                    {{"name", other.outcome},
                     {"year", std::to_string(year)},
                     {"ruleset", other.ruleset},
                     {"run", std::to_string(run->second->id)}});
    const auto name = assess::name_then(assess::Successions(*at_.graph.rules), other, at_.e.record(at_.record), year);
    const auto place = std::find(run->second->records.begin(), run->second->records.end(), name);
    const auto* decisions = run->second->decision(other.outcome);
    if (decisions && place != run->second->records.end()) {
        const auto& o = decisions->of(place.index());
        const auto found = at_.a.basis.others_rulings.find(other.ruleset);
        const assess::Rulings rulings(found == at_.a.basis.others_rulings.end() ? std::vector<store::Ruling>()
                                                                                : found->second);
        const auto* ruling = rulings.standing(year, name, other.outcome, !o.value.empty());
        note += ruling ? "; " + ruled_then(*ruling, "") : by_rule_then(o);
    }
    out.note = out.note.empty() ? note : note + "; " + out.note;
}

void Sources::earlier_outcome(Derivation& out, const Node& of, std::int32_t year) const {
    const auto earlier = at_.a.basis.earlier.find(year);
    const auto* run = earlier == at_.a.basis.earlier.end() ? nullptr : earlier->second.get();
    const auto* decisions = run ? run->decision(of.name) : nullptr;
    auto name = at_.e.record(at_.record);
    if (decisions) {
        auto place = std::find(run->records.begin(), run->records.end(), name);
        const auto before = assess::Successions(*at_.graph.rules).earlier(name, year);
        if (place == run->records.end() && before && before->names.size() == 1) {
            name = before->names.front();
            place = std::find(run->records.begin(), run->records.end(), name);
        }
        if (place != run->records.end()) {
            const auto& o = decisions->of(place.index());
            const auto as =
                name == at_.e.record(at_.record) ? "" : say(Answer::under_name, at_.tongue, {{"name", name}});
            const auto* ruling = earlier_rulings_.standing(year, name, of.name, !o.value.empty());
            out.note = ruling ? ruled_then(*ruling, as)
                              : say(Answer::assessed_in_run, at_.tongue,
                                    {{"year", std::to_string(year)}, {"run", std::to_string(run->id)}}) +
                                    as + by_rule_then(o);
        }
    }
    if (out.note.empty()) out.note = say(Answer::as_assessed, at_.tongue, {{"year", std::to_string(year)}});
}

void Sources::history(Derivation& out, graph::NodeId id, const graph::HistoryForm& form) const {
    const auto& of = at_.graph.node(form.of);
    out.unit = of.unit;
    if (const auto value = at_.e.value(id, at_.record); value.number() && of.decimals)
        out.value = out.label = exec::display(value, of.decimals);
    if (form.list || std::holds_alternative<graph::KindForm>(of.form)) return;
    if (const auto* other = std::get_if<graph::OtherForm>(&of.form)) return other_outcome(out, *other->other);
    if (const auto* years = std::get_if<graph::YearsForm>(&of.form)) {
        out.note = say(Answer::of_data_of, at_.tongue,
                       {{"years", years->years.from ? years->years.to_string() : say(Answer::all_years, at_.tongue)}});
        return;
    }
    const auto year = at_.e.year - form.years_back().front();
    if (of.kind == graph::NodeKind::input) return earlier_datum(out, of, year);
    earlier_outcome(out, of, year);
}

}  // namespace zoneval::audit
