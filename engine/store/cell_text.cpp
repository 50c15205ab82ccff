#include "engine/store/cell_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace zoneval::store {

using feel::Missing;
using TypeKind = feel::Type::Kind;

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    out += '"';
}

namespace {

template <class Int>
void append_integer(std::string& out, Int value) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

/// Calls `present(row)` for the cells that have a value and writes the others.
template <class Present>
std::string array_of(const Column& column, const Present& present) {
    std::string out;
    out.reserve(column.size() * 10 + 2);
    out += '[';
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (row > 0) out += ',';
        const auto kind = column.missing(row);
        if (kind == Missing::none) {
            present(row, out);
        } else if (column.blank(row)) {
            out += "null";
        } else {
            out += '[';
            append_quoted(out, feel::to_string(kind));
            out += ']';
        }
    }
    out += ']';
    return out;
}

/// Writes decimals of one scale as append_text does, into a buffer of at least `longest` bytes.
class DecimalWriter {
  public:
    static constexpr std::size_t longest = 24;
    explicit DecimalWriter(int decimals) : decimals_(decimals) {
        for (int i = 0; i < decimals; ++i) power_ *= 10;
    }

    char* write(char* out, std::int64_t coefficient) const {
        auto size = static_cast<std::uint64_t>(coefficient);
        if (coefficient < 0) {
            *out++ = '-';
            size = -size;
        }
        const auto whole = size / power_;
        auto part = size - whole * power_;
        out = whole < 10 ? (*out = static_cast<char>('0' + whole), out + 1) : std::to_chars(out, out + longest, whole).ptr;
        if (part == 0) return out;
        *out++ = '.';
        auto* end = out + decimals_;
        for (auto* at = end; at != out; part /= 10) *--at = static_cast<char>('0' + part % 10);
        while (end[-1] == '0') --end;
        return end;
    }

  private:
    int decimals_;
    std::uint64_t power_ = 1;
};

std::string compact_cells(const Column& column, const Numbers& numbers) {
    const DecimalWriter writer(numbers.decimals());
    const auto* coefficients = numbers.coefficients().data();
    const auto* states = column.states().data();
    std::string out;
    out.reserve(column.size() * 11 + 2);
    std::array<char, 16384> block;
    auto* at = block.data();
    *at++ = '[';
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (at > block.data() + block.size() - 2 * DecimalWriter::longest) {
            out.append(block.data(), static_cast<std::size_t>(at - block.data()));
            at = block.data();
        }
        if (row > 0) *at++ = ',';
        if (states[row] == 0) {
            *at++ = '"';
            at = writer.write(at, coefficients[row]);
            *at++ = '"';
        } else if (column.blank(row)) {
            at = std::copy_n("null", 4, at);
        } else {
            out.append(block.data(), static_cast<std::size_t>(at - block.data()));
            at = block.data();
            out += '[';
            append_quoted(out, feel::to_string(column.missing(row)));
            out += ']';
        }
    }
    *at++ = ']';
    out.append(block.data(), static_cast<std::size_t>(at - block.data()));
    return out;
}

std::string number_cells(const Column& column) {
    const auto& numbers = *column.numbers();
    if (numbers.compact()) return compact_cells(column, numbers);
    return array_of(column, [&](std::size_t row, std::string& out) {
        out += '"';
        out += numbers.at(row).to_string();
        out += '"';
    });
}

std::string string_cells(const Column& column) {
    const auto& strings = *column.strings();
    std::vector<std::string> quoted;
    for (const auto& text : strings.dictionary()) append_quoted(quoted.emplace_back(), text);
    return array_of(column, [&](std::size_t row, std::string& out) { out += quoted[strings.codes()[row]]; });
}

}  // namespace

std::string_view type_name(TypeKind type) {
    switch (type) {
        case TypeKind::number: return "number";
        case TypeKind::string: return "string";
        case TypeKind::boolean: return "boolean";
        default: return "date";
    }
}

std::string cells_text(const Column& column) {
    switch (column.type()) {
        case TypeKind::number: return number_cells(column);
        case TypeKind::string: return string_cells(column);
        case TypeKind::boolean:
            return array_of(column, [&](std::size_t row, std::string& out) {
                out += (*column.booleans())[row] != 0 ? "\"true\"" : "\"false\"";
            });
        default:
            return array_of(column, [&](std::size_t row, std::string& out) { append_quoted(out, (*column.dates())[row].to_string()); });
    }
}

