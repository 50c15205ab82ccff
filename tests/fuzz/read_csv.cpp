// Any bytes as a CSV file: no crash, and either rows of one length or an error.
#include <cstdint>
#include <cstdlib>

#include "tests/fuzz/dataset.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    // The first byte chooses among the options.
    zoneval::io::ReadOptions options;
    options.delimiter = data[0] & 1 ? ';' : ',';
    if (data[0] & 2) options.encoding = "GB18030";
    if (data[0] & 4) options.encoding = "UTF-16LE";
    options.shown_errors = 5;
    zoneval::fuzz::read_and_check({reinterpret_cast<const char*>(data + 1), size - 1}, options);
    return 0;
}
