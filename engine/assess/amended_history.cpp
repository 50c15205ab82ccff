#include "engine/assess/amended_history.hpp"

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
    return ruling ? read_outcome(ruling->outcome) : std::move(value);
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

}  // namespace zoneval::assess
