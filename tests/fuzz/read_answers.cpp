// Any bytes as what the command `duckdb` printed.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/io/sources/duckdb_table.hpp"

using namespace zoneval;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto half = std::min(text.find('|'), text.size());
    Diagnostics found;
    const auto table = io::read_answers(text.substr(0, half), half < size ? text.substr(half + 1) : "", "fuzz", found);
    if (!found.has_errors() && !table.headings.empty() && table.cells.size() % table.headings.size() != 0) std::abort();
    render_text(found, false);
    return 0;
}