std::string rows_text(const io::ImportedRows& rows) {
    std::string out;
    out.reserve(rows.records.size() * 24 + 2);
    out += '[';
    for (std::size_t i = 0; i < rows.records.size(); ++i) {
        out += i == 0 ? "[" : ",[";
        append_quoted(out, rows.records[i]);
        out += ',';
        append_integer(out, rows.years[i]);
        out += ',';
        append_integer(out, rows.lines[i]);
        out += ']';
    }
    out += ']';
    return out;
}

std::string strings_text(const Texts& texts) {
    std::string out;
    out.reserve(texts.bytes() + 3 * texts.size() + 2);
    out += '[';
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i > 0) out += ',';
        append_quoted(out, texts[i]);
    }
    out += ']';
    return out;
}

std::string codes_text(const std::vector<std::uint32_t>& codes) {
    std::string out;
    out.reserve(2 * codes.size() + 2);
    out += '[';
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (i > 0) out += ',';
        if (codes[i] < 10) out += static_cast<char>('0' + codes[i]);
        else append_integer(out, codes[i]);
    }
    out += ']';
    return out;
}

ArrayReader::ArrayReader(std::string_view json) : json_(json) { expect('['); }

std::optional<ArrayReader::Cell> ArrayReader::next_cell() {
    if (!next_item()) return std::nullopt;
    if (json_.substr(position_).starts_with("null")) {
        position_ += 4;
        return Cell{Cell::Kind::blank, {}};
    }
    if (accept('[')) {
        Cell cell{Cell::Kind::missing, string()};
        if (accept(',')) {
            first_of_two_.assign(cell.text);     // what unescapes the second overwrites it
            cell.text = first_of_two_;
            cell.more = string();
        }
        expect(']');
        return cell;
    }
    return Cell{Cell::Kind::text, string()};
}

std::optional<ArrayReader::Row> ArrayReader::next_row() {
    if (!next_item()) return std::nullopt;
    Row row;
    expect('[');
    row.record = string();
    expect(',');
    row.year = static_cast<std::int32_t>(integer());
    expect(',');
    row.line = static_cast<std::uint32_t>(integer());
    expect(']');
    return row;
}

std::optional<std::string_view> ArrayReader::next_string() {
    if (!next_item()) return std::nullopt;
    return string();
}

std::optional<std::uint32_t> ArrayReader::next_code() {
    if (!next_item()) return std::nullopt;
    const auto code = integer();
    if (code < 0 || code > UINT32_MAX) fail();
    return static_cast<std::uint32_t>(code);
}

std::optional<std::vector<std::string>> ArrayReader::next_list(std::size_t count) {
    if (!next_item()) return std::nullopt;
    std::vector<std::string> out;
    expect('[');
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) expect(',');
        out.emplace_back(string());
    }
    expect(']');
    return out;
}

bool ArrayReader::next_item() {
    if (accept(']')) return false;
    if (!first_) expect(',');
    first_ = false;
    return true;
}

bool ArrayReader::accept(char c) {
    if (position_ >= json_.size() || json_[position_] != c) return false;
    ++position_;
    return true;
}

void ArrayReader::expect(char c) {
    if (!accept(c)) fail();
}

std::string_view ArrayReader::string() {
    expect('"');
    const auto begin = position_;
    while (position_ < json_.size() && json_[position_] != '"' && json_[position_] != '\\') ++position_;
    if (accept('"')) return json_.substr(begin, position_ - 1 - begin);
    unescaped_.assign(json_.substr(begin, position_ - begin));
    while (position_ < json_.size() && json_[position_] != '"') {
        if (!accept('\\')) {
            unescaped_ += json_[position_++];
        } else if (accept('u')) {
            unsigned code = 0;
            const auto digits = json_.substr(position_, 4);
            const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
            if (error != std::errc{} || end != digits.data() + 4 || code >= 0x20) fail();
            unescaped_ += static_cast<char>(code);
            position_ += 4;
        } else if (position_ < json_.size()) {
            unescaped_ += json_[position_++];
        }
    }
    expect('"');
    return unescaped_;
}

std::int64_t ArrayReader::integer() {
    std::int64_t out = 0;
    const auto rest = json_.substr(position_);
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), out);
    if (error != std::errc{}) fail();
    position_ += static_cast<std::size_t>(end - rest.data());
    return out;
}

void ArrayReader::fail() const { throw std::runtime_error(fmt::format("malformed cells at byte {}", position_)); }

}  // namespace zoneval::store
