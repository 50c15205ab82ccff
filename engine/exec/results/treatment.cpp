// Outliers: the next value in place of the farthest, and logarithms where that does not suffice (OECD/JRC 2008, 5; the
// order of steps is that of the R package COINr, whose outputs tests/score/asem.py holds it against).
#include <algorithm>

#include "engine/exec/results/statistics.hpp"

namespace zoneval::exec {

using feel::Decimal;

namespace {

struct Parameters {
    int winsorise, then;
    bool always;
    Decimal lambda, skewness, kurtosis;
};
Parameters read(const std::vector<Decimal>& p) {
    const auto whole = [&](std::size_t i) { return static_cast<int>(p[i].to_int64().value_or(0)); };
    return {whole(0), whole(1), whole(2) != 0, p[3], p[4], p[5]};
}

bool passes(const Numbers34& numbers, const Parameters& p) {
    const auto skewness = skewness_of(numbers), kurtosis = kurtosis_of(numbers);
    if (!skewness.number() || !kurtosis.number()) return true;  // too few, or all alike: nothing lies outside
    const auto off = *skewness.number() < Decimal(0) ? Decimal(0) - *skewness.number() : *skewness.number();
    return off < p.skewness || *kurtosis.number() < p.kurtosis;
}

/// The farthest take the value next to them, until the test passes or so many are alike.
int winsorise(Numbers34& x, const Parameters& p) {
    std::size_t high = 0, low = 0;
    while (!passes(x, p) && static_cast<int>(high + low) < p.winsorise) {
        const auto skewness = skewness_of(x);
        const bool above = !(*skewness.number() < Decimal(0));
        const auto end = above ? *std::max_element(x.begin(), x.end()) : *std::min_element(x.begin(), x.end());
        std::optional<Decimal> next;
        for (const auto& v : x)
            if (v != end && (!next || (above ? v > *next : v < *next))) next = v;
        if (!next) break;
        auto& count = above ? high : low;
        count = 0;
        for (auto& v : x)
            if (v == end) v = *next, ++count;
    }
    return static_cast<int>(high + low);
}

/// ln(x - min + (max - min) / 100).
Numbers34 logarithms(const Numbers34& x) {
    const auto [least, most] = std::minmax_element(x.begin(), x.end());
    const auto low = *least, above = (*most - low) / Decimal(100);
    Numbers34 out;
    for (const auto& v : x) out.push_back((v - low + above).log());
    return out;
}

/// With y = x - min + 1: ln y, or (y^λ - 1) / λ.
Numbers34 box_cox(const Numbers34& x, const Decimal& lambda) {
    const auto low = *std::min_element(x.begin(), x.end());
    Numbers34 out;
    for (const auto& v : x) {
        const auto y = v - low + Decimal(1);
        out.push_back(lambda == Decimal(0) ? y.log() : (y.pow(lambda) - Decimal(1)) / lambda);
    }
    return out;
}

}  // namespace

Treated treat(const Numbers34& numbers, const std::vector<Decimal>& parameters) {
    const auto p = read(parameters);
    Treated out{numbers, 0, Treated::Then::nothing, passes(numbers, p)};
    const bool alike = numbers.empty() || *std::min_element(numbers.begin(), numbers.end()) ==
                                              *std::max_element(numbers.begin(), numbers.end());
    if (alike || (out.passes && !p.always)) return out;
    if (p.winsorise > 0 && !p.always) {
        out.winsorised = winsorise(out.values, p);
        out.passes = passes(out.values, p);
        if (out.passes) return out;
    }
    if (p.then == 0) return out;
    out.then = p.then == 1 ? Treated::Then::log : Treated::Then::box_cox;
    out.values = p.then == 1 ? logarithms(numbers) : box_cox(numbers, p.lambda);
    out.winsorised = 0;  // of the values as they were
    out.passes = passes(out.values, p);
    return out;
}

}  // namespace zoneval::exec
