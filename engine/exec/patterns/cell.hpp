// AbstractValue in machine numbers: what one definition comes to for one record, with its blanks blank or over all
// completions.
#pragma once

#include "engine/exec/patterns/approximate.hpp"

namespace zoneval::exec {

/// Numbers, truths (0 and 1) and codes of texts. Whoever cannot tell says `beyond`: the reference evaluator can.
struct Cell {
    enum class Is : std::uint8_t { value, absent, open, beyond };
    Is is = Is::beyond;
    bool plain = false;           ///< absent: a written null
    bool there = false;           ///< open: null in no completion
    bool certainly_null = false;  ///< open, but null in every completion
    bool has_low = false, has_high = false;
    Approximate low, high;  ///< open: bounds, inclusive; a value is both
    /// Open: for want of what is behind those of these names that are open. nullptr: behind all that its node uses.
    const std::vector<int>* behind = nullptr;

    static Cell of(const Approximate& number) {
        if (!number.in_reach()) return {};
        return {Is::value, false, false, false, true, true, number, number, nullptr};
    }
    static Cell of(bool truth) { return of(Approximate::truth(truth)); }
    static Cell absent(bool plain = false) {
        Cell out;
        out.is = Is::absent;
        out.plain = plain;
        return out;
    }
    static Cell open() {
        Cell out;
        out.is = Is::open;
        return out;
    }

    bool known() const { return is == Is::value || is == Is::absent; }
    bool null_now() const { return is == Is::absent || is == Is::open; }
    bool is_true() const { return is == Is::value && !low.is_zero(); }
    bool is_false() const { return is == Is::value && low.is_zero(); }
    bool never_null() const { return is == Is::value || (is == Is::open && (there || has_low || has_high)); }
};

/// Known to be the same, and exactly. Two that are close may be, or not: ask beyond() first.
inline bool same(const Cell& a, const Cell& b) {
    if (a.is != b.is || a.is != Cell::Is::value) return a.is == Cell::Is::absent && b.is == a.is && a.plain == b.plain;
    return a.low.exact() && b.low.exact() && compare(a.low, b.low) == std::strong_ordering::equal;
}

}  // namespace zoneval::exec
