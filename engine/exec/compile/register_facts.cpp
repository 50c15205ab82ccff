#include "engine/exec/compile/register_facts.hpp"

#include <limits>

namespace zoneval::exec {

void RegisterFacts::is_null_test(Ref condition, NullTest test) {
    null_tests_.insert_or_assign(condition, test);
    if (!test.null) excluded_.emplace(condition, test.mask);
}

void RegisterFacts::is_conjunction(Ref both, Ref a, Ref b) {
    for (const auto part : {a, b})
        for (auto e = excluded_.lower_bound({part, std::numeric_limits<Ref>::min()});
             e != excluded_.end() && e->first == part; ++e)
            excluded_.emplace(both, e->second);
}

}  // namespace zoneval::exec
