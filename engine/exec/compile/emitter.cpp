#include "engine/exec/compile/emitter.hpp"

#include <algorithm>

namespace zoneval::exec {

namespace {

Operands operands_of(std::initializer_list<Ref> in) {
    auto out = no_operands;
    std::copy(in.begin(), in.end(), out.begin());
    return out;
}

template <class T>
Ref constant_in(std::map<T, Ref>& known, std::vector<T>& constants, T value) {
    const auto [place, is_new] = known.try_emplace(value, no_ref);
    if (is_new) {
        constants.push_back(value);
        place->second = -2 - static_cast<Ref>(constants.size() - 1);
    }
    return place->second;
}

Ref new_register(Program& program, Shape shape) {
    program.registers.push_back(shape);
    return static_cast<Ref>(program.registers.size() - 1);
}

template <class T>
Index added(std::vector<T>& to, T what) {
    to.push_back(std::move(what));
    return {static_cast<std::uint32_t>(to.size() - 1)};
}

}  // namespace

void Emitter::append(Op op, Ref out, std::initializer_list<Ref> in, Payload payload) {
    program_.code.push_back({op, out, operands_of(in), payload, node_});
}

Ref Emitter::emit(Op op, std::initializer_list<Ref> in, Payload payload) {
    const auto [place, is_new] = known_.try_emplace({op, operands_of(in), payload}, no_ref);
    if (!is_new) return place->second;
    place->second = new_register(program_, operation(op).result);
    append(op, place->second, in, payload);
    return place->second;
}

void Emitter::add_onto(Ref out, Op op, std::initializer_list<Ref> in, Payload payload) {
    if (known_.try_emplace({op, operands_of(in), payload}, out).second) append(op, out, in, payload);
}

Ref Emitter::number(double k) { return constant_in(numbers_, program_.numbers, k); }
Ref Emitter::byte(std::uint8_t byte) { return constant_in(bytes_, program_.bytes, byte); }
Ref Emitter::code(std::uint16_t code) { return constant_in(codes_, program_.codes, code); }

Index Emitter::source(const Source& source) {
    const auto known = std::find(program_.sources.begin(), program_.sources.end(), source);
    if (known != program_.sources.end()) return {static_cast<std::uint32_t>(known - program_.sources.begin())};
    return added(program_.sources, source);
}

Index Emitter::table(std::vector<std::uint16_t> codes) { return added(program_.code_tables, std::move(codes)); }
Index Emitter::table(std::vector<std::uint8_t> bytes) { return added(program_.byte_tables, std::move(bytes)); }
Index Emitter::table(std::vector<double> numbers) { return added(program_.number_tables, std::move(numbers)); }

Ref Emitter::gathered(Ref& lanes) {
    if (lanes != no_ref) return lanes;
    lanes = new_register(program_, Shape::truth);
    Instruction fill{Op::fill, lanes, operands_of({byte(0)}), {}, node_};
    program_.code.insert(program_.code.begin(), fill);
    return lanes;
}

Ref Emitter::either(Ref a, Ref b) {
    const auto never = byte(0);
    if (a == never || a == b) return b;
    if (b == never) return a;
    return emit(Op::bytes_or, {std::min(a, b), std::max(a, b)});
}

Ref Emitter::both(Ref a, Ref b) { return emit(Op::bytes_and, {std::min(a, b), std::max(a, b)}); }
Ref Emitter::has_bits(Ref mask, Mask bits) { return emit(Op::has_bits, {mask}, MissingKinds{bits}); }
Ref Emitter::choose_bytes(Ref condition, Ref then, Ref otherwise) {
    return emit(Op::select_bytes, {condition, then, otherwise});
}
Ref Emitter::known_truth(Ref truth, Ref mask) { return emit(Op::keep_known, {truth, mask}); }
Ref Emitter::is_byte(Ref bytes, std::uint8_t which) { return emit(Op::bytes_equal, {byte(which), bytes}); }

}  // namespace zoneval::exec
