#include "engine/io/reading/import.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <future>
#include <memory>
#include <new>
#include <optional>

#include "engine/diag/file_bytes.hpp"
#include "engine/io/bytes/sha256.hpp"
#include "engine/io/bytes/text.hpp"
#include "engine/io/reading/row_reader.hpp"
#include "engine/io/shapes/shaped_rows.hpp"
#include "engine/io/sources/csv.hpp"
#include "engine/io/sources/duckdb_table.hpp"
#include "engine/io/sources/json_lines.hpp"
#include "engine/io/sources/sqlite_table.hpp"
#include "engine/io/sources/xlsx.hpp"

namespace zoneval::io {

namespace {

void add_unreadable(const std::string& file, std::string message, std::string hint, Diagnostics& diagnostics) {
    Location where;
    where.file = file;
    diagnostics.add({Kind::unreadable_file, std::move(message), std::move(where), "", std::move(hint)});
}

struct Bytes {
    struct Free {
        void operator()(char* bytes) const { std::free(bytes); }
    };
    std::unique_ptr<char[], Free> data;
    std::size_t size = 0;
    std::string_view view() const { return {data.get(), size}; }
};

std::optional<Bytes> file_bytes(const std::string& path, Diagnostics& diagnostics) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) {
        add_unreadable(path, fmt::format("the file cannot be read: {}", std::strerror(errno)), "check the path",
                       diagnostics);
        return std::nullopt;
    }
    if (!S_ISREG(status.st_mode)) {
        add_unreadable(path, S_ISDIR(status.st_mode) ? "this is a folder, not a file" : "this is not an ordinary file",
                       "name the files one by one", diagnostics);
        return std::nullopt;
    }
    Bytes out;
    out.size = static_cast<std::size_t>(status.st_size);
    // Not cleared first, and in large pages where there are any: a hundred megabytes count. Read, not mapped: what is
    // hashed and what is parsed must be the same bytes, even if someone saves the file meanwhile.
    constexpr std::size_t large_page = 2 << 20;
    const auto room = (out.size + large_page) / large_page * large_page;
    out.data.reset(static_cast<char*>(std::aligned_alloc(large_page, room)));
    if (!out.data) throw std::bad_alloc();
    if (out.size >= large_page) madvise(out.data.get(), room, MADV_HUGEPAGE);
    if (!read_file_bytes(path, out.data.get(), out.size)) {
        const auto why = errno == 0 ? "it became shorter meanwhile" : std::strerror(errno);
        add_unreadable(path, fmt::format("the file cannot be read: {}", why), "check who may read it", diagnostics);
        return std::nullopt;
    }
    return out;
}

struct Foreign {
    std::string message, hint;
};

bool holds_utf16(std::string_view bytes, std::string_view ascii) {
    std::string wide;
    for (const char c : ascii) (wide += c) += '\0';
    return bytes.find(wide) != std::string_view::npos;
}

/// Formats people take for CSV or XLSX.
std::optional<Foreign> foreign_format(std::string_view bytes) {
    using namespace std::string_view_literals;
    const auto as_workbook = "open it in a spreadsheet program and save it as .xlsx";
    if (bytes.empty()) return Foreign{"the file is empty", "save it as .xlsx or as CSV UTF-8"};
    if (bytes.starts_with("\xD0\xCF\x11\xE0"sv)) {
        if (holds_utf16(bytes, "EncryptedPackage"))
            return Foreign{"this workbook is locked with a password", "save it as .xlsx without a password"};
        if (holds_utf16(bytes, "Workbook") || holds_utf16(bytes, "Book"))
            return Foreign{"this is a workbook in the old .xls format", as_workbook};
        return Foreign{"this is a workbook in the old .xls format, or one locked with a password",
                       "save it as .xlsx, without a password"};
    }
    if (bytes.starts_with("%PDF"sv))
        return Foreign{"this is a PDF document", "ask for the table as a workbook or as CSV"};
    if (bytes.starts_with("PARE"sv))
        return Foreign{"this is a Parquet file that is encrypted", "write it again without encryption"};
    if (bytes.starts_with("ARROW1"sv) || bytes.starts_with("FEA1"sv))
        return Foreign{"this is a file of Arrow columns", "write it as Parquet, or as CSV UTF-8"};
    if (bytes.starts_with("\x1F\x8B"sv)) return Foreign{"this file is compressed with gzip", "unpack it first"};
    if (bytes.starts_with("PK\x03\x04"sv) && bytes.substr(0, 200).find("opendocument") != std::string_view::npos)
        return Foreign{"this is an OpenDocument file", as_workbook};
    std::string begin;
    for (const char c : bytes.substr(0, 1000)) begin += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const auto first = begin.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (first == std::string::npos || begin[first] != '<') return std::nullopt;
    for (const auto* tag : {"<html", "<!doctype html", "<table", "<meta"})
        if (begin.find(tag) != std::string::npos)
            return Foreign{"this is HTML, a web page, whatever its name says", as_workbook};
    if (begin.find("office:spreadsheet") != std::string::npos)
        return Foreign{"this is a workbook in the XML format of 2003", as_workbook};
    return std::nullopt;
}

bool is_workbook(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }

