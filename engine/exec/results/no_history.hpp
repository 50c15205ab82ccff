// A first year: nothing came before.
#pragma once

#include "engine/exec/results/evaluation.hpp"

namespace zoneval::exec {

class NoHistory : public History {
  public:
    std::optional<feel::Value> value(const graph::Node&, RecordAt, std::int32_t) const override { return std::nullopt; }
};

}  // namespace zoneval::exec
