// The grammar's builders: from what a rule pushed to one node of the tree.
#include "engine/feel/parsing/build.hpp"

#include <algorithm>

namespace zoneval::feel::grammar {

namespace {

ExprPtr take(ParseContext& c, std::size_t index) { return std::move(c.operands[index]); }

/// Replaces everything since the mark by the node.
void finish(ParseContext& c, const Mark& m, std::uint32_t end, Expr::Node node) {
    const Span span{m.begin, end};
    c.operands.resize(m.operands);
    c.words.resize(m.words);
    c.types.resize(m.types);
    c.scope.resize(m.scope);
    c.operands.push_back(make_expr(span, std::move(node)));
}

std::vector<ExprPtr> take_from(ParseContext& c, std::size_t first) {
    std::vector<ExprPtr> out;
    out.reserve(c.operands.size() - first);
    for (auto i = first; i < c.operands.size(); ++i) out.push_back(std::move(c.operands[i]));
    return out;
}

std::vector<Test> tests_from(ParseContext& c, std::size_t first) {
    std::vector<Test> out;
    for (auto& expression : take_from(c, first)) out.push_back({std::move(expression), false});
    return out;
}

/// One word per iterator name and one for whether it has a second operand ("..").
std::vector<Iterator> iterators_from(ParseContext& c, const Mark& m) {
    std::vector<Iterator> out;
    auto operand = m.operands;
    for (auto word = m.words; word + 1 < c.words.size(); word += 2) {
        Iterator iterator;
        iterator.name = c.words[word];
        iterator.in = take(c, operand++);
        if (c.words[word + 1] == "..") iterator.to = take(c, operand++);
        out.push_back(std::move(iterator));
    }
    return out;
}

/// An interval whose first operand is at `first` and whose closing bracket is the last word.
RangeExpr interval(ParseContext& c, std::size_t first, bool start_included) {
    RangeExpr out;
    out.start = take(c, first);
    out.end = take(c, first + 1);
    out.start_included = start_included;
    out.end_included = c.words.back() == "]";
    return out;
}

void quantified(ParseContext& c, const Mark& m, std::uint32_t end, bool every) {
    Quantified node;
    node.every = every;
    node.iterators = iterators_from(c, m);
    node.body = std::move(c.operands.back());
    finish(c, m, end, std::move(node));
}

std::vector<FunctionDefinition::Parameter> parameters_from(ParseContext& c, const Mark& m) {
    std::vector<FunctionDefinition::Parameter> out;
    for (auto i = m.words; i < c.words.size(); ++i) out.push_back({c.words[i], c.types[m.types + (i - m.words)]});
    return out;
}

}  // namespace

void build_group(ParseContext& c, const Mark& m, std::uint32_t end) {
    // Parentheses leave no node of their own; the printer puts back those that matter.
    if (c.operands.size() == m.operands + 2) return finish(c, m, end, interval(c, m.operands, false));
    auto inner = take(c, m.operands);
    finish(c, m, end, std::move(inner->node));
}

void build_bracket(ParseContext& c, const Mark& m, std::uint32_t end) {
    if (c.words.size() > m.words) return finish(c, m, end, interval(c, m.operands, true));
    finish(c, m, end, ListExpr{take_from(c, m.operands)});
}

void build_outside_range(ParseContext& c, const Mark& m, std::uint32_t end) {
    finish(c, m, end, interval(c, m.operands, false));
}

void build_comparison(ParseContext& c, const Mark& m, std::uint32_t end) {
    const auto& symbol = c.words[m.words];
    auto operand = take(c, m.operands);
    RangeExpr node;
    node.start_included = node.end_included = symbol == "=" || symbol == "!=";
    if (symbol == "<" || symbol == "<=") {
        node.form = symbol == "<" ? RangeForm::less : RangeForm::less_equal;
        node.end_included = symbol == "<=";
        node.end = std::move(operand);
    } else {
        node.form = symbol == ">"    ? RangeForm::greater
                    : symbol == ">=" ? RangeForm::greater_equal
                    : symbol == "="  ? RangeForm::equal
                                     : RangeForm::not_equal;
        if (symbol == ">=") node.start_included = true;
        node.start = std::move(operand);
    }
    finish(c, m, end, std::move(node));
}

namespace {

/// A number without a sign or parentheses of its own.
bool is_written_number(const ParseContext& c, const Expr& expression) {
    const auto* literal = expression.as<Literal>();
    const char first = c.text[expression.span.begin];
    return literal != nullptr && literal->value.number() != nullptr && (first == '.' || (first >= '0' && first <= '9'));
}

}  // namespace

void build_negate(ParseContext& c, const Mark& m, std::uint32_t end) {
    auto operand = take(c, m.operands);
    // -5 is a literal, so that it prints and folds as one.
    if (auto* literal = operand->as<Literal>();
        literal != nullptr && literal->value.number() != nullptr && !literal->value.number()->is_negative())
        return finish(c, m, end, Literal{-*literal->value.number()});
    // Also before `instance of`, which binds closer: the sign belongs to the number (rule 35).
    if (auto* test = operand->as<InstanceOf>(); test != nullptr && is_written_number(c, *test->value)) {
        auto literal = make_literal({m.begin, test->value->span.end}, -*test->value->as<Literal>()->value.number());
        return finish(c, m, end, InstanceOf{std::move(literal), test->type});
    }
    finish(c, m, end, Negate{std::move(operand)});
}

void build_binary_of(BinaryOp op, ParseContext& c, const Mark& m, std::uint32_t end) {
    auto left = take(c, m.operands);
    auto right = take(c, m.operands + 1);
    finish(c, m, end, Binary{op, std::move(left), std::move(right)});
}

void build_between(ParseContext& c, const Mark& m, std::uint32_t end) {
    auto value = take(c, m.operands), low = take(c, m.operands + 1), high = take(c, m.operands + 2);
    finish(c, m, end, Between{std::move(value), std::move(low), std::move(high)});
}

void build_in(ParseContext& c, const Mark& m, std::uint32_t end) {
    In node;
    node.value = take(c, m.operands);
    if (c.words.size() > m.words) {  // `in (a..b)`: the parenthesis opened a range
        const auto begin = c.operands[m.operands + 1]->span.begin;
        node.tests.push_back({make_expr({begin, end}, interval(c, m.operands + 1, false)), false});
    } else {
        node.tests = tests_from(c, m.operands + 1);
    }
    finish(c, m, end, std::move(node));
}

void build_instance_of(ParseContext& c, const Mark& m, std::uint32_t end) {
    auto value = take(c, m.operands);
    auto type = c.types.back();
    finish(c, m, end, InstanceOf{std::move(value), std::move(type)});
}

void build_path(ParseContext& c, const Mark& m, std::uint32_t end) {
    auto object = take(c, m.operands);
    auto name = c.words.back();
    finish(c, m, end, Path{std::move(object), std::move(name)});
}

void build_filter(ParseContext& c, const Mark& m, std::uint32_t end) {
    auto list = take(c, m.operands), condition = take(c, m.operands + 1);
    finish(c, m, end, Filter{std::move(list), std::move(condition), -1});
}

void build_call(ParseContext& c, const Mark& m, std::uint32_t end) {
    Call node;
    node.callee = take(c, m.operands);
    node.arguments = take_from(c, m.operands + 1);
    node.argument_names.assign(c.words.begin() + static_cast<std::ptrdiff_t>(m.words), c.words.end());
    if (!node.argument_names.empty() && node.argument_names.size() != node.arguments.size())
        c.stop(Kind::syntax_error, {m.begin, end}, "some arguments of the call have names and some do not",
               "names for all arguments or for none");
    finish(c, m, end, std::move(node));
}

void build_if(ParseContext& c, const Mark& m, std::uint32_t end) {
    auto condition = take(c, m.operands), then = take(c, m.operands + 1), otherwise = take(c, m.operands + 2);
    finish(c, m, end, If{std::move(condition), std::move(then), std::move(otherwise)});
}

void build_for(ParseContext& c, const Mark& m, std::uint32_t end) {
    For node;
    node.iterators = iterators_from(c, m);
    node.body = std::move(c.operands.back());
    finish(c, m, end, std::move(node));
}

void build_some(ParseContext& c, const Mark& m, std::uint32_t end) { quantified(c, m, end, false); }
void build_every(ParseContext& c, const Mark& m, std::uint32_t end) { quantified(c, m, end, true); }

void build_function(ParseContext& c, const Mark& m, std::uint32_t end) {
    auto definition = std::make_shared<FunctionDefinition>();
    definition->parameters = parameters_from(c, m);
    definition->body = std::move(c.operands.back());
    finish(c, m, end, FunctionExpr{std::move(definition)});
}

void build_external(ParseContext& c, const Mark& m, std::uint32_t end) {
    auto definition = std::make_shared<FunctionDefinition>();
    definition->parameters = parameters_from(c, m);
    finish(c, m, end, FunctionExpr{std::move(definition)});
}

void build_context(ParseContext& c, const Mark& m, std::uint32_t end) {
    ContextExpr node;
    for (auto i = m.operands; i < c.operands.size(); ++i) {
        auto& key = c.words[m.words + (i - m.operands)];
        const bool twice =
            std::any_of(node.entries.begin(), node.entries.end(), [&](const auto& entry) { return entry.name == key; });
        if (twice) c.stop(Kind::syntax_error, {m.begin, end}, "the context has the key `" + key + "` twice");
        node.entries.push_back({std::move(key), take(c, i), -1});
    }
    finish(c, m, end, std::move(node));
}

void build_any(ParseContext& c, const Mark& m, std::uint32_t end) {
    finish(c, m, end, UnaryTests{make_name({m.begin, m.begin}, "?", -1), true, false, {}});
}

void build_tests(ParseContext& c, const Mark& m, std::uint32_t end) {
    auto all = tests_from(c, m.operands);
    finish(c, m, end, UnaryTests{make_name({m.begin, m.begin}, "?", -1), false, false, std::move(all)});
}

void build_not_tests(ParseContext& c, const Mark& m, std::uint32_t end) {
    auto all = tests_from(c, m.operands);
    finish(c, m, end, UnaryTests{make_name({m.begin, m.begin}, "?", -1), false, true, std::move(all)});
}

}  // namespace zoneval::feel::grammar
