#include "engine/exec/patterns/cell_term.hpp"

#include <algorithm>

#include "engine/exec/columns/bound.hpp"
#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/syntax/never_true.hpp"

namespace zoneval::exec {

using feel::BinaryOp;
using feel::Expr;
using feel::Kernel;
using Form = CellTerm::Form;

namespace {

class CellTermMaker {
  public:
    explicit CellTermMaker(const CellNames& names) : names_(names) {}

    std::optional<CellTerm> make(const Expr& e) {
        auto out = form(e);
        if (out) out->slots = feel::slots_read(e);
        return out;
    }

    /// Finds sums of parts.
    static void find_parts(CellTerm& t) {
        if (t.form == Form::add && !append_parts(t, t.parts)) t.parts.clear();
        if (t.parts.empty())
            for (auto& inner : t.of) find_parts(inner);
    }

  private:
    /// A number that stands in the formula, exactly.
    static bool fixed(const CellTerm& t) {
        return t.form == Form::constant && !t.truth && t.constant.is == Cell::Is::value && t.constant.low.exact();
    }

    static bool append_parts(const CellTerm& t, std::vector<CellTerm::Part>& out) {
        if (t.form == Form::add) return append_parts(t.of[0], out) && append_parts(t.of[1], out);
        if (t.form != Form::choice || t.of[0].form != Form::is_null || t.of[0].op != BinaryOp::equal) return false;
        CellTerm::Part part;
        part.slot = t.of[0].slot;
        const auto& there = t.of[2];
        part.times = there.form == Form::multiply && fixed(there.of[0]) && there.of[1].form == Form::slot &&
                     there.of[1].slot == part.slot;
        if (!fixed(t.of[1]) || (!part.times && !fixed(there))) return false;
        part.absent = t.of[1].constant.low;
        part.there = (part.times ? there.of[0] : there).constant.low;
        part.exactly_absent = part.absent.decimal(), part.exactly_there = part.there.decimal();
        out.push_back(part);
        return true;
    }

    static std::optional<CellTerm> constant(const feel::Value& value) {
        CellTerm out;
        if (const auto* number = value.number())
            out.constant = Cell::of(Approximate::of(*number));
        else if (const auto* truth = value.boolean())
            out.constant = Cell::of(*truth), out.truth = true;
        else if (value.is_null() && !value.cause())
            out.constant = Cell::absent(true);
        else
            return std::nullopt;
        return out;
    }

    std::optional<CellTerm> with(Form form, std::initializer_list<const Expr*> operands) {
        CellTerm out;
        out.form = form;
        for (const auto* operand : operands) {
            auto term = make(*operand);
            if (!term) return std::nullopt;
            out.of.push_back(std::move(*term));
        }
        return folded(std::move(out));
    }

    /// Of two numbers that stand in the formula: the result, if it is exact.
    static CellTerm folded(CellTerm term) {
        if (term.of.size() != 2 || !fixed(term.of[0]) || !fixed(term.of[1])) return term;
        const auto &a = term.of[0].constant.low, &b = term.of[1].constant.low;
        const auto result = term.form == Form::add        ? a + b
                            : term.form == Form::subtract ? a - b
                            : term.form == Form::multiply ? a * b
                                                          : Approximate::beyond();
        if (!result.exact()) return term;
        CellTerm out;
        out.constant = Cell::of(result);
        return out;
    }

    std::optional<CellTerm> form(const Expr& e) {
        if (const auto* literal = e.as<feel::Literal>()) return constant(literal->value);
        if (const auto* name = e.as<feel::Name>()) return slot(*name);
        if (const auto* negate = e.as<feel::Negate>()) return with(Form::negate, {negate->operand.get()});
        if (const auto* choice = e.as<feel::If>())
            return with(Form::choice, {choice->condition.get(), choice->then.get(), choice->otherwise.get()});
        if (const auto* between = e.as<feel::Between>())
            return with(Form::between, {between->value.get(), between->low.get(), between->high.get()});
        if (const auto* b = e.as<feel::Binary>()) return binary(*b);
        if (const auto* c = e.as<feel::Call>()) return call(*c);
        return std::nullopt;
    }

    std::optional<CellTerm> slot(const feel::Name& name) {
        if (name.slot < 0 || !name.items.empty()) return std::nullopt;
        if (const auto* value = names_.constant(name.slot)) return value->is_null() ? std::nullopt : constant(*value);
        if (!names_.number_or_truth(name.slot)) return std::nullopt;
        CellTerm out;
        out.form = Form::slot;
        out.slot = name.slot;
        return out;
    }

    std::optional<CellTerm> binary(const feel::Binary& b) {
        if (b.op == BinaryOp::and_ || b.op == BinaryOp::or_) {
            if (feel::is_never_true(*b.left) || feel::is_never_true(*b.right)) return std::nullopt;
            return with(b.op == BinaryOp::and_ ? Form::all : Form::any, {b.left.get(), b.right.get()});
        }
        if (b.op < BinaryOp::equal) {
            if (b.op == BinaryOp::power) return std::nullopt;
            const auto form = b.op == BinaryOp::add        ? Form::add
                              : b.op == BinaryOp::subtract ? Form::subtract
                              : b.op == BinaryOp::multiply ? Form::multiply
                                                           : Form::divide;
            return with(form, {b.left.get(), b.right.get()});
        }
        return comparison(b);
    }

