// What is known of registers beside their bounds: how they came about, and where conditions are certainly false. With
// it fewer instructions do the same.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "engine/exec/columns/program.hpp"

namespace zoneval::exec {

class RegisterFacts {
  public:
    // Numbers.
    struct Product {
        Ref of;
        double factor;
    };
    struct Choice {
        Ref condition, then, otherwise;
    };
    struct Quotient {
        Ref dividend, divisor;
        double most_dividend, most_divisor;  ///< absolutely
    };
    /// The exact product of a register and a constant.
    void is_product(Ref r, Product product) { products_.try_emplace(r, product); }
    const Product* product(Ref r) const { return find(products_, r); }
    /// The choice of exact numbers, one of them constant.
    void is_choice(Ref r, Choice choice) { choices_.try_emplace(r, choice); }
    const Choice* choice(Ref r) const { return find(choices_, r); }
    /// The quotient of exact numbers.
    void is_quotient(Ref r, Quotient quotient) { quotients_.try_emplace(r, quotient); }
    const Quotient* quotient(Ref r) const { return find(quotients_, r); }

    // Conditions.
    struct NullTest {
        Ref mask;
        bool null;  ///< `x = null`, not `x != null`
    };
    /// `x = null` or `x != null`, of x's mask; where it is the latter, it excludes the mask.
    void is_null_test(Ref condition, NullTest test);
    const NullTest* null_test(Ref condition) const { return find(null_tests_, condition); }
    /// Whether a condition is false, and known to be, wherever a mask has bits: `x != null and …` and x's mask.
    bool excludes(Ref condition, Ref mask) const { return excluded_.contains({condition, only_where(mask)}); }
    /// `both` is true only where each of the two is.
    void is_conjunction(Ref both, Ref a, Ref b);
    /// A comparison that is 0 where null, and the same whatever the nulls.
    void is_comparison(Ref comparison, Ref raw) { raw_.insert_or_assign(comparison, raw); }
    Ref raw(Ref comparison) const { return find_or(raw_, comparison); }
    /// The mask of a comparison has bits only where that of its operand has.
    void only_where(Ref mask, Ref operand) { only_where_.insert_or_assign(mask, operand); }

  private:
    template <class T>
    static const T* find(const std::map<Ref, T>& in, Ref r) {
        const auto found = in.find(r);
        return found == in.end() ? nullptr : &found->second;
    }
    static Ref find_or(const std::map<Ref, Ref>& in, Ref r) {
        const auto* found = find(in, r);
        return found ? *found : r;
    }
    Ref only_where(Ref mask) const { return find_or(only_where_, mask); }

    std::map<Ref, Product> products_;
    std::map<Ref, Choice> choices_;
    std::map<Ref, Quotient> quotients_;
    std::map<Ref, NullTest> null_tests_;
    std::set<std::pair<Ref, Ref>> excluded_;  ///< condition, mask
    std::map<Ref, Ref> raw_, only_where_;
};

}  // namespace zoneval::exec
