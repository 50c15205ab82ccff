// Functions of one text to kernels: worked out once for each different text, and looked up for each record.
#include <algorithm>

#include "engine/exec/columns/node_columns.hpp"
#include "engine/exec/compile/lower_formulas.hpp"
#include "engine/exec/compile/nulls.hpp"
#include "engine/feel/evaluation/eval.hpp"

namespace zoneval::exec {

using feel::Expr;
using feel::Value;

Maybe FormulaLowering::text_call(const Expr& expr, const feel::Call& call) {
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        if (is_constant(*call.arguments[i])) continue;
        const auto text = formula(*call.arguments[i]);  // of another, of_each_text will refuse
        return text && text->shape == Shape::code ? of_text(expr, i, *text) : std::nullopt;
    }
    return std::nullopt;
}

/// The results for each of a text's own codes; nullopt: its other operands are not constant.
std::optional<std::vector<Value>> FormulaLowering::of_each_text(const Expr& expr, std::size_t operand,
                                                                const OwnCodes& own) {
    std::vector<Value> out;
    for (const auto code : own.codes) {
        const auto copy = feel::clone(expr);
        const auto text = [&] { return feel::make_literal(copy->span, Value(strings_.text(code))); };
        if (auto* call = std::get_if<feel::Call>(&copy->node))
            call->arguments[operand] = text();
        else
            (operand == 0 ? std::get<feel::Binary>(copy->node).left : std::get<feel::Binary>(copy->node).right) =
                text();
        of_copies_ = true;
        const bool constant = is_constant(*copy);
        of_copies_ = false;
        if (!constant) return std::nullopt;
        out.push_back(feel::evaluate(*copy, constant_frame(*copy), {feel::NullMeaning::unknown, nullptr}));
    }
    return out;
}

Maybe FormulaLowering::of_text(const Expr& expr, std::size_t operand, const Compiled& text) {
    if (text.own < 0) return std::nullopt;
    const auto own = texts_.of(text);
    const auto results = of_each_text(expr, operand, own);
    if (!results || results->empty()) return std::nullopt;
    const auto first = std::find_if(results->begin(), results->end(), [](const Value& v) { return !v.is_null(); });
    NodeColumn table;
    if (first == results->end() || !fill_column(table, first->kind(), *results, strings_) || table.days)
        return std::nullopt;
    const bool fails = !table.masks.empty();  // such a function of a text that is there
    if (own.bytes && (fails || table.shape != Shape::code)) return std::nullopt;
    Compiled out;
    out.shape = table.shape;
    if (table.shape == Shape::code) {
        out.own = texts_.add({own.data, own.bytes, table.codes, {}});
    } else if (table.shape == Shape::number) {
        out.bound = table.bound;
        out.data = emitter_.emit(Op::numbers_of_codes, {own.data},
                                 emitter_.table(std::vector<double>(table.numbers.begin(), table.numbers.end())));
    } else {
        out.data = emitter_.emit(Op::bytes_of_codes, {own.data}, emitter_.table(table.truths));
    }
    out = masked(emitter_, out, text);
    if (fails) {
        std::transform(table.masks.begin(), table.masks.end(), table.masks.begin(),
                       [](Mask m) { return Mask(m != 0); });
        const auto failed = emitter_.emit(Op::bytes_of_codes, {own.data}, emitter_.table(table.masks));
        out = also_null(emitter_, out, failed, mask_failed);
    }
    if (out.shape == Shape::truth && out.mask != no_ref) out.data = emitter_.known_truth(out.data, out.mask);
    return out;
}

}  // namespace zoneval::exec
