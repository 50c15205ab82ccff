// Any bytes where a store keeps its texts: no crash, and either values or a refusal.
#include <cstdint>
#include <stdexcept>
#include <string>

#include "engine/assess/reopened_text.hpp"
#include "engine/feel/evaluation/cause_json.hpp"
#include "engine/store/run_columns.hpp"
#include "engine/store/stored_cells.hpp"

using namespace zoneval;

namespace {

void read_cells(std::string_view text) {
    store::StoredCells cells(text, feel::Missing::not_reported);
    if (cells.form() == store::StoredCells::Form::texts)
        while (cells.texts().next_cell()) {
        }
    else
        while (cells.next_block().size > 0) {
        }
}

void read(unsigned what, const std::string& text) {
    switch (what) {
        case 0: {
            store::StoredRows rows(text);
            while (rows.next()) {
            }
            store::years_of(text);
            break;
        }
        case 1: read_cells(text); break;
        case 2: store::read_records(text); break;
        case 3: {
            const auto half = text.find('|');
            store::read_decision("d", text.substr(0, half), half == std::string::npos ? "" : text.substr(half + 1), 2);
            break;
        }
        case 4: {
            store::MeasuredReader cells(text);
            while (cells.next()) {
            }
            break;
        }
        case 5: feel::cause_from_json(text); break;
        default: assess::reopened_of(text, "x", 2024);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    try {
        read(data[0] % 7u, {reinterpret_cast<const char*>(data + 1), size - 1});
    } catch (const std::runtime_error&) {  // the store is damaged
    }
    return 0;
}
