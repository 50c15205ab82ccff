#include "engine/io/import.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "engine/io/csv.hpp"
#include "engine/io/row_reader.hpp"
#include "engine/io/sha256.hpp"
#include "engine/io/text.hpp"
#include "engine/io/xlsx.hpp"

namespace zoneval::io {

namespace {

void add_unreadable(const std::string& file, std::string message, std::string hint, Diagnostics& diagnostics) {
    Location where;
    where.file = file;
    diagnostics.add({Kind::unreadable_file, std::move(message), std::move(where), "", std::move(hint)});
}

std::optional<std::string> file_bytes(const std::string& path, Diagnostics& diagnostics) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) {
        add_unreadable(path, fmt::format("the file cannot be read: {}", std::strerror(errno)), "check the path", diagnostics);
        return std::nullopt;
    }
    if (S_ISDIR(status.st_mode)) {
        add_unreadable(path, "this is a folder, not a file", "name the files in it one by one", diagnostics);
        return std::nullopt;
    }
    std::ifstream in(path, std::ios::binary);
    std::string bytes(static_cast<std::size_t>(std::max<off_t>(status.st_size, 0)), '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!in && !bytes.empty()) {
        add_unreadable(path, fmt::format("the file cannot be read: {}", std::strerror(errno)), "check who may read it", diagnostics);
        return std::nullopt;
    }
    return bytes;
}

/// Formats people take for CSV or XLSX.
std::optional<std::string> refused_format(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.empty()) return "the file is empty";
    if (bytes.starts_with("\xD0\xCF\x11\xE0"sv))
        return "this is a workbook in the old .xls format, or one locked with a password";
    if (bytes.starts_with("%PDF"sv)) return "this is a PDF document";
    return std::nullopt;
}

}  // namespace

ImportedRows read_rows(const std::string& path, const DatasetSchema& schema, const ReadOptions& options,
                       Diagnostics& diagnostics) {
    auto bytes = file_bytes(path, diagnostics);
    if (!bytes) return {};
    return read_rows_of(path, std::move(*bytes), schema, options, diagnostics);
}

ImportedRows read_rows_of(const std::string& file, std::string bytes, const DatasetSchema& schema,
                          const ReadOptions& options, Diagnostics& diagnostics) {
    using namespace std::string_view_literals;
    ImportedRows out;
    out.file = file;
    out.sha256 = sha256(bytes);
    if (auto reason = refused_format(bytes)) {
        add_unreadable(file, std::move(*reason), "save it as .xlsx or as CSV UTF-8", diagnostics);
        return out;
    }
    Diagnostics found;
    if (bytes.starts_with("PK\x03\x04"sv)) {
        auto sheet = read_sheet(bytes, file, options.sheet, found);
        out.sheet = sheet.name;
        if (!found.has_errors()) {
            SheetRows source(file, std::move(sheet));
            RowReader(source, schema, options, found).read(out);
        }
    } else if (to_utf8(bytes, file, options.encoding, found)) {
        CsvRows source(file, bytes, options.delimiter);
        RowReader(source, schema, options, found).read(out);
    }
    diagnostics.append(std::move(found));
    return out;
}

}  // namespace zoneval::io
