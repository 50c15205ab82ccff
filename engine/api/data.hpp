// What stands behind public data.
#pragma once

#include "engine/io/reading/import.hpp"
#include "zoneval/data.hpp"

namespace zoneval {

class Data::Impl {
  public:
    DatasetSchema schema;
    io::ImportedRows rows;
};

}  // namespace zoneval
