// Boxed expressions (DMN 1.5 clauses 7.3 and 10.2.2) as their author laid them out: what FEEL writes in one line, in
// parts that each keep their place in the file. parse_expression() turns them into the same tree as FEEL's own
// constructs.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/diag/diagnostic.hpp"
#include "engine/feel/syntax/ast.hpp"
#include "engine/feel/syntax/names_in_scope.hpp"

namespace zoneval::feel {

struct Boxed;
using BoxedPtr = std::shared_ptr<const Boxed>;  ///< shared: texts to parse are copied

struct Boxed {
    /// A name the author chose, with an optional type in FEEL's spelling.
    struct Declared {
        std::string name;
        Span span;
        std::string type;
        Span type_span;
    };
    struct Entry {
        Declared name;
        BoxedPtr value;
    };
    struct Literal {
        ExpressionText text;
    };
    /// With a result, the context's value is the result's (10.2.2: the last entry without a name).
    struct Context {
        std::vector<Entry> entries;
        BoxedPtr result;
    };
    struct List {
        std::vector<BoxedPtr> items;
    };
    struct Function {
        std::vector<Declared> parameters;
        BoxedPtr body;
    };
    struct Invocation {
        BoxedPtr function;
        std::vector<Entry> bindings;
    };
    struct Conditional {
        BoxedPtr condition, then, otherwise;
    };
    struct Filter {
        BoxedPtr list, match;
    };
    struct Iteration {
        enum class Kind { each, every, some } kind = Kind::each;
        Declared variable;
        BoxedPtr list, body;
    };
    struct Relation {
        std::vector<Declared> columns;
        std::vector<std::vector<BoxedPtr>> rows;
    };
    struct Table {
        struct Input {
            ExpressionText expression;
            std::string type;
            Span type_span;
            ExpressionText allowed;
        };
        struct Output {
            Declared name;
            ExpressionText allowed, default_value;
        };
        struct Rule {
            std::vector<ExpressionText> tests, outputs;
        };
        std::string hit_policy, aggregator;
        std::vector<Input> inputs;  ///< texts without a source are absent
        std::vector<Output> outputs;
        std::vector<Rule> rules;
    };
    Span span;
    std::variant<Literal, Context, List, Function, Invocation, Conditional, Filter, Iteration, Relation, Table> form;
};

/// A text to parse whose tree is that of the boxed expression. Its `text` is that of the parts, in the order of the
/// file.
ExpressionText boxed_text(SourcePtr source, BoxedPtr boxed);

/// Called by parse_expression; the tree is not resolved yet. nullptr when a part cannot be read: each is reported.
ExprPtr lower_boxed(const Boxed& boxed, const SourcePtr& source, const Names& names, Diagnostics& diagnostics);

}  // namespace zoneval::feel
