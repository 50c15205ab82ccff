// Weights: written beside each part, or for a whole group at once.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/model/read_scores.hpp"

namespace zoneval::model {

WrittenWeight read_weight(MapReader& map) {
    const auto* node = map.take("weight");
    if (!node) return {};
    const auto wrong = [&] {
        map.wrong(*node, "weight",
                  "a share such as `20 %`, a number such as `2`, a fraction such as `1/3`, or the name of a parameter",
                  "leave the weights out where all count alike");
        return WrittenWeight{};
    };
    if (!node->is_scalar() || node->scalar.empty()) return wrong();
    const std::string_view text = node->scalar;
    constexpr std::string_view of_numbers = "0123456789+-.%", operators = "+-*/(";
    const bool starts_as_number = of_numbers.find(text.front()) != text.npos;
    const bool calculates = text.find_first_of(operators, 1) != text.npos &&  // `1/cohort stddev(x)`, not `1/3`
                            text.find_first_not_of("0123456789+-.%/ ") != text.npos && !parse_share(text);
    if (text != "true" && text != "false" && (!starts_as_number || calculates))
        return {WrittenWeight::As::formula, feel::Decimal(0), 1, node->expression()};
    const auto slash = text.find('/');
    const auto number = parse_share(text.substr(0, slash));
    if (!number || *number < feel::Decimal(0)) return wrong();
    const bool per_cent = text.find('%') != std::string_view::npos;
    if (slash == std::string_view::npos)
        return {per_cent ? WrittenWeight::As::per_cent : WrittenWeight::As::number, *number, 1};
    constexpr std::int64_t most = 10'000;
    const auto divisor = parse_share(text.substr(slash + 1));
    const auto whole = divisor ? divisor->to_int64() : std::nullopt;
    if (per_cent || !whole || *whole < 1 || *whole > most) return wrong();
    return {WrittenWeight::As::number, *number, *whole};
}

void settle_weights(const std::vector<Weight*>& weights, const std::vector<WrittenWeight>& written,
                    const std::string& context, const Yaml& place, Diagnostics& diagnostics) {
    if (weights.empty()) return;
    using As = WrittenWeight::As;
    const auto refuse = [&](std::string message, std::string expected) {
        diagnostics.add(Kind::weights_do_not_add_up, *place.source, place.span, std::move(message),
                        std::move(expected));
    };
    const auto any = [&](As as) {
        return std::any_of(written.begin(), written.end(), [&](const WrittenWeight& w) { return w.as == as; });
    };
    const bool per_cents = any(As::per_cent);  // 0.4 beside 60 % is a share, too
    const bool by_formula = any(As::formula);
    if (any(As::nothing) && (per_cents || by_formula || any(As::number)))
        return refuse(fmt::format("not all parts of {} have a weight", context),
                      "a weight for each, or none at all: then all count alike");
    if (per_cents && by_formula)
        return refuse(fmt::format("some weights of {} are per cents, and some are formulas", context),
                      "numbers beside formulas: what formulas come to need not leave 100 % to add up");
    std::int64_t common = 1;
    for (const auto& w : written) common = std::lcm(common, w.divisor);
    feel::Decimal sum{0};
    for (std::size_t i = 0; i < weights.size(); ++i) {
        weights[i]->written = written[i].value * feel::Decimal(common / written[i].divisor);
        weights[i]->by = written[i].by;
        sum = sum + weights[i]->written;
    }
    if (per_cents && sum != feel::Decimal(1))
        return refuse(fmt::format("the weights of {} add up to {} %", context, (sum * feel::Decimal(100)).to_string()),
                      "100 %");
    if (by_formula) return;
    if (sum == feel::Decimal(0)) return refuse(fmt::format("the weights of {} are all 0", context), "one above 0");
    for (auto* weight : weights) weight->share = weight->written / sum;
}

namespace {

using Matrix = std::vector<std::vector<feel::Decimal>>;

/// Rows of `1`, `3` or `1/3`; nullopt: told.
std::optional<Matrix> read_matrix(const Yaml& node, std::size_t count, MapReader& map) {
    const auto shape = fmt::format("{} rows of {} numbers, each the inverse of that across the diagonal", count, count);
    const auto wrong = [&](const Yaml& at) {
        map.wrong(at, "ahp", shape);
        return std::nullopt;
    };
    const auto does_not_fit = [&](const Yaml& at, std::string message) {
        map.diagnostics().add(Kind::weights_do_not_add_up, *at.source, at.span, std::move(message), shape);
        return std::nullopt;
    };
    if (!node.is_sequence()) return wrong(node);
    Matrix out;
    for (const auto& row : node.items) {
        if (!row.is_sequence()) return wrong(row);
        out.emplace_back();
        for (const auto& cell : row.items) {
            const std::string_view text = cell.scalar;
            const auto slash = text.find('/');
            const auto above = cell.is_scalar() ? parse_share(text.substr(0, slash)) : std::nullopt;
            const auto below =
                slash == text.npos ? std::optional(feel::Decimal(1)) : parse_share(text.substr(slash + 1));
            if (!above || !below || *above <= feel::Decimal(0) || *below <= feel::Decimal(0)) return wrong(cell);
            out.back().push_back(*above / *below);
        }
        if (out.back().size() != count)
            return does_not_fit(row, fmt::format("this row has {} numbers, and {} has {} parts", out.back().size(),
                                                 map.context(), count));
    }
    if (out.size() != count)
        return does_not_fit(node,
                            fmt::format("`ahp` has {} rows, and {} has {} parts", out.size(), map.context(), count));
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j <= i; ++j)
            if (const auto product = out[i][j] * out[j][i];
                product < feel::Decimal::scaled(99, -2) || product > feel::Decimal::scaled(101, -2))
                return does_not_fit(node.items[i].items[j],
                                    fmt::format("{} is not the inverse of {}, which stands across the diagonal",
                                                node.items[i].items[j].scalar, node.items[j].items[i].scalar));
    return out;
}

/// The principal eigenvector by powers, and Saaty's consistency ratio (1980).
struct Judged {
    std::vector<double> weights;
    double ratio = 0;
};
Judged judge(const Matrix& matrix) {
    const auto n = matrix.size();
    Judged out{std::vector<double>(n, 1.0 / static_cast<double>(n)), 0};
    double largest = static_cast<double>(n);
    constexpr int most_steps = 1'000;
    for (int step = 0; step < most_steps; ++step) {
        std::vector<double> next(n);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j) next[i] += matrix[i][j].to_double() * out.weights[j];
        largest = std::accumulate(next.begin(), next.end(), 0.0);
        double moved = 0;
        for (std::size_t i = 0; i < n; ++i) {
            next[i] /= largest;
            moved = std::max(moved, std::abs(next[i] - out.weights[i]));
        }
        out.weights = std::move(next);
        if (moved < 1e-15) break;
    }
    constexpr double random_index[] = {0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49};
    const auto of_random = random_index[std::min<std::size_t>(n, std::size(random_index)) - 1];
    if (n > 2) out.ratio = (largest - static_cast<double>(n)) / static_cast<double>(n - 1) / of_random;
    return out;
}

