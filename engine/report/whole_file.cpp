#include "engine/report/whole_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "engine/diag/diagnostic.hpp"

namespace zoneval::report {

namespace {
constexpr std::size_t written_at_once = 1 << 20;
}

WholeFile::WholeFile(const std::string& path) : path_(path) {
    struct stat there {};
    if (::stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode)) refuse(EISDIR);
    beside_ = fmt::format("{}.{}.part", path, ::getpid());
    file_ = ::open(beside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file_ < 0) refuse(errno);
}

WholeFile::~WholeFile() {
    if (file_ >= 0) ::close(file_);
    if (!beside_.empty()) ::unlink(beside_.c_str());
}

void WholeFile::refuse(int error) {
    const auto why = error == EISDIR ? std::string("it is no ordinary file") : std::string(std::strerror(error));
    throw InputError(Diagnostic{Kind::cannot_write,
                                fmt::format("`{}` cannot be written: {}", path_, why),
                                {},
                                "a file in a folder that may be written, with room on its disk",
                                "a file that was there is as it was"});
}

void WholeFile::write(std::string_view bytes) {
    buffer_ += bytes;
    if (buffer_.size() >= written_at_once) flush();
}

void WholeFile::flush() {
    for (std::string_view rest = buffer_; !rest.empty();) {
        const auto n = ::write(file_, rest.data(), rest.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) refuse(errno);
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
    buffer_.clear();
}

void WholeFile::finish() {
    flush();
    // Whoever wrote it by its name may have made a new file of that name.
    const auto file = ::open(beside_.c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0 || ::fsync(file) != 0) {
        const auto error = errno;
        if (file >= 0) ::close(file);
        refuse(error);
    }
    ::close(file);
    if (::close(std::exchange(file_, -1)) != 0) refuse(errno);
    if (std::rename(beside_.c_str(), path_.c_str()) != 0) refuse(errno);
    beside_.clear();
}

void write_whole(const std::string& path, std::string_view text) {
    WholeFile file(path);
    file.write(text);
    file.finish();
}

}  // namespace zoneval::report
