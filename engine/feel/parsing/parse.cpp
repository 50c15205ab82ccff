#include "engine/feel/parsing/parse.hpp"

#include <fmt/format.h>

#include <array>

#include "engine/feel/parsing/boxed.hpp"
#include "engine/feel/parsing/grammar.hpp"
#include "engine/feel/parsing/parse_context.hpp"
#include "engine/feel/parsing/parse_part.hpp"
#include "engine/feel/parsing/resolve.hpp"
#include "engine/feel/parsing/slips.hpp"
#include "engine/feel/value/limits.hpp"
#include "engine/feel/value/names.hpp"

namespace zoneval::feel {

namespace {

using grammar::Expect;
using grammar::ParseContext;

constexpr std::array<std::string_view, static_cast<std::size_t>(Expect::count)> expectation_words{
    "an expression",
    "a name",
    "a type",
    "an operator",
    "`then`",
    "`else`",
    "`in`",
    "`return`",
    "`satisfies`",
    "`and`",
    "`of`",
    "`where`",
    "`..`",
    "`:`",
    "`,`",
    "`(`",
    "`)`",
    "`]`",
    "`}`",
    "`]`, `)` or `[`",
    "the end of the expression"};

std::string expectation(std::uint32_t set) {
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < expectation_words.size(); ++i)
        if ((set & (1u << i)) != 0) words.push_back(expectation_words[i]);
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
        out += words[i];
    }
    return out;
}

/// Offsets of the decoded text to offsets of the file.
Span to_file(const ExpressionText& text, Span span) {
    if (text.offsets.empty()) return span;
    const auto last = text.offsets.size() - 1;
    const auto at = [&](std::uint32_t i) { return text.offsets[std::min<std::size_t>(i, last)]; };
    return {at(span.begin), at(span.end)};
}

void move_to_file(const ExpressionText& text, Expr& expression) {
    expression.span = to_file(text, expression.span);
    for_each_child(expression, [&](ExprPtr& child) { move_to_file(text, *child); });
}

void report_failure(const ParseContext& c, const ExpressionText& text, Diagnostics& diagnostics) {
    if (c.stopped) {
        diagnostics.add(c.stop_kind, *text.source, to_file(text, c.stop_span), c.stop_message, c.stop_expected,
                        slip_at(c.text, c.stop_span.begin));
        return;
    }
    const auto at = static_cast<std::uint32_t>(c.furthest);
    const auto rest = c.text.substr(c.furthest);
    if (rest.empty()) {
        const auto message = whitespace_length(c.text) == c.text.size() ? "there is no expression here"
                                                                        : "the expression ends too early";
        diagnostics.add(Kind::syntax_error, *text.source, to_file(text, {at, at}), message, expectation(c.expected),
                        slip_at(c.text, at));
        return;
    }
    if (rest.starts_with("/*")) {
        diagnostics.add(Kind::syntax_error, *text.source, to_file(text, {at, at + 2}),
                        "the comment that begins here does not end", "`*/`");
        return;
    }
    auto length = word_length(rest);
    if (length == 0) length = code_point(rest).length;
    const auto end = at + static_cast<std::uint32_t>(length);
    diagnostics.add(Kind::syntax_error, *text.source, to_file(text, {at, end}),
                    fmt::format("unexpected `{}`", rest.substr(0, length)), expectation(c.expected),
                    slip_at(c.text, at));
}

/// Depth of the tree, without recursion: the point is to refuse trees too deep to recurse into.
bool too_deep(const Expr& root) {
    std::vector<std::pair<const Expr*, int>> todo{{&root, 1}};
    while (!todo.empty()) {
        const auto [expression, depth] = todo.back();
        todo.pop_back();
        if (depth > limits::tree_depth) return true;
        const auto next = depth + 1;
        for_each_child(*expression, [&](const Expr& child) { todo.emplace_back(&child, next); });
    }
    return false;
}

/// Frees a tree of any depth without recursing along it.
void dismantle(ExprPtr root) {
    std::vector<ExprPtr> todo;
    todo.push_back(std::move(root));
    while (!todo.empty()) {
        auto expression = std::move(todo.back());
        todo.pop_back();
        if (expression) for_each_child(*expression, [&](ExprPtr& child) { todo.push_back(std::move(child)); });
    }
}

/// The tree with every name bound, or nullptr and what is wrong with it.
ExprPtr resolved(ExprPtr tree, const ExpressionText& text, const Names& names, Diagnostics& diagnostics) {
    if (!tree) return nullptr;
    if (too_deep(*tree)) {
        diagnostics.add(Kind::expression_too_deep, *text.source, to_file(text, {0, 1}),
                        fmt::format("the expression joins more than {} operations in one chain", limits::tree_depth));
        dismantle(std::move(tree));
        return nullptr;
    }
    Diagnostics found;
    resolve(*tree, names, text.source, found);
    if (found.empty()) return tree;
    diagnostics.append(std::move(found));
    return nullptr;
}

}  // namespace

ExprPtr parse_part(const ExpressionText& text, const Names& names, PartKind kind, PartScope& scope,
                   Diagnostics& diagnostics) {
    if (text.text.size() > limits::expression_bytes) {
        diagnostics.add(Kind::expression_too_deep, *text.source, to_file(text, {0, 1}),
                        fmt::format("the expression is longer than {} bytes", limits::expression_bytes));
        return nullptr;
    }
    if (!is_valid_utf8(text.text)) {
        diagnostics.add(Kind::syntax_error, *text.source, to_file(text, {0, 1}), "the expression is not UTF-8 text");
        return nullptr;
    }
    ParseContext context(text.text, names);
    context.scope = scope.names;
    context.members = std::move(scope.members);
    context.filters = scope.filters;
    const bool matched =
        kind == PartKind::expression ? grammar::parse_whole_expression(context) : grammar::parse_whole_tests(context);
    scope.members = std::move(context.members);
    ExprPtr tree = matched && !context.operands.empty() ? std::move(context.operands.front()) : nullptr;
    for (auto& operand : context.operands) dismantle(std::move(operand));
    if (!tree || context.stopped) {
        report_failure(context, text, diagnostics);
        dismantle(std::move(tree));
        return nullptr;
    }
    if (!text.offsets.empty() && !too_deep(*tree)) move_to_file(text, *tree);
    return tree;
}

ExprPtr parse_expression(const ExpressionText& text, const Names& names, Diagnostics& diagnostics) {
    if (text.boxed)
        return resolved(lower_boxed(*text.boxed, text.source, names, diagnostics), text, names, diagnostics);
    PartScope scope;
    return resolved(parse_part(text, names, PartKind::expression, scope, diagnostics), text, names, diagnostics);
}

ExprPtr parse_unary_tests(const ExpressionText& text, const Names& names, Diagnostics& diagnostics) {
    PartScope scope;
    return resolved(parse_part(text, names, PartKind::unary_tests, scope, diagnostics), text, names, diagnostics);
}

}  // namespace zoneval::feel
