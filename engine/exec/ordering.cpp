#include "engine/exec/ordering.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

#include "engine/exec/radix.hpp"

namespace zoneval::exec {

namespace {

/// How far apart two doubles must be, at most, for their decimals to be apart.
double most_margin(const Bound& b) { return 2 * b.absolute + 2 * b.relative * b.most(); }

/// Of whole numbers below 2^53, whose difference may be above.
std::uint64_t distance(double k, double low) { return static_cast<std::uint64_t>(static_cast<std::int64_t>(k) - static_cast<std::int64_t>(low)); }

}  // namespace

Ordering::Ordering(const NodeColumn& values, const Grouping& grouping, const ExactValue& exact)
    : values_(values), ask_(exact), exact_(values.bound.exact()) {
    const auto& bound = values.bound;
    record_bits_ = static_cast<unsigned>(std::bit_width(values.numbers.size()));
    record_mask_ = (std::uint64_t{1} << record_bits_) - 1;
    const unsigned room = 64 - record_bits_;
    if (exact_) {
        const auto bits = static_cast<unsigned>(std::bit_width(distance(bound.high, bound.low)));
        key_bits_ = std::min(bits, room);
        dropped_bits_ = bits - key_bits_;
    } else {                                     // as fine as there is room; what falls together is told apart afterwards
        key_bits_ = std::min(44u, room);
        const auto width = bound.high - bound.low;
        step_ = width > 0 ? std::ldexp(0.5, static_cast<int>(key_bits_)) / width : 0;
        if (most_margin(bound) * step_ < 0.5) far_keys_ = 2;
    }
    fill(grouping);
    std::vector<std::uint64_t> spare(words_.size());
    for (std::size_t g = 0; g < grouping.groups; ++g) {
        radix_sort(words_.data() + starts_[g], spare.data() + starts_[g], size(g), record_bits_, record_bits_ + key_bits_);
        if (!exact_ || dropped_bits_ > 0) order_within_keys(starts_[g], starts_[g + 1]);
    }
}

void Ordering::fill(const Grouping& grouping) {
    const auto n = values_.numbers.size();
    const auto there = [&](std::size_t i) { return (values_.masks.empty() || values_.masks[i] == 0) && grouping.of(i) != Grouping::none; };
    starts_.assign(grouping.groups + 1, 0);
    for (std::size_t i = 0; i < n; ++i)
        if (there(i)) ++starts_[grouping.of(i) + 1];
    for (std::size_t g = 0; g < grouping.groups; ++g) starts_[g + 1] += starts_[g];
    words_.resize(starts_.back());
    auto next = starts_;
    const auto low = values_.bound.low;
    std::uint64_t beyond = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (!there(i)) continue;
        const auto k = values_.numbers[i];
        const auto key = exact_ ? distance(k, low) >> dropped_bits_
                                : static_cast<std::uint64_t>(std::max(0.0, (k - low) * step_));
        beyond |= key_bits_ < 64 ? key >> key_bits_ : 0;
        words_[next[grouping.of(i)]++] = key << record_bits_ | i;
    }
    if (beyond != 0) throw std::logic_error("a column holds numbers beyond its bound");
}

void Ordering::order_within_keys(std::size_t begin, std::size_t end) {
    for (auto first = begin; first < end;) {
        auto last = first + 1;
        while (last < end && key(last) == key(first)) ++last;
        if (last > first + 1)
            std::stable_sort(words_.begin() + static_cast<std::ptrdiff_t>(first), words_.begin() + static_cast<std::ptrdiff_t>(last),
                             [this](auto a, auto b) { return number(a) < number(b); });
        first = last;
    }
}

bool Ordering::apart(std::size_t i, std::size_t j) const {
    if (exact_) return key(i) != key(j) || (dropped_bits_ > 0 && number(words_[i]) != number(words_[j]));
    // Keys are multiples of a step that is more than twice the margin: two steps are enough.
    if (far_keys_ > 0 && key(j) - key(i) >= far_keys_) return true;
    const auto a = number(words_[i]), b = number(words_[j]);
    const auto& bound = values_.bound;
    return b - a > 2 * bound.absolute + bound.relative * (std::abs(a) + std::abs(b));
}

void Ordering::settle(std::size_t first, std::size_t last, const std::function<void(std::size_t, std::size_t)>& each) {
    struct Member { feel::Decimal number; std::uint64_t word; };
    std::vector<Member> members;
    for (auto i = first; i < last; ++i) members.push_back({ask_(record_of(words_[i])), words_[i]});
    std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.number < b.number; });
    for (std::size_t i = 0; i < members.size(); ++i) words_[first + i] = members[i].word;
    for (std::size_t i = 0; i < members.size();) {
        std::size_t j = i + 1;
        while (j < members.size() && members[j].number == members[i].number) ++j;
        each(first + i, first + j);
        i = j;
    }
}

}  // namespace zoneval::exec
