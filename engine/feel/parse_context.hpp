// What the grammar shares while it reads one expression: the text, known names, operands built so far, and the
// furthest place where something else was expected. Private to the grammar; free of X3.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/ast.hpp"
#include "engine/feel/parse.hpp"

namespace zoneval::feel::grammar {

/// What could have come at the furthest place reached, in user words. The order is that of the message.
enum class Expect : std::uint32_t {
    operand,
    name,
    type,
    operator_,
    then,
    else_,
    in,
    return_,
    satisfies,
    and_,
    of,
    dots,
    colon,
    comma,
    open_round,
    close_round,
    close_square,
    close_curly,
    close_range,
    end,
    count
};

struct ParseContext {
    ParseContext(std::string_view source_text, const Names& known) : text(source_text), names(known) {}

    std::string_view text;
    const Names& names;

    // Built so far. A rule that fails takes back what it pushed (see Mark).
    std::vector<ExprPtr> operands;
    std::vector<std::string> words;  ///< names, keys, closing brackets
    std::vector<TypePtr> types;
    std::vector<std::string> scope;    ///< names of enclosing for, function, context …
    std::vector<std::string> members;  ///< context keys seen: longest match after a dot

    int depth = 0;
    int filters = 0;        ///< enclosing filters: there, members are names
    bool endpoint = false;  ///< in the end of a range, where `[` may close it

    // Why reading failed.
    std::size_t furthest = 0;
    std::uint32_t expected = 0;  ///< set of Expect
    bool stopped = false;        ///< a limit or a bad literal: no other reading is tried
    Kind stop_kind = Kind::syntax_error;
    Span stop_span;
    std::string stop_message, stop_expected;

    std::size_t position(const char* at) const { return static_cast<std::size_t>(at - text.data()); }
    std::string_view rest(const char* at) const { return text.substr(position(at)); }
    const char* skip(const char* at);
    bool miss(const char* at, Expect what);  ///< notes the expectation; always false
    bool stop(Kind kind, Span span, std::string message, std::string expectation = {});
    /// Members of the known types join `members` once something asks for them.
    void learn_members();
    Span span(const char* from, const char* to) const {
        return {static_cast<std::uint32_t>(position(from)), static_cast<std::uint32_t>(position(to))};
    }

  private:
    const char* skipped_from_ = nullptr;
    const char* skipped_to_ = nullptr;
    bool learnt_ = false;
};

/// Sizes to return to when a rule fails, and where its node begins.
struct Mark {
    std::size_t operands = 0, words = 0, types = 0, scope = 0;
    std::uint32_t begin = 0;
    int filters = 0;
    static Mark here(ParseContext& context, const char* at);
    void restore(ParseContext& context) const;
};

// Terminals: each skips white space, then matches or notes what it expected.
bool match_symbol(ParseContext& c, const char*& at, std::string_view symbol, Expect what);
bool match_keyword(ParseContext& c, const char*& at, std::string_view keyword, Expect what);
bool match_number(ParseContext& c, const char*& at);
bool match_string(ParseContext& c, const char*& at);
bool match_at_literal(ParseContext& c, const char*& at);
bool match_constant(ParseContext& c, const char*& at);        ///< true, false, null
bool match_name(ParseContext& c, const char*& at);            ///< pushes a Name
bool match_member(ParseContext& c, const char*& at);          ///< after a dot; pushes a word
bool match_path_dot(ParseContext& c, const char*& at);        ///< `.` but not `..`
bool match_filter_open(ParseContext& c, const char*& at);     ///< `[` unless it closes a range
bool match_range_close(ParseContext& c, const char*& at);     ///< `]`, `)` or `[`; pushes a word
bool match_iterator_name(ParseContext& c, const char*& at);   ///< up to `in`; pushes word and scope
bool match_parameter_name(ParseContext& c, const char*& at);  ///< up to `,` `:` `)`; pushes word and scope
bool match_key(ParseContext& c, const char*& at);             ///< name or string and `:`; pushes word and scope
bool match_argument_name(ParseContext& c, const char*& at);   ///< name and `:`; pushes word
bool match_type(ParseContext& c, const char*& at);            ///< pushes a type
bool match_comparison(ParseContext& c, const char*& at);      ///< < <= > >= = !=; pushes a word
bool match_end(ParseContext& c, const char*& at);

// Builders: replace what a rule pushed since the mark by one node that ends at `end`.
void build_group(ParseContext& c, const Mark& m, std::uint32_t end);
void build_bracket(ParseContext& c, const Mark& m, std::uint32_t end);
void build_outside_range(ParseContext& c, const Mark& m, std::uint32_t end);
void build_comparison(ParseContext& c, const Mark& m, std::uint32_t end);
void build_negate(ParseContext& c, const Mark& m, std::uint32_t end);
void build_between(ParseContext& c, const Mark& m, std::uint32_t end);
void build_in(ParseContext& c, const Mark& m, std::uint32_t end);
void build_instance_of(ParseContext& c, const Mark& m, std::uint32_t end);
void build_path(ParseContext& c, const Mark& m, std::uint32_t end);
void build_filter(ParseContext& c, const Mark& m, std::uint32_t end);
void build_call(ParseContext& c, const Mark& m, std::uint32_t end);
void build_if(ParseContext& c, const Mark& m, std::uint32_t end);
void build_for(ParseContext& c, const Mark& m, std::uint32_t end);
void build_some(ParseContext& c, const Mark& m, std::uint32_t end);
void build_every(ParseContext& c, const Mark& m, std::uint32_t end);
void build_function(ParseContext& c, const Mark& m, std::uint32_t end);
void build_external(ParseContext& c, const Mark& m, std::uint32_t end);
void build_context(ParseContext& c, const Mark& m, std::uint32_t end);
void build_any(ParseContext& c, const Mark& m, std::uint32_t end);
void build_tests(ParseContext& c, const Mark& m, std::uint32_t end);
void build_not_tests(ParseContext& c, const Mark& m, std::uint32_t end);
template <BinaryOp op>
void build_binary(ParseContext& c, const Mark& m, std::uint32_t end);
void build_binary_of(BinaryOp op, ParseContext& c, const Mark& m, std::uint32_t end);
template <BinaryOp op>
void build_binary(ParseContext& c, const Mark& m, std::uint32_t end) {
    build_binary_of(op, c, m, end);
}

/// Entry points of the grammar (INSTANTIATEd in its translation units): whole text, true on success.
bool parse_whole_expression(ParseContext& c);
bool parse_whole_tests(ParseContext& c);

}  // namespace zoneval::feel::grammar
