#include "engine/diag/file_bytes.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>

namespace zoneval {

namespace {

class File {
  public:
    explicit File(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (descriptor_ < 0 && errno == ENOMEM) throw std::bad_alloc();
    }
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    bool is_open() const { return descriptor_ >= 0; }
    /// How many bytes came; 0: the file has ended; below: it cannot be read.
    ssize_t read(char* to, std::size_t most) const {
        for (;;) {
            const auto count = ::read(descriptor_, to, most);
            if (count < 0 && errno == ENOMEM) throw std::bad_alloc();
            if (count >= 0 || errno != EINTR) return count;
        }
    }

  private:
    int descriptor_;
};

}  // namespace

std::optional<std::string> file_bytes(const std::string& path) {
    const File file(path);
    if (!file.is_open()) return std::nullopt;
    std::string out;
    std::array<char, 64 * 1024> buffer{};
    for (;;) {
        const auto count = file.read(buffer.data(), buffer.size());
        if (count < 0) return std::nullopt;
        if (count == 0) return out;
        out.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

bool read_file_bytes(const std::string& path, char* to, std::size_t size) {
    const File file(path);
    if (!file.is_open()) return false;
    for (std::size_t done = 0; done < size;) {
        const auto count = file.read(to + done, size - done);
        if (count == 0) errno = 0;
        if (count <= 0) return false;
        done += static_cast<std::size_t>(count);
    }
    return true;
}

}  // namespace zoneval
