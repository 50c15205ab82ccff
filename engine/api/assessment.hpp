// What stands behind a public assessment.
#pragma once

#include <memory>

#include "engine/assess/assessment.hpp"
#include "zoneval/assessment.hpp"

namespace zoneval {

class Assessment::Impl {
  public:
    Impl(std::shared_ptr<const store::Store> of, assess::Assessment made)
        : opened(std::move(of)),
          assessment(std::move(made)),
          notes(assess::told(assessment.notes, wording::Language::en)) {}

    std::shared_ptr<const store::Store> opened;  ///< what is computed on demand reads it
    assess::Assessment assessment;
    std::vector<std::string> notes;
};

}  // namespace zoneval
