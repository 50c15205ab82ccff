#include "engine/exec/compile/fuse.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace zoneval::exec {

namespace {

void remove_dead(Program& p) {
    std::vector<bool> alive(p.registers.size());
    const auto keep = [&](Ref r) {
        if (r >= 0) alive[static_cast<std::size_t>(r)] = true;
    };
    for (const auto& o : p.outputs) keep(o.data), keep(o.mask);
    for (const auto& v : p.verdicts) keep(v.hit);
    keep(p.doubt);
    keep(p.again);
    std::vector<Instruction> kept;
    for (auto i = p.code.rbegin(); i != p.code.rend(); ++i) {
        if (!alive[static_cast<std::size_t>(i->out)]) continue;
        for_each_read(p, *i, keep);
        kept.push_back(*i);
    }
    p.code.assign(kept.rbegin(), kept.rend());
}

class Fuser {
  public:
    explicit Fuser(Program& p) : p_(p), made_by_(p.registers.size(), nullptr), uses_(p.registers.size()) {
        const auto used = [this](Ref r) {
            if (r >= 0) ++uses_[static_cast<std::size_t>(r)];
        };
        for (const auto& o : p.outputs) used(o.data), used(o.mask);
        for (const auto& v : p.verdicts) used(v.hit);
        for (const auto& i : p.code) for_each_read(p, i, used);
    }

    void run() {
        for (auto& i : p_.code) {
            switch (i.op) {
                case Op::keep_known: masked_comparison(i); break;
                case Op::minimum:
                case Op::maximum: clamp(i); break;
                case Op::add:
                case Op::subtract: sum(i); break;
                default: break;
            }
            made_by_[static_cast<std::size_t>(i.out)] = &i;
        }
    }

  private:
    /// What makes a register that nothing else reads; nullptr: another does, or it is a constant.
    const Instruction* only_for_this(Ref r) const {
        return r >= 0 && uses_[static_cast<std::size_t>(r)] == 1 ? made_by_[static_cast<std::size_t>(r)] : nullptr;
    }
    const Instruction* made(Ref r, Op by) const {
        const auto* i = r >= 0 ? made_by_[static_cast<std::size_t>(r)] : nullptr;
        return i && i->op == by ? i : nullptr;
    }
    double number(Ref r) const { return p_.numbers[constant_index(r)]; }

    void masked_comparison(Instruction& i) {
        const auto* raw = only_for_this(i.in[0]);
        if (!raw || raw->in[2] != no_ref) return;
        if (raw->op != Op::less && raw->op != Op::less_equal && raw->op != Op::equal && raw->op != Op::codes_equal)
            return;
        const auto mask = i.in[1];
        const auto out = i.out;
        i = *raw;
        i.in[2] = mask;
        i.out = out;
    }

    /// x op constant, either way round.
    struct WithConstant {
        Ref x;
        double constant;
        bool constant_first;
    };
    std::optional<WithConstant> with_constant(const Instruction& i) const {
        const auto [a, b] = std::pair(i.in[0], i.in[1]);
        if (is_constant(a) == is_constant(b)) return std::nullopt;
        return is_constant(a) ? WithConstant{b, number(a), true} : WithConstant{a, number(b), false};
    }

    void clamp(Instruction& i) {
        const auto limit = with_constant(i);
        if (!limit) return;
        constexpr auto far = std::numeric_limits<double>::infinity();
        Clamp to{0, 1, i.op == Op::maximum ? limit->constant : -far, i.op == Op::minimum ? limit->constant : far};
        Ref x = limit->x;
        if (const auto* inner = only_for_this(x); inner && inner->op == Op::clamp) {
            const auto& before = std::get<Clamp>(inner->payload);
            if (before.low > to.high || before.high < to.low) return;
            to = {before.offset, before.factor, std::max(to.low, before.low), std::min(to.high, before.high)};
            x = inner->in[0];
        } else {
            scale(x, to);
        }
        i.op = Op::clamp;
        i.in[0] = x, i.in[1] = no_ref;
        i.payload = to;
    }

    /// (x + c) * k, (x - c) * k or (c - x) * k in place of x.
    void scale(Ref& x, Clamp& to) const {
        const auto* product = only_for_this(x);
        if (product && product->op == Op::multiply)
            if (const auto factor = with_constant(*product)) x = factor->x, to.factor = factor->constant;
        const auto* offset = only_for_this(x);
        if (!offset || (offset->op != Op::add && offset->op != Op::subtract)) return;
        const auto shift = with_constant(*offset);
        if (!shift) return;
        x = shift->x;
        to.offset = shift->constant;
        if (offset->op == Op::add) return;
        to.offset = -to.offset;  // x - c; and c - x = -(x - c), exactly
        if (shift->constant_first) to.factor = -to.factor;
    }

    /// What a term of a sum is made of; how many instructions it replaces.
    struct Part {
        Term term;
        int replaces = 0;
    };
    Part part(Ref r, bool negative) const {
        Part out;
        out.term.x = r;
        const auto* choice = only_for_this(r);
        if (choice && choice->op == Op::select_numbers && (is_constant(choice->in[1]) || is_constant(choice->in[2]))) {
            const auto [condition, then, otherwise] = std::tuple(choice->in[0], choice->in[1], choice->in[2]);
            out.replaces = 1;
            out.term.condition = condition;
            out.term.reversed = !is_constant(then);
            out.term.otherwise = number(out.term.reversed ? otherwise : then);
            out.term.x = out.term.reversed ? then : otherwise;
        }
        // A mask is as good a condition as whether it has bits.
        if (const auto* bits = made(out.term.condition, Op::has_bits);
            bits && bits->payload == Payload(MissingKinds{0xff}))
            out.term.condition = bits->in[0];
        if (const auto* product = only_for_this(out.term.x); product && product->op == Op::multiply)
            if (const auto factor = with_constant(*product)) {
                out.term.x = factor->x;
                out.term.factor = factor->constant;
                ++out.replaces;
            }
        if (const auto* within = only_for_this(out.term.x); within && within->op == Op::clamp) {
            out.term.x = within->in[0];
            out.term.clamped = true;
            out.term.clamp = std::get<Clamp>(within->payload);
            ++out.replaces;
        }
        if (negative) out.term.factor = -out.term.factor, out.term.otherwise = -out.term.otherwise;
        return out;
    }

    void sum(Instruction& i) {
        const auto last = part(i.in[1], i.op == Op::subtract);
        Index sum{static_cast<std::uint32_t>(p_.sums.size())};
        if (const auto* before = only_for_this(i.in[0]); before && before->op == Op::sum) {
            sum.at = before->index();
            p_.sums[sum.at].push_back(last.term);
        } else {
            const auto first = part(i.in[0], false);
            if (first.replaces + last.replaces < 2) return;
            p_.sums.push_back({first.term, last.term});
        }
        i.op = Op::sum;
        i.in = no_operands;
        i.payload = sum;
    }

    Program& p_;
    std::vector<const Instruction*> made_by_;  ///< by register; of those that are added to: the last so far
    std::vector<int> uses_;
};

}  // namespace

void fuse(Program& program) {
    remove_dead(program);
    Fuser(program).run();
    remove_dead(program);
}

}  // namespace zoneval::exec
