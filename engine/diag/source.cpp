#include "engine/diag/source.hpp"

#include <algorithm>

namespace zoneval {

std::size_t count_code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Source::Source(std::string name, std::string text) {
    auto read = std::make_shared<Text>(Text{std::move(name), std::move(text), {0}});
    for (std::size_t i = 0; i < read->all.size(); ++i)
        if (read->all[i] == '\n') read->line_starts.push_back(static_cast<std::uint32_t>(i + 1));
    text_ = std::move(read);
}

std::shared_ptr<const Source> Source::within(std::string definition) const {
    auto out = std::make_shared<Source>(*this);
    out->definition_ = std::move(definition);
    return out;
}

std::string_view Source::text(Span span) const {
    const auto size = static_cast<std::uint32_t>(text_->all.size());
    const auto begin = std::min(span.begin, size);
    const auto end = std::clamp(span.end, begin, size);
    return std::string_view(text_->all).substr(begin, end - begin);
}

std::size_t Source::line_index(std::uint32_t offset) const {
    const auto after = std::upper_bound(text_->line_starts.begin(), text_->line_starts.end(), offset);
    return static_cast<std::size_t>(after - text_->line_starts.begin()) - 1;
}

Position Source::position(std::uint32_t offset) const {
    const auto index = line_index(offset);
    const auto before = text({text_->line_starts[index], offset});
    return {static_cast<std::uint32_t>(index + 1), static_cast<std::uint32_t>(count_code_points(before) + 1)};
}

std::string_view Source::line(std::uint32_t offset) const {
    const auto index = line_index(offset);
    const auto end = index + 1 < text_->line_starts.size() ? text_->line_starts[index + 1] - 1
                                                           : static_cast<std::uint32_t>(text_->all.size());
    auto line = text({text_->line_starts[index], end});
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
}

std::uint32_t Source::offset(std::uint32_t line, std::uint32_t byte_column) const {
    if (line == 0 || line > text_->line_starts.size()) return static_cast<std::uint32_t>(text_->all.size());
    return std::min(text_->line_starts[line - 1] + byte_column, static_cast<std::uint32_t>(text_->all.size()));
}

}  // namespace zoneval
