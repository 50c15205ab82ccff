#include "engine/exec/compile/compiler.hpp"

#include "engine/exec/compile/fuse.hpp"

namespace zoneval::exec {

using graph::NodeId;

Compiler::Compiler(Inputs inputs, StringCodes& strings)
    : inputs_(std::move(inputs)),
      constants_(emitter_, strings),
      texts_(emitter_),
      numbers_(emitter_, facts_),
      conditions_(emitter_, facts_, numbers_, constants_, texts_),
      loads_(strings, emitter_, numbers_, texts_),
      formulas_(*inputs_.graph, *this, strings, emitter_, numbers_, conditions_, constants_, texts_),
      second_look_(inputs_, *this, emitter_, loads_),
      decisions_(emitter_, formulas_, conditions_, constants_, texts_, second_look_),
      nodes_(inputs_.graph->nodes.size()) {}

bool Compiler::write(NodeId id, NodeColumn& column) {
    auto value = node(id);
    if (!value || value->null) return false;
    const auto before = emitter_.made_for(id);
    value = texts_.shared(*value);
    emitter_.made_for(before);
    column.shape = value->shape;
    column.days = value->days;
    column.bound = value->bound;
    column.kinds = value->kinds;
    emitter_.program().outputs.push_back({&column, value->data, value->mask});
    return true;
}

bool Compiler::write(NodeId id, DecisionColumn& column) {
    const auto& compiled = decision(id);
    if (!compiled) return false;
    emitter_.program().verdicts.push_back({&column, compiled->hit});
    return true;
}

void Compiler::write_left_out(NodeId id, NodeColumn& out) {
    out.shape = Shape::truth;
    emitter_.program().outputs.push_back({&out, second_look_.left_out(inputs_.graph->node(id)), no_ref});
}

const Program& Compiler::finished() {
    fuse(emitter_.program());
    return emitter_.program();
}

/// Compiles a definition, perhaps in the midst of another.
template <class F>
auto Compiler::compile_for(NodeId id, F compile) {
    const auto before = emitter_.made_for(id);
    auto context = formulas_.enter();
    auto out = compile();
    const auto refused = formulas_.leave(std::move(context));
    emitter_.made_for(before);
    if (!out && refused) refusals_.try_emplace(id, *refused);
    return out;
}

Maybe Compiler::node(NodeId id) {
    const auto at = static_cast<std::size_t>(id);
    if (!nodes_[at]) {
        auto value = compile_for(id, [&] { return compile_node(id); });
        if (!value) {
            const auto* slow = inputs_.by_record(id);
            const auto before = emitter_.made_for(id);
            if (slow) value = loads_.computed(*slow);
            emitter_.made_for(before);
        }
        nodes_[at] = std::move(value);
    }
    return *nodes_[at];
}

Maybe Compiler::over(NodeId list, feel::Kernel aggregate) {
    const auto* column = inputs_.over(list, aggregate);
    return column ? Maybe(loads_.computed(*column)) : std::nullopt;
}

Maybe Compiler::compile_node(NodeId id) {
    if (const auto* value = inputs_.constant(id)) return value->is_null() ? std::nullopt : constants_.compiled(*value);
    const auto& n = inputs_.graph->node(id);
    if (std::holds_alternative<graph::InputForm>(n.form))
        if (auto value = loads_.data(*inputs_.table, n)) return value;  // also where it is computed: this is narrower
    if (const auto* done = inputs_.computed(id)) return loads_.computed(*done);
    if (const auto* done = inputs_.cohort(id)) return loads_.cohort(*done);
    if (n.settled_as_is) {  // what is unknown counts as false: one record at a time
        formulas_.refuse(Refusal::Why::form);
        return std::nullopt;
    }
    if (const auto* e = std::get_if<graph::ExpressionForm>(&n.form))
        return given_nulls(formulas_.formula(*e->formula.expr));
    if (std::holds_alternative<graph::DecisionForm>(n.form)) {
        const auto& compiled = decision(id);
        return compiled ? compiled->value : std::nullopt;
    }
    formulas_.refuse(Refusal::Why::form);  // a look back
    return std::nullopt;
}

/// A formula's own null is a missing value (decisions/reading.hpp).
Maybe Compiler::given_nulls(Maybe value) {
    if (value && value->null) return std::nullopt;
    if (!value || (value->kinds & mask_plain) == 0) return value;
    value->mask = emitter_.emit(Op::mask_join, {value->mask, emitter_.byte(0)});
    value->kinds = static_cast<Mask>((value->kinds & ~mask_plain) | mask_failed);
    return value;
}

const std::optional<CompiledDecision>& Compiler::decision(NodeId id) {
    const bool is_new = compiled_decisions_.try_emplace(id).second;
    if (is_new) compiled_decisions_[id] = compile_for(id, [&] { return decisions_.decision(inputs_.graph->node(id)); });
    return compiled_decisions_.at(id);
}

}  // namespace zoneval::exec
