#include "engine/assess/earlier_run.hpp"

#include <fmt/format.h>

#include "engine/assess/reopened_text.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/feel/value/reason.hpp"
#include "engine/table/scaled.hpp"

namespace zoneval::assess {

using feel::Value;
namespace reasons = feel::reasons;

namespace {

Value parse_value(std::string_view feel_text) {
    if (const auto number = parse_scaled(feel_text)) return decimal(*number);
    return feel::from_feel(feel_text);
}

/// A value that was null: for the kind of missing data that the run recorded, or for other words.
Value was_null(const std::string& name, std::int32_t year, std::string_view why) {
    if (why.empty()) return {};
    const auto kind = feel::missing_from_string(why).value_or(feel::Missing::not_reported);
    if (kind == feel::Missing::not_applicable)
        return Value::missing(kind, reasons::said_not_applicable_for(fmt::format("{} {}", name, year)));
    return Value::missing(kind, reasons::was_unknown(name, year, std::string(why)));
}

Value unknown(feel::Fact fact) { return Value::missing(feel::Missing::not_reported, std::move(fact)); }

/// An earlier outcome that was open, or in conflict.
Value not_settled(const std::string& decision, std::int32_t year, const store::Outcome& outcome) {
    const auto possible = parse_value(outcome.possible);
    feel::Cause cause;
    cause.fact = reasons::was_undetermined(decision, year, possible);
    cause.missing = feel::Missing::not_reported;
    if (possible.list()) cause.possible = *possible.list();
    return Value::null(feel::make_cause(std::move(cause)));
}

}  // namespace

EarlierRun::EarlierRun(const store::Run& run, const std::set<std::string>& names) : run_(run), rows_(run.records) {
    for (const auto& decisions : run.decisions)
        if (names.contains(decisions.name)) index(decisions);
    for (const auto& measured : run.measured)
        if (names.contains(measured.name)) index(measured);
}

std::optional<std::uint32_t> EarlierRun::row(exec::RecordAt at) const { return rows_.find(at.name, at.row); }

void EarlierRun::index(const store::Decisions& decisions) {
    auto& column = columns_[decisions.name];
    column.codes = &decisions.codes;
    for (const auto& o : decisions.outcomes)
        column.values.push_back(o.value.empty() ? not_settled(decisions.name, run_.year, o) : parse_value(o.value));
    for (std::size_t code = 0; code < decisions.outcomes.size(); ++code)
        if (const auto& text = decisions.outcomes[code].with_blanks; !text.empty())
            column.with_blanks.emplace(code, text);
}

void EarlierRun::index(const store::Measured& measured) {
    auto& column = columns_[measured.name];
    column.codes = nullptr;
    column.values.reserve(run_.records.size());
    std::unordered_map<std::string, Value> parsed, nulls;  // few distinct texts, many rows
    store::MeasuredReader reader(measured.cells);
    while (const auto cell = reader.next()) {
        if (!cell->with_blanks.empty()) column.with_blanks.emplace(column.values.size(), cell->with_blanks);
        if (!cell->is_value) {
            const auto [place, is_new] = nulls.try_emplace(std::string(cell->text));
            if (is_new) place->second = was_null(measured.name, run_.year, cell->text);
            column.values.push_back(place->second);
        } else if (const auto number = parse_scaled(cell->text)) {
            column.values.emplace_back(decimal(*number));
        } else {
            const auto [place, is_new] = parsed.try_emplace(std::string(cell->text));
            if (is_new) place->second = parse_value(cell->text);
            column.values.push_back(place->second);
        }
    }
    if (column.values.size() != run_.records.size())
        throw std::runtime_error(fmt::format("`{}` has not one value for each record", measured.name));
}

std::optional<Value> EarlierRun::value(const std::string& name, exec::RecordAt record) const {
    const auto row = this->row(record);
    if (!row) return std::nullopt;
    const auto column = columns_.find(name);
    if (column == columns_.end()) return unknown(reasons::not_recorded(name, run_.year));
    return column->second.values[column->second.place(*row)];
}

bool EarlierRun::rests_on_blanks(const std::string& name) const {
    const auto column = columns_.find(name);
    return column != columns_.end() && !column->second.with_blanks.empty();
}

std::optional<exec::Reopened> EarlierRun::reopened(const std::string& name, exec::RecordAt record) const {
    const auto column = columns_.find(name);
    if (column == columns_.end() || column->second.with_blanks.empty()) return std::nullopt;
    const auto row = this->row(record);
    if (!row) return std::nullopt;
    const auto found = column->second.with_blanks.find(column->second.place(*row));
    if (found == column->second.with_blanks.end()) return std::nullopt;
    return reopened_of(found->second, name, run_.year);
}

exec::EarlierColumn EarlierRun::column(const std::string& name, const Table& now) const {
    exec::EarlierColumn out;
    out.places.assign(now.records.size(), exec::EarlierColumn::absent);
    const auto column = columns_.find(name);
    const auto place = [&](std::uint32_t row) {
        return column == columns_.end() ? exec::EarlierColumn::unknown
                                        : static_cast<std::uint32_t>(column->second.place(row));
    };
    for (std::size_t i = 0; i < now.records.size(); ++i)
        if (const auto row = this->row({now.records[i], i})) out.places[i] = place(*row);
    if (column == columns_.end()) return out;
    out.values = &column->second.values;
    out.repeated = column->second.codes != nullptr;
    if (column->second.with_blanks.empty()) return out;
    auto reopened = std::make_shared<std::unordered_map<std::uint32_t, exec::Reopened>>();
    for (const auto& [at, text] : column->second.with_blanks)
        reopened->emplace(static_cast<std::uint32_t>(at), reopened_of(text, name, run_.year));
    out.reopened = std::move(reopened);
    return out;
}

}  // namespace zoneval::assess
