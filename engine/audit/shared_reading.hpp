// An evaluation and its history as one of several threads reads them: they keep what they find, so they are asked by
// one at a time. Not for other folders.
#pragma once

#include <memory>
#include <mutex>

#include "engine/assess/assessment.hpp"

namespace zoneval::audit {

/// For one thread; all of them share the mutex. The assessment must outlive it.
class SharedReading {
  public:
    SharedReading(const assess::Assessment& assessment, std::mutex& mutex);

    const exec::Evaluation& evaluation() const { return evaluation_; }
    const exec::History& history() const { return *history_; }

  private:
    exec::Evaluation evaluation_;
    std::unique_ptr<exec::History> history_;
};

}  // namespace zoneval::audit
