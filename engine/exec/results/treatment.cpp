// Outliers: the next value in place of the farthest, and logarithms where that does not suffice (OECD/JRC 2008, 5; the
// order of steps is that of the R package COINr, whose outputs tests/score/asem.py holds it against).
#include <algorithm>

#include "engine/exec/results/statistics.hpp"

namespace zoneval::exec {

using feel::Decimal;

namespace {

struct Parameters {
    bool chained, always;
    Decimal skewness, kurtosis;
    std::vector<model::Treatment::Step> steps;
};
Parameters read(const std::vector<Decimal>& p) {
    using Step = model::Treatment::Step;
    Parameters out{p[0] != Decimal(0), p[1] != Decimal(0), p[2], p[3], {}};
    for (std::size_t i = 4; i + 1 < p.size(); i += 2)
        out.steps.push_back({static_cast<Step::How>(p[i].to_int64().value_or(0)), p[i + 1]});
    return out;
}

bool passes(const Numbers34& numbers, const Parameters& p) {
    const auto skewness = skewness_of(numbers), kurtosis = kurtosis_of(numbers);
    if (!skewness.number() || !kurtosis.number()) return true;  // too few, or all alike: nothing lies outside
    const auto off = *skewness.number() < Decimal(0) ? Decimal(0) - *skewness.number() : *skewness.number();
    return off < p.skewness || *kurtosis.number() < p.kurtosis;
}

/// The farthest take the value next to them, until the test passes or so many are alike.
void take_next(Numbers34& x, int most, const Parameters& p) {
    std::size_t high = 0, low = 0;
    while (!passes(x, p) && static_cast<int>(high + low) < most) {
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
    using How = model::Treatment::Step::How;
    const auto p = read(parameters);
    Treated out{numbers, {}, passes(numbers, p)};
    const bool alike = numbers.empty() || *std::min_element(numbers.begin(), numbers.end()) ==
                                              *std::max_element(numbers.begin(), numbers.end());
    if (alike) return out;
    for (const auto& step : p.steps) {
        if (out.passes && !p.always) break;
        if (!p.chained) out.values = numbers, out.done.clear();
        auto& done = out.done.emplace_back(Treated::Done{step, {}});
        const auto before = out.values;
        if (step.how == How::winsorise)
            take_next(out.values, static_cast<int>(step.number.to_int64().value_or(0)), p);
        else
            out.values = step.how == How::log ? logarithms(before) : box_cox(before, step.number);
        for (std::size_t i = 0; step.how == How::winsorise && i < before.size(); ++i)
            if (out.values[i] != before[i]) done.winsorised.push_back(i);
        out.passes = passes(out.values, p);
    }
    return out;
}

}  // namespace zoneval::exec
