// FEEL text to syntax tree. Only the grammar's own translation units see X3.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diag/diagnostic.hpp"
#include "engine/feel/ast.hpp"
#include "engine/feel/name_index.hpp"
#include "engine/feel/type.hpp"

namespace zoneval::feel {

/// The names an expression may use, each at a slot of the frame that evaluation reads.
/// Names may hold spaces and operator characters; the longest known name wins (DMN 1.5 10.3.1.2 rule 27 ff).
/// For unary tests, one entry must be called `?`: the tested value.
struct Names {
    struct Entry {
        std::string name;
        TypePtr type;
    };                           ///< type Any (or nullptr) where unknown
    std::vector<Entry> entries;  ///< slot = index
    NamedTypes types;            ///< names `instance of` and parameters may use
    /// Made by make_index; entries after the first index->size() are searched one by one.
    std::shared_ptr<const NameIndex> index = nullptr;

    int find(std::string_view name) const;  ///< slot, or -1; the last entry of that name wins
    /// For many names and many expressions. What is indexed must keep its name; entries may be added.
    void make_index();
    /// The entries that are not in the index.
    std::span<const Entry> unindexed() const;
};

/// Part of a Source to parse. For YAML scalars whose decoded text differs from the file (folding, quotes),
/// `text` is the decoded text and `offsets[i]` the file offset of its byte i (size text.size() + 1).
/// Empty offsets mean that byte i of the text is byte i of the source.
/// A boxed expression is read part by part, and `text` is only what its parts say (see boxed.hpp).
struct Boxed;
struct ExpressionText {
    SourcePtr source;
    std::string text;
    std::vector<std::uint32_t> offsets;
    std::shared_ptr<const Boxed> boxed = nullptr;
    static ExpressionText whole(SourcePtr source);
    static ExpressionText of(std::string text, std::string name = "expression");  ///< a source of its own
};

/// On failure returns nullptr and adds diagnostics (syntax, unknown name or function, limits).
ExprPtr parse_expression(const ExpressionText& text, const Names& names, Diagnostics& diagnostics);
/// Unary tests of a decision-table cell or `allowed values`; the tested value is the name `?`.
ExprPtr parse_unary_tests(const ExpressionText& text, const Names& names, Diagnostics& diagnostics);

/// Whitespace trimmed at both ends and every run inside made one space: how names compare.
std::string normalized_name(std::string_view name);
/// True if the text can be written as a name where it is known (no quotes, brackets …).
bool is_name(std::string_view text);

}  // namespace zoneval::feel
