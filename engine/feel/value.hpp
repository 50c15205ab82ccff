// FEEL values. Immutable; copying is cheap (scalars inline, the rest shared).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/diag/source.hpp"
#include "engine/feel/decimal.hpp"
#include "engine/feel/temporal.hpp"
#include "engine/feel/type.hpp"

namespace zoneval::feel {

/// Why a datum is absent. `none` means "not a missing datum": a null that was computed or written.
enum class Missing : std::uint8_t { none, not_reported, not_applicable, suppressed, too_small, late };
std::string_view to_string(Missing kind);                    ///< "not reported", "not applicable", …
std::optional<Missing> missing_from_string(std::string_view text);

/// Why a value is null: a tree whose leaves are missing data or failed operations.
struct Cause;
using CausePtr = std::shared_ptr<const Cause>;
struct Cause {
    std::string message;                                     ///< "division by zero", "`GDP` is missing …"
    SourcePtr source;                                        ///< where it happened, if in an expression
    Span span;
    Missing missing = Missing::none;                         ///< set on the leaf for a missing datum
    std::vector<CausePtr> because;
};
/// The kind of missing datum a null goes back to (the first found, depth first), or none.
Missing missing_kind(const CausePtr& cause);

class Value;
using List = std::vector<Value>;
/// Entries keep their order; few enough for linear search.
using Context = std::vector<std::pair<std::string, Value>>;
struct Range;
struct Function;

struct Null { CausePtr cause; };                             ///< cause may be null: a plain `null`

/// The alternatives and the accessors are the interface; the layout may change.
class Value {
  public:
    Value() = default;                                       ///< null without a cause
    static Value null(CausePtr cause);
    static Value missing(Missing kind, std::string message); ///< a missing datum
    Value(bool value);                                       // NOLINT
    Value(Decimal value);                                    // NOLINT
    Value(std::string value);                                // NOLINT
    Value(std::string_view value);                           // NOLINT
    Value(const char* value);                                // NOLINT
    Value(Date value);                                       // NOLINT
    Value(List value);                                       // NOLINT
    Value(Context value);                                    // NOLINT

    Type::Kind kind() const;
    bool is_null() const { return kind() == Type::Kind::null; }
    bool is_true() const;
    bool is_false() const;
    const CausePtr& cause() const;                           ///< of a null; empty otherwise

    // Each returns nullptr when the value is of another type.
    const bool* boolean() const;
    const Decimal* number() const;
    const std::string* string() const;
    const Date* date() const;
    const List* list() const;
    const Context* context() const;
    // … and time(), date_time(), years_months(), days_time(), range(), function().

    /// Text as FEEL's string() gives it (10.3.4.1): strings without quotes, null as "null".
    std::string to_string() const;
    /// A FEEL literal that evaluates to this value.
    std::string to_feel() const;
};

/// FEEL equality as a two-valued test for containers and tests: null equals null, kinds must agree.
bool identical(const Value& a, const Value& b);

}  // namespace zoneval::feel
