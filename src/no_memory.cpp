#include "src/no_memory.hpp"

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>

#include "src/command.hpp"

namespace zoneval::command {

void end_without_memory() {
    constexpr std::string_view text =
        "zoneval: there is not enough memory; what was not finished is not in the store\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
    ::_exit(Exit::store_failed);
}

namespace {

/// Thrown where nothing may be: out of a destructor, or of something that says it does not throw.
[[noreturn]] void on_terminate() {
    try {
        if (const auto thrown = std::current_exception()) std::rethrow_exception(thrown);
    } catch (const std::bad_alloc&) {
        end_without_memory();
    } catch (...) {
    }
    std::abort();
}

/// Made before all else that is made before main, where nobody could catch.
struct BeforeMain {
    BeforeMain() {
        std::set_new_handler(end_without_memory);
        std::set_terminate(on_terminate);
    }
};
__attribute__((init_priority(101))) const BeforeMain before_main;

}  // namespace

void catch_what_is_thrown() { std::set_new_handler(nullptr); }

}  // namespace zoneval::command
