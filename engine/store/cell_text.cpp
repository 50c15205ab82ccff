#include "engine/store/cell_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

#include "engine/table/digits.hpp"

namespace zoneval::store {

using feel::Missing;
using TypeKind = feel::Type::Kind;

namespace {

/// Text written with a pointer, gathered in a block that is never full: short pieces cost a store or two each.
class Writer {
  public:
    explicit Writer(std::size_t expected) { out_.reserve(expected); }

    Writer& character(char c) {
        *room() = c;
        ++at_;
        return *this;
    }
    Writer& number(std::int64_t number) {
        if (static_cast<std::uint64_t>(number) < 10) return character(static_cast<char>('0' + number));
        at_ = write_number(room(), number);
        return *this;
    }
    Writer& text(std::string_view text) {
        if (text.size() > most) {
            flush();
            out_ += text;
        } else {
            at_ = std::copy(text.begin(), text.end(), room());
        }
        return *this;
    }
    Writer& quoted(std::string_view text);
    std::string take() {
        flush();
        return std::move(out_);
    }

  private:
    static constexpr std::size_t most = 64;    ///< bytes written at a time, with what write_number writes behind
    char* room() {
        if (at_ > block_.data() + block_.size() - most) flush();
        return at_;
    }
    void flush() {
        out_.append(block_.data(), at_);
        at_ = block_.data();
    }

    std::string out_;
    std::array<char, 16384> block_;
    char* at_ = block_.data();
};

bool needs_escape(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

Writer& Writer::quoted(std::string_view text) {
    if (std::any_of(text.begin(), text.end(), needs_escape)) {
        std::string escaped;
        append_quoted(escaped, text);
        return this->text(escaped);
    }
    return character('"').text(text).character('"');
}

/// The items of an array of cells: calls `present(row)` for those that have a value.
template <class Present>
void write_cells(Writer& out, const Column& column, const Present& present) {
    const auto* states = column.states().data();
    const auto size = column.size();
    for (std::size_t row = 0; row < size; ++row) {
        if (row > 0) out.character(',');
        if (states[row] == 0) present(row);
        else if (column.blank(row)) out.text("null");
        else out.character('[').quoted(feel::to_string(column.missing(row))).character(']');
    }
}

template <class Present>
std::string array_of(const Column& column, const Present& present) {
    Writer out(column.size() * 10 + 2);
    out.character('[');
    write_cells(out, column, [&](std::size_t row) { present(row, out); });
    return out.character(']').take();
}

/// The last decimals of a column that are all 0.
int idle_decimals(const Numbers& numbers) {
    auto idle = static_cast<std::size_t>(numbers.decimals());
    for (const auto coefficient : numbers.coefficients()) {
        while (coefficient % powers_of_ten[idle] != 0) --idle;
        if (idle == 0) break;
    }
    return static_cast<int>(idle);
}

std::string compact_numbers(const Column& column, const Numbers& numbers) {
    const auto idle = idle_decimals(numbers);
    const auto power = powers_of_ten[static_cast<std::size_t>(idle)];
    const auto* coefficients = numbers.coefficients().data();
    Writer out(column.size() * 7 + 32);
    out.text("{\"decimals\":").number(numbers.decimals() - idle).text(",\"numbers\":[");
    if (idle == 0) write_cells(out, column, [&](std::size_t row) { out.number(coefficients[row]); });
    else write_cells(out, column, [&](std::size_t row) { out.number(coefficients[row] / power); });
    return out.text("]}").take();
}

std::string number_cells(const Column& column) {
    const auto& numbers = *column.numbers();
    if (numbers.compact()) return compact_numbers(column, numbers);
    return array_of(column, [&](std::size_t row, Writer& out) { out.quoted(numbers.at(row).to_string()); });
}

std::string string_cells(const Column& column) {
    const auto& strings = *column.strings();
    const auto* codes = strings.codes().data();
    // What only stood behind a missing cell is no string of the column's.
    constexpr auto unused = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> places(strings.dictionary().size(), unused);
    std::uint32_t used = 0;
    Writer out(column.size() * 2 + 64);
    out.text("{\"strings\":[");
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (column.states()[row] != 0 || places[codes[row]] != unused) continue;
        if (used > 0) out.character(',');
        out.quoted(strings.dictionary()[codes[row]]);
        places[codes[row]] = used++;
    }
    out.text("],\"codes\":[");
    write_cells(out, column, [&](std::size_t row) {
        out.number(places[codes[row]]);
    });
    return out.text("]}").take();
}

template <class Number>
void write_list(Writer& out, const std::vector<Number>& numbers) {
    out.character('[');
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (i > 0) out.character(',');
        out.number(numbers[i]);
    }
    out.character(']');
}

void write_strings(Writer& out, const Texts& texts) {
    out.character('[');
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i > 0) out.character(',');
        out.quoted(texts[i]);
    }
    out.character(']');
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (needs_escape(c)) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    out += '"';
}

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
        case TypeKind::boolean: return array_of(column, [&](std::size_t row, Writer& out) { out.quoted((*column.booleans())[row] != 0 ? "true" : "false"); });
        default: return array_of(column, [&](std::size_t row, Writer& out) { out.quoted((*column.dates())[row].to_string()); });
    }
}

std::string rows_text(const io::ImportedRows& rows) {
    const auto count = rows.records.size();
    Writer out(rows.records.bytes() + 3 * count + 64);
    if (const auto& years = rows.years; count > 0 && std::adjacent_find(years.begin(), years.end(), std::not_equal_to<>()) == years.end()) {
        out.text("{\"year\":").number(years[0]);
    } else {
        out.text("{\"years\":");
        write_list(out, years);
    }
    const auto follows = [](std::uint32_t before, std::uint32_t after) { return after == before + 1; };
    if (const auto& lines = rows.lines; count > 0 && std::adjacent_find(lines.begin(), lines.end(), std::not_fn(follows)) == lines.end()) {
        out.text(",\"first_line\":").number(lines[0]);
    } else {
        out.text(",\"lines\":");
        write_list(out, lines);
    }
    out.text(",\"records\":");
    write_strings(out, rows.records);
    return out.character('}').take();
}

std::string strings_text(const Texts& texts) {
    Writer out(texts.bytes() + 3 * texts.size() + 2);
    write_strings(out, texts);
    return out.take();
}

std::string codes_text(const std::vector<std::uint32_t>& codes) {
    Writer out(2 * codes.size() + 2);
    write_list(out, codes);
    return out.take();
}

}  // namespace zoneval::store
