// What the grammar shares while it reads one expression: the text, known names, operands built so far, and the
// furthest place where something else was expected. Private to the grammar; free of X3.
#pragma once

#include <compare>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diag/diagnostic.hpp"
#include "engine/feel/syntax/ast.hpp"
#include "engine/feel/syntax/names_in_scope.hpp"

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
    where,
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
    ParseContext(std::string_view source_text, const Names& known) : text(source_text), names(&known) {}

    std::string_view text;
    const Names* names;                 ///< never null; others between the brackets of a function over another kind
    std::vector<const Names*> outside;  ///< those around such brackets

    // Built so far. A rule that fails takes back what it pushed (see Mark).
    std::vector<ExprPtr> operands;
    std::vector<std::string> words;  ///< names, keys, closing brackets
    std::vector<TypePtr> types;
    std::vector<std::string> scope;    ///< names of enclosing for, function, context …
    std::vector<std::string> members;  ///< context keys seen: longest match after a dot

    int depth = 0;
    int filters = 0;        ///< enclosing filters: there, members are names
    bool endpoint = false;  ///< in the end of a range, where `[` may close it

    /// A rule that was read in vain from a place on, and what decides what it finds there.
    struct Vain {
        std::size_t at;
        std::uintptr_t builder, form;  ///< which rule
        bool endpoint;
        int filters;
        std::size_t scope, outside;
        auto operator<=>(const Vain&) const = default;
    };
    /// What came to nothing after it had read further expressions: `function(a) 1 + (…` could be a sum in the function
    /// or a sum with it, and to read what follows for both, at every level, has no end.
    std::set<Vain> in_vain;
    std::size_t readings = 0;  ///< of expressions, so far

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
    const Names* names = nullptr;
    std::size_t outside = 0;
    static Mark here(ParseContext& context, const char* at);
    void restore(ParseContext& context) const;
};

}  // namespace zoneval::feel::grammar
