// Errors as values. No function of this library throws; whatever can fail gives a Result.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "zoneval/export.hpp"

namespace zoneval {

/// Something found wrong, or worth knowing, with its place. docs/findings.md explains every code.
struct Finding {
    enum class Severity { error, warning, note };
    Severity severity = Severity::error;
    std::string code;          ///< stable, "ZV103"
    std::string message;       ///< what was seen; UTF-8, one line
    std::string file, sheet;   ///< as given by the caller; `sheet` only of workbooks; both empty: no place
    std::uint32_t line = 0;    ///< one-based; 0: the file as a whole
    std::uint32_t column = 0;  ///< one-based, in code points; 0: the line as a whole
    std::uint32_t length = 1;  ///< in code points
    std::string expected;      ///< what would have been right, or empty
    std::string hint;          ///< what to do, or empty
};
using Findings = std::vector<Finding>;

/// "file:line:column: error ZV103: message (expected …; hint)", one line each.
ZONEVAL_API std::string to_text(const Findings& findings);

namespace detail {
/// Says what was found and aborts: a value was taken from a Result that has none.
[[noreturn]] ZONEVAL_API void no_value(const Findings& findings);
}  // namespace detail

/// A value, or why there is none. With a value the findings are warnings and notes; without one at least one of them is
/// an error.
template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value, Findings findings = {}) : value_(std::move(value)), findings_(std::move(findings)) {}  // NOLINT
    static Result failed(Findings findings) { return Result(std::move(findings)); }

    explicit operator bool() const { return value_.has_value(); }
    /// Precondition: there is one. Else the program is aborted, after saying what was found.
    T& value() { return value_ ? *value_ : (detail::no_value(findings_), *value_); }
    const T& value() const { return value_ ? *value_ : (detail::no_value(findings_), *value_); }
    T& operator*() { return value(); }
    const T& operator*() const { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    const Findings& findings() const { return findings_; }

  private:
    explicit Result(Findings findings) : findings_(std::move(findings)) {}
    std::optional<T> value_;
    Findings findings_;
};

}  // namespace zoneval
