#include "engine/exec/reference/cases.hpp"

#include <algorithm>

namespace zoneval::exec {

using feel::Value;

namespace {

/// Of a number written otherwise (1.0 and 1.00) it is another: then a value is computed once more.
std::size_t hash_of(const Cases::Answer& answer) {
    const auto& value = answer.value;
    if (const auto* number = value.number()) return number->bits().low ^ number->bits().high;
    if (const auto* text = value.string()) return std::hash<std::string>{}(*text);
    if (const auto* truth = value.boolean()) return *truth ? 2 : 1;
    return answer.gone.size() * 31 + answer.come.size();
}

}  // namespace

bool same_value(const Value& is, const Value& was) {
    if (is.is_null()) return was.is_null() && is.cause() == was.cause();
    const auto *now = is.list(), *before = was.list();
    if (!now || !before) return feel::identical(is, was);
    return std::equal(now->begin(), now->end(), before->begin(), before->end(), same_value);
}

bool Cases::Question::operator==(const Question& other) const {
    return what == other.what && node == other.node && same_value(group, other.group);
}

bool Cases::Answer::operator==(const Answer& other) const {
    return same_value(value, other.value) && gone == other.gone && come == other.come;
}

Cases::Step* Cases::Step::after(const Answer& answer) const {
    const auto hash = hash_of(answer);
    for (const auto& edge : edges)
        if (edge.hash == hash && edge.answer == answer) return edge.to.get();
    return nullptr;
}

void Cases::keep(const std::vector<Read>& reads, Result result, std::size_t most) {
    if (kept_ == most) {
        first_.reset();
        kept_ = 0;
    }
    if (!first_) first_ = std::make_unique<Step>();
    auto* step = first_.get();
    for (const auto& [question, answer] : reads) {
        if (step->edges.empty()) step->question = question;
        auto* next = step->after(answer);
        if (!next) {
            step->edges.push_back({hash_of(answer), answer, std::make_unique<Step>()});
            next = step->edges.back().to.get();
        }
        step = next;
    }
    step->result = std::move(result);
    ++kept_;
}

}  // namespace zoneval::exec
