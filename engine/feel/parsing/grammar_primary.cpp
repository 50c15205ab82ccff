// Literals, names and what brackets or a keyword open (DMN 1.5 10.3.1.2 rules 6 to 48 and 55 to 68).
// INVARIANT (linear nesting): what shares a bracket shares one reading up to the point where it differs, so
// that no text is read twice per level.
#include "engine/feel/parsing/grammar_rules.hpp"

namespace zoneval::feel::grammar {

namespace {

constexpr auto opening(std::string_view text) { return symbol(text, Expect::operand); }
constexpr auto word(std::string_view text) { return keyword(text, Expect::operand); }

// clang-format off
const auto one_sided = build(build_comparison)[Terminal(match_comparison) >> nested[sum]];
// A unary range is a value wherever something ends it (rules 2.h, 58).
const auto valued = one_sided | expression;

// (a), (a..b), (< a)
const auto group = build(build_group)[
    opening("(") >> (one_sided >> close_round | expression >> (range_end | close_round))];

// [], [a, b], [a..b]
const auto bracket = build(build_bracket)[
    opening("[") >> (close_square | valued >> (range_end | *(comma >> valued) >> close_square))];

// ]a..b]
const auto outside_range = build(build_outside_range)[opening("]") >> nested[sum] >> range_end];

const auto entry = Terminal(match_key) >> valued;
const auto close_curly = symbol("}", Expect::close_curly);
const auto context = build(build_context)[opening("{") >> (close_curly | (entry % comma) >> close_curly)];

const auto conditional = build(build_if)[
    word("if") >> expression >> keyword("then", Expect::then) >> valued
               >> keyword("else", Expect::else_) >> valued];

// A range of an iterator needs no brackets: `for i in 1..3`. The second operand is marked by a word.
const auto iterator = Terminal(match_iterator_name) >> expression
    >> (dots >> expression >> Terminal([](ParseContext& c, const char*&) { return c.words.emplace_back(".."), true; })
        | Terminal([](ParseContext& c, const char*&) { return c.words.emplace_back(), true; }));
const auto iterators = iterator % comma;

const auto loop = build(build_for)[word("for") >> iterators >> keyword("return", Expect::return_) >> valued];
const auto satisfies = keyword("satisfies", Expect::satisfies);
const auto some = build(build_some)[word("some") >> iterators >> satisfies >> expression];
const auto every = build(build_every)[word("every") >> iterators >> satisfies >> expression];

const auto parameter = Terminal(match_parameter_name)
    >> (symbol(":", Expect::colon) >> Terminal(match_type)
        | Terminal([](ParseContext& c, const char*&) { return c.types.emplace_back(), true; }));
const auto parameters = symbol("(", Expect::open_round) >> (close_round | (parameter % comma) >> close_round);
const auto external = build(build_external)[
    word("function") >> parameters >> keyword("external", Expect::operand) >> expression];
const auto function = build(build_function)[word("function") >> parameters >> valued];

const auto primary_def =
      Terminal(match_number) | Terminal(match_string) | Terminal(match_at_literal)
    | group | bracket | context | Terminal(match_name) | Terminal(match_constant)
    | conditional | loop | some | every | external | function | outside_range;
// clang-format on

}  // namespace

BOOST_SPIRIT_DEFINE(primary)
BOOST_SPIRIT_INSTANTIATE(PrimaryRule, Iterator, Context)

}  // namespace zoneval::feel::grammar
