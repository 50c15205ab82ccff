#include "engine/feel/evaluation/from_feel.hpp"

#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/parsing/parse.hpp"

namespace zoneval::feel {

Value from_feel(std::string_view text) {
    Diagnostics ignored;
    const auto expr = parse_expression(ExpressionText::of(std::string(text)), {}, ignored);
    return expr ? evaluate(*expr, {}, {}) : Value();
}

}  // namespace zoneval::feel
