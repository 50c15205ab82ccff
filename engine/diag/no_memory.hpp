// Libraries in C say only that something failed. Where memory was the reason, errno still says so.
#pragma once

#include <cerrno>
#include <new>

namespace zoneval {

/// Made before a call of such a library, asked after it failed.
class MemoryWatch {
  public:
    MemoryWatch() { errno = 0; }
    /// Throws std::bad_alloc where there was none.
    void check() const {
        if (errno == ENOMEM) throw std::bad_alloc();
    }
};

}  // namespace zoneval
