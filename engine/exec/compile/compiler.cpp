#include "engine/exec/compile/compiler.hpp"

#include <algorithm>
#include <cmath>

namespace zoneval::exec {

using feel::Value;
using graph::Node;
using graph::NodeId;

Compiler::Compiler(Inputs inputs, StringCodes& strings) : inputs_(std::move(inputs)), strings_(strings) {
    nodes_.resize(inputs_.graph->nodes.size());
}

bool Compiler::write(NodeId id, NodeColumn& column) {
    auto value = node(id);
    if (!value || value->null) return false;
    value = shared_codes(*value);
    column.shape = value->shape;
    column.days = value->days;
    column.bound = value->bound;
    column.kinds = value->kinds;
    program_.outputs.push_back({&column, value->data, value->mask});
    return true;
}

bool Compiler::write(NodeId id, DecisionColumn& column) {
    const auto& compiled = verdict(id);
    if (!compiled) return false;
    program_.verdicts.push_back({&column, compiled->hit});
    return true;
}

Compiler::Maybe Compiler::node(NodeId id) {
    auto& known = nodes_[static_cast<std::size_t>(id)];
    if (!known) {
        const auto before = at_;
        const auto tested = std::exchange(tested_, std::nullopt);
        at_ = id;
        auto value = compile_node(id);
        if (!value)
            if (const auto* slow = inputs_.by_record(id)) value = column(*slow);
        nodes_[static_cast<std::size_t>(id)] = std::move(value);
        at_ = before;
        tested_ = tested;
    }
    return *nodes_[static_cast<std::size_t>(id)];
}

Compiler::Maybe Compiler::compile_node(NodeId id) {
    if (const auto* value = inputs_.constant(id)) return value->is_null() ? std::nullopt : constant(*value);
    const auto& n = inputs_.graph->node(id);
    if (std::holds_alternative<graph::InputForm>(n.form))
        if (auto value = input(n)) return value;  // also where it is computed: this is narrower
    if (const auto* done = inputs_.computed(id)) return column(*done);
    if (const auto* done = inputs_.cohort(id)) return cohort(*done);
    if (n.settled_as_is) return std::nullopt;
    if (const auto* e = std::get_if<graph::ExpressionForm>(&n.form)) return given_nulls(expression(*e->formula.expr));
    if (std::holds_alternative<graph::DecisionForm>(n.form)) {
        const auto& compiled = verdict(id);
        return compiled ? compiled->value : std::nullopt;
    }
    return std::nullopt;
}

/// A formula's own null is a missing value (decisions/reading.hpp).
Compiler::Maybe Compiler::given_nulls(Maybe value) {
    if (value && value->null) return std::nullopt;
    if (!value || (value->kinds & mask_plain) == 0) return value;
    Instruction i;
    i.op = Op::mask_join;
    i.a = value->mask, i.b = byte_constant(0);
    value->mask = emit(i, Shape::truth);
    value->kinds = static_cast<Mask>((value->kinds & ~mask_plain) | mask_failed);
    return value;
}

namespace {

/// The doubles of decimals that do not fit a machine word.
Bound to_doubles(const Numbers& from, std::vector<double>& out) {
    Bound bound{0, 0, 0, unit_roundoff, 1, 0};
    for (std::size_t i = 0; i < from.size(); ++i) {
        const auto k = from.at(i).to_double();
        out.push_back(k);
        bound.low = std::min(bound.low, k);
        bound.high = std::max(bound.high, k);
        if (k != 0)
            bound.tiny = std::min(bound.tiny, std::abs(k));
        else if (!from.at(i).is_zero())
            bound.tiny = 0;  // too small for a double: it would pass for 0, and is out of reach
    }
    return bound;
}

constexpr std::int64_t most_exact = std::int64_t{1} << 53;
constexpr std::size_t most_strings = 50'000;  // more are names, not classes
constexpr double reach = 1e200;               // beyond, bounds are not worth having

}  // namespace

Compiler::Maybe Compiler::input(const Node& n) {
    const auto* from = inputs_.table->column(n.name);
    if (!from) return std::nullopt;
    Val out;
    Instruction load;
    load.op = Op::load_integers;
    if (const auto* numbers = from->numbers()) {
        const bool whole = numbers->compact() && numbers->low() >= -most_exact && numbers->high() <= most_exact;
        if (whole) {
            out.bound = {static_cast<double>(std::min<std::int64_t>(numbers->low(), 0)),
                         static_cast<double>(std::max<std::int64_t>(numbers->high(), 0)),
                         0,
                         0,
                         std::max(1.0, std::min(static_cast<double>(numbers->least()), exact_limit)),
                         numbers->decimals()};
            out.bound.nonzero = !from->has_zero();
            const auto& coefficients = numbers->coefficients();
            if (coefficients.is_narrow()) load.op = Op::load_small;
            load.source = source(
                {coefficients.visit([](auto all) { return static_cast<const void*>(all.data()); }), true, nullptr, 0});
        } else {
            auto doubles = std::make_unique<std::vector<double>>();
            out.bound = to_doubles(*numbers, *doubles);
            if (!(out.bound.most() < reach) || out.bound.tiny < 1 / reach) return std::nullopt;
            load.op = Op::load_numbers;
            load.source = source({doubles->data(), true, nullptr, 0});
            double_columns_.push_back(std::move(doubles));
        }
        out.data = emit(load, Shape::number);
    } else if (const auto* strings = from->strings()) {
        if (strings->dictionary().size() > most_strings) return std::nullopt;
        std::vector<std::uint16_t> codes;
        for (const auto& text : strings->dictionary()) {
            const auto code = strings_.code(text);
            if (!code) return std::nullopt;
            codes.push_back(*code);
        }
        out.shape = Shape::code;
        load.op = Op::load_strings;
        load.source = source({strings->codes().data(), true, nullptr, 0});
        out.own = add_own({emit(load, Shape::code), false, std::move(codes)});
    } else if (const auto* truths = from->booleans()) {
        out.shape = Shape::truth;
        load.op = Op::load_bytes;
        load.source = source({truths->data(), true, nullptr, 0});
        out.data = emit(load, Shape::truth);
    } else {
        auto days = std::make_unique<std::vector<double>>();
        for (const auto& date : *from->dates()) days->push_back(static_cast<double>(date.days_since_epoch()));
        out.days = true;
        out.bound = {-1e9, 1e9, 0, 0, 1, 0};
        load.op = Op::load_numbers;
        load.source = source({days->data(), true, nullptr, 0});
        double_columns_.push_back(std::move(days));
        out.data = emit(load, Shape::number);
    }
    const auto& states = from->states();
    out.kinds = static_cast<Mask>(from->missing_kinds() & ~1u);
    if (out.kinds == 0) return out;
    load.op = Op::load_states;
    load.number = out.kinds;
    load.source = source({states.data(), true, nullptr, 0});
    out.mask = emit(load, Shape::truth);
    return out;
}

Compiler::Maybe Compiler::column(const NodeColumn& from) {
    Val out;
    out.shape = from.shape;
    out.days = from.days;
    out.bound = from.bound;
    Instruction load;
    switch (from.shape) {
        case Shape::number:
            load.op = Op::load_numbers, load.source = source({from.numbers.data(), false, nullptr, 0});
            break;
        case Shape::truth:
            load.op = Op::load_bytes, load.source = source({from.truths.data(), false, nullptr, 0});
            break;
        case Shape::code: load.op = Op::load_codes, load.source = source({from.codes.data(), false, nullptr, 0}); break;
    }
    out.data = emit(load, from.shape);
    if (from.masks.empty()) return out;
    load.op = Op::load_bytes;
    load.source = source({from.masks.data(), false, nullptr, 0});
    out.mask = emit(load, Shape::truth);
    out.kinds = from.kinds;
    return out;
}

Compiler::Maybe Compiler::cohort(const CohortColumn& from) {
    const auto& grouping = *from.grouping;
    Val by_group;
    by_group.bound = from.bound;
    const bool percent = from.function == CohortFunction::percent_rank;
    if (percent) {
        by_group.bound = {1, 1, 0, 0, 1, 0};
        for (const auto n : from.by_group) by_group.bound.high = std::max(by_group.bound.high, n);
    }
    if (percent || !from.ranks()) {
        if (grouping.group.empty()) {
            by_group.data = number_constant(from.by_group.front());
        } else {
            Instruction load;
            load.op = Op::load_by_group;
            load.source = source({from.by_group.data(), false, grouping.group.data(), grouping.groups});
            by_group.data = emit(load, Shape::number);
        }
    }
    Maybe out = by_group;
    if (from.ranks()) {
        Instruction load;
        load.op = Op::load_places;
        load.source = source({from.places.data(), false, nullptr, 0});
        out->bound = from.bound;
        out->data = emit(load, Shape::number);
        if (percent) out = divide(*out, by_group);
        if (percent && out) out->bound.high = std::min(out->bound.high, 1.0);
    }
    if (!out || !from.masks) return out;
    Instruction load;
    load.op = Op::load_bytes;
    load.source = source({from.masks->data(), false, nullptr, 0});
    out->mask = emit(load, Shape::truth);
    out->kinds = from.kinds;
    return out;
}

Compiler::Maybe Compiler::constant(Value value) {
    constants_.push_back(std::make_unique<const Value>(std::move(value)));
    const auto& kept = *constants_.back();
    Val out;
    out.constant = &kept;
    if (const auto* number = kept.number()) {
        const auto c = constant_of(*number);
        if (!c) return std::nullopt;
        out.bound = c->bound;
        out.data = number_constant(c->k);
    } else if (const auto* truth = kept.boolean()) {
        out.shape = Shape::truth;
        out.data = byte_constant(*truth ? 1 : 0);
    } else if (const auto* text = kept.string()) {
        const auto code = strings_.code(*text);
        if (!code) return std::nullopt;
        out.shape = Shape::code;
        out.data = code_constant(*code);
    } else if (const auto* date = kept.date()) {
        const auto days = static_cast<double>(date->days_since_epoch());
        out.days = true;
        out.bound = {days, days, 0, 0, 1, 0};
        out.data = number_constant(days);
    } else if (kept.is_null() && !kept.cause()) {
        out.null = true;
    } else {
        return std::nullopt;
    }
    return out;
}

int Compiler::add_own(OwnCodes own) {
    own_codes_.push_back(std::move(own));
    return static_cast<int>(own_codes_.size() - 1);
}

/// Codes of the whole run, where a value has so far only codes of its own.
Compiler::Val Compiler::shared_codes(const Val& value) {
    if (value.own < 0) return value;
    auto& own = own_codes_[static_cast<std::size_t>(value.own)];
    if (own.table < 0) {
        own.table = static_cast<int>(program_.code_tables.size());
        program_.code_tables.push_back(own.codes);
        if (own.bytes) program_.code_tables.back().resize(256);  // a hit may be none, or open
    }
    Instruction i;
    i.op = own.bytes ? Op::codes_of_bytes : Op::codes_of_codes;
    i.a = own.data;
    i.source = static_cast<std::uint32_t>(own.table);
    auto out = value;
    out.own = -1;
    out.data = emit(i, Shape::code);
    return out;
}

/// Whether a value with codes of its own is that string.
Ref Compiler::own_equals(const Val& value, std::uint16_t code) {
    const auto own = own_codes_[static_cast<std::size_t>(value.own)];
    Ref out = byte_constant(0);
    for (std::size_t c = 0; c < own.codes.size(); ++c) {
        if (own.codes[c] != code) continue;
        Instruction i;
        i.op = own.bytes ? Op::bytes_equal : Op::codes_equal;
        i.a = own.bytes ? byte_constant(static_cast<std::uint8_t>(c)) : code_constant(static_cast<std::uint16_t>(c));
        i.b = own.data;
        out = either(out, emit(i, Shape::truth));
    }
    return out;
}

Ref Compiler::new_register(Shape shape) {
    program_.registers.push_back(shape);
    return static_cast<Ref>(program_.registers.size() - 1);
}

/// The register that holds the instruction's result: a new one, or that of the same instruction before.
Ref Compiler::emit(Instruction i, Shape shape) {
    const auto [place, is_new] = known_.try_emplace(key_of(i), no_ref);
    if (!is_new) return place->second;
    place->second = i.out = new_register(shape);
    add(i);
    return i.out;
}

template <class T>
Ref Compiler::constant_ref(std::map<T, Ref>& known, std::vector<T>& constants, T value) {
    const auto [place, is_new] = known.try_emplace(value, no_ref);
    if (is_new) {
        constants.push_back(value);
        place->second = -2 - static_cast<Ref>(constants.size() - 1);
    }
    return place->second;
}

Ref Compiler::number_constant(double k) { return constant_ref(number_constants_, program_.numbers, k); }
Ref Compiler::byte_constant(std::uint8_t byte) { return constant_ref(byte_constants_, program_.bytes, byte); }
Ref Compiler::code_constant(std::uint16_t code) { return constant_ref(code_constants_, program_.codes, code); }

Ref Compiler::doubt() {
    if (program_.doubt == no_ref) {
        program_.doubt = new_register(Shape::truth);
        Instruction fill;
        fill.op = Op::fill;
        fill.a = byte_constant(0);
        fill.out = program_.doubt;
        program_.code.insert(program_.code.begin(), fill);
    }
    return program_.doubt;
}

Ref Compiler::either(Ref a, Ref b) {
    const auto never = byte_constant(0);
    if (a == never || a == b) return b;
    if (b == never) return a;
    Instruction i;
    i.op = Op::bytes_or;
    i.a = std::min(a, b), i.b = std::max(a, b);
    return emit(i, Shape::truth);
}

Ref Compiler::has_bits(Ref mask, Mask bits) {
    Instruction i;
    i.op = Op::has_bits;
    i.a = mask;
    i.number = bits;
    return emit(i, Shape::truth);
}

Ref Compiler::choose_bytes(Ref condition, Ref then, Ref otherwise) {
    Instruction i;
    i.op = Op::select_bytes;
    i.a = condition, i.b = then, i.c = otherwise;
    return emit(i, Shape::truth);
}

Ref Compiler::known_truth(Ref truth, Ref mask) {
    Instruction i;
    i.op = Op::keep_known;
    i.a = truth, i.b = mask;
    return emit(i, Shape::truth);
}

Ref Compiler::is_hit(Ref hit, std::uint8_t rule) {
    Instruction i;
    i.op = Op::bytes_equal;
    i.a = byte_constant(rule), i.b = hit;
    return emit(i, Shape::truth);
}

std::uint32_t Compiler::source(Source from) {
    for (std::size_t i = 0; i < program_.sources.size(); ++i)
        if (program_.sources[i].data == from.data && program_.sources[i].by_row == from.by_row)
            return static_cast<std::uint32_t>(i);
    program_.sources.push_back(from);
    return static_cast<std::uint32_t>(program_.sources.size() - 1);
}

}  // namespace zoneval::exec
