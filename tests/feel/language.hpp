// Short ways to run FEEL in tests.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/parsing/check.hpp"
#include "engine/feel/parsing/parse.hpp"
#include "engine/feel/syntax/print.hpp"

namespace zoneval::feel::testing {

using Frame = std::vector<std::pair<std::string, Value>>;

struct Run {
    Value value;
    Diagnostics diagnostics;
    bool parsed = false;
};

inline Run run(const std::string& text, const Frame& frame = {}, NullMeaning nulls = NullMeaning::feel) {
    Names names;
    std::vector<Value> values;
    for (const auto& [name, value] : frame) {
        names.entries.push_back({name, nullptr});
        values.push_back(value);
    }
    Run out;
    const auto source = ExpressionText::of(text);
    const auto tree = parse_expression(source, names, out.diagnostics);
    out.parsed = tree != nullptr;
    if (tree) out.value = evaluate(*tree, values, {nulls, source.source});
    return out;
}

/// The value as FEEL, or the first diagnostic.
inline std::string result(const std::string& text, const Frame& frame = {}, NullMeaning nulls = NullMeaning::feel) {
    const auto out = run(text, frame, nulls);
    return out.parsed ? out.value.to_feel() : "! " + out.diagnostics.all().front().message;
}

}  // namespace zoneval::feel::testing
