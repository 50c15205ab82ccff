// Any bytes as a file whose shape is declared, or which is only looked at: no crash, and either rows of one length or
// an error.
#include <cstdint>

#include "engine/io/inspect/inspect.hpp"
#include "tests/fuzz/dataset.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    // The first byte chooses the shape, the second how it is read.
    const std::string_view bytes(reinterpret_cast<const char*>(data + 2), size - 2);
    if (data[1] & 1) {
        zoneval::fuzz::keep_encodings();
        zoneval::Diagnostics found;
        zoneval::io::inspect("fuzz", bytes, "", nullptr, zoneval::wording::Language::en, found);
        return 0;
    }
    zoneval::io::ReadOptions options;
    options.delimiter = data[1] & 2 ? ';' : ',';
    options.shown_errors = 5;
    options.part_size = data[1] & 4 ? 16 : 1 << 20;
    zoneval::fuzz::read_and_check(bytes, options, data[0]);
    return 0;
}
