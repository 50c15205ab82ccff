// YAML as a tree that remembers where everything stood in its file.
// Rule files use a plain subset: one document, no anchors, aliases, tags or merge keys; each is refused with its place.
#pragma once

#include <string>
#include <vector>

#include "engine/diag/diagnostic.hpp"
#include "engine/feel/parsing/parse.hpp"

namespace zoneval::model {

struct Yaml {
    enum class Shape { null, scalar, sequence, mapping };
    Shape shape = Shape::null;
    SourcePtr source;
    Span span;
    std::string scalar;       ///< decoded text
    bool quoted = false;      ///< '…' or "…": always a text, never a number or a date
    std::vector<Yaml> items;  ///< of a sequence
    struct Entry;
    std::vector<Entry> entries;  ///< of a mapping, in order; keys are scalars

    bool is_scalar() const { return shape == Shape::scalar; }
    bool is_sequence() const { return shape == Shape::sequence; }
    bool is_mapping() const { return shape == Shape::mapping; }
    const Yaml* find(std::string_view key) const;
    /// The scalar as text to parse, each byte with its place in the file.
    feel::ExpressionText expression() const;
};

struct Yaml::Entry {
    Yaml first, second;
};  ///< key and value

/// "a text", "a list", "a mapping" …: how messages call a shape.
std::string_view to_string(Yaml::Shape shape);

/// Parses one document. On any error adds diagnostics; the tree must then not be used.
Yaml parse_yaml(const SourcePtr& source, Diagnostics& diagnostics);

}  // namespace zoneval::model
