// Three-valued logic (DMN 1.5 10.3.2.5): true, false, or nothing known.
#pragma once

#include <optional>

namespace zoneval::feel {

using Truth = std::optional<bool>;

/// "and" over any number of conditions: false wins over unknown.
class All {
  public:
    bool decided() const { return false_; }
    void add(Truth next) {
        false_ = false_ || next == false;
        unknown_ = unknown_ || !next;
    }
    Truth result() const {
        if (false_) return false;
        if (unknown_) return std::nullopt;
        return true;
    }

  private:
    bool false_ = false;
    bool unknown_ = false;
};

}  // namespace zoneval::feel
