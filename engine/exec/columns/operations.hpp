// What the operations of the column machine are, read off the parameters of their kernels (operations.def).
#pragma once

#include <array>
#include <string_view>
#include <type_traits>
#include <variant>

#include "engine/exec/columns/kernels.hpp"

namespace zoneval::exec {

/// What a register holds for each row: a double, 0 or 1 (or a mask), or the code of a string.
enum class Shape : std::uint8_t { number, truth, code };

enum class Op : std::uint8_t {
#define ZONEVAL_OPERATION(name, ...) name,
#include "engine/exec/columns/operations.def"
#undef ZONEVAL_OPERATION
};

/// Which source, table or sum of the program an instruction refers to.
struct Index {
    std::uint32_t at = 0;
    friend auto operator<=>(const Index&, const Index&) = default;
};

struct Operation {
    std::string_view name;
    Shape result;
    std::array<Shape, 5> reads;  ///< shapes of its operands
    std::uint8_t operands;       ///< how many there are: registers or constants
    bool accumulates;            ///< its result is added to, and so read
    bool reads_terms;            ///< it reads what the terms of its sum name
    std::uint8_t column_bytes;   ///< how much of a column it reads for each row, where it reads one
};

namespace kernel_parameters {

template <class T>
inline constexpr Shape shape_of = std::is_same_v<T, double>          ? Shape::number
                                  : std::is_same_v<T, std::uint16_t> ? Shape::code
                                                                     : Shape::truth;

template <class T>
struct Of {
    static constexpr bool operand = false, onto = false;
    static constexpr std::size_t column_bytes = 0;
};
template <class T>
struct Of<T*> : Of<void> {
    static constexpr Shape shape = shape_of<T>;
};
template <class T>
struct Of<In<T>> : Of<void> {
    static constexpr bool operand = true;
    static constexpr Shape shape = shape_of<T>;
};
template <class T>
struct Of<Onto<T>> : Of<void> {
    static constexpr bool operand = true, onto = true;
    static constexpr Shape shape = shape_of<T>;
};
template <class T>
struct Of<Slice<T>> : Of<void> {
    static constexpr std::size_t column_bytes = sizeof(T);
};
template <>
struct Of<ByGroup> : Of<void> {
    static constexpr std::size_t column_bytes = sizeof(std::uint32_t);
};

template <class Out, class... Rest>
constexpr Operation describe(std::string_view name, void (*Kernels::*)(Out, Rest...)) {
    Operation out{name, Of<Out>::shape, {}, 0, Of<Out>::onto, (std::is_same_v<Rest, Addends> || ...), 0};
    const auto add = [&]<class T>(Of<T>) {
        if constexpr (Of<T>::operand) out.reads[out.operands++] = Of<T>::shape;
        out.column_bytes = static_cast<std::uint8_t>(out.column_bytes + Of<T>::column_bytes);
    };
    (add(Of<Rest>{}), ...);
    return out;
}

}  // namespace kernel_parameters

inline constexpr Operation operations[] = {
#define ZONEVAL_OPERATION(name, ...) kernel_parameters::describe(#name, &Kernels::name),
#include "engine/exec/columns/operations.def"
#undef ZONEVAL_OPERATION
};
constexpr const Operation& operation(Op op) { return operations[static_cast<std::size_t>(op)]; }

}  // namespace zoneval::exec
