#include "engine/score/sensitivity.hpp"

#include <algorithm>
#include <cmath>

#include "engine/score/draws.hpp"

namespace zoneval::score {

Design design_of(const Readings& readings, std::size_t size, std::uint64_t seed) {
    Design out;
    out.size = size;
    const auto d = readings.dimensions();
    const Draws draws(size, 2 * d, mixed(seed, 1));
    const auto a = [&](std::size_t k) { return draws.point(k).subspan(0, d); };
    const auto b = [&](std::size_t k) { return draws.point(k).subspan(d, d); };
    for (std::size_t k = 0; k < size; ++k) out.readings.push_back(readings.at(a(k)));
    for (std::size_t k = 0; k < size; ++k) out.readings.push_back(readings.at(b(k)));
    for (const auto choice : readings.varied())
        for (std::size_t k = 0; k < size; ++k) out.readings.push_back(readings.at(a(k), b(k), choice));
    return out;
}

namespace {

struct Effects {
    double first = 0, total = 0;
};

/// Over the rows named, each as often as it is named.
Effects effects_of(const std::vector<double>& y, std::size_t size, std::size_t choice,
                   const std::vector<std::size_t>& rows) {
    const auto* a = y.data();
    const auto* b = y.data() + size;
    const auto* mixed_ = y.data() + (2 + choice) * size;
    const auto n = static_cast<double>(rows.size());
    double sum = 0, squares = 0;
    for (const auto row : rows) sum += a[row] + b[row];
    const auto mean = sum / (2 * n);
    Effects out;
    for (const auto row : rows) {
        squares += (a[row] - mean) * (a[row] - mean) + (b[row] - mean) * (b[row] - mean);
        out.first += b[row] * (mixed_[row] - a[row]);
        out.total += (a[row] - mixed_[row]) * (a[row] - mixed_[row]);
    }
    const auto variance = squares / (2 * n - 1);
    if (variance <= 0) return {};
    return {out.first / n / variance, out.total / n / (2 * variance)};
}

}  // namespace

double occurring_quantile(std::vector<double>& values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const auto place = std::ceil(share * static_cast<double>(values.size()));
    return values[static_cast<std::size_t>(std::clamp(place, 1.0, static_cast<double>(values.size()))) - 1];
}

std::vector<Index> indices_of(const Design& design, const std::vector<Choice>& choices, const std::vector<double>& y,
                              std::uint64_t seed) {
    constexpr std::size_t resamples = 200;
    std::vector<std::size_t> rows(design.size);
    std::vector<Index> out;
    for (std::size_t c = 0; c < choices.size(); ++c) {
        for (std::size_t k = 0; k < rows.size(); ++k) rows[k] = k;
        const auto found = effects_of(y, design.size, c, rows);
        std::vector<double> firsts, totals;
        for (std::size_t r = 0; r < resamples; ++r) {
            for (std::size_t k = 0; k < rows.size(); ++k) {
                const auto u = noise(mixed(mixed(seed, 2 + r), k));
                rows[k] = std::min(static_cast<std::size_t>(u * static_cast<double>(design.size)), design.size - 1);
            }
            const auto again = effects_of(y, design.size, c, rows);
            firsts.push_back(again.first);
            totals.push_back(again.total);
        }
        out.push_back({choices[c],
                       found.first,
                       found.total,
                       {occurring_quantile(firsts, 0.05), occurring_quantile(firsts, 0.95)},
                       {occurring_quantile(totals, 0.05), occurring_quantile(totals, 0.95)}});
    }
    return out;
}

}  // namespace zoneval::score
