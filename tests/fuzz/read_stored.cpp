// Any bytes where a store keeps its texts: no crash, and either values or a refusal; and of what is torn, something
// that can be read.
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "engine/assess/reopened_text.hpp"
#include "engine/feel/evaluation/cause_json.hpp"
#include "engine/store/run_columns.hpp"
#include "engine/store/stored_cells.hpp"
#include "engine/store/torn.hpp"

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

void require(bool holds) {
    if (!holds) std::abort();
}

/// What is left can be read, and is of as many records; the first byte says how many.
void read_left(unsigned what, std::string_view text) {
    constexpr std::string_view types[] = {"number", "string", "boolean", "date"};
    const auto count = text.empty() ? 0u : static_cast<unsigned char>(text.front()) % 16u;
    text.remove_prefix(text.empty() ? 0 : 1);
    const auto middle = text.find('|');
    const auto first = text.substr(0, middle), second = middle == text.npos ? "" : text.substr(middle + 1);
    switch (what) {
        case 0:
            for (const auto type : types)
                if (const auto left = store::cells_left(text, type, count))
                    require(!store::cells_left(left->text, type, count));
            break;
        case 1:
            if (const auto left = store::measured_left(text, count)) require(!store::measured_left(left->text, count));
            break;
        case 2: {
            store::Published shown{"p", "", {}, std::string(first), std::string(second)};
            require(store::published_left(shown, count).texts.size() == count);
            break;
        }
        case 3: {
            Texts records;
            store::read_records_left(text, count, records);
            require(records.size() == count);
            break;
        }
        default: {
            store::Decisions decisions("d");
            store::read_decision_left(first, second, count, decisions);
            require(decisions.codes.size() == count);
            for (const auto code : decisions.codes) require(code < decisions.outcomes.size());
        }
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
        case 6: assess::reopened_of(text, "x", 2024); break;
        default: read_left(what - 7, text);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    try {
        read(data[0] % 12u, {reinterpret_cast<const char*>(data + 1), size - 1});
    } catch (const std::runtime_error&) {  // the store is damaged
    }
    return 0;
}
