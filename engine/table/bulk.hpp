// Large arrays that are about to be filled: not zeroed first, and on large pages where the system has them.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <utility>
#include <vector>

namespace zoneval {

template <class T>
class BulkAllocator {
  public:
    using value_type = T;
    BulkAllocator() = default;
    template <class U>
    BulkAllocator(const BulkAllocator<U>&) {}

    T* allocate(std::size_t n) {
        const auto bytes = n * sizeof(T);
        if (bytes < worth_it) return static_cast<T*>(::operator new (bytes, std::align_val_t{line}));
        auto* memory = ::operator new (bytes, std::align_val_t{page});
#ifdef MADV_HUGEPAGE
        ::madvise(memory, bytes / page * page, MADV_HUGEPAGE);  // a wish; without it, all goes on as before
#endif
        return static_cast<T*>(memory);
    }
    void deallocate(T* memory, std::size_t n) {
        ::operator delete (static_cast<void*>(memory), std::align_val_t{n * sizeof(T) < worth_it ? line : page});
    }
    /// Without a value to start from there is none: resize() does not zero.
    template <class U, class... Arguments>
    void construct(U* place, Arguments&&... arguments) {
        if constexpr (sizeof...(Arguments) == 0)
            ::new (static_cast<void*>(place)) U;
        else
            ::new (static_cast<void*>(place)) U(std::forward<Arguments>(arguments)...);
    }
    template <class U>
    bool operator==(const BulkAllocator<U>&) const {
        return true;
    }

  private:
    static constexpr std::size_t line = 64, page = std::size_t{2} << 20, worth_it = 2 * page;
};

/// A std::vector of numbers whose resize() leaves new elements for the caller to write.
template <class T>
using Bulk = std::vector<T, BulkAllocator<T>>;

}  // namespace zoneval
