#include "engine/exec/listing/program_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace zoneval::exec {

namespace {

std::string bits(Mask mask) {
    if (mask == 0xff) return "any";
    std::vector<std::string> out;
    for (unsigned bit = 0; bit <= static_cast<unsigned>(feel::Missing::late); ++bit) {
        if ((mask >> bit & 1) == 0) continue;
        out.emplace_back(bit == 0 ? "failed" : to_string(static_cast<feel::Missing>(bit)));
    }
    if (mask & mask_plain) out.emplace_back("written null");
    return out.empty() ? "none" : fmt::format("{}", fmt::join(out, ", "));
}

std::string mode_text(feel::Rounding mode) {
    constexpr std::string_view names[] = {"half even", "half up", "half down", "up", "down", "floor", "ceiling"};
    return std::string(names[static_cast<std::size_t>(mode)]);
}

std::string clamp_text(const Clamp& c) {
    return fmt::format("(x + {}) * {} within {}..{}", c.offset, c.factor, c.low, c.high);
}
std::string margin_text(const Margin& m) {
    return fmt::format("closer than {:.3g} + {:.3g}|a| + {:.3g}|b|", m.absolute, m.left, m.right);
}

std::string sum_text(const Program& program, const std::vector<Term>& terms, const StringCodes& strings) {
    std::vector<std::string> out;
    for (const auto& t : terms) {
        auto text = operand_text(program, t.x, Shape::number, strings);
        if (t.clamped) text = fmt::format("[{} of {}]", clamp_text(t.clamp), text);
        if (t.factor != 1) text += fmt::format(" * {}", t.factor);
        if (t.condition != no_ref)
            text = fmt::format("({} if {}{} else {})", text, t.reversed ? "" : "not ",
                               operand_text(program, t.condition, Shape::truth, strings), t.otherwise);
        out.push_back(std::move(text));
    }
    return fmt::format("{}", fmt::join(out, " + "));
}

std::string index_text(const Program& program, const Instruction& i, const StringCodes& strings) {
    const auto& does = operation(i.op);
    if (does.reads_terms) return sum_text(program, program.sums[i.index()], strings);
    if (does.column_bytes == 0) return fmt::format("table {}", i.index());
    const auto& source = program.sources[i.index()];
    return fmt::format("source {}{}", i.index(),
                       source.group    ? fmt::format(", {} groups", source.groups)
                       : source.by_row ? ""
                                       : ", of the cohort");
}

std::string round_text(const Instruction& i, const RoundTo& to) {
    auto out = fmt::format("{}, {} {}", mode_text(to.mode), i.op == Op::round_exact ? "/" : "*", to.power);
    if (i.op == Op::round_near) out += fmt::format(", margin {:.3g} + {:.3g}|k|", to.margin.absolute, to.margin.left);
    if (i.op == Op::round_quotient)
        out += fmt::format(", margin {:.3g}, {} / {}", to.margin.absolute, to.quotient.above, to.quotient.below);
    return out;
}

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace

std::string bound_text(const Bound& b) {
    auto out = fmt::format("{:.17g}..{:.17g}, scale {}", b.low, b.high, b.scale);
    out += b.exact() ? std::string(", exact") : fmt::format(", within {:.3g} + {:.3g}|k|", b.absolute, b.relative);
    return out + (b.nonzero && b.may_be_zero() ? ", never 0" : "");
}

std::string operand_text(const Program& program, Ref r, Shape shape, const StringCodes& strings) {
    if (r == no_ref) return "-";
    if (!is_constant(r)) return fmt::format("r{}", r);
    const auto at = constant_index(r);
    switch (shape) {
        case Shape::number: return fmt::format("{}", program.numbers[at]);
        case Shape::truth: return fmt::format("{}", program.bytes[at]);
        default: return '"' + strings.text(program.codes[at]) + '"';
    }
}

std::string payload_text(const Program& program, const Instruction& i, const StringCodes& strings) {
    constexpr std::string_view relations[] = {"ordered", "equal", "different", "test", "test, different"};
    return std::visit(
        Overloaded{[](std::monostate) { return std::string(); }, [&](Index) { return index_text(program, i, strings); },
                   [](MissingKinds kinds) { return bits(kinds.bits); },
                   [](Deciding by) { return std::string(by.truth ? "or" : "and"); },
                   [&](Relation relation) { return std::string(relations[static_cast<std::size_t>(relation)]); },
                   [](IfMissing m) {
                       return fmt::format("false if {}, true if {}", bits(m.counts_false), bits(m.counts_true));
                   },
                   [](const Clamp& clamp) { return clamp_text(clamp); },
                   [](const Margin& margin) { return margin_text(margin); },
                   [&](const RoundTo& to) { return round_text(i, to); }},
        i.payload);
}

}  // namespace zoneval::exec
