// Text that was read, and places in it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace zoneval {

/// Half-open range of bytes in a Source.
struct Span {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    friend bool operator==(const Span&, const Span&) = default;
};

/// One-based line and column; columns count Unicode code points, as an editor does.
struct Position {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};

/// A named, immutable text (a rule file, or an expression given on the command line).
class Source {
  public:
    Source(std::string name, std::string text);
    /// The same text, read for one of the definitions in it.
    std::shared_ptr<const Source> within(std::string definition) const;

    const std::string& name() const { return text_->name; }
    const std::string& definition() const { return definition_; }  ///< empty: nobody said
    std::string_view text() const { return text_->all; }
    std::string_view text(Span span) const;
    Position position(std::uint32_t offset) const;
    /// The line that holds `offset`, without its line break.
    std::string_view line(std::uint32_t offset) const;
    /// Byte offset of a one-based line and a zero-based byte column.
    std::uint32_t offset(std::uint32_t line, std::uint32_t byte_column) const;

  private:
    struct Text {
        std::string name, all;
        std::vector<std::uint32_t> line_starts;
    };
    std::size_t line_index(std::uint32_t offset) const;
    std::shared_ptr<const Text> text_;
    std::string definition_;
};

using SourcePtr = std::shared_ptr<const Source>;

/// Number of code points in UTF-8 text (invalid bytes count as one each).
std::size_t count_code_points(std::string_view text);

}  // namespace zoneval