/// `sep=;` in the first line is for Excel, and says what parts the cells.
std::optional<char> declared_delimiter(std::string_view text) {
    const auto line = text.substr(0, text.find_first_of("\r\n"));
    const bool says = line.size() == 5 && (line.starts_with("sep=") || line.starts_with("SEP="));
    return says ? std::optional(line[4]) : std::nullopt;
}

void note_sheets(const Sheet& sheet, const std::string& file, Diagnostics& diagnostics) {
    if (sheet.not_read.empty()) return;
    Location where;
    where.file = file;
    diagnostics.add({Kind::left_out,
                     fmt::format("the sheet `{}` is read, and not `{}`", sheet.name, fmt::join(sheet.not_read, "`, `")),
                     std::move(where), "",
                     "name the one that is meant with `--sheet`, or under `sheet` of the dataset"});
}

}  // namespace

namespace {

/// What is no text: a sheet of a workbook, or a table; nullptr: it is text, or an error was added.
std::unique_ptr<RowSource> open_binary(const std::string& file, std::string_view bytes, const std::string& name,
                                       Diagnostics& diagnostics) {
    if (is_workbook(bytes)) {
        auto sheet = read_sheet(bytes, file, name, diagnostics);
        if (diagnostics.has_errors()) return nullptr;
        note_sheets(sheet, file, diagnostics);
        return std::make_unique<SheetRows>(file, std::move(sheet));
    }
    auto table = is_sqlite(bytes)    ? std::optional(read_sqlite(bytes, file, name, diagnostics))
                 : is_duckdb(bytes)  ? std::optional(read_duckdb(bytes, file, name, diagnostics))
                 : is_parquet(bytes) ? std::optional(read_parquet(bytes, file, diagnostics))
                                     : std::nullopt;
    if (!table || diagnostics.has_errors()) return nullptr;
    return std::make_unique<TableRows>(file, std::move(*table));
}

}  // namespace

std::vector<std::string> sheets_of(const std::string& path, const std::vector<std::string>& wanted,
                                   Diagnostics& diagnostics) {
    if (wanted.empty()) return {""};
    if (wanted != std::vector<std::string>{"*"}) return wanted;
    const auto bytes = file_bytes(path, diagnostics);
    if (!bytes) return {};
    return names_in(bytes->view(), path, diagnostics);
}

std::vector<std::string> names_in(std::string_view bytes, const std::string& file, Diagnostics& diagnostics) {
    if (is_workbook(bytes)) return sheet_names(bytes, file, diagnostics);
    if (is_sqlite(bytes)) return sqlite_tables(bytes, file, diagnostics);
    if (is_duckdb(bytes)) return duckdb_tables(bytes, file, diagnostics);
    return {""};
}

std::unique_ptr<RowSource> open_rows(const std::string& file, std::string_view bytes, const ReadOptions& options,
                                     std::string& converted, Diagnostics& diagnostics) {
    if (auto foreign = foreign_format(bytes)) {
        add_unreadable(file, std::move(foreign->message), std::move(foreign->hint), diagnostics);
        return nullptr;
    }
    if (auto binary = open_binary(file, bytes, options.sheet, diagnostics); binary || diagnostics.has_errors())
        return binary;
    const auto text =
        utf8_of(bytes, file, options.encoding.empty() ? "UTF-8" : options.encoding, converted, diagnostics);
    if (!text) return nullptr;
    if (looks_like_json(text->substr(0, 1000))) {
        auto table = read_json_lines(*text, file, diagnostics);
        if (diagnostics.has_errors()) return nullptr;
        return std::make_unique<TableRows>(file, std::move(table));
    }
    const auto declared = declared_delimiter(*text);
    const char delimiter = options.delimiter != 0 ? options.delimiter : declared.value_or(',');
    auto rows = std::make_unique<CsvRows>(file, *text, delimiter, options.part_size);
    if (declared) rows->leave_out_first_line();
    return rows;
}

ImportedRows read_rows(const std::string& path, const DatasetSchema& schema, const ReadOptions& options,
                       Diagnostics& diagnostics) {
    const auto bytes = file_bytes(path, diagnostics);
    if (!bytes) return {};
    return read_rows_of(path, bytes->view(), schema, options, diagnostics);
}

ImportedRows read_rows_of(const std::string& file, std::string_view bytes, const DatasetSchema& schema,
                          const ReadOptions& options, Diagnostics& diagnostics) {
    ImportedRows out;
    out.file = file;
    auto how = options;
    const auto& shape = schema.shape;
    if (how.encoding.empty()) how.encoding = shape.encoding;
    if (how.sheet.empty() && shape.sheets.size() == 1 && shape.sheets[0] != "*") how.sheet = shape.sheets[0];
    if (how.delimiter == 0) how.delimiter = shape.delimiter;
    // Hashed beside the reading where there is a thread for it.
    const auto when = options.work.threads > 1 ? std::launch::async : std::launch::deferred;
    auto hash = std::async(when, [bytes] { return sha256(bytes); });
    Diagnostics found;
    std::string converted;
    auto source = open_rows(file, bytes, how, converted, found);
    if (source) out.sheet = source->sheet();
    if (source && !shape.plain()) source = std::make_unique<ShapedRows>(std::move(source), schema, found);
    if (source && !found.has_errors()) RowReader(*source, schema, how, found).read(out);
    out.sha256 = hash.get();
    diagnostics.append(std::move(found));
    return out;
}

}  // namespace zoneval::io
