// Decision tables (DMN 1.5 chapter 8): rules of unary tests, every hit policy, every aggregator.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/syntax/ast.hpp"
#include "engine/feel/value/type.hpp"

namespace zoneval::feel {

enum class HitPolicy : std::uint8_t { unique, any, priority, first, collect, rule_order, output_order };
enum class Aggregator : std::uint8_t { none, sum, count, min, max };

/// "UNIQUE", "RULE ORDER" …, in any case; also the one-letter forms of 8.2.10.
std::optional<HitPolicy> hit_policy_from_string(std::string_view text);
/// "SUM", "COUNT", "MIN", "MAX" or "".
std::optional<Aggregator> aggregator_from_string(std::string_view text);

/// Every tree is parsed with the same Names, one of which is `?`: the table binds that slot itself.
struct DecisionTable {
    struct Input {
        ExprPtr expression;
        TypePtr type;     ///< null: any
        ExprPtr allowed;  ///< unary tests, or null; other values make the table's result null
    };
    struct Output {
        std::string name;  ///< may be empty when there is only one
        TypePtr type;
        ExprPtr allowed;        ///< unary tests; their order is the priority, first the highest
        ExprPtr default_value;  ///< when no rule matches; null: none
    };
    struct Rule {
        std::vector<ExprPtr> tests;    ///< one per input
        std::vector<ExprPtr> outputs;  ///< one per output
    };
    HitPolicy hit_policy = HitPolicy::unique;
    Aggregator aggregator = Aggregator::none;
    std::vector<Input> inputs;
    std::vector<Output> outputs;
    std::vector<Rule> rules;
    int input_slot = -1;  ///< frame slot of `?`
};

}  // namespace zoneval::feel
