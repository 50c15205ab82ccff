#include "engine/exec/compile/text_codes.hpp"

namespace zoneval::exec {

Maybe Constants::compiled(feel::Value value) {
    kept_.push_back(std::make_unique<const feel::Value>(std::move(value)));
    const auto& kept = *kept_.back();
    Compiled out;
    out.constant = &kept;
    if (const auto* number = kept.number()) {
        const auto c = constant_of(*number);
        if (!c) return std::nullopt;
        out.bound = c->bound;
        out.data = emitter_.number(c->k);
    } else if (const auto* truth = kept.boolean()) {
        out.shape = Shape::truth;
        out.data = emitter_.byte(*truth ? 1 : 0);
    } else if (const auto* text = kept.string()) {
        const auto code = strings_.code(*text);
        if (!code) return std::nullopt;
        out.shape = Shape::code;
        out.data = emitter_.code(*code);
    } else if (const auto* date = kept.date()) {
        const auto days = static_cast<double>(date->days_since_epoch());
        out.days = true;
        out.bound = {days, days, 0, 0, 1, 0};
        out.data = emitter_.number(days);
    } else if (kept.is_null() && !kept.cause()) {
        out.null = true;
    } else {
        return std::nullopt;
    }
    return out;
}

int TextCodes::add(OwnCodes own) {
    own_.push_back(std::move(own));
    return static_cast<int>(own_.size() - 1);
}

Compiled TextCodes::shared(const Compiled& value) {
    if (value.own < 0) return value;
    auto& own = own_[static_cast<std::size_t>(value.own)];
    if (!own.table) {
        auto codes = own.codes;
        if (own.bytes) codes.resize(256);  // a hit may be none, or open
        own.table = emitter_.table(std::move(codes));
    }
    auto out = value;
    out.own = -1;
    out.data = emitter_.emit(own.bytes ? Op::codes_of_bytes : Op::codes_of_codes, {own.data}, *own.table);
    return out;
}

Ref TextCodes::equals(const Compiled& value, std::uint16_t code) {
    const auto own = of(value);
    Ref out = emitter_.byte(0);
    for (std::size_t c = 0; c < own.codes.size(); ++c) {
        if (own.codes[c] != code) continue;
        const auto same =
            own.bytes ? emitter_.is_byte(own.data, static_cast<std::uint8_t>(c))
                      : emitter_.emit(Op::codes_equal, {emitter_.code(static_cast<std::uint16_t>(c)), own.data});
        out = emitter_.either(out, same);
    }
    return out;
}

}  // namespace zoneval::exec
