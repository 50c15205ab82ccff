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
    /// Many short pieces: calls `write(at, i)`, which gives the end of at most `most` bytes, from i to `end` or until
    /// `stop(i)`; gives the i it came to. The place written to need not be kept in memory meanwhile.
    template <class Stop, class Write>
    std::size_t run(std::size_t i, std::size_t end, const Stop& stop, const Write& write) {
        while (i < end && !stop(i)) {
            auto* at = room();
            const auto* const full = block_.data() + block_.size() - most;
            for (; i < end && at <= full && !stop(i); ++i) at = write(at, i);
            at_ = at;
        }
        return i;
    }
    /// Instead of the comma behind the last item of a list, if it has any.
    Writer& close_list(bool any) {
        if (any) --at_;
        return character(']');
    }
    std::string take() {
        flush();
        return std::move(out_);
    }

  private:
    static constexpr std::size_t most = 64;  ///< bytes written at a time, with what write_number writes behind
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

/// The items of an array of cells, and its end: calls `write(at, row)` for those that have a value.
template <class Write>
void write_cells(Writer& out, const Column& column, const Write& write) {
    const auto* states = column.states().data();
    const auto size = column.size();
    for (std::size_t row = 0; row < size;) {
        row = out.run(
            row, size, [&](std::size_t i) { return states[i] != 0; },
            [&](char* at, std::size_t i) {
                at = write(at, i);
                *at = ',';
                return at + 1;
            });
        if (row == size) break;
        if (column.blank(row))
            out.text("null,");
        else
            out.character('[').quoted(feel::to_string(column.missing(row))).text("],");
        ++row;
    }
    out.close_list(size > 0);
}

/// Cells that are texts: calls `text(row)` for those that have a value.
template <class Text>
std::string array_of(const Column& column, const Text& text) {
    Writer out(column.size() * 10 + 2);
    out.character('[');
    for (std::size_t row = 0; row < column.size(); ++row) {
        const auto kind = column.missing(row);
        if (kind == Missing::none)
            out.quoted(text(row)).character(',');
        else if (column.blank(row))
            out.text("null,");
        else
            out.character('[').quoted(feel::to_string(kind)).text("],");
    }
    return out.close_list(column.size() > 0).take();
}

/// The last decimals of a column that are all 0.
int idle_decimals(const Numbers& numbers) {
    auto idle = static_cast<std::size_t>(numbers.decimals());
    for (std::size_t i = 0; i < numbers.size() && idle > 0; ++i)
        while (numbers.coefficients()[i] % powers_of_ten[idle] != 0) --idle;
    return static_cast<int>(idle);
}

/// Bytes of numbers, each with its comma, by those of some all over the column: a text that grows is copied.
template <class Coefficients>
std::size_t expected_bytes(const Coefficients& coefficients, std::int64_t power) {
    constexpr std::size_t looked_at = 1000;
    const auto size = coefficients.size(), step = size / looked_at + 1;
    std::size_t bytes = 0, looked = 0;
    std::array<char, 64> number;
    for (std::size_t i = 0; i < size; i += step, ++looked)
        bytes += static_cast<std::size_t>(write_number(number.data(), coefficients[i] / power) - number.data()) + 1;
    return looked == 0 ? 0 : bytes * size / looked + size / 50;
}

std::string compact_numbers(const Column& column, const Numbers& numbers) {
    const auto idle = idle_decimals(numbers);
    const auto power = powers_of_ten[static_cast<std::size_t>(idle)];
    std::size_t expected = 64;
    numbers.coefficients().visit([&](auto coefficients) { expected += expected_bytes(coefficients, power); });
    Writer out(expected);
    out.text("{\"decimals\":").number(numbers.decimals() - idle).text(",\"numbers\":[");
    numbers.coefficients().visit([&](auto coefficients) {
        const auto* k = coefficients.data();
        if (idle == 0)
            write_cells(out, column, [=](char* at, std::size_t row) { return write_number(at, std::int64_t{k[row]}); });
        else
            write_cells(out, column, [=](char* at, std::size_t row) { return write_number(at, k[row] / power); });
    });
    return out.character('}').take();
}

std::string number_cells(const Column& column) {
    const auto& numbers = *column.numbers();
    if (numbers.compact()) return compact_numbers(column, numbers);
    return array_of(column, [&](std::size_t row) { return numbers.at(row).to_string(); });
}

/// Codes are mostly of one digit.
char* write_code(char* at, std::int64_t code) {
    if (static_cast<std::uint64_t>(code) >= 10) return write_number(at, code);
    *at = static_cast<char>('0' + code);
    return at + 1;
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
    write_cells(out, column, [codes, place = places.data()](char* at, std::size_t row) {
        return write_code(at, place[codes[row]]);
    });
    return out.character('}').take();
}

template <class Number>
void write_list(Writer& out, const std::vector<Number>& numbers) {
    out.character('[');
    out.run(
        0, numbers.size(), [](std::size_t) { return false; },
        [from = numbers.data()](char* at, std::size_t i) {
            at = write_code(at, from[i]);
            *at = ',';
            return at + 1;
        });
    out.close_list(!numbers.empty());
}

void write_strings(Writer& out, const Texts& texts) {
    out.character('[');
    for (const auto text : texts) out.quoted(text).character(',');
    out.close_list(!texts.empty());
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
        case TypeKind::boolean:
            return array_of(column, [&](std::size_t row) { return (*column.booleans())[row] != 0 ? "true" : "false"; });
        default: return array_of(column, [&](std::size_t row) { return (*column.dates())[row].to_string(); });
    }
}

std::string rows_text(const io::ImportedRows& rows) {
    const auto count = rows.records.size();
    Writer out(rows.records.bytes() + 3 * count + 64);
    if (const auto& years = rows.years;
        count > 0 && std::adjacent_find(years.begin(), years.end(), std::not_equal_to<>()) == years.end()) {
        out.text("{\"year\":").number(years[0]);
    } else {
        out.text("{\"years\":");
        write_list(out, years);
    }
    const auto follows = [](std::uint32_t before, std::uint32_t after) { return after == before + 1; };
    if (const auto& lines = rows.lines;
        count > 0 && std::adjacent_find(lines.begin(), lines.end(), std::not_fn(follows)) == lines.end()) {
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
