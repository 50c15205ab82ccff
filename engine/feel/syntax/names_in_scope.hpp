// What an expression is read from: its text, and the names it may use.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diag/source.hpp"
#include "engine/feel/syntax/name_index.hpp"
#include "engine/feel/value/type.hpp"

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
    /// Where 投入, 产出 and 投入/产出 are all known, `投入 / 产出` is refused (ZV108). FEEL itself takes the longest
    /// name.
    bool refuse_two_readings = false;
    /// Made by make_index; entries after the first index->size() are searched one by one.
    std::shared_ptr<const NameIndex> index = nullptr;

    /// Functions over the records of another kind (`sum of parks`): what stands in their brackets is read with the
    /// names of that kind.
    struct OverKind {
        std::string name;
        std::shared_ptr<const Names> inside;
    };
    std::vector<OverKind> over_kinds = {};

    int find(std::string_view name) const;                       ///< slot, or -1; the last entry of that name wins
    const OverKind* over_kind(std::string_view function) const;  ///< nullptr: it is no such function
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

}  // namespace zoneval::feel
