// A file that is there whole or not at all.
#pragma once

#include <string>
#include <string_view>

namespace zoneval::report {

/// Writes beside the file and takes its place at the end: whoever fails in between leaves the old one as it was.
class WholeFile {
  public:
    /// Throws InputError (ZV507) when nothing can be written there.
    explicit WholeFile(const std::string& path);
    ~WholeFile();  ///< without finish(): removes what was written
    WholeFile(const WholeFile&) = delete;
    WholeFile& operator=(const WholeFile&) = delete;

    void write(std::string_view bytes);
    /// Gives the name of the file beside to somebody else who writes it; write() may not be used then.
    const std::string& beside() const { return beside_; }
    /// To disk, and in place. Throws InputError when the disk is full.
    void finish();

  private:
    [[noreturn]] void refuse(int error);
    void flush();
    std::string path_, beside_, buffer_;
    int file_ = -1;
};

/// A file of one text.
void write_whole(const std::string& path, std::string_view text);

}  // namespace zoneval::report
