// A run held against itself made again.
#pragma once

#include "engine/audit/replay.hpp"
#include "engine/serve/visit.hpp"

namespace zoneval::serve {

struct Remade {
    std::size_t outcomes = 0, values = 0;  ///< compared
    std::vector<audit::Difference> differences;
};
Remade remade(State& state, const store::Run& head);

}  // namespace zoneval::serve
