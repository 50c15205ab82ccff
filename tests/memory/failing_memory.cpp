// Put before the C library (LD_PRELOAD), it gives no memory at the n-th time that somebody asks for some: whoever asks,
// be it operator new, SQLite, expat or the C library itself.
//   ZONEVAL_FAIL_AT=n      the n-th time fails, from 1       ZONEVAL_FAIL_ON=1   and so do all that follow
//   ZONEVAL_COUNT_TO=file  how often somebody asked, written when the process ends
//   ZONEVAL_FAIL_TRACE=1   tells on standard error who asked
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace {

std::atomic<unsigned long> asked{0};
unsigned long fail_at = 0;
bool and_all_that_follow = false, traced = false;

bool fails() {
    const auto n = ++asked;
    if (fail_at == 0 || n < fail_at || (n > fail_at && !and_all_that_follow)) return false;
    if (traced && n == fail_at) {
        void* callers[64];
        backtrace_symbols_fd(callers, backtrace(callers, 64), STDERR_FILENO);
    }
    errno = ENOMEM;
    return true;
}

/// Before the constructors of all other libraries but those this one needs.
__attribute__((constructor(101))) void begin() {
    if (const char* n = std::getenv("ZONEVAL_FAIL_AT")) fail_at = std::strtoul(n, nullptr, 10);
    and_all_that_follow = std::getenv("ZONEVAL_FAIL_ON") != nullptr;
    traced = std::getenv("ZONEVAL_FAIL_TRACE") != nullptr;
    void* caller;
    if (traced) backtrace(&caller, 1);  // loads what it needs
    asked = 0;
}

__attribute__((destructor)) void end() {
    const char* file = std::getenv("ZONEVAL_COUNT_TO");
    const int to = file ? ::open(file, O_WRONLY | O_CREAT | O_TRUNC, 0644) : -1;
    if (to >= 0) dprintf(to, "%lu\n", asked.load()), ::close(to);
}

}  // namespace

extern "C" {
__attribute__((visibility("default"))) void* malloc(std::size_t size) {
    return fails() ? nullptr : __libc_malloc(size);
}
__attribute__((visibility("default"))) void* calloc(std::size_t count, std::size_t size) {
    return fails() ? nullptr : __libc_calloc(count, size);
}
__attribute__((visibility("default"))) void* realloc(void* at, std::size_t size) {
    return fails() ? nullptr : __libc_realloc(at, size);
}
__attribute__((visibility("default"))) void* memalign(std::size_t alignment, std::size_t size) {
    return fails() ? nullptr : __libc_memalign(alignment, size);
}
__attribute__((visibility("default"))) void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return fails() ? nullptr : __libc_memalign(alignment, size);
}
__attribute__((visibility("default"))) int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
    if (fails()) return ENOMEM;
    *out = __libc_memalign(alignment, size);
    return *out ? 0 : ENOMEM;
}
}
