// Functions as values. What one is made of (a builtin, a closure, the host's own) is known to the wings above.
#pragma once

#include <memory>
#include <string>

#include "engine/feel/value/type.hpp"

namespace zoneval::feel {

class Function {
  public:
    virtual ~Function() = default;
    virtual bool same(const Function& other) const { return this == &other; }
    /// Of the values it holds; 0 when it holds none.
    virtual int nesting() const { return 0; }
    virtual TypePtr type() const = 0;
    virtual std::string to_feel() const = 0;
};
using FunctionPtr = std::shared_ptr<const Function>;

}  // namespace zoneval::feel
