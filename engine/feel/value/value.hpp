// FEEL values. Immutable; copying is cheap (scalars inline, the rest shared).
#pragma once

#include <sys/single_threaded.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/feel/value/decimal.hpp"
#include "engine/feel/value/missing.hpp"
#include "engine/feel/value/temporal.hpp"
#include "engine/feel/value/type.hpp"

namespace zoneval::feel {

/// Why a value is null (cause.hpp).
struct Cause;
struct Fact;
using CausePtr = std::shared_ptr<const Cause>;

class Value;
using List = std::vector<Value>;
/// Entries keep their order; few enough for linear search.
using Context = std::vector<std::pair<std::string, Value>>;
struct Range;
class Function;
using FunctionPtr = std::shared_ptr<const Function>;

/// The alternatives and the accessors are the interface; the layout may change.
/// Numbers, truth values, dates and durations lie inside; everything else is a pointer to a counted, immutable box.
/// Copying and moving must stay cheap: evaluation does little else.
class Value {
  public:
    Value() = default;  ///< null without a cause
    Value(const Value& other) : tag_(other.tag_), payload_(other.payload_) {
        if (boxed()) retain(payload_.box);
    }
    Value(Value&& other) noexcept : tag_(other.tag_), payload_(other.payload_) { other.tag_ = Tag::null; }
    Value& operator=(const Value& other) {
        if (other.boxed()) retain(other.payload_.box);  // before release: they may share a box
        if (boxed()) release();
        tag_ = other.tag_;
        payload_ = other.payload_;
        return *this;
    }
    Value& operator=(Value&& other) noexcept {
        if (this == &other) return *this;
        if (boxed()) release();
        tag_ = other.tag_;
        payload_ = other.payload_;
        other.tag_ = Tag::null;
        return *this;
    }
    ~Value() {
        if (boxed()) release();
    }
    static Value null(CausePtr cause);
    static Value missing(Missing kind, Fact fact);                ///< a missing datum (reason.hpp has the facts)
    Value(bool value) : tag_(Tag::boolean), payload_(value) {}    // NOLINT
    Value(Decimal value) : tag_(Tag::number), payload_(value) {}  // NOLINT
    Value(int value) : Value(Decimal(value)) {}                   // NOLINT
    Value(std::int64_t value) : Value(Decimal(value)) {}          // NOLINT
    Value(double) = delete;                                       ///< say Decimal::from_double
    Value(std::string value);                                     // NOLINT
    Value(std::string_view value);                                // NOLINT
    Value(const char* value);                                     // NOLINT
    Value(Date value) : tag_(Tag::date), payload_(value) {}       // NOLINT
    Value(Time value);                                            // NOLINT
    Value(DateTime value);                                        // NOLINT
    Value(YearsMonthsDuration value) : tag_(Tag::years_months), payload_(value) {}  // NOLINT
    Value(DaysTimeDuration value) : tag_(Tag::days_time), payload_(value) {}        // NOLINT
    /// Nested deeper than limits::value_nesting, these become null with that cause.
    Value(List value);         // NOLINT
    Value(Context value);      // NOLINT
    Value(Range value);        // NOLINT
    Value(FunctionPtr value);  // NOLINT

    Type::Kind kind() const { return kinds[static_cast<std::size_t>(tag_)]; }
    bool is_null() const { return tag_ == Tag::null || tag_ == Tag::caused_null; }
    bool is_true() const { return tag_ == Tag::boolean && payload_.boolean; }
    bool is_false() const { return tag_ == Tag::boolean && !payload_.boolean; }
    const CausePtr& cause() const;  ///< of a null; empty otherwise

    // Each returns nullptr when the value is of another type.
    const bool* boolean() const { return tag_ == Tag::boolean ? &payload_.boolean : nullptr; }
    const Decimal* number() const { return tag_ == Tag::number ? &payload_.number : nullptr; }
    const std::string* string() const { return content<std::string>(Tag::string); }
    const Date* date() const { return tag_ == Tag::date ? &payload_.date : nullptr; }
    const Time* time() const { return content<Time>(Tag::time); }
    const DateTime* date_time() const { return content<DateTime>(Tag::date_time); }
    const YearsMonthsDuration* years_months() const {
        return tag_ == Tag::years_months ? &payload_.years_months : nullptr;
    }
    const DaysTimeDuration* days_time() const { return tag_ == Tag::days_time ? &payload_.days_time : nullptr; }
    const List* list() const { return content<List>(Tag::list); }
    const Context* context() const { return content<Context>(Tag::context); }
    const Range* range() const;
    const Function* function() const;

