#include "engine/diag/source.hpp"

#include <algorithm>

namespace zoneval {

std::size_t count_code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Source::Source(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i)
        if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
}

std::string_view Source::text(Span span) const {
    const auto size = static_cast<std::uint32_t>(text_.size());
    const auto begin = std::min(span.begin, size);
    const auto end = std::clamp(span.end, begin, size);
    return std::string_view(text_).substr(begin, end - begin);
}

std::size_t Source::line_index(std::uint32_t offset) const {
    const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    return static_cast<std::size_t>(after - line_starts_.begin()) - 1;
}

Position Source::position(std::uint32_t offset) const {
    const auto index = line_index(offset);
    const auto before = text({line_starts_[index], offset});
    return {static_cast<std::uint32_t>(index + 1), static_cast<std::uint32_t>(count_code_points(before) + 1)};
}

std::string_view Source::line(std::uint32_t offset) const {
    const auto index = line_index(offset);
    const auto end =
        index + 1 < line_starts_.size() ? line_starts_[index + 1] - 1 : static_cast<std::uint32_t>(text_.size());
    auto line = text({line_starts_[index], end});
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
}

std::uint32_t Source::offset(std::uint32_t line, std::uint32_t byte_column) const {
    if (line == 0 || line > line_starts_.size()) return static_cast<std::uint32_t>(text_.size());
    return std::min(line_starts_[line - 1] + byte_column, static_cast<std::uint32_t>(text_.size()));
}

}  // namespace zoneval