    std::optional<CellTerm> comparison(const feel::Binary& b) {
        const bool equality = b.op == BinaryOp::equal || b.op == BinaryOp::not_equal;
        const bool null_left = feel::is_null_literal(*b.left), null_right = feel::is_null_literal(*b.right);
        const auto* name = (null_left ? *b.right : *b.left).as<feel::Name>();
        if (null_left || null_right) {
            if (!equality || !name || name->slot < 0) return std::nullopt;
            auto out = with(Form::is_null, {null_left ? b.right.get() : b.left.get()});
            if (!out || out->of.front().form != Form::slot) return std::nullopt;
            out->op = b.op;
            out->slot = name->slot;
            return out;
        }
        const auto* text = b.right->as<feel::Literal>();
        if (equality && name && name->slot >= 0 && text && text->value.string()) {
            const auto code = names_.code(name->slot, *text->value.string());
            if (!code) return std::nullopt;
            CellTerm out;
            out.form = Form::text_is;
            out.op = b.op;
            out.slot = name->slot;
            out.code = *code;
            return out;
        }
        auto out = with(Form::compare, {b.left.get(), b.right.get()});
        if (!out || !is_number(out->of[0]) || !is_number(out->of[1])) return std::nullopt;
        out->op = b.op;
        return out;
    }

    /// Not a truth, which `=` compares otherwise.
    bool is_number(const CellTerm& t) const {
        switch (t.form) {
            case Form::add:
            case Form::subtract:
            case Form::multiply:
            case Form::divide:
            case Form::negate:
            case Form::round:
            case Form::least:
            case Form::greatest:
            case Form::over_mean:
            case Form::over_sum:
            case Form::over_least:
            case Form::over_greatest: return true;
            case Form::choice: return is_number(t.of[1]) && is_number(t.of[2]);
            case Form::constant:
            case Form::slot: return true;  // the type checker has seen to the other side
            default: return false;
        }
    }

    std::optional<CellTerm> call(const feel::Call& c) {
        if (c.builtin.empty() || !c.argument_names.empty() || c.arguments.empty()) return std::nullopt;
        const auto traits = feel::traits_of(c.overloads);
        std::optional<CellTerm> out;
        if (c.arguments.size() == 1)
            if (auto over = over_list(traits.kernel, *c.arguments[0])) return over;
        switch (traits.kernel) {
            case Kernel::negation: return c.arguments.size() == 1 ? with(Form::no, {c.arguments[0].get()}) : out;
            case Kernel::least:
            case Kernel::greatest: {
                if (c.arguments.size() < 2 || c.arguments.size() > CellTerm::most_parts) return out;
                CellTerm all;
                all.form = traits.kernel == Kernel::least ? Form::least : Form::greatest;
                for (const auto& argument : c.arguments) {
                    auto term = make(*argument);
                    if (!term) return out;
                    all.of.push_back(std::move(*term));
                }
                return all;
            }
            case Kernel::round: {
                const auto decimals = c.arguments.size() == 2 ? whole(*c.arguments[1]) : std::optional<int>(0);
                if (c.arguments.size() > 2 || !decimals) return out;
                out = with(Form::round, {c.arguments[0].get()});
                if (!out) return out;
                out->decimals = *decimals;
                out->rounding = traits.rounding;
                return out;
            }
            default: return out;
        }
    }

    std::optional<CellTerm> over_list(Kernel kernel, const Expr& argument) const {
        const auto* name = argument.as<feel::Name>();
        if (!name || name->slot < 0 || !name->items.empty() || !names_.list(name->slot)) return std::nullopt;
        CellTerm out;
        out.slot = name->slot;
        switch (kernel) {
            case Kernel::mean: out.form = Form::over_mean; return out;
            case Kernel::sum: out.form = Form::over_sum; return out;
            case Kernel::least: out.form = Form::over_least; return out;
            case Kernel::greatest: out.form = Form::over_greatest; return out;
            default: return std::nullopt;
        }
    }

    std::optional<int> whole(const Expr& e) const {
        const auto* literal = e.as<feel::Literal>();
        const auto* number = literal ? literal->value.number() : nullptr;
        const auto n = number ? number->to_int64() : std::nullopt;
        constexpr std::int64_t most = 18;
        return n && *n >= 0 && *n <= most ? std::optional(static_cast<int>(*n)) : std::nullopt;
    }

    const CellNames& names_;
};

}  // namespace

std::optional<CellTerm> term_of(const Expr& formula, const CellNames& names) {
    auto out = CellTermMaker(names).make(formula);
    if (out) CellTermMaker::find_parts(*out);
    return out;
}

bool asks_for_nulls(const CellTerm& t) {
    return t.form == Form::is_null || ((t.form == Form::all || t.form == Form::any || t.form == Form::no) &&
                                       std::all_of(t.of.begin(), t.of.end(), asks_for_nulls));
}

}  // namespace zoneval::exec
