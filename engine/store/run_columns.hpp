// The columns of a run as the store holds them: JSON texts, each hashed and written as it stands.
#pragma once

#include <string>
#include <vector>

#include "engine/store/store.hpp"

namespace zoneval::store {

struct RunTexts {
    std::string records;
    struct Decision {
        std::string name, outcomes, cells;
    };
    std::vector<Decision> decisions;
    struct Measure {
        std::string name, cells;
    };
    std::vector<Measure> measures;
};

RunTexts texts_of(const Run& run);

// What is not of the store's form throws std::runtime_error.
Texts read_records(std::string_view json);
Decisions read_decision(std::string name, std::string_view outcomes, std::string_view cells, std::size_t records);

}  // namespace zoneval::store
