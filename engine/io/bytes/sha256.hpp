// SHA-256, the one hash of zoneval: of files, rule sets, snapshots and runs.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace zoneval {

class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::string_view bytes);
    /// Adds `<length>:<bytes>,` so that neighbouring fields cannot be confused ("ab","c" and "a","bc").
    void field(std::string_view bytes);
    /// Lower-case hexadecimal. Ends the computation.
    std::string hex();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

std::string sha256(std::string_view bytes);

}  // namespace zoneval