void settle_judged(const Yaml& node, const std::vector<Weight*>& weights, MapReader& map) {
    const auto matrix = read_matrix(node, weights.size(), map);
    if (!matrix) return;
    const auto judged = judge(*matrix);
    constexpr double most_inconsistent = 0.1;
    if (judged.ratio > most_inconsistent)
        map.diagnostics().add(Kind::weights_do_not_add_up, *node.source, node.span,
                              fmt::format("the comparisons of {} contradict each other: consistency ratio {:.2f}",
                                          map.context(), judged.ratio),
                              "at most 0.10 (Saaty)", "ask the panel again about the pairs that do not fit");
    feel::Decimal rest{1};  // the last has what is left, so that they add up
    for (std::size_t i = 0; i < weights.size(); ++i) {
        constexpr double digits = 1e12;
        const auto rounded =
            feel::Decimal::scaled(static_cast<std::int64_t>(std::llround(judged.weights[i] * digits)), -12);
        weights[i]->written = weights[i]->share = i + 1 == weights.size() ? rest : rounded;
        rest = rest - rounded;
    }
}

}  // namespace

bool read_weights(MapReader& map, IndicatorGroup& group, const std::vector<Weight*>& weights,
                  const std::vector<WrittenWeight>& written) {
    const auto* node = map.take("weights");
    if (!node) return false;
    for (const auto& w : written)
        if (w.as != WrittenWeight::As::nothing) {
            map.wrong(*node, "weights", "`weight` with each part, or `weights` for all of them, not both");
            return true;
        }
    if (node->is_scalar() && node->scalar == "entropy")
        group.weigh = IndicatorGroup::Weigh::entropy;
    else if (node->is_scalar() && node->scalar == "principal component")
        group.weigh = IndicatorGroup::Weigh::component;
    else if (node->is_scalar() && node->scalar == "equal correlation")
        group.weigh = IndicatorGroup::Weigh::equal_correlation;
    else if (const auto* matrix = node->is_mapping() && node->entries.size() == 1 ? node->find("ahp") : nullptr)
        settle_judged(*matrix, weights, map);
    else
        map.wrong(*node, "weights",
                  "`entropy`, `principal component`, `equal correlation`, or `{ahp: [[1, 3], [1/3, 1]]}`");
    const bool weighs = group.aggregation.how != Aggregation::How::median &&
                        group.aggregation.how != Aggregation::How::minimum &&
                        group.aggregation.how != Aggregation::How::copeland;
    if (!weighs && group.weigh != IndicatorGroup::Weigh::as_written)
        map.wrong(*node, "weights", "a mean: what is aggregated otherwise has no weights from the data");
    return true;
}

}  // namespace zoneval::model
