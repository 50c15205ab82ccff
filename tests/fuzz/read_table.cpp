// Any bytes as JSON lines or as an SQLite database: no crash, and either rows of one length or an error.
#include <cstdint>

#include "engine/io/inspect/inspect.hpp"
#include "tests/fuzz/dataset.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    // The first byte chooses the shape; its highest bit, that it is looked at only.
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    if (data[0] & 128) {
        zoneval::fuzz::keep_encodings();
        zoneval::Diagnostics found;
        zoneval::io::inspect("fuzz", bytes, "", nullptr, zoneval::wording::Language::ja, found);
        return 0;
    }
    zoneval::io::ReadOptions options;
    options.shown_errors = 5;
    zoneval::fuzz::read_and_check(bytes, options, data[0]);
    return 0;
}
