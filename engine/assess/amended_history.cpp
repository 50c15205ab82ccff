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

std::optional<Value> AmendedHistory::ruled(const graph::Node& node, const std::string& record,
                                           std::int32_t year) const {
    auto value = recorded_->value(node, record, year);
    if (!value || !rulings_.any(year, node.name)) return value;
    const auto* ruling = rulings_.standing(year, record, node.name, !feel::is_unknown(*value));
    return ruling ? feel::from_feel(ruling->outcome) : std::move(value);
}

std::optional<Value> AmendedHistory::value(const graph::Node& node, const std::string& record,
                                           std::int32_t year) const {
    if (successions_.empty()) return ruled(node, record, year);
    const auto earlier = successions_.earlier(record, year);
    auto own = ruled(node, record, year);
    if (!earlier || (own && !feel::is_unknown(*own))) return own;  // restated under the new name
    if (!earlier->renamed && !is_standing(node)) return unknown(node, record, year);
    std::optional<Value> out;
    for (std::size_t i = 0; i < earlier->names.size(); ++i) {
        // What rests on blanks may turn out otherwise: nobody can say that several agree.
        if (earlier->names.size() > 1 && recorded_->reopened(node, earlier->names[i], year))
            return unknown(node, record, year);
        auto value = ruled(node, earlier->names[i], year);
        const bool same = value.has_value() == out.has_value() && (!value || feel::identical(*value, *out));
        if (i > 0 && !same) return unknown(node, record, year);  // several became one, and do not agree
        out = std::move(value);
    }
    return out;
}

std::string AmendedHistory::name_of(const graph::Node& node, const std::string& record, std::int32_t year) const {
    if (successions_.empty()) return record;
    const auto earlier = successions_.earlier(record, year);
    if (!earlier || earlier->names.size() != 1 || recorded_->value(node, record, year)) return record;
    return earlier->renamed || is_standing(node) ? earlier->names.front() : record;
}

std::optional<exec::Reopened> AmendedHistory::reopened(const graph::Node& node, const std::string& record,
                                                       std::int32_t year) const {
    const auto name = name_of(node, record, year);
    if (rulings_.any(year, node.name)) {
        const auto value = recorded_->value(node, name, year);
        if (value && rulings_.standing(year, name, node.name, !feel::is_unknown(*value))) return std::nullopt;
    }
    return recorded_->reopened(node, name, year);
}

/// Rows that stood under other names have the places they had under those; returns which rows these are.
std::vector<std::size_t> AmendedHistory::follow_names(const graph::Node& node, const Table& now, std::int32_t year,
                                                      exec::EarlierColumn& out) const {
    std::vector<std::size_t> rows;
    Table before;
    for (std::size_t row = 0; row < now.records.size(); ++row) {
        const auto& record = now.records[row];
        const auto earlier = successions_.earlier(record, year);
        if (!earlier) continue;
        const auto own = ruled(node, record, year);
        if (own && !feel::is_unknown(*own)) continue;
        rows.push_back(row);
        before.append_new(earlier->names.front(), {});
        const auto value = this->value(node, record, year);
        const bool one_name = earlier->names.size() == 1 && (earlier->renamed || is_standing(node));
        if (!one_name && value && feel::is_unknown(*value)) before.records.back() = "";  // nobody's name
    }
    if (rows.empty()) return rows;
    const auto places = recorded_->column(node, before, year)->places;
    for (std::size_t i = 0; i < rows.size(); ++i)
        out.places[rows[i]] = before.records[i].empty() ? exec::EarlierColumn::unknown : places[i];
    return rows;
}

std::optional<exec::EarlierColumn> AmendedHistory::column(const graph::Node& node, const Table& now,
                                                          std::int32_t year) const {
    auto out = recorded_->column(node, now, year);
    if (!out) return out;
    auto rows = successions_.empty() ? std::vector<std::size_t>() : follow_names(node, now, year, *out);
    if (!rulings_.any(year, node.name) || !out->values) return out;
    for (const auto& record : rulings_.records(year, node.name))
        if (const auto row = now.row(record)) rows.push_back(*row);
    auto& values = amended_.emplace_back(*out->values);
    out->values = &values;
    for (const auto row : rows) {
        const auto& record = now.records[row];
        const auto name = name_of(node, record, year);
        const auto given = recorded_->value(node, name, year);
        if (!given || !rulings_.standing(year, name, node.name, !feel::is_unknown(*given))) continue;
        out->places[row] = static_cast<std::uint32_t>(values.size());
        values.push_back(*value(node, record, year));
    }
    return out;
}

}  // namespace zoneval::assess
