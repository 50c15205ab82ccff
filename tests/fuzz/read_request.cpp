// Any bytes as the target of a request: taken apart without a crash, and what was encoded comes back.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/serve/message.hpp"

using namespace zoneval::serve;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    target_of(text);
    is_loopback_host(text);
    const auto again = target_of("/" + encoded(text) + "?of=" + encoded(text));
    if (again.path != std::vector{text} && !text.empty()) std::abort();
    return 0;
}
