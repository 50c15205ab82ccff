// X3 vocabulary of the grammar: terminals and the directives that build nodes. Include only in grammar_*.cpp.
#pragma once

#include <boost/spirit/home/x3.hpp>

#include "engine/feel/parsing/build.hpp"
#include "engine/feel/parsing/lexical.hpp"
#include "engine/feel/parsing/parse_context.hpp"
#include "engine/feel/value/limits.hpp"

namespace zoneval::feel::grammar {

namespace x3 = boost::spirit::x3;

struct context_tag;
using Iterator = const char*;
using Context = x3::context<context_tag, ParseContext>;

/// A terminal that a plain function matches.
struct Terminal : x3::parser<Terminal> {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    bool (*match)(ParseContext&, const char*&);
    constexpr explicit Terminal(bool (*f)(ParseContext&, const char*&)) : match(f) {}

    template <class C, class R, class A>
    bool parse(Iterator& first, const Iterator&, const C& context, R&, A&) const {
        auto& c = x3::get<context_tag>(context);
        return !c.stopped && match(c, first);
    }
};

/// A fixed word or symbol.
struct Token : x3::parser<Token> {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    using Match = bool (*)(ParseContext&, const char*&, std::string_view, Expect);
    Match match;
    std::string_view text;
    Expect what;
    constexpr Token(Match f, std::string_view t, Expect w) : match(f), text(t), what(w) {}

    template <class C, class R, class A>
    bool parse(Iterator& first, const Iterator&, const C& context, R&, A&) const {
        auto& c = x3::get<context_tag>(context);
        return !c.stopped && match(c, first, text, what);
    }
};

constexpr Token symbol(std::string_view text, Expect what) { return {match_symbol, text, what}; }
constexpr Token keyword(std::string_view text, Expect what) { return {match_keyword, text, what}; }

using Builder = void (*)(ParseContext&, const Mark&, std::uint32_t);

/// build(f)[p]: when p matches, f turns what p pushed into one node; when not, all of it is taken back, and p is not
/// read again from there (INVARIANT: linear nesting).
/// tail(f)[p]: the same, with the operand before p as the node's first child.
template <class Subject>
struct Build : x3::unary_parser<Subject, Build<Subject>> {
    using base = x3::unary_parser<Subject, Build<Subject>>;
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    Builder builder;
    bool with_left;
    constexpr Build(const Subject& s, Builder f, bool left) : base(s), builder(f), with_left(left) {}

    template <class C, class R, class A>
    bool parse(Iterator& first, const Iterator& last, const C& context, R& rcontext, A&) const {
        auto& c = x3::get<context_tag>(context);
        if (!c.in_vain.empty() && c.in_vain.contains(from(c, first))) return false;
        auto mark = Mark::here(c, first);
        const auto begin = first;
        const auto readings = c.readings;
        if (!this->subject.parse(first, last, context, rcontext, x3::unused)) {
            mark.restore(c);
            first = begin;
            if (c.readings != readings) c.in_vain.insert(from(c, begin));
            return false;
        }
        c.filters = mark.filters;
        if (with_left) {
            --mark.operands;
            mark.begin = c.operands[mark.operands]->span.begin;
        }
        builder(c, mark, static_cast<std::uint32_t>(c.position(first)));
        return true;
    }

  private:
    /// Rules of one builder differ in what they are made of, those made alike in their builder.
    static constexpr char form = 0;
    ParseContext::Vain from(const ParseContext& c, Iterator at) const {
        return {c.position(at),
                reinterpret_cast<std::uintptr_t>(builder),
                reinterpret_cast<std::uintptr_t>(&form),
                c.endpoint,
                c.filters,
                c.scope.size(),
                c.outside.size()};
    }
};

template <bool with_left>
struct BuildGen {
    Builder builder;
    template <class Subject>
    constexpr auto operator[](const Subject& subject) const {
        using P = typename x3::extension::as_parser<Subject>::value_type;
        return Build<P>(x3::as_parser(subject), builder, with_left);
    }
};
constexpr BuildGen<false> build(Builder f) { return {f}; }
constexpr BuildGen<true> tail(Builder f) { return {f}; }

/// Counts depth against limits::nesting and sets whether a range's end is being read.
template <class Subject>
struct Nested : x3::unary_parser<Subject, Nested<Subject>> {
    using base = x3::unary_parser<Subject, Nested<Subject>>;
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    bool endpoint;
    constexpr Nested(const Subject& s, bool e) : base(s), endpoint(e) {}

    template <class C, class R, class A>
    bool parse(Iterator& first, const Iterator& last, const C& context, R& rcontext, A&) const {
        auto& c = x3::get<context_tag>(context);
        if (c.depth >= limits::nesting) {
            const auto at = static_cast<std::uint32_t>(c.position(first));
            return c.stop(Kind::expression_too_deep, {at, at + 1},
                          "expressions are nested more than " + std::to_string(limits::nesting) + " deep");
        }
        const bool outer = c.endpoint;
        c.endpoint = endpoint;
        ++c.depth;
        ++c.readings;
        const bool matched = this->subject.parse(first, last, context, rcontext, x3::unused);
        --c.depth;
        c.endpoint = outer;
        return matched;
    }
};

template <bool endpoint_mode>
struct NestedGen {
    template <class Subject>
    constexpr auto operator[](const Subject& subject) const {
        using P = typename x3::extension::as_parser<Subject>::value_type;
        return Nested<P>(x3::as_parser(subject), endpoint_mode);
    }
};
inline constexpr NestedGen<false> nested{};
inline constexpr NestedGen<true> endpoint_of{};

// The rules that cross translation units.
struct ExpressionId;
struct SumId;
struct PrimaryId;
struct TestId;
struct TestsId;
using ExpressionRule = x3::rule<ExpressionId>;
using SumRule = x3::rule<SumId>;
using PrimaryRule = x3::rule<PrimaryId>;
using TestRule = x3::rule<TestId>;
using TestsRule = x3::rule<TestsId>;
inline const ExpressionRule expression{"expression"};
inline const SumRule sum{"sum"};  ///< arithmetic and tighter
inline const PrimaryRule primary{"primary"};
inline const TestRule test{"test"};     ///< one unary test
inline const TestsRule tests{"tests"};  ///< a whole cell
BOOST_SPIRIT_DECLARE(ExpressionRule, SumRule, PrimaryRule, TestRule, TestsRule)

inline constexpr auto open_round = symbol("(", Expect::operator_);
inline constexpr auto close_round = symbol(")", Expect::close_round);
inline constexpr auto close_square = symbol("]", Expect::close_square);
inline constexpr auto comma = symbol(",", Expect::comma);
inline constexpr auto dots = symbol("..", Expect::dots);
inline const auto range_end = dots >> endpoint_of[sum] >> Terminal(match_range_close);

}  // namespace zoneval::feel::grammar
