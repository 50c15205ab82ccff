// Files as bytes. Streams of the standard library take memory that is not there for the end of the file; this does not.
#pragma once

#include <optional>
#include <string>

namespace zoneval {

/// All of a file; nullopt: it cannot be read, and errno says why.
std::optional<std::string> file_bytes(const std::string& path);

/// The first `size` bytes of a file; false: it cannot be read (errno says why), or holds fewer (errno is 0).
bool read_file_bytes(const std::string& path, char* to, std::size_t size);

}  // namespace zoneval
