// What zoneval tells people about their input: one object, printed as text or JSON.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diag/source.hpp"

namespace zoneval {

enum class Severity { error, warning, note };

enum class Kind {
#define KIND(identifier, code, severity, title) identifier,
#include "engine/diag/kinds.def"
#undef KIND
};

std::string_view code(Kind kind);   ///< stable, e.g. "ZV103"
std::string_view title(Kind kind);  ///< one line, lower case
Severity severity(Kind kind);
/// The kind with this code, if any.
std::optional<Kind> kind_of(std::string_view code);

/// The section of docs/findings.md about a kind: what it means, an example, what to do.
std::string_view explanation(Kind kind);

/// Where a diagnostic points. `line_text` is the line to show (may be empty when there is none, as for a
/// spreadsheet); `length` counts code points under the caret.
struct Location {
    std::string file;
    std::string sheet;         ///< only for spreadsheets
    std::uint32_t line = 0;    ///< one-based; 0: the file as a whole
    std::uint32_t column = 0;  ///< one-based; 0: the whole line
    std::uint32_t length = 1;
    std::string line_text;
    std::uint32_t line_text_from = 1;  ///< column of its first character: of a very long line only a part is kept

    static Location in(const Source& source, Span span);
};

/// Message style: lower case, no full stop, code in backticks; says what was seen, then the rule.
struct Diagnostic {
    Kind kind;
    std::string message;
    Location where;
    std::string expected;        ///< what would have been right ("a number of at least 0"), or empty
    std::string hint;            ///< what to do ("did you mean `GDP`?"), or empty
    std::size_t stands_for = 0;  ///< of too_many_errors: how many errors were counted and not kept
};

/// Collects diagnostics so that one run reports them all.
class Diagnostics {
  public:
    void add(Diagnostic diagnostic) { all_.push_back(std::move(diagnostic)); }
    void add(Kind kind, const Source& source, Span span, std::string message, std::string expected = {},
             std::string hint = {});
    bool has_errors() const;
    bool empty() const { return all_.empty(); }
    const std::vector<Diagnostic>& all() const { return all_; }
    /// By file, then position; equal positions keep their order; exact repeats are dropped.
    void sort();
    /// Of findings of a kind that say the same, the first is kept and tells where the others are. After sort().
    void gather(Kind kind);
    void append(Diagnostics other);

  private:
    std::vector<Diagnostic> all_;
};

/// Thrown where the work cannot go on; carries everything found so far.
class InputError : public std::exception {
  public:
    explicit InputError(Diagnostics found) : diagnostics(std::move(found)) {}
    explicit InputError(Diagnostic diagnostic) { diagnostics.add(std::move(diagnostic)); }
    const char* what() const noexcept override { return "input error"; }
    Diagnostics diagnostics;
};

/// Text for people: file:line:column, message, the line with a caret, expectation and hint.
/// At most `most` of them; a last line counts the rest by severity, with those that were not kept. `gist`: what the
/// kind is, in the reader's language; a line of its own where it is not empty.
std::string render_text(const Diagnostics& diagnostics, bool colour, std::size_t most = SIZE_MAX,
                        const std::function<std::string(Kind)>& gist = {});
/// A JSON array for programs.
std::string render_json(const Diagnostics& diagnostics, std::size_t most = SIZE_MAX);

/// The candidate nearest to `word` (edit distance, at most a third of its length), if any.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);
/// "did you mean `x`?" or "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace zoneval
