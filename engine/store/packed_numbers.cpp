#include "engine/store/packed_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <vector>

#include "engine/store/json_reader.hpp"
#include "engine/store/stored_cells.hpp"

namespace zoneval::store {

namespace {

constexpr int most_bytes = 6;  ///< of a number: SQL adds up their digits (schemas/packed.sql)

struct Range {
    double least = 0, greatest = 0;  ///< of the numbers that are there
    std::array<bool, 256> states{};  ///< which there are
};

Range range_of(std::span<const double> whole, std::span<const std::uint8_t> states) {
    constexpr auto none = std::numeric_limits<double>::infinity();
    double least = none, greatest = -none;
    Range out;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        out.states[states[i]] = true;
        least = states[i] == 0 ? std::min(least, whole[i]) : least;
        greatest = states[i] == 0 ? std::max(greatest, whole[i]) : greatest;
    }
    if (least <= greatest) out.least = least, out.greatest = greatest;
    return out;
}

constexpr std::uint64_t greatest_of(int bytes) { return (std::uint64_t{1} << (8 * bytes)) - 1; }

/// Eight bytes are written and `bytes` kept, which the next number does not overwrite.
void write_cells(std::span<const double> whole, std::span<const std::uint8_t> states,
                 const std::array<std::uint64_t, 256>& codes, double from, int bytes, std::string& out) {
    constexpr std::size_t beyond = sizeof(std::uint64_t);
    const auto step = static_cast<std::size_t>(bytes);
    out.resize(whole.size() * step + beyond);
    auto* at = out.data();
    for (std::size_t i = 0; i < whole.size(); ++i, at += step) {
        const auto code =
            states[i] == 0 ? static_cast<std::uint64_t>(static_cast<std::int64_t>(whole[i] - from)) : codes[states[i]];
        auto shifted = code << (64 - 8 * bytes);
        if constexpr (std::endian::native == std::endian::little) shifted = __builtin_bswap64(shifted);
        std::memcpy(at, &shifted, sizeof shifted);
    }
    out.resize(whole.size() * step);
}

struct Form {
    int bytes = 0, decimals = 0;
    std::int64_t from = 0;
    std::vector<std::uint8_t> missing;  ///< states
};

Form read_form(std::string_view text) {
    JsonReader json(text);
    Form out;
    json.expect("{\"bytes\":");
    out.bytes = static_cast<int>(json.integer());
    json.expect(",\"decimals\":");
    out.decimals = static_cast<int>(json.integer());
    json.expect(",\"from\":");
    out.from = json.integer();
    json.expect(",\"missing\":[");
    while (!json.accept(']')) {
        if (!out.missing.empty()) json.expect(',');
        out.missing.push_back(json.accept("null")
                                  ? static_cast<std::uint8_t>(feel::Missing::not_reported) | Column::blank_flag
                                  : static_cast<std::uint8_t>(read_missing(json.string())));
    }
    json.expect('}');
    json.expect_end();
    if (out.bytes < 1 || out.bytes > most_bytes) throw std::runtime_error("numbers of no or too many bytes");
    return out;
}

}  // namespace

std::optional<PackedNumbers> pack(std::span<const double> whole, int decimals, std::span<const std::uint8_t> states) {
    const auto range = range_of(whole, states);
    std::array<std::uint64_t, 256> codes{};
    std::string missing;
    std::uint64_t kinds = 0;
    for (std::size_t state = 1; state < range.states.size(); ++state) {
        if (!range.states[state]) continue;
        codes[state] = kinds++;
        missing += missing.empty() ? "" : ",";
        missing += (state & Column::blank_flag) != 0
                       ? "null"
                       : fmt::format("\"{}\"", feel::to_string(static_cast<feel::Missing>(state)));
    }
    const auto spread = range.greatest - range.least;
    if (!(spread < static_cast<double>(greatest_of(most_bytes) - codes.size()))) return std::nullopt;
    int bytes = 1;
    while (static_cast<std::uint64_t>(spread) + kinds > greatest_of(bytes)) ++bytes;
    for (auto& code : codes) code = greatest_of(bytes) - code;
    PackedNumbers out{fmt::format("{{\"bytes\":{},\"decimals\":{},\"from\":{},\"missing\":[{}]}}", bytes, decimals,
                                  static_cast<std::int64_t>(range.least), missing),
                      {}};
    write_cells(whole, states, codes, range.least, bytes, out.cells);
    return out;
}

std::vector<std::string_view> parts_of(std::string_view cells, std::size_t records) {
    std::vector<std::string_view> out;
    if (records == 0) return out;
    const auto size = std::max<std::size_t>(cells.size() / records, 1) * PackedNumbers::records_of_part;
    for (std::size_t at = 0; at < cells.size(); at += size) out.push_back(cells.substr(at, size));
    return out;
}

Column unpack(std::string name, std::string_view form_text, std::string_view cells) {
    const auto form = read_form(form_text);
    const auto step = static_cast<std::size_t>(form.bytes);
    if (cells.size() % step != 0) throw std::runtime_error("cells that are cut short");
    Column out(std::move(name), feel::Type::Kind::number);
    out.reserve(cells.size() / step);
    std::vector<std::int64_t> numbers;
    std::vector<std::uint8_t> states;
    for (std::size_t at = 0; at < cells.size(); at += step) {
        std::uint64_t code = 0;
        for (const char c : cells.substr(at, step)) code = code << 8 | static_cast<std::uint8_t>(c);
        const auto from_the_end = greatest_of(form.bytes) - code;
        const bool missing = from_the_end < form.missing.size();
        states.push_back(missing ? form.missing[from_the_end] : std::uint8_t{0});
        numbers.push_back(missing ? 0 : form.from + static_cast<std::int64_t>(code));
    }
    out.append_numbers(form.decimals, numbers, states);
    return out;
}

}  // namespace zoneval::store
