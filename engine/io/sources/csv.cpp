#include "engine/io/sources/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace zoneval::io {

CsvRows::CsvRows(std::string file, std::string_view text, char delimiter, std::size_t part)
    : RowSource(std::move(file), ""), text_(text), delimiter_(delimiter), part_(part) {
    for (const char c : {'"', '\n', '\r', '\0', delimiter}) special_[static_cast<unsigned char>(c)] = true;
}

void CsvRows::leave_out_first_line() {
    begin_ = position_ = std::min(text_.find('\n'), text_.size() - 1) + 1;
    first_line_ = next_line_ = 2;
}

bool CsvRows::next(Diagnostics& diagnostics) {
    while (position_ < text_.size()) {
        if (!read_row(diagnostics)) return false;
        if (!all_blank()) return true;
    }
    return false;
}

/// A line break ends a row when it is not in quotes, that is when an even number of quotes stands before it. That holds
/// up to the first quote out of place, and there reading ends anyway.
std::vector<std::unique_ptr<RowSource>> CsvRows::split() {
    std::vector<std::unique_ptr<RowSource>> out;
    auto begin = position_;
    while (begin < text_.size()) {
        auto end = std::min(begin + part_, text_.size());
        bool in_quotes = false;
        const auto tried = text_.substr(begin, end - begin);
        for (auto quote = tried.find('"'); quote != std::string_view::npos; quote = tried.find('"', quote + 1))
            in_quotes = !in_quotes;
        for (; end < text_.size() && !(text_[end - 1] == '\n' && !in_quotes); ++end)
            if (text_[end] == '"') in_quotes = !in_quotes;
        auto part = std::make_unique<CsvRows>(file_, text_.substr(0, end), delimiter_, part_);
        part->begin_ = part->position_ = begin;
        out.push_back(std::move(part));
        begin = end;
    }
    return out;
}

void CsvRows::restart() {
    position_ = begin_;
    next_line_ = first_line_;
}

void CsvRows::go_back_to(std::uint32_t line) {
    restart();
    Diagnostics none;
    while (next(none) && line_ != line) {
    }
}

bool CsvRows::all_blank() const {
    return std::all_of(cells_.begin(), cells_.end(), [](std::string_view cell) { return cell.empty(); });
}

bool CsvRows::read_row(Diagnostics& diagnostics) {
    cells_.clear();
    begins_.clear();
    unquoted_.clear();
    row_begin_ = position_;
    line_ = next_line_;
    for (;;) {
        begins_.push_back(position_);
        const bool quoted = position_ < text_.size() && text_[position_] == '"';
        if (!(quoted ? read_quoted(diagnostics) : read_plain(diagnostics))) {
            position_ = text_.size();
            return false;
        }
        if (position_ == text_.size()) return true;
        const char end = text_[position_++];
        if (end == delimiter_) continue;
        if (end == '\r') ++position_;  // the readers made sure that a line feed follows
        ++next_line_;
        return true;
    }
}

/// The next byte that is `special_`, or the end.
std::size_t CsvRows::next_special(std::size_t at) const {
#ifdef __SSE2__
    // Sixteen at a time: cells are short, and a loop that ends after a different number of bytes each time is guessed
    // wrong.
    const auto line_feed = _mm_set1_epi8('\n'), carriage_return = _mm_set1_epi8('\r'), quote = _mm_set1_epi8('"'),
               zero = _mm_setzero_si128(), delimiter = _mm_set1_epi8(delimiter_);
    for (; at + 16 <= text_.size(); at += 16) {
        const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text_.data() + at));
        const auto ends =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, delimiter),
                         _mm_or_si128(_mm_cmpeq_epi8(bytes, line_feed), _mm_cmpeq_epi8(bytes, carriage_return)));
        const auto wrong = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, zero));
        const auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(ends, wrong)));
        if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found));
    }
#endif
    while (at < text_.size() && !special_[static_cast<unsigned char>(text_[at])]) ++at;
    return at;
}

bool CsvRows::read_plain(Diagnostics& diagnostics) {
    const auto begin = position_;
    position_ = next_special(position_);
    if (position_ - begin > longest_cell) return refuse_long(begin, position_ - begin, diagnostics);
    if (position_ < text_.size()) {
        const char c = text_[position_];
        if (c == delimiter_ || c == '\n' ||
            (c == '\r' && position_ + 1 < text_.size() && text_[position_ + 1] == '\n')) {
            cells_.push_back(trimmed(text_.substr(begin, position_ - begin)));
            return true;
        }
        if (c == '\r' && position_ + 1 == text_.size()) {  // a last line cut short between CR and LF
            cells_.push_back(trimmed(text_.substr(begin, position_ - begin)));
            position_ = text_.size();
            return true;
        }
        if (c == '"')
            malformed(position_, 1, "a quote stands inside a cell that does not begin with one",
                      "put the whole cell in quotes, and write each quote inside it twice", diagnostics);
        else if (c == '\r')
            malformed(position_, 1, "a carriage return stands without a line feed",
                      "end lines with LF or CRLF (save the file again as CSV UTF-8)", diagnostics);
        else
            malformed(position_, 1, "a zero byte stands in the text", "this does not look like a CSV file",
                      diagnostics);
        return false;
    }
    cells_.push_back(trimmed(text_.substr(begin, position_ - begin)));
    return true;
}

