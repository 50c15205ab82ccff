#include "engine/exec/compile/nulls.hpp"

#include <algorithm>

namespace zoneval::exec {

Mask result_kinds(Mask kinds) {
    return static_cast<Mask>((kinds & ~mask_plain) | (kinds & mask_plain ? mask_failed : 0));
}

Ref joined_mask(Emitter& emitter, const Compiled& a, const Compiled& b) {
    const bool plain = ((a.kinds | b.kinds) & mask_plain) != 0;
    if (!plain && (b.mask == no_ref || a.mask == b.mask)) return a.mask;
    if (!plain && a.mask == no_ref) return b.mask;
    return emitter.emit(Op::mask_join, {std::min(a.mask, b.mask), std::max(a.mask, b.mask)});
}

Compiled masked(Emitter& emitter, Compiled value, const Compiled& a, const Compiled& b) {
    value.kinds = result_kinds(static_cast<Mask>(a.kinds | b.kinds));
    value.mask = joined_mask(emitter, a, b);
    value.constant = nullptr;
    return value;
}

Compiled also_null(Emitter& emitter, Compiled value, Ref mask, Mask kinds) {
    value.mask = emitter.emit(Op::mask_quotient, {value.mask, mask});
    value.kinds = static_cast<Mask>(value.kinds | kinds);
    return value;
}

}  // namespace zoneval::exec
