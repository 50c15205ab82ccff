// What a builtin may ask of whoever evaluates it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diag/source.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/feel/value/function.hpp"
#include "engine/feel/value/null_meaning.hpp"
#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

/// The evaluator, as far as builtins know it. Spans are those of the call.
class Caller {
  public:
    virtual Value fail(Span span, Fact fact, std::vector<CausePtr> because = {}) const = 0;
    virtual Value call(const Function& function, std::span<const Value> arguments,
                       const std::vector<std::string>& names, Span span) = 0;
    virtual NullMeaning nulls() const = 0;
    /// Counts work against limits::steps; false when it is used up.
    virtual bool spend(std::size_t steps) = 0;
    /// `=` under the meaning of nulls in force; nullopt when unknown or not comparable.
    virtual std::optional<bool> equal(const Value& a, const Value& b) = 0;
    /// A range whose ends are literals, read from its FEEL text.
    virtual Value range_of_text(std::string_view text, Span span) = 0;

  protected:
    ~Caller() = default;
};

/// What a builtin may use beside its arguments.
struct CallContext {
    Caller& caller;
    Span span;  ///< of the call
    /// Null with this cause at the call.
    Value fail(Fact fact, std::vector<CausePtr> because = {}) const {
        return caller.fail(span, std::move(fact), std::move(because));
    }
    Value call(const Value& function, std::span<const Value> arguments) const {
        return caller.call(*function.function(), arguments, {}, span);
    }
    NullMeaning nulls() const { return caller.nulls(); }
    bool spend(std::size_t steps) const { return caller.spend(steps); }
    std::optional<bool> equal(const Value& a, const Value& b) const { return caller.equal(a, b); }
    Value range(std::string_view text) const { return caller.range_of_text(text, span); }
};

}  // namespace zoneval::feel
