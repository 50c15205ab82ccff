#include "engine/io/import.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <future>
#include <memory>
#include <new>
#include <optional>

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
    std::ifstream in(path, std::ios::binary);
    in.read(out.data.get(), static_cast<std::streamsize>(out.size));
    if (!in) {
        add_unreadable(path, fmt::format("the file cannot be read: {}", std::strerror(errno)), "check who may read it",
                       diagnostics);
        return std::nullopt;
    }
    return out;
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
    const auto bytes = file_bytes(path, diagnostics);
    if (!bytes) return {};
    return read_rows_of(path, bytes->view(), schema, options, diagnostics);
}

ImportedRows read_rows_of(const std::string& file, std::string_view bytes, const DatasetSchema& schema,
                          const ReadOptions& options, Diagnostics& diagnostics) {
    using namespace std::string_view_literals;
    ImportedRows out;
    out.file = file;
    if (auto reason = refused_format(bytes)) {
        add_unreadable(file, std::move(*reason), "save it as .xlsx or as CSV UTF-8", diagnostics);
        return out;
    }
    // Hashed beside the reading where there is a thread for it.
    const auto when = options.work.threads > 1 ? std::launch::async : std::launch::deferred;
    auto hash = std::async(when, [bytes] { return sha256(bytes); });
    Diagnostics found;
    if (bytes.starts_with("PK\x03\x04"sv)) {
        auto sheet = read_sheet(bytes, file, options.sheet, found);
        out.sheet = sheet.name;
        if (!found.has_errors()) {
            SheetRows source(file, std::move(sheet));
            RowReader(source, schema, options, found).read(out);
        }
    } else {
        std::string converted;
        if (const auto text = utf8_of(bytes, file, options.encoding, converted, found)) {
            CsvRows source(file, *text, options.delimiter, options.part_size);
            RowReader(source, schema, options, found).read(out);
        }
    }
    out.sha256 = hash.get();
    diagnostics.append(std::move(found));
    return out;
}

}  // namespace zoneval::io
