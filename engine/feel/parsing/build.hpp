// From what a rule of the grammar read to nodes. Private to the grammar; free of X3.
#pragma once

#include <cstdint>

#include "engine/feel/parsing/parse_context.hpp"

namespace zoneval::feel::grammar {

// Each replaces what a rule pushed since the mark by one node that ends at `end`.
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

}  // namespace zoneval::feel::grammar
