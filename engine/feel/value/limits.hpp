// The limits that keep hostile input from hurting: every one is here, and exceeding one is a clear error.
#pragma once

#include <cstddef>
#include <cstdint>

namespace zoneval::feel::limits {

// While parsing (ZV102).
inline constexpr std::size_t expression_bytes = 1'000'000;
inline constexpr int nesting = 200;       ///< parentheses, lists, calls … inside each other
inline constexpr int tree_depth = 2'000;  ///< also counts chains such as 1 + 1 + 1 + …
inline constexpr int type_nesting = 50;

// While evaluating (null with a cause).
inline constexpr int evaluation_depth = 3'000;  ///< nested steps, including calls of user functions
/// For builds whose frames are many times as large (sanitizers); an optimised build meets the depth first.
inline constexpr std::ptrdiff_t evaluation_stack = 5'000'000;
inline constexpr std::size_t list_length = 1'000'000;
inline constexpr std::size_t string_bytes = 10'000'000;
inline constexpr std::uint64_t steps = 20'000'000;        ///< iterations and elements visited in one evaluation
inline constexpr int value_nesting = 500;                 ///< lists, contexts and closures inside each other
inline constexpr std::size_t compared_parts = 5'000'000;  ///< elements and entries visited to compare or type a value
inline constexpr int cause_depth = 300;                   ///< of a tree of reasons; deeper ones keep their leaves

// Regular expressions (PCRE2).
inline constexpr std::size_t pattern_bytes = 10'000;
inline constexpr std::uint32_t regex_match = 1'000'000;
inline constexpr std::uint32_t regex_depth = 10'000;

}  // namespace zoneval::feel::limits
