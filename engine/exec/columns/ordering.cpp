#include "engine/exec/columns/ordering.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>

#include "engine/exec/columns/radix.hpp"

namespace zoneval::exec {

namespace {

/// Of whole numbers below 2^53, whose difference may be above.
std::uint64_t distance(double k, double low) {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(k) - static_cast<std::int64_t>(low));
}

}  // namespace

Ordering::Ordering(const NodeColumn& values, const Grouping& grouping, const ExactValue& exact, SortSpace& space)
    : values_(values), ask_(exact), space_(space), exact_(values.bound.exact()) {
    record_bits_ = static_cast<unsigned>(std::bit_width(values.numbers.size()));
    record_mask_ = (std::uint64_t{1} << record_bits_) - 1;
    choose_keys();
    const auto low = low_, step = step_;
    const auto dropped = dropped_bits_;
    if (exact_)
        fill(grouping, [low, dropped](double k) { return distance(k, low) >> dropped; });
    else
        fill(grouping, [low, step](double k) { return static_cast<std::uint64_t>((k - low) * step); });
    if (exact_ && dropped_bits_ == 0) return;
    for (std::size_t g = 0; g < grouping.groups; ++g) order_within_keys(starts_[g], starts_[g + 1]);
}

void Ordering::choose_keys() {
    const auto& bound = values_.bound;
    const auto low = low_ = bound.low, high = bound.high;
    const unsigned room = 64 - record_bits_;
    if (exact_) {
        const auto bits = static_cast<unsigned>(std::bit_width(distance(high, low)));
        key_bits_ = std::min(bits, room);
        dropped_bits_ = bits - key_bits_;
        far_keys_ = 1;
        return;
    }
    // A step of twice the margin, so that keys that differ by two are of different decimals; what falls together is
    // told apart afterwards. Wide margins: as fine as there is room.
    const auto width = high - low,
               margin = 2 * bound.absolute + 2 * bound.relative * std::max(std::abs(low), std::abs(high));
    constexpr int worth_it = 16;
    const int told_apart = margin > 0 && width > 0 ? std::ilogb(width / margin) : 0;
    key_bits_ = std::min(44u, room);
    if (told_apart > worth_it) {
        key_bits_ = std::min(key_bits_, static_cast<unsigned>(told_apart));
        far_keys_ = 2;
    }
    step_ = width > 0 ? std::ldexp(0.5, static_cast<int>(key_bits_)) / width : 0;
}

/// A bucket for each group and the first bits of the key, small enough to be sorted in the nearest cache.
template <class Key>
void Ordering::fill(const Grouping& grouping, Key key_of) {
    const auto n = values_.numbers.size();
    const auto* numbers = values_.numbers.data();
    const auto* masks = values_.masks.empty() ? nullptr : values_.masks.data();
    const auto* group = grouping.group.empty() ? nullptr : grouping.group.data();
    constexpr unsigned bucket_bits = 8, most_bits = 12;
    const auto wanted =
        static_cast<unsigned>(std::bit_width(n / std::max<std::size_t>(grouping.groups, 1) >> bucket_bits));
    const auto bits = std::min({key_bits_, wanted, most_bits});
    const auto shift = key_bits_ - bits;
    const auto mask = (std::uint64_t{1} << bits) - 1;
    const auto each = [&](auto f) {
        for (std::size_t i = 0; i < n; ++i) {
            if (masks && masks[i] != 0) continue;
            const std::size_t g = group ? group[i] : 0;
            if (group && g == Grouping::none) continue;
            const auto key = key_of(numbers[i]);
            f(i, key, g << bits | (key >> shift & mask));
        }
    };
    const auto buckets = grouping.groups << bits;
    std::vector<std::size_t> ends(buckets + 1);
    std::uint64_t keys = 0;
    each([&](std::size_t, std::uint64_t key, std::size_t bucket) {
        ++ends[bucket + 1];
        keys |= key;
    });
    if (static_cast<unsigned>(std::bit_width(keys)) > key_bits_)
        throw std::logic_error("a column holds numbers beyond its bound");
    const auto largest = *std::max_element(ends.begin(), ends.end());
    for (std::size_t b = 1; b <= buckets; ++b) ends[b] += ends[b - 1];
    for (std::size_t g = 0; g <= grouping.groups; ++g) starts_.push_back(ends[g << bits]);
    space_.words.resize(std::max(space_.words.size(), starts_.back()));
    space_.spare.resize(std::max(space_.spare.size(), largest));
    words_ = space_.words.data();
    auto* words = words_;
    const auto record_bits = record_bits_;
    each([&](std::size_t i, std::uint64_t key, std::size_t bucket) { words[ends[bucket]++] = key << record_bits | i; });
    std::size_t begin = 0;
    for (std::size_t b = 0; b < buckets; ++b) {
        radix_sort(words + begin, space_.spare.data(), ends[b] - begin, record_bits_, record_bits_ + shift);
        begin = ends[b];
    }
}

void Ordering::order_within_keys(std::size_t begin, std::size_t end) {
    for (auto first = begin; first < end;) {
        auto last = first + 1;
        while (last < end && key(last) == key(first)) ++last;
        if (last > first + 1)
            std::stable_sort(words_ + first, words_ + last, [this](auto a, auto b) { return number(a) < number(b); });
        first = last;
    }
}

void Ordering::settle(std::size_t first, std::size_t last, const std::function<void(std::size_t, std::size_t)>& each) {
    struct Member {
        feel::Decimal number;
        std::uint64_t word;
    };
    std::vector<Member> members;
    for (auto i = first; i < last; ++i) members.push_back({ask_(record_of(words_[i])), words_[i]});
    std::stable_sort(members.begin(), members.end(),
                     [](const Member& a, const Member& b) { return a.number < b.number; });
    for (std::size_t i = 0; i < members.size(); ++i) words_[first + i] = members[i].word;
    for (std::size_t i = 0; i < members.size();) {
        std::size_t j = i + 1;
        while (j < members.size() && members[j].number == members[i].number) ++j;
        each(first + i, first + j);
        i = j;
    }
}

}  // namespace zoneval::exec
