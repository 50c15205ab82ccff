#include "engine/io/bytes/zip.hpp"

#include <fmt/format.h>
#include <unzip.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/diag/no_memory.hpp"

namespace zoneval::io {

namespace {

constexpr std::uint64_t largest_part = 256u << 20;

/// minizip reads through these; the "file" is a view and a position.
struct Memory {
    std::string_view bytes;
    std::uint64_t position = 0;
};

voidpf open_memory(voidpf opaque, const void*, int) { return opaque; }
int close_memory(voidpf, voidpf) { return 0; }
int memory_error(voidpf, voidpf) { return 0; }
uLong write_memory(voidpf, voidpf, const void*, uLong) { return 0; }
ZPOS64_T tell_memory(voidpf, voidpf stream) { return static_cast<Memory*>(stream)->position; }

uLong read_memory(voidpf, voidpf stream, void* to, uLong size) {
    auto& memory = *static_cast<Memory*>(stream);
    const auto left = memory.bytes.size() - memory.position;
    const auto count = std::min<std::uint64_t>(size, left);
    std::memcpy(to, memory.bytes.data() + memory.position, count);
    memory.position += count;
    return static_cast<uLong>(count);
}

long seek_memory(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
    auto& memory = *static_cast<Memory*>(stream);
    const std::uint64_t base = origin == ZLIB_FILEFUNC_SEEK_CUR   ? memory.position
                               : origin == ZLIB_FILEFUNC_SEEK_END ? memory.bytes.size()
                                                                  : 0;
    if (offset > memory.bytes.size() || base + offset > memory.bytes.size()) return -1;
    memory.position = base + offset;
    return 0;
}

}  // namespace

struct Zip::Impl {
    Memory memory;
    unzFile archive = nullptr;
    ~Impl() {
        if (archive) unzClose(archive);
    }
};

Zip::Zip(std::string_view bytes) : impl_(std::make_unique<Impl>()) {
    impl_->memory.bytes = bytes;
    zlib_filefunc64_def functions{open_memory, read_memory,  write_memory, tell_memory,
                                  seek_memory, close_memory, memory_error, &impl_->memory};
    const MemoryWatch memory;
    impl_->archive = unzOpen2_64("", &functions);
    memory.check();
    if (!impl_->archive) throw ZipError{"the archive inside the workbook is damaged or cut short"};
}

Zip::~Zip() = default;

bool Zip::has(const std::string& part) const {
    constexpr int ignoring_case = 2;
    return unzLocateFile(impl_->archive, part.c_str(), ignoring_case) == UNZ_OK;
}

void Zip::read(const std::string& part, const std::function<void(std::string_view)>& take) const {
    if (!has(part)) throw ZipError{fmt::format("the workbook has no part `{}`", part)};
    const MemoryWatch memory;
    const bool opened = unzOpenCurrentFile(impl_->archive) == UNZ_OK;
    memory.check();
    if (!opened)
        throw ZipError{fmt::format("the part `{}` of the workbook cannot be unpacked (is it encrypted?)", part)};
    std::array<char, std::size_t{64} * 1024> buffer{};
    std::uint64_t total = 0;
    for (;;) {
        const MemoryWatch reading;  // inflate asks for memory when the first bytes are wanted
        const int count = unzReadCurrentFile(impl_->archive, buffer.data(), static_cast<unsigned>(buffer.size()));
        if (count < 0) {
            reading.check();
            throw ZipError{fmt::format("the part `{}` of the workbook is damaged", part)};
        }
        if (count == 0) break;
        total += static_cast<std::uint64_t>(count);
        if (total > largest_part)
            throw ZipError{
                fmt::format("the part `{}` of the workbook unpacks to more than {} MB", part, largest_part >> 20)};
        take({buffer.data(), static_cast<std::size_t>(count)});
    }
    if (unzCloseCurrentFile(impl_->archive) == UNZ_CRCERROR)
        throw ZipError{fmt::format("the part `{}` of the workbook is damaged (its checksum is wrong)", part)};
}

}  // namespace zoneval::io
