// Unary tests: the cells of decision tables and the right side of `in` (DMN 1.5 10.3.1.2 rules 7 to 17).
#include "engine/feel/parsing/grammar.hpp"
#include "engine/feel/parsing/grammar_rules.hpp"

namespace zoneval::feel::grammar {

namespace {

// clang-format off
const auto end = Terminal(match_end);
const auto test_def = build(build_comparison)[Terminal(match_comparison) >> nested[sum]] | expression;
const auto listed = test % comma;

const auto tests_def =
      build(build_any)[symbol("-", Expect::operand) >> end]
    | build(build_not_tests)[keyword("not", Expect::operand) >> symbol("(", Expect::open_round) >> listed >> close_round >> end]
    | build(build_tests)[listed >> end];
// clang-format on

}  // namespace

BOOST_SPIRIT_DEFINE(test, tests)
BOOST_SPIRIT_INSTANTIATE(TestRule, Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(TestsRule, Iterator, Context)

bool parse_whole_tests(ParseContext& c) {
    Iterator first = c.text.data();
    const Iterator last = first + c.text.size();
    const auto context = x3::make_context<context_tag>(c);
    return tests.parse(first, last, context, x3::unused, x3::unused);
}

}  // namespace zoneval::feel::grammar