    /// Lists, contexts, ranges and closures inside each other; 0 for other values.
    int nesting() const { return boxed() ? payload_.box->depth : 0; }
    /// Text as FEEL's string() gives it (10.3.4.1): strings without quotes, null as "null".
    std::string to_string() const;
    /// A FEEL literal that evaluates to this value (functions print as their definition).
    std::string to_feel() const;
    /// The value's own type, with elements and members.
    TypePtr type() const;

  private:
    enum class Tag : std::uint8_t {
        null,
        boolean,
        number,
        date,
        years_months,
        days_time,  // inside the value
        caused_null,
        string,
        time,
        date_time,
        list,
        context,
        range,
        function  // in a box
    };
    static constexpr Type::Kind kinds[] = {Type::Kind::null,
                                           Type::Kind::boolean,
                                           Type::Kind::number,
                                           Type::Kind::date,
                                           Type::Kind::years_months_duration,
                                           Type::Kind::days_time_duration,
                                           Type::Kind::null,
                                           Type::Kind::string,
                                           Type::Kind::time,
                                           Type::Kind::date_time,
                                           Type::Kind::list,
                                           Type::Kind::context,
                                           Type::Kind::range,
                                           Type::Kind::function};
    struct Box {
        std::uint32_t count = 1;
        int depth = 0;  ///< what nesting() says
    };
    template <class T>
    struct BoxOf : Box {
        explicit BoxOf(T value) : content(std::move(value)) {}
        T content;
    };
    union Payload {
        Payload() : box(nullptr) {}
        explicit Payload(bool value) : boolean(value) {}
        explicit Payload(Decimal value) : number(value) {}
        explicit Payload(Date value) : date(value) {}
        explicit Payload(YearsMonthsDuration value) : years_months(value) {}
        explicit Payload(DaysTimeDuration value) : days_time(value) {}
        bool boolean;
        Decimal number;
        Date date;
        YearsMonthsDuration years_months;
        DaysTimeDuration days_time;
        Box* box;
    };

    bool boxed() const { return tag_ >= Tag::caused_null; }
    /// Counting needs no atomic operation before a second thread starts, as in the library's shared_ptr.
    static void retain(Box* box) {
        if (__libc_single_threaded)
            ++box->count;
        else
            std::atomic_ref(box->count).fetch_add(1, std::memory_order_relaxed);
    }
    void release() {
        // Where somebody asked whether there is a list, clang-tidy takes the box of another kind for none.
        auto& count = payload_.box->count;         // NOLINT(clang-analyzer-core.*)
        if (__libc_single_threaded ? --count == 0  // NOLINT(clang-analyzer-core.*)
                                   : std::atomic_ref(count).fetch_sub(1, std::memory_order_acq_rel) == 1)  // NOLINT
            destroy();
    }
    void destroy();
    template <class T>
    const T* content(Tag tag) const {
        return tag_ == tag ? &static_cast<const BoxOf<T>*>(payload_.box)->content : nullptr;
    }
    template <class T>
    void put(Tag tag, T content);
    template <class T>
    void nest(Tag tag, T content, int inside);

    Tag tag_ = Tag::null;
    Payload payload_;
};

/// How a range was written: [a..b], or one of the unary tests (<b), (<=b), (>a), (>=a), (=a), (!=a).
enum class RangeForm : std::uint8_t { interval, less, less_equal, greater, greater_equal, equal, not_equal };

/// A null endpoint is open: an unbounded range (10.3.2.7).
struct Range {
    RangeForm form = RangeForm::interval;
    Value start, end;
    bool start_included = true, end_included = true;
};

inline const Range* Value::range() const { return content<Range>(Tag::range); }

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
