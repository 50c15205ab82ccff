// Functions of one text to kernels: worked out once for each different text, and looked up for each record.
#include <algorithm>
#include <array>

#include "engine/exec/columns/node_columns.hpp"
#include "engine/exec/compile/compiler.hpp"
#include "engine/feel/evaluation/eval.hpp"

namespace zoneval::exec {

using feel::Expr;
using feel::Value;

/// The results for each of a text's own codes; nullopt: its other operands are not constant.
std::optional<std::vector<Value>> Compiler::of_each_text(const Expr& expr, std::size_t operand, const OwnCodes& own) {
    std::vector<Value> out;
    for (const auto code : own.codes) {
        const auto copy = feel::clone(expr);
        const auto text = [&] { return feel::make_literal(copy->span, Value(strings_.text(code))); };
        if (auto* call = std::get_if<feel::Call>(&copy->node))
            call->arguments[operand] = text();
        else
            (operand == 0 ? std::get<feel::Binary>(copy->node).left : std::get<feel::Binary>(copy->node).right) =
                text();
        if (!is_constant(*copy)) return std::nullopt;
        out.push_back(feel::evaluate(*copy, constant_frame(*copy), {feel::NullMeaning::unknown, nullptr}));
    }
    return out;
}

Compiler::Maybe Compiler::text_function(const Expr& expr, std::size_t operand, const Val& text) {
    if (text.own < 0) return std::nullopt;
    const auto own = own_codes_[static_cast<std::size_t>(text.own)];
    const auto results = of_each_text(expr, operand, own);
    if (!results || results->empty()) return std::nullopt;
    const auto first = std::find_if(results->begin(), results->end(), [](const Value& v) { return !v.is_null(); });
    NodeColumn table;
    if (first == results->end() || !fill_column(table, first->kind(), *results, strings_) || table.days)
        return std::nullopt;
    const bool fails = !table.masks.empty();  // such a function of a text that is there
    if (own.bytes && (fails || table.shape != Shape::code)) return std::nullopt;
    Val out;
    out.shape = table.shape;
    Instruction look_up;
    look_up.a = own.data;
    if (table.shape == Shape::code) {
        out.own = add_own({own.data, own.bytes, table.codes});
    } else if (table.shape == Shape::number) {
        out.bound = table.bound;
        look_up.op = Op::numbers_of_codes;
        look_up.source = static_cast<std::uint32_t>(program_.number_tables.size());
        program_.number_tables.emplace_back(table.numbers.begin(), table.numbers.end());
        out.data = emit(look_up, Shape::number);
    } else {
        look_up.op = Op::bytes_of_codes;
        look_up.source = byte_table(table.truths);
        out.data = emit(look_up, Shape::truth);
    }
    out = masked(out, text, {});
    if (fails) {
        std::transform(table.masks.begin(), table.masks.end(), table.masks.begin(),
                       [](Mask m) { return Mask(m != 0); });
        look_up.op = Op::bytes_of_codes;
        look_up.source = byte_table(table.masks);
        out = also_null(out, emit(look_up, Shape::truth), mask_failed);
    }
    if (out.shape == Shape::truth && out.mask != no_ref) out.data = known_truth(out.data, out.mask);
    return out;
}

std::uint32_t Compiler::byte_table(const std::vector<std::uint8_t>& bytes) {
    program_.byte_tables.push_back(bytes);
    return static_cast<std::uint32_t>(program_.byte_tables.size() - 1);
}

}  // namespace zoneval::exec
