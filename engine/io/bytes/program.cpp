#include "engine/io/bytes/program.hpp"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

extern char** environ;

namespace zoneval::io {

namespace {

/// A file in memory that only this program and those it runs can see.
class MemoryFile {
  public:
    MemoryFile() : descriptor_(memfd_create("zoneval", MFD_CLOEXEC)) {}
    ~MemoryFile() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    int descriptor() const { return descriptor_; }
    bool write(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto done = ::write(descriptor_, bytes.data(), bytes.size());
            if (done < 0 && errno == EINTR) continue;
            if (done <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(done));
        }
        return descriptor_ >= 0;
    }
    std::string text() const {
        struct stat status {};
        if (fstat(descriptor_, &status) != 0) return {};
        std::string out(static_cast<std::size_t>(status.st_size), '\0');
        std::size_t done = 0;
        while (done < out.size()) {
            const auto count = pread(descriptor_, out.data() + done, out.size() - done, static_cast<off_t>(done));
            if (count <= 0) break;
            done += static_cast<std::size_t>(count);
        }
        out.resize(done);
        return out;
    }

  private:
    int descriptor_;
};

}  // namespace

std::optional<Ran> run_program(const std::string& path, const std::vector<std::string>& arguments,
                               std::string_view input) {
    MemoryFile in, out, err;
    if (!in.write(input) || out.descriptor() < 0 || err.descriptor() < 0) return std::nullopt;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
    posix_spawn_file_actions_adddup2(&actions, out.descriptor(), 1);
    posix_spawn_file_actions_adddup2(&actions, err.descriptor(), 2);
    posix_spawn_file_actions_adddup2(&actions, in.descriptor(), 3);
    std::vector<char*> argv{const_cast<char*>(path.c_str())};
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_t child = 0;
    const int failed = posix_spawn(&child, path.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) return std::nullopt;
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return Ran{WIFEXITED(status) ? WEXITSTATUS(status) : -1, out.text(), err.text()};
}

std::string find_program(const std::string& name) {
    namespace fs = std::filesystem;
    std::error_code none;
    const auto usable = [&](const fs::path& path) {
        return fs::is_regular_file(path, none) && access(path.c_str(), X_OK) == 0;
    };
    if (const auto beside = fs::read_symlink("/proc/self/exe", none).parent_path() / name; usable(beside))
        return beside.string();
    const auto* folders = std::getenv("PATH");
    for (std::string_view rest = folders ? folders : ""; !rest.empty();) {
        const auto end = std::min(rest.find(':'), rest.size());
        // An empty entry means the folder one is in, and a program out of a folder of data is not wanted.
        if (const auto path = fs::path(rest.substr(0, end)) / name; end > 0 && usable(path)) return path.string();
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {};
}

}  // namespace zoneval::io
