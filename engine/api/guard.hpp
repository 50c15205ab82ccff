// INVARIANT (nothing thrown leaves): every public function that can fail does its work inside `guarded`.
#pragma once

#include <exception>

#include "engine/diag/diagnostic.hpp"
#include "zoneval/findings.hpp"

namespace zoneval::api {

Findings findings_of(const Diagnostics& diagnostics);
Finding finding(Kind kind, std::string message, std::string expected = {}, std::string hint = {});
/// The finding for what is being handled; call in a catch block only.
Findings findings_of_current_exception() noexcept;

/// What `work` gives, a Result; or the finding for what it throws.
template <class Work>
auto guarded(const Work& work) -> decltype(work()) {
    try {
        return work();
    } catch (...) {
        return decltype(work())::failed(findings_of_current_exception());
    }
}

}  // namespace zoneval::api
