// Operators, loosest first (DMN 1.5 10.3.1.2 rules 2 to 5 and 49 to 53).
#include "engine/feel/parsing/grammar.hpp"
#include "engine/feel/parsing/grammar_rules.hpp"

namespace zoneval::feel::grammar {

namespace {

constexpr auto op(std::string_view text) { return symbol(text, Expect::operator_); }
constexpr auto word(std::string_view text) { return keyword(text, Expect::operator_); }

struct UnaryId;
using UnaryRule = x3::rule<UnaryId>;
const UnaryRule unary{"unary"};

// clang-format off
const auto one_sided = build(build_comparison)[Terminal(match_comparison) >> nested[sum]];
const auto argument = -Terminal(match_argument_name) >> (one_sided | expression);
const auto arguments = open_round >> (close_round | (argument % comma) >> close_round);

// sum of parks(area where role = "core"): of records of another kind.
const auto kind_close = Terminal(match_kind_close);
const auto of_kind = Terminal(match_kind_open)
    >> (kind_close | expression >> -(keyword("where", Expect::where) >> expression) >> kind_close);

const auto postfix = primary >> *(
      tail(build_path)[Terminal(match_path_dot) >> Terminal(match_member)]
    | tail(build_filter)[Terminal(match_filter_open) >> expression >> close_square]
    | tail(build_call)[Terminal(match_plain_callee) >> arguments]
    | tail(build_call)[of_kind]);

const auto instance = postfix >> *tail(build_instance_of)[
    word("instance") >> keyword("of", Expect::of) >> Terminal(match_type)];

const auto unary_def = build(build_negate)[symbol("-", Expect::operand) >> nested[unary]] | instance;

const auto power = unary >> *tail(build_binary<BinaryOp::power>)[op("**") >> unary];

const auto product = power >> *(
      tail(build_binary<BinaryOp::multiply>)[op("*") >> power]
    | tail(build_binary<BinaryOp::divide>)[op("/") >> power]);

const auto sum_def = product >> *(
      tail(build_binary<BinaryOp::add>)[op("+") >> product]
    | tail(build_binary<BinaryOp::subtract>)[op("-") >> product]);

// `in (a, b)` and `in (a..b)` are read in one go; nothing that begins with a parenthesis is read twice.
const auto in_operand = build(build_comparison)[Terminal(match_comparison) >> nested[sum]] | sum;
const auto parenthesis = symbol("(", Expect::operand);
const auto in_tests = parenthesis >> test >> (range_end | *(comma >> test) >> close_round) | !parenthesis >> in_operand;

const auto comparison = sum >> *(
      tail(build_binary<BinaryOp::less_equal>)[op("<=") >> sum]
    | tail(build_binary<BinaryOp::less>)[op("<") >> sum]
    | tail(build_binary<BinaryOp::greater_equal>)[op(">=") >> sum]
    | tail(build_binary<BinaryOp::greater>)[op(">") >> sum]
    | tail(build_binary<BinaryOp::not_equal>)[op("!=") >> sum]
    | tail(build_binary<BinaryOp::equal>)[op("=") >> sum]
    | tail(build_in)[word("in") >> in_tests]
    | tail(build_between)[word("between") >> sum >> keyword("and", Expect::and_) >> sum]);

const auto conjunction = comparison >> *tail(build_binary<BinaryOp::and_>)[word("and") >> comparison];

const auto expression_def = nested[
    conjunction >> *tail(build_binary<BinaryOp::or_>)[word("or") >> conjunction]];
// clang-format on

BOOST_SPIRIT_DEFINE(unary)

}  // namespace

BOOST_SPIRIT_DEFINE(expression, sum)
BOOST_SPIRIT_INSTANTIATE(ExpressionRule, Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(SumRule, Iterator, Context)

bool parse_whole_expression(ParseContext& c) {
    Iterator first = c.text.data();
    const Iterator last = first + c.text.size();
    const auto context = x3::make_context<context_tag>(c);
    const auto whole = expression >> Terminal(match_end);
    return whole.parse(first, last, context, x3::unused, x3::unused);
}

}  // namespace zoneval::feel::grammar
