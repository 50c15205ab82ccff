#include "engine/audit/sources.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/assess/other_outcomes.hpp"
#include "engine/assess/successions.hpp"
#include "engine/wording/answers.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::audit {

using feel::Value;
using graph::Node;
using wording::Answer;

Sources::Sources(const AtRecord& at)
    : at_(at),
      a_(at.a),
      graph_(at.graph),
      e_(at.e),
      record_(at.record),
      tongue_(at.tongue),
      earlier_rulings_(at.a.basis.rulings) {}

void Sources::null_note(Derivation& out, const Value& value) const {
    const auto kind = feel::missing_kind(value.cause());
    if (kind == feel::Missing::not_applicable) out.value = wording::say(kind, tongue_);
    std::vector<std::string> why;
    for (const auto& leaf : feel::leaves(value.cause())) why.push_back(wording::say(*leaf, tongue_));
    out.note = fmt::format("{}", fmt::join(why, "; "));
}

std::string Sources::datum_place(const Table& table, std::size_t row, const std::string& input) const {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        if (table.columns[c].name() != input) continue;
        const auto origin = table.origin(row, c);
        if (origin.line == 0 || origin.batch >= table.batches.size()) return say(Answer::no_row_that_year, tongue_);
        const auto& batch = table.batches[origin.batch];
        const auto file = batch.sheet.empty() ? batch.file : fmt::format("{} [{}]", batch.file, batch.sheet);
        return say(batch.sheet.empty() ? Answer::line_of_file : Answer::row_of_sheet, tongue_,
                   {{"file", file}, {"line", std::to_string(origin.line)}, {"n", std::to_string(batch.revision)}});
    }
    return "";
}

/// The cell that `prior` of an input read.
void Sources::earlier_datum(Derivation& out, const Node& of, std::int32_t year) const {
    const auto table = a_.earlier_data.find(year);
    if (table == a_.earlier_data.end()) return;
    const auto row = table->second->row(e_.record(record_));
    if (row) out.where = datum_place(*table->second, *row, of.name);
    out.kind = to_string(of.kind);
}

/// Which rule had given an outcome on record, and why.
std::string Sources::by_rule_then(const store::Outcome& o) const {
    const auto comma = say(Answer::comma, tongue_);
    const auto rule = o.ending == store::Outcome::Ending::by_default ? comma + say(Answer::no_rule_held, tongue_)
                      : o.ending == store::Outcome::Ending::fired
                          ? comma + say(Answer::by_rule, tongue_, {{"rule", o.rule}})
                          : "";
    return rule + (o.because.empty() ? "" : say(Answer::colon, tongue_) + o.because);
}

/// That people ruled on what was on record, `as` whom.
std::string Sources::ruled_then(const store::Ruling& ruling, const std::string& as) const {
    return say(Answer::ruling_on, tongue_,
               {{"n", std::to_string(ruling.id)},
                {"decision", ruling.decision},
                {"year", std::to_string(ruling.year)},
                {"as", as},
                {"by", ruling.by},
                {"reason", ruling.reason}});
}

/// The run of another rule set that it was read from.
void Sources::other_outcome(Derivation& out, const model::OtherOutcome& other) const {
    const auto year = e_.year - other.years_back;
    const auto run = a_.basis.others.find({other.ruleset, year});
    if (run == a_.basis.others.end()) return;  // said beside the value
    auto note = say(Answer::said_in_run, tongue_,
                    {{"name", other.outcome},
                     {"year", std::to_string(year)},
                     {"ruleset", other.ruleset},
                     {"run", std::to_string(run->second->id)}});
    const auto name = assess::name_then(assess::Successions(*graph_.rules), other, e_.record(record_), year);
    const auto place = std::find(run->second->records.begin(), run->second->records.end(), name);
    const auto* decisions = run->second->decision(other.outcome);
    if (decisions && place != run->second->records.end()) {
        const auto& o = decisions->of(place.index());
        const auto found = a_.basis.others_rulings.find(other.ruleset);
        const assess::Rulings rulings(found == a_.basis.others_rulings.end() ? std::vector<store::Ruling>()
                                                                             : found->second);
        const auto* ruling = rulings.standing(year, name, other.outcome, !o.value.empty());
        note += ruling ? "; " + ruled_then(*ruling, "") : by_rule_then(o);
    }
    out.note = out.note.empty() ? note : note + "; " + out.note;
}

void Sources::earlier_outcome(Derivation& out, const Node& of, std::int32_t year) const {
    const auto earlier = a_.basis.earlier.find(year);
    const auto* run = earlier == a_.basis.earlier.end() ? nullptr : earlier->second.get();
    const auto* decisions = run ? run->decision(of.name) : nullptr;
    auto name = e_.record(record_);
    if (decisions) {
        auto place = std::find(run->records.begin(), run->records.end(), name);
        const auto before = assess::Successions(*graph_.rules).earlier(name, year);
        if (place == run->records.end() && before && before->names.size() == 1) {
            name = before->names.front();
            place = std::find(run->records.begin(), run->records.end(), name);
        }
        if (place != run->records.end()) {
            const auto& o = decisions->of(place.index());
            const auto as = name == e_.record(record_) ? "" : say(Answer::under_name, tongue_, {{"name", name}});
            const auto* ruling = earlier_rulings_.standing(year, name, of.name, !o.value.empty());
            out.note = ruling ? ruled_then(*ruling, as)
                              : say(Answer::assessed_in_run, tongue_,
                                    {{"year", std::to_string(year)}, {"run", std::to_string(run->id)}}) +
                                    as + by_rule_then(o);
        }
    }
    if (out.note.empty()) out.note = say(Answer::as_assessed, tongue_, {{"year", std::to_string(year)}});
}

void Sources::history(Derivation& out, graph::NodeId id, const graph::HistoryForm& form) const {
    const auto& of = graph_.node(form.of);
    out.unit = of.unit;
    if (const auto value = e_.value(id, record_); value.number() && of.decimals)
        out.value = exec::display(value, of.decimals);
    if (form.list || std::holds_alternative<graph::KindForm>(of.form)) return;
    if (const auto* other = std::get_if<graph::OtherForm>(&of.form)) return other_outcome(out, *other->other);
    if (const auto* years = std::get_if<graph::YearsForm>(&of.form)) {
        out.note = say(Answer::of_data_of, tongue_,
                       {{"years", years->years.from ? years->years.to_string() : say(Answer::all_years, tongue_)}});
        return;
    }
    const auto year = e_.year - form.years_back().front();
    if (of.kind == graph::NodeKind::input) return earlier_datum(out, of, year);
    earlier_outcome(out, of, year);
}

}  // namespace zoneval::audit
