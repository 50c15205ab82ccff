// Constants, and strings under codes of their column or decision: most are only ever compared with constants, so that
// codes of the whole run are seldom needed.
#pragma once

#include <memory>

#include "engine/exec/compile/compiled.hpp"
#include "engine/exec/compile/emitter.hpp"

namespace zoneval::exec {

class Constants {
  public:
    Constants(Emitter& emitter, StringCodes& strings) : emitter_(emitter), strings_(strings) {}
    /// nullopt: columns cannot hold such a value, or its double has no bound.
    Maybe compiled(feel::Value value);

  private:
    Emitter& emitter_;
    StringCodes& strings_;
    std::vector<std::unique_ptr<const feel::Value>> kept_;
};

struct OwnCodes {
    Ref data = no_ref;
    bool bytes = false;                ///< the register of which rule hit
    std::vector<std::uint16_t> codes;  ///< of the whole run, by own code
    std::optional<Index> table;
};

class TextCodes {
  public:
    explicit TextCodes(Emitter& emitter) : emitter_(emitter) {}

    /// What Compiled::own refers to.
    int add(OwnCodes own);
    const OwnCodes& of(const Compiled& value) const { return own_[static_cast<std::size_t>(value.own)]; }
    /// The value with codes of the whole run, where it has so far only codes of its own.
    Compiled shared(const Compiled& value);
    /// Whether a value with codes of its own is that string.
    Ref equals(const Compiled& value, std::uint16_t code);

  private:
    Emitter& emitter_;
    std::vector<OwnCodes> own_;
};

}  // namespace zoneval::exec
