// `for`, `some`, `every` and filters (DMN 1.5 10.3.2.5, 10.3.2.14 and 10.3.2.15).
#include <algorithm>

#include "engine/feel/evaluation/evaluator.hpp"
#include "engine/feel/value/limits.hpp"

namespace zoneval::feel {

template <class F>
bool Evaluator::iterate(const std::vector<Iterator>& iterators, std::size_t index, Value& failure, const F& body) {
    if (index == iterators.size()) return body();
    const auto& iterator = iterators[index];
    const Operand from_operand(*this, *iterator.in);
    const Value& from = *from_operand;
    std::optional<List> made;
    const auto* all = iterator.to ? nullptr : from.list();
    if (all == nullptr) {
        made = iterator.to ? counted(from, eval(*iterator.to), iterator.in->span, failure)
                           : elements(from, iterator.in->span, failure);
        if (!made) return false;
        all = &*made;
    }
    for (const auto& element : *all) {
        if (!spend(1)) {
            failure = fail(iterator.in->span, reasons::too_many_steps(limits::steps));
            return false;
        }
        local(iterator.local) = element;
        if (!iterate(iterators, index + 1, failure, body)) return false;
    }
    return true;
}

Value Evaluator::loop(const Expr& at, const For& node) {
    List out;
    out.reserve(16);
    Value failure;
    const bool done = iterate(node.iterators, 0, failure, [&] {
        if (node.uses_partial) {
            if (!spend(out.size())) {
                failure = fail(at.span, reasons::too_many_steps(limits::steps));
                return false;
            }
            local(node.partial) = Value(out);
        }
        if (out.size() >= limits::list_length) {
            failure = fail(at.span, reasons::list_too_long(limits::list_length));
            return false;
        }
        out.push_back(eval(*node.body));
        return true;
    });
    return done ? Value(std::move(out)) : failure;
}

Value Evaluator::quantified(const Expr& at, const Quantified& node) {
    const bool deciding = !node.every;
    bool decided = false;
    std::vector<CausePtr> causes;
    bool undecided = false;
    Value failure;
    const bool done = iterate(node.iterators, 0, failure, [&] {
        const auto result = eval(*node.body);
        if (result.boolean() == nullptr && !result.is_null()) {
            failure = fail(node.body->span, reasons::condition_type(result.kind()));
            return false;
        }
        if (result.is_null()) {
            undecided = true;
            if (result.cause()) causes.push_back(result.cause());
        }
        decided = result.boolean() != nullptr && *result.boolean() == deciding;
        return !decided;
    });
    if (decided) return deciding;
    if (!done) return failure;
    if (undecided) return fail(at.span, reasons::conditions_undecided(), std::move(causes));
    return !deciding;
}

Value Evaluator::index_into(Span span, const List& list, const Decimal& index) const {
    const auto size = static_cast<std::int64_t>(list.size());
    const auto i = index.to_int64();
    if (!i || *i == 0 || *i > size || *i < -size) return fail(span, reasons::no_element(size, index));
    return list[static_cast<std::size_t>(*i > 0 ? *i - 1 : size + *i)];
}

Value Evaluator::filter(const Expr& at, const Filter& node) {
    const Operand value_operand(*this, *node.list);
    const Value& value = *value_operand;
    if (value.is_null()) return fail_for(at.span, {{node.list.get(), &value}});
    const List single = value.list() == nullptr ? List{value} : List{};
    const auto& list = value.list() == nullptr ? single : *value.list();
    List out;
    std::vector<CausePtr> unknown;
    for (std::size_t i = 0; i < std::max<std::size_t>(list.size(), 1); ++i) {
        const bool empty = list.empty();
        local(node.item) = empty ? Value() : list[i];
        const auto result = eval(*node.condition);
        if (i == 0 && result.number() != nullptr) return index_into(at.span, list, *result.number());
        if (empty) break;
        if (!spend(1)) return fail(at.span, reasons::too_many_steps(limits::steps));
        if (result.boolean() == nullptr && !result.is_null())
            return fail(node.condition->span, reasons::filter_type(result.kind()));
        if (result.is_true())
            out.push_back(list[i]);
        else if (unknowns() && is_unknown(result))
            unknown.push_back(result.cause());
    }
    if (!unknown.empty()) return fail(at.span, reasons::filter_unknown(), std::move(unknown));
    return out;
}

}  // namespace zoneval::feel
