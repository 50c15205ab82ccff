// FEEL types (DMN 1.5 10.3.2.1 and 10.3.2.9): what the checker infers and `instance of` names.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zoneval::feel {

class Type;
using TypePtr = std::shared_ptr<const Type>;
/// Types that have a name of their own (DMN's item definitions).
using NamedTypes = std::vector<std::pair<std::string, TypePtr>>;

class Type {
  public:
    enum class Kind {
        any,
        null,
        number,
        string,
        boolean,
        date,
        time,
        date_time,
        years_months_duration,
        days_time_duration,
        list,
        range,
        context,
        function
    };
    Kind kind = Kind::any;
    TypePtr element;                                       ///< list and range; null there means Any
    std::vector<std::pair<std::string, TypePtr>> members;  ///< context entries; function parameters
    TypePtr result;                                        ///< function

    /// The spelling of DMN: "number", "list<string>", "context<a: number>", "function<number>->string" …
    std::string to_string() const;
    /// Reads that spelling; nullptr when it is not a type.
    static TypePtr parse(std::string_view text, const NamedTypes& named = {});
    /// Reads a type at the start of `text` and sets `length` to what it used; nullptr when there is none.
    static TypePtr parse_prefix(std::string_view text, const NamedTypes& named, std::size_t& length);
    static TypePtr of(Kind kind);  ///< shared instance of a simple type
    static TypePtr list_of(TypePtr element);
    static TypePtr range_of(TypePtr element);
};

/// "number", "date and time", … ; for lists, ranges, contexts and functions just that word.
std::string_view kind_name(Type::Kind kind);

/// True if every value of `from` is a value of `to` (conformance, 10.3.2.9.2).
bool conforms(const Type& from, const Type& to);

/// The smallest type both conform to; Any when they have nothing in common.
TypePtr common_type(const TypePtr& a, const TypePtr& b);

}  // namespace zoneval::feel
