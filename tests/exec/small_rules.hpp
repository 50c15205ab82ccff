// Rule sets and tables written out in a test.
#pragma once

#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/exec/reference/evaluate.hpp"
#include "engine/graph/analyse.hpp"
#include "engine/graph/graph.hpp"
#include "engine/model/load.hpp"
#include "tests/exec/differences.hpp"

namespace zoneval::testing {

inline std::shared_ptr<const graph::Graph> build(const std::string& yaml, Diagnostics& found) {
    auto rules = std::make_shared<const model::RuleSet>(model::load_ruleset(
        "rules.yaml", [&](const std::string&) { return std::optional("ruleset: r\nrecord: zone\n" + yaml); }, found));
    if (found.has_errors()) return nullptr;
    return std::make_shared<const graph::Graph>(graph::build_graph(std::move(rules), found));
}

/// A rule set that must be free of errors.
inline std::shared_ptr<const graph::Graph> build(const std::string& yaml) {
    Diagnostics found;
    auto out = build(yaml, found);
    INFO(render_text(found, false));
    REQUIRE_FALSE(found.has_errors());
    return out;
}

/// What check would say, one line a finding: "ZV103 message | expected | hint".
inline std::string findings(const std::string& yaml) {
    Diagnostics found;
    const auto graph = build(yaml, found);
    if (graph && !found.has_errors()) graph::analyse(*graph, found);
    std::string out;
    for (const auto& d : found.all())
        out += std::string(code(d.kind)) + " " + d.message + " | " + d.expected + " | " + d.hint + "\n";
    return out;
}

using Row = std::map<std::string, feel::Value>;

/// Records r1, r2, … ; a column is there when the rule set declares the input; what a row does not name is blank.
inline Table table(const graph::Graph& graph, const std::vector<Row>& rows, std::int32_t year = 2023) {
    Table out;
    out.year = year;
    const auto inputs = model::input_columns(*graph.rules);
    for (const auto& input : inputs) out.columns.emplace_back(input.name, input.type);
    for (const auto& row : rows) {
        out.append_record("r" + std::to_string(out.records.size() + 1), {});
        for (std::size_t c = 0; c < inputs.size(); ++c) {
            const auto value = row.find(inputs[c].name);
            if (value == row.end())
                out.columns[c].append_missing(inputs[c].blank);
            else
                out.columns[c].append(value->second);
        }
    }
    return out;
}

class NoHistory : public exec::History {
  public:
    std::optional<feel::Value> value(const graph::Node&, exec::RecordAt, std::int32_t) const override {
        return std::nullopt;
    }
};

inline const exec::History& no_history() {
    static const NoHistory out;
    return out;
}

/// Records of a rule set, by the reference evaluator.
struct Evaluated {
    std::shared_ptr<const graph::Graph> graph;
    Table data;
    exec::Evaluation evaluation;
    Evaluated(const std::string& yaml, const std::vector<Row>& rows, const exec::History& history = no_history())
        : graph(build(yaml)), data(table(*graph, rows)), evaluation(exec::evaluate(*graph, data, history)) {}
    Evaluated(const Evaluated&) = delete;  // the evaluation reads the data
    Evaluated& operator=(const Evaluated&) = delete;
};

/// What a history gives record by record, for a whole table, as a store gives it: of a decision the different values
/// once.
class WholeColumns {
  public:
    exec::EarlierColumn of(const exec::History& history, const graph::Node& node, const Table& now,
                           std::int32_t year) const {
        exec::EarlierColumn out;
        auto& values = kept_.emplace_back();
        auto reopened = std::make_shared<std::unordered_map<std::uint32_t, exec::Reopened>>();
        out.repeated = graph::decision_of(node) != nullptr;
        std::map<std::string, std::uint32_t> known;
        for (const auto& record : now.records) {
            const auto value = history.value(node, record, year);
            auto place = exec::EarlierColumn::absent;
            if (value) {
                const auto put_back = history.reopened(node, record, year);
                auto said = shown(*value);
                if (put_back)
                    for (const auto* filled : {&put_back->of_scores, &put_back->all})
                        said += shown(*filled) + (*filled && (*filled)->open() ? shown((*filled)->value) : "");
                for (const auto& possible : value->cause() ? value->cause()->possible : std::vector<feel::Value>())
                    said += possible.to_feel();
                const auto next = static_cast<std::uint32_t>(values.size());
                place = out.repeated ? known.try_emplace(said, next).first->second : next;
                if (place == next) values.push_back(*value);
                if (put_back) reopened->emplace(place, *put_back);
            }
            out.places.push_back(place);
        }
        out.values = &values;
        if (!reopened->empty()) out.reopened = std::move(reopened);
        return out;
    }

  private:
    mutable std::deque<std::vector<feel::Value>> kept_;  ///< as long as the history
};

class GivenHistory : public exec::History {
  public:
    std::map<std::string, feel::Value> values;  ///< "NAME RECORD YEAR"
    WholeColumns columns;
    std::optional<exec::EarlierColumn> column(const graph::Node& node, const Table& now,
                                              std::int32_t year) const override {
        return columns.of(*this, node, now, year);
    }
    std::optional<feel::Value> value(const graph::Node& node, exec::RecordAt record, std::int32_t year) const override {
        const auto found = values.find(node.name + " " + record.name + " " + std::to_string(year));
        return found == values.end() ? std::nullopt : std::optional(found->second);
    }
};

inline feel::Decimal number(const char* text) { return *feel::Decimal::parse(text); }

/// The values of one definition, as FEEL text.
inline std::vector<std::string> column(const exec::Evaluation& e, const std::string& name) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < e.size(); ++i) out.push_back(e.value(e.graph->find(name)->id, i).to_feel());
    return out;
}

inline exec::Outcome outcome(const exec::Evaluation& e, const std::string& decision, std::size_t i) {
    return e.outcome(e.graph->find(decision)->id, i);
}

inline std::vector<std::string> texts(const std::vector<feel::Value>& values) {
    std::vector<std::string> out;
    for (const auto& v : values) out.push_back(v.to_string());
    return out;
}

/// Of an open outcome, the outcomes still possible and the data it waits for; of others, nothing.
inline std::vector<std::string> possible(const exec::Outcome& o) {
    return o.open() ? texts(o.open()->possible) : std::vector<std::string>{};
}
inline std::vector<std::string> waits_for(const exec::Outcome& o) {
    return o.open() ? o.open()->waiting_for : std::vector<std::string>{};
}

using Texts = std::vector<std::string>;

/// The reference evaluator's values, after columns have given the same.
inline Texts both(const std::shared_ptr<const graph::Graph>& graph, const Table& data, const std::string& name) {
    const NoHistory none;
    const auto reference = exec::evaluate(*graph, data, none);
    const auto columns = exec::evaluate_columns(*graph, data, none);
    CHECK(column(columns, name) == column(reference, name));
    return column(reference, name);
}

}  // namespace zoneval::testing
