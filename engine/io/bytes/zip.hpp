// The parts of a ZIP archive held in memory.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace zoneval::io {

/// Why an archive or a part of it cannot be read; a sentence for people.
struct ZipError {
    std::string message;
};

class Zip {
  public:
    /// `bytes` must outlive the archive.
    explicit Zip(std::string_view bytes);  // throws ZipError
    ~Zip();
    Zip(const Zip&) = delete;
    Zip& operator=(const Zip&) = delete;

    bool has(const std::string& part) const;
    /// Unpacks a part piece by piece. Throws ZipError, also when the part is larger than a workbook of ours may be (a
    /// "zip bomb" unpacks to a thousand times its size).
    void read(const std::string& part, const std::function<void(std::string_view)>& take) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace zoneval::io
