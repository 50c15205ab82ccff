#include "engine/io/shapes/grid.hpp"

namespace zoneval::io {

Grid::Grid(RowSource& source, Diagnostics& diagnostics) {
    while (source.next(diagnostics)) {
        lines_.push_back(source.line());
        for (std::size_t i = 0; i < source.cells().size(); ++i) {
            if (const auto facts = source.facts(i); facts != 0) {
                facts_.resize(texts_.size());
                facts_.push_back(facts);
            }
            texts_.push_back(source.cells()[i]);
        }
        firsts_.push_back(texts_.size());
    }
}

}  // namespace zoneval::io
