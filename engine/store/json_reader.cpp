#include "engine/store/json_reader.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace zoneval::store {

std::string_view JsonReader::string() {
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

std::int64_t JsonReader::integer() {
    std::int64_t out = 0;
    const auto rest = json_.substr(position_);
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), out);
    if (error != std::errc{}) fail();
    position_ += static_cast<std::size_t>(end - rest.data());
    return out;
}

void JsonReader::fail() const { throw std::runtime_error(fmt::format("malformed cells at byte {}", position_)); }

std::optional<ArrayReader::Cell> ArrayReader::next_cell() {
    if (!next_item()) return std::nullopt;
    if (json_.accept("null")) return Cell{Cell::Kind::blank, {}};
    if (json_.accept('[')) {
        Cell cell{Cell::Kind::missing, json_.string()};
        if (json_.accept(',')) {
            first_of_two_.assign(cell.text);  // what unescapes the second overwrites it
            cell.text = first_of_two_;
            cell.more = json_.string();
        }
        json_.expect(']');
        return cell;
    }
    return Cell{Cell::Kind::text, json_.string()};
}

std::optional<ArrayReader::Row> ArrayReader::next_row() {
    if (!next_item()) return std::nullopt;
    Row row;
    json_.expect('[');
    row.record = json_.string();
    json_.expect(',');
    row.year = static_cast<std::int32_t>(json_.integer());
    json_.expect(',');
    row.line = static_cast<std::uint32_t>(json_.integer());
    json_.expect(']');
    return row;
}

std::optional<std::string_view> ArrayReader::next_string() {
    if (!next_item()) return std::nullopt;
    return json_.string();
}

std::optional<std::uint32_t> ArrayReader::next_code() {
    if (!next_item()) return std::nullopt;
    const auto code = json_.integer();
    if (code < 0 || code > UINT32_MAX) json_.fail();
    return static_cast<std::uint32_t>(code);
}

std::optional<std::vector<std::string>> ArrayReader::next_list(std::size_t least, std::size_t most) {
    if (!next_item()) return std::nullopt;
    std::vector<std::string> out;
    json_.expect('[');
    while (out.size() < least || (out.size() < most && json_.accept(','))) {
        if (!out.empty() && out.size() < least) json_.expect(',');
        out.emplace_back(json_.string());
    }
    json_.expect(']');
    return out;
}

bool ArrayReader::next_item() {
    if (json_.accept(']')) return false;
    if (!first_) json_.expect(',');
    first_ = false;
    return true;
}

}  // namespace zoneval::store
