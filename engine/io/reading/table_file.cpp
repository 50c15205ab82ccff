#include "engine/io/reading/table_file.hpp"

#include <algorithm>
#include <filesystem>

#include "engine/diag/file_bytes.hpp"
#include "engine/feel/value/decimal.hpp"
#include "engine/io/sources/xlsx.hpp"

namespace zoneval::io {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view ending = ".xlsx";

std::optional<std::string> bytes_of(const std::string& path) {
    std::error_code error;
    return fs::is_regular_file(path, error) ? zoneval::file_bytes(path) : std::nullopt;
}

/// What is shown as 20 % is stored as 0.2.
std::string cell_text(const Sheet& sheet, const Sheet::Cell& cell) {
    const auto text = sheet.text(cell);
    const auto number = (cell.facts & fact::percent) != 0 ? feel::Decimal::parse(text) : std::nullopt;
    return number ? (*number * feel::Decimal(100)).to_string() + " %" : std::string(text);
}

std::string quoted(std::string text) {
    for (auto& c : text)
        if (c == '\n' || c == '\r') c = ' ';  // a row is a line, so that findings name it
    if (text.find_first_of(",;\t\"") == std::string::npos && !text.starts_with(' ') && !text.ends_with(' '))
        return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string as_csv(const Sheet& sheet) {
    std::string out;
    std::uint32_t row = 1;
    std::uint16_t column = 0;
    for (const auto& cell : sheet.cells) {
        for (; row < cell.row; ++row, column = 0) out += '\n';
        for (; column < cell.column; ++column) out += ',';
        out += quoted(cell_text(sheet, cell));
    }
    return out + "\n";
}

}  // namespace

std::optional<std::string> read_text_or_sheet(const std::string& path) {
    const auto hash = path.find(std::string(ending) + "#");
    const bool named = hash != std::string::npos;
    const auto file = named ? path.substr(0, hash + ending.size()) : path;
    auto bytes = bytes_of(file);
    if (!bytes || !file.ends_with(ending)) return bytes;
    Diagnostics found;
    const auto sheet = read_sheet(*bytes, file, named ? path.substr(hash + ending.size() + 1) : "", found);
    if (found.has_errors()) throw InputError(std::move(found));
    return as_csv(sheet);
}

}  // namespace zoneval::io
