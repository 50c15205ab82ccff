// FEEL values. Immutable; copying is cheap (scalars inline, the rest shared).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
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
    std::string subject;                                     ///< the missing datum's name, where it has one
    std::vector<CausePtr> because;
    std::vector<std::string> possible;                       ///< FEEL texts of the values still possible; empty: not known
    /// Found once, when the cause is made by make_cause: trees share parts, so walking them could take for ever.
    struct Summary { Missing kind = Missing::none; int depth = 0; };
    std::optional<Summary> summary;
};
/// Finishes a cause: drops repeated reasons, bounds the depth and notes the summary.
CausePtr make_cause(Cause cause);
/// The kind of missing datum a null goes back to: the first found, depth first, where a datum that is merely not applicable
/// counts only if everything the null goes back to is; or none.
Missing missing_kind(const CausePtr& cause);
/// The leaves of the tree, depth first, each once: what would have to be settled.
std::vector<CausePtr> leaves(const CausePtr& cause);
/// The tree as indented lines, each with the expression it points at; what was shown before is not repeated.
std::string render(const CausePtr& cause);

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
    // Most values are numbers: copying them must not go through the variant's table of alternatives.
    Value(const Value& other) {
        if (const auto* number = other.number()) data_.emplace<Decimal>(*number);
        else data_ = other.data_;
    }
    Value(Value&& other) noexcept {
        if (const auto* number = other.number()) data_.emplace<Decimal>(*number);
        else data_ = std::move(other.data_);
    }
    Value& operator=(const Value& other) {
        if (const auto* number = other.number()) data_ = *number;
        else data_ = other.data_;
        return *this;
    }
    Value& operator=(Value&& other) noexcept {
        if (const auto* number = other.number()) data_ = *number;
        else data_ = std::move(other.data_);
        return *this;
    }
    ~Value() = default;
    static Value null(CausePtr cause);
    static Value missing(Missing kind, std::string message); ///< a missing datum
    Value(bool value) : data_(value) {}                      // NOLINT
    Value(Decimal value) : data_(value) {}                   // NOLINT
    Value(int value) : data_(Decimal(value)) {}              // NOLINT
    Value(std::int64_t value) : data_(Decimal(value)) {}     // NOLINT
    Value(double) = delete;                                  ///< say Decimal::from_double
    Value(std::string value);                                // NOLINT
    Value(std::string_view value);                           // NOLINT
    Value(const char* value);                                // NOLINT
    Value(Date value) : data_(value) {}                      // NOLINT
    Value(Time value);                                       // NOLINT
    Value(DateTime value);                                   // NOLINT
    Value(YearsMonthsDuration value) : data_(value) {}       // NOLINT
    Value(DaysTimeDuration value) : data_(value) {}          // NOLINT
    /// Nested deeper than limits::value_nesting, these become null with that cause.
    Value(List value);                                       // NOLINT
    Value(Context value);                                    // NOLINT
    Value(Range value);                                      // NOLINT
    Value(Function value);                                   // NOLINT

    Type::Kind kind() const;
    bool is_null() const { return data_.index() == 0; }
    bool is_true() const { const auto* b = boolean(); return b != nullptr && *b; }
    bool is_false() const { const auto* b = boolean(); return b != nullptr && !*b; }
    const CausePtr& cause() const;                           ///< of a null; empty otherwise

    // Each returns nullptr when the value is of another type.
    const bool* boolean() const { return std::get_if<bool>(&data_); }
    const Decimal* number() const { return std::get_if<Decimal>(&data_); }
    const std::string* string() const { return shared<std::string>(); }
    const Date* date() const { return std::get_if<Date>(&data_); }
    const Time* time() const { return shared<Time>(); }
    const DateTime* date_time() const { return shared<DateTime>(); }
    const YearsMonthsDuration* years_months() const { return std::get_if<YearsMonthsDuration>(&data_); }
    const DaysTimeDuration* days_time() const { return std::get_if<DaysTimeDuration>(&data_); }
    const List* list() const { return nested<List>(); }
    const Context* context() const { return nested<Context>(); }
    const Range* range() const;
    const Function* function() const;

    /// Lists, contexts, ranges and closures inside each other; 0 for other values.
    int nesting() const;
    /// Text as FEEL's string() gives it (10.3.4.1): strings without quotes, null as "null".
    std::string to_string() const;
    /// A FEEL literal that evaluates to this value (functions print as their definition).
    std::string to_feel() const;
    /// The value's own type, with elements and members.
    TypePtr type() const;

  private:
    /// A value made of values, and how deep it is.
    template <class T>
    struct Nested : T {
        Nested(T content, int levels) : T(std::move(content)), depth(levels) {}
        int depth;
    };
    template <class T>
    const T* shared() const {
        const auto* p = std::get_if<std::shared_ptr<const T>>(&data_);
        return p == nullptr ? nullptr : p->get();
    }
    template <class T>
    const T* nested() const {
        const auto* p = std::get_if<std::shared_ptr<const Nested<T>>>(&data_);
        return p == nullptr ? nullptr : p->get();
    }
    template <class T, class Box>
    void nest(T content, int inside);
    struct NestedRange;
    struct NestedFunction;
    // The order is that of kind() in value.cpp.
    std::variant<Null, bool, Decimal, std::shared_ptr<const std::string>, Date, std::shared_ptr<const Time>,
                 std::shared_ptr<const DateTime>, YearsMonthsDuration, DaysTimeDuration,
                 std::shared_ptr<const Nested<List>>, std::shared_ptr<const Nested<Context>>,
                 std::shared_ptr<const NestedRange>, std::shared_ptr<const NestedFunction>>
        data_;
};

/// How a range was written: [a..b], or one of the unary tests (<b), (<=b), (>a), (>=a), (=a), (!=a).
enum class RangeForm : std::uint8_t { interval, less, less_equal, greater, greater_equal, equal, not_equal };

/// A null endpoint is open: an unbounded range (10.3.2.7).
struct Range {
    RangeForm form = RangeForm::interval;
    Value start, end;
    bool start_included = true, end_included = true;
};

/// The entry of a context, or nullptr.
const Value* find(const Context& context, std::string_view name);

/// FEEL equality as a two-valued test for containers and tests: null equals null, kinds must agree.
bool identical(const Value& a, const Value& b);

/// FEEL `=` (Table 53): true, false, or nullopt when the kinds are not comparable. null = null is true.
std::optional<bool> equals(const Value& a, const Value& b);
/// Ordering of numbers, strings, dates, times and durations; nullopt for anything else (also null).
std::optional<std::strong_ordering> order(const Value& a, const Value& b);

/// True if the value belongs to the type as `instance of` asks (null belongs to no type but Null).
bool instance_of(const Value& value, const Type& type);
/// Implicit conversions of 10.3.2.9.4 towards a declared type: itself, list of one to element, element to list
/// of one, date to date and time. nullopt when the value does not conform. null always conforms.
std::optional<Value> coerce(const Value& value, const Type& type);

/// Text in FEEL quotes with escapes.
std::string quoted(std::string_view text);

}  // namespace zoneval::feel
