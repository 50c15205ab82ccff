#include "engine/assess/amended_history.hpp"

#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/feel/value/null_meaning.hpp"
#include "engine/feel/value/reason.hpp"

namespace zoneval::assess {

using feel::Value;

namespace {

/// Where a record stands goes on through mergers and splits: decisions, and what a ladder counts.
bool is_standing(const graph::Node& node) {
    return node.kind == graph::NodeKind::decision || (node.kind == graph::NodeKind::measure && !node.definition);
}

Value unknown(const graph::Node& node, const std::string& record, std::int32_t year) {
    return Value::missing(feel::Missing::not_reported, feel::reasons::no_row(node.name, record, year));
}

}  // namespace

const store::Ruling* AmendedHistory::ruling(const graph::Node& node, exec::RecordAt name, std::int32_t year) const {
    if (!rulings_.any(year, node.name)) return nullptr;
    const auto given = recorded_->value(node, name, year);
    return given ? rulings_.standing(year, name, node.name, !feel::is_unknown(*given)) : nullptr;
}

std::optional<Value> AmendedHistory::ruled(const graph::Node& node, exec::RecordAt name, std::int32_t year) const {
    const auto* ruling = this->ruling(node, name, year);
    return ruling ? feel::from_feel(ruling->outcome) : recorded_->value(node, name, year);
}

/// Under its own where it has one, also restated under a new one.
std::vector<std::string> AmendedHistory::names(const graph::Node& node, exec::RecordAt record,
                                               std::int32_t year) const {
    const auto earlier = successions_.empty() ? std::nullopt : successions_.earlier(record, year);
    if (!earlier) return {record};
    const auto own = ruled(node, record, year);
    if (own && !feel::is_unknown(*own)) return {record};
    if (!earlier->renamed && !is_standing(node)) return {};
    return earlier->names;
}

/// nullopt: none took part.
std::optional<Value> AmendedHistory::agreed(const graph::Node& node, const std::vector<std::string>& names,
                                            std::size_t row, std::int32_t year) const {
    const auto unsettled = [&] { return unknown(node, names.front(), year); };
    std::optional<Value> out;
    for (const auto& name : names) {
        auto value = ruled(node, {name, row}, year);
        // What rests on blanks may turn out otherwise: nobody can say that several agree.
        if (names.size() > 1 && reopened_as(node, {name, row}, year)) return unsettled();
        const bool same = value.has_value() == out.has_value() && (!value || feel::identical(*value, *out));
        if (&name != &names.front() && !same) return unsettled();
        out = std::move(value);
    }
    return out;
}

std::optional<Value> AmendedHistory::value(const graph::Node& node, exec::RecordAt record, std::int32_t year) const {
    const auto names = this->names(node, record, year);
    return names.empty() ? unknown(node, record, year) : agreed(node, names, record.row, year);
}

/// A ruling rests on nothing.
std::optional<exec::Reopened> AmendedHistory::reopened_as(const graph::Node& node, exec::RecordAt name,
                                                          std::int32_t year) const {
    return ruling(node, name, year) ? std::nullopt : recorded_->reopened(node, name, year);
}

std::optional<exec::Reopened> AmendedHistory::reopened(const graph::Node& node, exec::RecordAt record,
                                                       std::int32_t year) const {
    const auto names = this->names(node, record, year);
    return names.size() == 1 ? reopened_as(node, {names.front(), record.row}, year) : std::nullopt;
}

std::optional<exec::EarlierColumn> AmendedHistory::column(const graph::Node& node, const Table& now,
                                                          std::int32_t year) const {
    Table then;
    const auto amended = under_earlier_names(node, now, year, then);
    auto out = recorded_->column(node, then.records.empty() ? now : then, year);
    if (!out) return out;
    for (const auto row : amended.unknown) out->places[row] = exec::EarlierColumn::unknown;
    if (!out->values || amended.ruled.empty()) return out;
    auto& values = amended_.emplace_back(*out->values);
    out->values = &values;
    for (const auto& [row, outcome] : amended.ruled) {
        out->places[row] = static_cast<std::uint32_t>(values.size());
        values.push_back(outcome);
    }
    return out;
}

/// What those records stood as is asked for in `then`, empty where all stood under their names.
AmendedHistory::Amended AmendedHistory::under_earlier_names(const graph::Node& node, const Table& now,
                                                            std::int32_t year, Table& then) const {
    Amended out;
    for (std::size_t row = 0; !successions_.empty() && row < now.records.size(); ++row) {
        const exec::RecordAt record{now.records[row], row};
        const auto names = this->names(node, record, year);
        const auto value = names.size() == 1 ? std::nullopt : this->value(node, record, year);
        if (value && feel::is_unknown(*value)) {
            out.unknown.push_back(row);
        } else if (names.front() != now.records[row]) {
            if (then.records.empty()) then.records = now.records;
            then.records[row] = names.front();
            if (const auto* ruling = this->ruling(node, names.front(), year))
                out.ruled.emplace_back(row, feel::from_feel(ruling->outcome));
        }
    }
    for (const auto& record : rulings_.records(year, node.name))
        if (const auto row = now.row(record); row && (then.records.empty() || then.records[*row] == record))
            if (const auto* ruling = this->ruling(node, record, year))
                out.ruled.emplace_back(*row, feel::from_feel(ruling->outcome));
    return out;
}

}  // namespace zoneval::assess