bool CsvRows::refuse_long(std::size_t at, std::size_t size, Diagnostics& diagnostics) const {
    malformed(at, 1, fmt::format("a cell holds {} bytes, and may hold {}", size, longest_cell),
              "is a quote or a line break missing in front of what follows?", diagnostics);
    return false;
}

bool CsvRows::read_quoted(Diagnostics& diagnostics) {
    const auto opening = position_++;
    const auto begin = position_;
    bool doubled = false;
    for (;; ++position_) {
        if (position_ == text_.size()) {
            malformed(opening, 1, "a quoted cell is never closed", "close it, or write a quote inside it twice",
                      diagnostics);
            return false;
        }
        const char c = text_[position_];
        if (c == '\n') ++next_line_;
        if (c == '\0') {
            malformed(position_, 1, "a zero byte stands in the text", "this does not look like a CSV file",
                      diagnostics);
            return false;
        }
        if (c != '"') continue;
        if (position_ + 1 == text_.size() || text_[position_ + 1] != '"') break;
        doubled = true;
        ++position_;
    }
    auto cell = text_.substr(begin, position_ - begin);
    if (cell.size() > longest_cell) return refuse_long(opening, cell.size(), diagnostics);
    ++position_;
    const bool at_end = position_ == text_.size() || text_[position_] == delimiter_ || text_[position_] == '\n' ||
                        (text_[position_] == '\r' && position_ + 1 < text_.size() && text_[position_ + 1] == '\n');
    if (!at_end) {
        malformed(position_, 1, "text follows the closing quote of a cell",
                  "write a quote that belongs to the cell twice", diagnostics);
        return false;
    }
    if (doubled) {
        std::string single;
        single.reserve(cell.size());
        for (std::size_t i = 0; i < cell.size(); ++i) {
            single += cell[i];
            if (cell[i] == '"') ++i;
        }
        cell = unquoted_.emplace_back(std::move(single));
        // `="001"`, written so that a spreadsheet keeps the zeros.
        if (cell.size() >= 3 && cell.starts_with("=\"") && cell.ends_with('"') &&
            cell.substr(2, cell.size() - 3).find('"') == std::string_view::npos)
            cell = cell.substr(2, cell.size() - 3);
    }
    cells_.push_back(trimmed(cell));
    return true;
}

std::size_t CsvRows::expected_rows() const {
    const auto lines_read = static_cast<double>(next_line_ - 1),
               part_read = static_cast<double>(position_ - begin_) / static_cast<double>(text_.size() - begin_);
    constexpr double margin = 1.05;
    return static_cast<std::size_t>(lines_read / part_read * margin);
}

Location CsvRows::where(std::size_t cell) const {
    if (cell >= begins_.size()) return location(begins_.back(), cells_.back().size());
    const auto begin = begins_[cell];
    const auto end = cell + 1 < begins_.size() ? begins_[cell + 1] - 1 : begin + cells_[cell].size();
    return location(begin, end - begin);
}

Location CsvRows::location(std::size_t offset, std::size_t length) const {
    Location out;
    out.file = file_;
    const auto before = text_.substr(row_begin_, offset - row_begin_);
    out.line = line_ + static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
    const auto last_break = before.rfind('\n');
    const auto line_begin = last_break == std::string_view::npos ? row_begin_ : row_begin_ + last_break + 1;
    auto line = text_.substr(line_begin, text_.substr(line_begin).find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto in_line = std::min(offset - line_begin, line.size());
    out.column = static_cast<std::uint32_t>(1 + count_code_points(line.substr(0, in_line)));
    out.length = static_cast<std::uint32_t>(std::max<std::size_t>(1, count_code_points(line.substr(in_line, length))));
    constexpr std::size_t longest_shown = 400;
    if (line.size() <= longest_shown) out.line_text = std::string(line);
    return out;
}

void CsvRows::malformed(std::size_t offset, std::size_t length, std::string message, std::string hint,
                        Diagnostics& diagnostics) const {
    diagnostics.add({Kind::malformed_csv, std::move(message), location(offset, length), "", std::move(hint)});
}

}  // namespace zoneval::io
