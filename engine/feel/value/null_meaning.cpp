#include "engine/feel/value/null_meaning.hpp"

#include "engine/feel/value/cause.hpp"

namespace zoneval::feel {

bool is_unknown(const Value& value) {
    return value.is_null() && value.cause() && missing_kind(value.cause()) != Missing::not_applicable;
}

}  // namespace zoneval::feel
