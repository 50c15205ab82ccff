// Reasons as facts: an id and typed arguments, declared in reasons.def. The words are in engine/wording.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/feel/value/type.hpp"
#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

/// An operand that stood in the way: its FEEL text, empty where it has none, and whether a datum is missing behind it.
struct NullOperand {
    std::string text;
    bool missing = false;
    friend bool operator==(const NullOperand&, const NullOperand&) = default;
};

/// A figure and the places it is shown with.
struct Shown {
    Value value;
    std::optional<int> decimals;
};

/// What an argument may be, by the names reasons.def uses.
namespace argument {
using text = std::string;
using datum = std::string;  ///< the name of the datum that would settle it
using count = std::int64_t;
using year = std::int64_t;
using past = std::int64_t;  ///< the year of the datum, where that is not the year assessed
using type = Type::Kind;
using types = std::vector<Type::Kind>;
using value = Value;
using operands = std::vector<NullOperand>;
using shown = Shown;
}  // namespace argument
enum class ArgumentType : std::uint8_t { text, datum, count, year, past, type, types, value, operands, shown };
using Argument = std::variant<std::string, std::int64_t, Type::Kind, std::vector<Type::Kind>, Value,
                              std::vector<NullOperand>, Shown>;

enum class Reason : std::uint16_t {
#define REASON0(id) id,
#define REASON1(id, t1, n1) id,
#define REASON2(id, t1, n1, t2, n2) id,
#define REASON3(id, t1, n1, t2, n2, t3, n3) id,
#define REASON4(id, t1, n1, t2, n2, t3, n3, t4, n4) id,
#include "engine/feel/value/reasons.def"
};

/// A row of reasons.def.
struct ReasonRow {
    struct Parameter {
        ArgumentType type{};
        std::string_view name;
    };
    std::string_view id;
    std::size_t count = 0;
    std::array<Parameter, 4> parameters{};
};
inline constexpr ReasonRow reason_rows[] = {
#define REASON0(id) {#id, 0, {}},
#define REASON1(id, t1, n1) {#id, 1, {{{ArgumentType::t1, #n1}}}},
#define REASON2(id, t1, n1, t2, n2) {#id, 2, {{{ArgumentType::t1, #n1}, {ArgumentType::t2, #n2}}}},
#define REASON3(id, t1, n1, t2, n2, t3, n3) \
    {#id, 3, {{{ArgumentType::t1, #n1}, {ArgumentType::t2, #n2}, {ArgumentType::t3, #n3}}}},
#define REASON4(id, t1, n1, t2, n2, t3, n3, t4, n4) \
    {#id, 4, {{{ArgumentType::t1, #n1}, {ArgumentType::t2, #n2}, {ArgumentType::t3, #n3}, {ArgumentType::t4, #n4}}}},
#include "engine/feel/value/reasons.def"
};
constexpr const ReasonRow& row_of(Reason reason) { return reason_rows[static_cast<std::size_t>(reason)]; }
std::optional<Reason> reason_from_id(std::string_view id);

/// INVARIANT: the arguments are those of the reason's row, in its order.
struct Fact {
    Reason reason{};
    std::vector<Argument> arguments;

    /// The argument of that type, or nullptr: what a reason is about, whichever it is.
    const Argument* find(ArgumentType type) const;
};

/// One maker for each reason: `reasons::no_property(kind, "weekday")`.
namespace reasons {
namespace arg = argument;
template <class T>
Argument made(T value) {
    return Argument(std::in_place_type<T>, std::move(value));
}
template <class... Arguments>
Fact fact(Reason reason, Arguments... arguments) {
    Fact out{reason, {}};
    out.arguments.reserve(sizeof...(arguments));
    (out.arguments.push_back(std::move(arguments)), ...);
    return out;
}
#define REASON0(id) \
    inline Fact id() { return fact(Reason::id); }
#define REASON1(id, t1, n1) \
    inline Fact id(arg::t1 a) { return fact(Reason::id, made<arg::t1>(std::move(a))); }
#define REASON2(id, t1, n1, t2, n2)                                                        \
    inline Fact id(arg::t1 a, arg::t2 b) {                                                 \
        return fact(Reason::id, made<arg::t1>(std::move(a)), made<arg::t2>(std::move(b))); \
    }
#define REASON3(id, t1, n1, t2, n2, t3, n3)                                               \
    inline Fact id(arg::t1 a, arg::t2 b, arg::t3 c) {                                     \
        return fact(Reason::id, made<arg::t1>(std::move(a)), made<arg::t2>(std::move(b)), \
                    made<arg::t3>(std::move(c)));                                         \
    }
#define REASON4(id, t1, n1, t2, n2, t3, n3, t4, n4)                                                                    \
    inline Fact id(arg::t1 a, arg::t2 b, arg::t3 c, arg::t4 d) {                                                       \
        return fact(Reason::id, made<arg::t1>(std::move(a)), made<arg::t2>(std::move(b)), made<arg::t3>(std::move(c)), \
                    made<arg::t4>(std::move(d)));                                                                      \
    }
#include "engine/feel/value/reasons.def"
}  // namespace reasons

}  // namespace zoneval::feel
