#include "engine/feel/evaluation/evaluate_table.hpp"

#include <algorithm>
#include <limits>

#include "engine/feel/builtins/invoke.hpp"
#include "engine/feel/evaluation/evaluator.hpp"

namespace zoneval::feel {

namespace {

/// One evaluation of a table.
class Run {
  public:
    /// `input` is where the tests find the tested value.
    Run(const DecisionTable& table, Evaluator& evaluator, Value& input, Span span)
        : table_(table), evaluator_(evaluator), input_(input), span_(span) {}

    Value result() {
        if (!read_inputs()) return failure_;
        find_matches();
        if (!undecided_.empty() && undecided_matters()) return fail(reasons::rule_undecided(), std::move(undecided_));
        if (matches_.empty()) return no_match();
        switch (table_.hit_policy) {
            case HitPolicy::unique: return matches_.size() == 1 ? output(*matches_.front()) : several();
            case HitPolicy::any: return any();
            case HitPolicy::first: return output(*matches_.front());
            case HitPolicy::priority: return by_priority().front();
            case HitPolicy::output_order: return by_priority();
            case HitPolicy::rule_order: return outputs();
            case HitPolicy::collect: return collect();
        }
        return {};
    }

  private:
    Value fail(Fact fact, std::vector<CausePtr> because = {}) const {
        return evaluator_.fail(span_, std::move(fact), std::move(because));
    }

    Value eval(const Expr& expression) const { return evaluator_.eval(expression); }

    Value test(const Expr& tests, const Value& input) {
        input_ = input;
        return eval(tests);
    }

    bool read_inputs() {
        for (const auto& input : table_.inputs) {
            auto value = eval(*input.expression);
            if (input.type) {
                auto converted = coerce(value, *input.type);
                if (!converted) {
                    failure_ = fail(reasons::input_type(value, input.type->to_string()));
                    return false;
                }
                value = std::move(*converted);
            }
            if (input.allowed && !value.is_null() && !test(*input.allowed, value).is_true()) {
                failure_ = fail(reasons::input_not_allowed(value));
                return false;
            }
            inputs_.push_back(std::move(value));
        }
        return true;
    }

    void find_matches() {
        for (const auto& rule : table_.rules) {
            All all;
            std::vector<CausePtr> causes;
            for (std::size_t i = 0; i < rule.tests.size() && !all.decided(); ++i) {
                const auto value = test(*rule.tests[i], inputs_[i]);
                const bool unknown = evaluator_.unknowns() && is_unknown(value);
                all.add(unknown ? std::nullopt : Truth(value.is_true()));
                if (unknown) causes.push_back(value.cause());
            }
            const auto matches = all.result();
            if (matches == true) matches_.push_back(&rule);
            if (matches) continue;
            if (matches_.empty()) undecided_first_ = true;
            undecided_.insert(undecided_.end(), causes.begin(), causes.end());
        }
    }

    /// Under `first`, what comes after the first match changes nothing.
    bool undecided_matters() const {
        return table_.hit_policy != HitPolicy::first || undecided_first_ || matches_.empty();
    }

    Value one_output(const DecisionTable::Rule& rule, std::size_t i) const {
        auto value = eval(*rule.outputs[i]);
        const auto& type = table_.outputs[i].type;
        if (!type) return value;
        auto converted = coerce(value, *type);
        return converted ? std::move(*converted) : fail(reasons::output_type(value, type->to_string()));
    }

    Value output(const DecisionTable::Rule& rule) const {
        if (table_.outputs.size() == 1) return one_output(rule, 0);
        Context out;
        for (std::size_t i = 0; i < table_.outputs.size(); ++i)
            out.emplace_back(table_.outputs[i].name, one_output(rule, i));
        return out;
    }

    List outputs() const {
        List out;
        for (const auto* rule : matches_) out.push_back(output(*rule));
        return out;
    }

    Value no_match() const {
        const bool has_default = std::any_of(table_.outputs.begin(), table_.outputs.end(),
                                             [](const auto& o) { return o.default_value != nullptr; });
        if (!has_default) {
            if (table_.hit_policy == HitPolicy::collect && table_.aggregator == Aggregator::count) return 0;
            return fail(reasons::no_rule_matches());
        }
        if (table_.outputs.size() == 1) return eval(*table_.outputs.front().default_value);
        Context out;
        for (const auto& o : table_.outputs)
            out.emplace_back(o.name, o.default_value ? eval(*o.default_value) : Value());
        return out;
    }

    Value several() const { return fail(reasons::several_match(static_cast<std::int64_t>(matches_.size()))); }

    Value any() const {
        auto first = output(*matches_.front());
        for (const auto* rule : matches_)
            if (!identical(first, output(*rule))) return fail(reasons::outputs_differ());
        return first;
    }

    /// Place of a value among the allowed values; values that are not listed come last.
    std::size_t priority(const DecisionTable::Output& output, const Value& value) const {
        const auto* tests = output.allowed ? output.allowed->as<UnaryTests>() : nullptr;
        if (tests == nullptr) return 0;
        for (std::size_t i = 0; i < tests->tests.size(); ++i)
            if (identical(eval(*tests->tests[i].expression), value)) return i;
        return std::numeric_limits<std::size_t>::max();
    }

    List by_priority() const {
        std::vector<std::pair<std::vector<std::size_t>, Value>> ranked;
        for (const auto* rule : matches_) {
            std::vector<std::size_t> key;
            for (std::size_t i = 0; i < table_.outputs.size(); ++i)
                key.push_back(priority(table_.outputs[i], one_output(*rule, i)));
            ranked.emplace_back(std::move(key), output(*rule));
        }
        std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        List out;
        for (auto& [key, value] : ranked) out.push_back(std::move(value));
        return out;
    }

    Value collect() const {
        auto all = outputs();
        if (table_.aggregator == Aggregator::none) return all;
        if (table_.aggregator == Aggregator::count) return static_cast<std::int64_t>(all.size());
        const auto* name = table_.aggregator == Aggregator::sum   ? "sum"
                           : table_.aggregator == Aggregator::min ? "min"
                                                                  : "max";
        const Value arguments[] = {Value(std::move(all))};
        return invoke(*builtin_set(name), arguments, {}, CallContext{evaluator_, span_});
    }

    const DecisionTable& table_;
    Evaluator& evaluator_;
    Value& input_;
    Span span_;
    std::vector<Value> inputs_;
    std::vector<const DecisionTable::Rule*> matches_;
    std::vector<CausePtr> undecided_;
    bool undecided_first_ = false;
    Value failure_;
};

}  // namespace

Value evaluate(const DecisionTable& table, std::span<const Value> frame, const EvalOptions& options) {
    std::vector<Value> extended(frame.begin(), frame.end());
    const auto slot = static_cast<std::size_t>(table.input_slot);
    if (extended.size() <= slot) extended.resize(slot + 1);
    Evaluator evaluator(extended, options);
    return Run(table, evaluator, extended[slot], {}).result();
}

Value Evaluator::table(const Expr& at, const TableExpr& node) {
    return Run(*node.table, *this, local(node.input), at.span).result();
}

}  // namespace zoneval::feel
