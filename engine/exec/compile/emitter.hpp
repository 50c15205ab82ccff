// Instructions into a program: registers, constants, and equal instructions once (value numbering).
#pragma once

#include <initializer_list>
#include <map>
#include <tuple>

#include "engine/exec/columns/program.hpp"

namespace zoneval::exec {

class Emitter {
  public:
    /// The register that holds the instruction's result: a new one, or that of the same instruction before.
    Ref emit(Op op, std::initializer_list<Ref> in, Payload payload = {});
    /// An instruction that adds to a register, where the same was not added before.
    void add_onto(Ref out, Op op, std::initializer_list<Ref> in, Payload payload = {});

    // Constants, each once.
    Ref number(double k);
    Ref byte(std::uint8_t byte);
    Ref code(std::uint16_t code);
    double number_at(Ref constant) const { return program_.numbers[constant_index(constant)]; }
    std::uint16_t code_at(Ref constant) const { return program_.codes[constant_index(constant)]; }

    // What instructions refer to by index. A source is one, however often it is named; a table is new each time.
    Index source(const Source& source);
    Index table(std::vector<std::uint16_t> codes);
    Index table(std::vector<std::uint8_t> bytes);
    Index table(std::vector<double> numbers);

    /// The rows that decimal arithmetic must settle: empty when first asked for.
    Ref doubt() { return gathered(program_.doubt); }
    /// The rows that a second look must settle; the same.
    Ref again() { return gathered(program_.again); }

    // Bytes of a row: truths, masks and which rule hit.
    Ref either(Ref a, Ref b);
    Ref both(Ref a, Ref b);
    Ref has_bits(Ref mask, Mask bits);
    Ref choose_bytes(Ref condition, Ref then, Ref otherwise);
    Ref known_truth(Ref truth, Ref mask);  ///< 0 where null
    Ref is_byte(Ref bytes, std::uint8_t byte);

    /// What instructions are made for from now on; returns what they were made for before.
    graph::NodeId made_for(graph::NodeId node) { return std::exchange(node_, node); }

    Program& program() { return program_; }

  private:
    Ref gathered(Ref& lanes);
    void append(Op op, Ref out, std::initializer_list<Ref> in, Payload payload);

    Program program_;
    graph::NodeId node_ = -1;
    using Key = std::tuple<Op, Operands, Payload>;
    std::map<Key, Ref> known_;
    std::map<double, Ref> numbers_;
    std::map<std::uint8_t, Ref> bytes_;
    std::map<std::uint16_t, Ref> codes_;
};

}  // namespace zoneval::exec
