#include "engine/exec/results/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/exec/results/ranks_and_aggregates.hpp"
#include "engine/feel/value/cause.hpp"

namespace zoneval::exec {

using feel::Decimal;
using feel::Value;
using graph::CohortFunction;
namespace reasons = feel::reasons;

namespace {

constexpr std::size_t most_compared = 10'000;  // each with each

Decimal whole(std::size_t n) { return Decimal(static_cast<std::int64_t>(n)); }

Decimal mean_of(const Numbers34& x) {
    Decimal sum{0};
    for (const auto& v : x) sum = sum + v;
    return sum / whole(x.size());
}

/// Sums of powers of the distances from the mean.
struct Moments {
    Decimal second{0}, third{0}, fourth{0};
};
Moments moments_of(const Numbers34& x) {
    const auto mean = mean_of(x);
    Moments out;
    for (const auto& v : x) {
        const auto d = v - mean, square = d * d;
        out.second = out.second + square;
        out.third = out.third + square * d;
        out.fourth = out.fourth + square * square;
    }
    return out;
}

Value too_few(std::int64_t needed) { return cannot_compare(reasons::too_few_for_statistic(needed)); }
Value alike() { return cannot_compare(reasons::all_alike()); }

Value quantile_of(Numbers34 x, const Decimal& share) {
    if (x.empty()) return Value::missing(feel::Missing::not_reported, reasons::nobody_has_value());
    std::sort(x.begin(), x.end());
    const auto at = whole(x.size() - 1) * share, below = at.rounded(0, feel::Rounding::floor);
    const auto i = static_cast<std::size_t>(below.to_int64().value_or(0));
    if (i + 1 >= x.size()) return x.back();
    return x[i] + (at - below) * (x[i + 1] - x[i]);
}

/// Values beside each other, of the records that have all of them: one column for each.
struct Together {
    std::vector<std::size_t> rows;
    std::vector<Numbers34> columns;
};
Together together(const std::vector<std::size_t>& rows, const std::vector<Value>& values) {
    Together out;
    for (const auto row : rows) {
        const auto* list = values[row].list();
        if (!list || !std::all_of(list->begin(), list->end(), [](const Value& v) { return v.number() != nullptr; }))
            continue;
        out.rows.push_back(row);
        out.columns.resize(list->size());
        for (std::size_t c = 0; c < list->size(); ++c) out.columns[c].push_back(*(*list)[c].number());
    }
    return out;
}

/// Sum of products of distances from the means.
Decimal covariation(const Numbers34& x, const Numbers34& y) {
    const auto a = mean_of(x), b = mean_of(y);
    Decimal out{0};
    for (std::size_t i = 0; i < x.size(); ++i) out = out + (x[i] - a) * (y[i] - b);
    return out;
}

Value correlation_of(const Numbers34& x, const Numbers34& y) {
    if (x.size() < 2) return too_few(2);
    const auto xx = covariation(x, x), yy = covariation(y, y);
    if (xx == Decimal(0) || yy == Decimal(0)) return alike();
    return covariation(x, y) / (xx.sqrt() * yy.sqrt());
}

Numbers34 average_ranks(const Numbers34& x) {
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
    Numbers34 out(x.size());
    for (std::size_t i = 0; i < order.size();) {
        auto j = i;
        while (j < order.size() && x[order[j]] == x[order[i]]) ++j;
        for (auto k = i; k < j; ++k) out[order[k]] = whole(i + j + 1) / Decimal(2);
        i = j;
    }
    return out;
}

Value concordance_of(const Numbers34& x, const Numbers34& y) {
    if (x.size() < 2) return too_few(2);
    if (x.size() > most_compared)
        return cannot_compare(reasons::too_many_pairs(static_cast<std::int64_t>(x.size()), most_compared));
    std::int64_t order = 0, pairs_x = 0, pairs_y = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            const auto sign = [&](const Numbers34& of) -> std::int64_t {
                return of[i] > of[j] ? 1 : of[i] < of[j] ? -1 : 0;
            };
            const auto a = sign(x), b = sign(y);
            order += a * b;
            pairs_x += a != 0;
            pairs_y += b != 0;
        }
    if (pairs_x == 0 || pairs_y == 0) return alike();
    return Decimal(order) / (Decimal(pairs_x).sqrt() * Decimal(pairs_y).sqrt());
}

Value alpha_of(const std::vector<Numbers34>& columns) {
    if (columns.empty() || columns.front().size() < 2) return too_few(2);
    Decimal own{0}, others{0};
    for (std::size_t a = 0; a < columns.size(); ++a)
        for (std::size_t b = 0; b < columns.size(); ++b)
            (a == b ? own : others) = (a == b ? own : others) + covariation(columns[a], columns[b]);
    if (own + others == Decimal(0)) return alike();
    const auto k = columns.size();
    return whole(k * k) * (others / whole(k * (k - 1))) / (own + others);
}

/// 1 + Σ p ln p / ln n, with p the share of each record.
Value diversity_of(const Numbers34& x) {
    if (x.size() < 2) return too_few(2);
    Decimal sum{0}, out{0};
    for (const auto& v : x) {
        if (v < Decimal(0)) return feel::null_because(reasons::shares_below_zero());
        sum = sum + v;
    }
    if (sum == Decimal(0)) return feel::null_because(reasons::shares_below_zero());
    for (const auto& v : x)
        if (v > Decimal(0)) out = out + v / sum * (v / sum).log();
    return Decimal(1) + out / whole(x.size()).log();
}

/// The first principal component of values: of their correlations the greatest eigenvalue and its vector.
struct Component {
    double variance = 0;
    std::vector<double> vector;  ///< of length 1, most of it above 0
    bool distinct = false;       ///< no other direction has as much
};

/// By Jacobi's rotations. nullopt: some values are all alike.
std::optional<Component> first_component(const std::vector<Numbers34>& columns) {
    const auto k = columns.size();
    std::vector<std::vector<double>> a(k, std::vector<double>(k, 1)), v(k, std::vector<double>(k, 0));
    for (std::size_t i = 0; i < k; ++i) {
        v[i][i] = 1;
        for (std::size_t j = 0; j < i; ++j) {
            const auto r = correlation_of(columns[i], columns[j]);
            if (!r.number()) return {};
            a[i][j] = a[j][i] = r.number()->to_double();
        }
    }
    constexpr int most_sweeps = 100;
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
        double off = 0;
        for (std::size_t p = 0; p < k; ++p)
            for (std::size_t q = 0; q < p; ++q) off += a[p][q] * a[p][q];
        if (off < 1e-30) break;
        for (std::size_t p = 0; p < k; ++p)
            for (std::size_t q = p + 1; q < k; ++q) {
                if (a[p][q] == 0) continue;
                const auto theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
                const auto t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
                const auto c = 1 / std::sqrt(t * t + 1), s = t * c;
                for (std::size_t i = 0; i < k; ++i) {
                    const auto x = a[i][p], y = a[i][q];
                    a[i][p] = c * x - s * y, a[i][q] = s * x + c * y;
                }
                for (std::size_t i = 0; i < k; ++i) {
                    const auto x = a[p][i], y = a[q][i];
                    a[p][i] = c * x - s * y, a[q][i] = s * x + c * y;
                    const auto g = v[i][p], h = v[i][q];
                    v[i][p] = c * g - s * h, v[i][q] = s * g + c * h;
                }
            }
    }
    std::size_t first = 0;
    for (std::size_t i = 1; i < k; ++i)
        if (a[i][i] > a[first][first]) first = i;
    Component out{a[first][first], {}, true};
    double sum = 0;
    for (std::size_t i = 0; i < k; ++i) sum += v[i][first];
    for (std::size_t i = 0; i < k; ++i) out.vector.push_back(sum < 0 ? -v[i][first] : v[i][first]);
    constexpr double apart = 1e-9;
    for (std::size_t i = 0; i < k; ++i)
        out.distinct = out.distinct && (i == first || a[first][first] - a[i][i] > apart);
    return out;
}

/// A little less than the digits that doubles have: the order of the values must not show.
Value of_double(double x) {
    constexpr double digits = 1e12;
    return Decimal::scaled(static_cast<std::int64_t>(std::llround(x * digits)), -12);
}

constexpr std::size_t fewest = 3;  // records that say something of a component

Value share_of_component(const std::vector<Numbers34>& columns) {
    if (columns.empty() || columns.front().size() < fewest) return too_few(fewest);
    const auto component = first_component(columns);
    return component ? of_double(component->variance / static_cast<double>(columns.size())) : alike();
}

/// The correlation of the first of the values with the component.
Value loading_of(const std::vector<Numbers34>& columns) {
    if (columns.empty() || columns.front().size() < fewest) return too_few(fewest);
    const auto component = first_component(columns);
    if (!component) return alike();
    if (!component->distinct) return cannot_compare(reasons::no_single_component());
    return of_double(component->vector.front() * std::sqrt(component->variance));
}

/// Of each record: its standard scores in the direction of the component.
void component_scores(const Together& all, std::vector<Value>& out) {
    const auto put = [&](const Value& value) {
        for (const auto row : all.rows) out[row] = value;
    };
    if (all.rows.size() < fewest) return put(too_few(fewest));
    const auto component = first_component(all.columns);
    if (!component) return put(alike());
    if (!component->distinct) return put(cannot_compare(reasons::no_single_component()));
    std::vector<double> sums(all.rows.size());
    for (std::size_t c = 0; c < all.columns.size(); ++c) {
        const auto& x = all.columns[c];
        const auto mean = mean_of(x);
        const auto deviation = (covariation(x, x) / whole(x.size() - 1)).sqrt();
        for (std::size_t i = 0; i < x.size(); ++i)
            sums[i] += component->vector[c] * ((x[i] - mean) / deviation).to_double();
    }
    for (std::size_t i = 0; i < sums.size(); ++i) out[all.rows[i]] = of_double(sums[i]);
}

Value weight_of(const std::vector<double>& weights, const Decimal& which) {
    constexpr double digits = 1e15;  // what doubles have
    const auto i = static_cast<std::size_t>(which.to_int64().value_or(0));
    return Decimal::scaled(static_cast<std::int64_t>(std::llround(weights[i] * digits)), -15);
}

Value component_of(const std::vector<Numbers34>& columns, const Decimal& which) {
    if (columns.empty() || columns.front().size() < 3) return too_few(3);
    const auto component = first_component(columns);
    if (!component) return alike();
    std::vector<double> squares;
    for (const auto x : component->vector) squares.push_back(x * x);
    return weight_of(squares, which);
}

/// Weights w with which the sum of w x correlates equally with every x: of standard scores they solve R a = 1 (R the
/// correlations), and w = a / sd. Empty: R is singular, or some weight would not be above 0.
std::vector<double> balanced(const std::vector<Numbers34>& columns) {
    const auto k = columns.size();
    std::vector<std::vector<double>> a(k, std::vector<double>(k + 1, 1));
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < i; ++j) {
            const auto r = correlation_of(columns[i], columns[j]);
            if (!r.number()) return {};
            a[i][j] = a[j][i] = r.number()->to_double();
        }
    for (std::size_t p = 0; p < k; ++p) {  // Gauss and Jordan, the largest pivot first
        auto largest = p;
        for (auto i = p; i < k; ++i)
            if (std::abs(a[i][p]) > std::abs(a[largest][p])) largest = i;
        constexpr double singular = 1e-9;
        if (std::abs(a[largest][p]) < singular) return {};
        std::swap(a[p], a[largest]);
        for (std::size_t i = 0; i < k; ++i) {
            if (i == p) continue;
            const auto factor = a[i][p] / a[p][p];
            for (auto c = p; c <= k; ++c) a[i][c] -= factor * a[p][c];
        }
    }
    std::vector<double> out;
    double sum = 0;
    for (std::size_t i = 0; i < k; ++i) {
        const auto spread = covariation(columns[i], columns[i]).sqrt().to_double();
        out.push_back(a[i][k] / a[i][i] / spread);
        if (!(out.back() > 0)) return {};
        sum += out.back();
    }
    for (auto& w : out) w /= sum;
    return out;
}

Value balance_of(const std::vector<Numbers34>& columns, const Decimal& which) {
    if (columns.empty() || columns.front().size() < 3) return too_few(3);
    const auto weights = balanced(columns);
    return weights.empty() ? cannot_compare(reasons::no_equal_correlation()) : weight_of(weights, which);
}

/// Of each record: the others over whom it wins more than half the weight, less those who win over it.
void copeland(const Together& all, const std::vector<Decimal>& weights, std::vector<Value>& out) {
    const auto n = all.rows.size();
    if (n > most_compared) {
        for (const auto row : all.rows)
            out[row] = cannot_compare(reasons::too_many_pairs(static_cast<std::int64_t>(n), most_compared));
        return;
    }
    std::vector<std::int64_t> won(n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j) {
            Decimal ahead{0};
            for (std::size_t c = 0; c < all.columns.size(); ++c) {
                const auto &a = all.columns[c][i], &b = all.columns[c][j];
                if (a > b) ahead = ahead + weights[c];
                if (a < b) ahead = ahead - weights[c];
            }
            const auto sign = ahead > Decimal(0) ? 1 : ahead < Decimal(0) ? -1 : 0;
            won[i] += sign;
            won[j] -= sign;
        }
    for (std::size_t i = 0; i < n; ++i) out[all.rows[i]] = Decimal(won[i]);
}

Value one_for_all(const graph::CohortForm& form, const Numbers34& numbers, const Together& lists) {
    const auto pair = [&](std::size_t i) { return lists.columns.empty() ? Numbers34{} : lists.columns[i]; };
    switch (form.function) {
        case CohortFunction::quantile: return quantile_of(numbers, form.parameters.front());
        case CohortFunction::skewness: return skewness_of(numbers);
        case CohortFunction::kurtosis: return kurtosis_of(numbers);
        case CohortFunction::correlation: return correlation_of(pair(0), pair(1));
        case CohortFunction::rank_correlation: return correlation_of(average_ranks(pair(0)), average_ranks(pair(1)));
        case CohortFunction::concordance: return concordance_of(pair(0), pair(1));
        case CohortFunction::alpha: return alpha_of(lists.columns);
        case CohortFunction::component_share: return share_of_component(lists.columns);
        case CohortFunction::component_loading: return loading_of(lists.columns);
        case CohortFunction::diversity: return diversity_of(numbers);
        case CohortFunction::component: return component_of(lists.columns, form.parameters.front());
        case CohortFunction::balance: return balance_of(lists.columns, form.parameters.front());
        default: return {};
    }
}

/// A record's own null, with its cause.
Value none(const Value& value) {
    return value.is_null() && value.cause() ? Value::null(value.cause())
                                            : feel::null_because(reasons::rank_of_no_number());
}

}  // namespace

Value skewness_of(const Numbers34& x) {
    if (x.size() < 3) return too_few(3);
    const auto m = moments_of(x);
    if (m.second == Decimal(0)) return alike();
    const auto n = whole(x.size());
    const auto plain = n.sqrt() * m.third / (m.second * m.second.sqrt());
    return plain * (n * (n - Decimal(1))).sqrt() / (n - Decimal(2));
}

Value kurtosis_of(const Numbers34& x) {
    if (x.size() < 4) return too_few(4);
    const auto m = moments_of(x);
    if (m.second == Decimal(0)) return alike();
    const auto n = whole(x.size()), one = Decimal(1);
    const auto plain = n * m.fourth / (m.second * m.second);
    return ((n + one) * (plain - Decimal(3)) + Decimal(6)) * (n - one) / ((n - Decimal(2)) * (n - Decimal(3)));
}

void evaluate_statistic(const graph::CohortForm& form, const std::vector<std::size_t>& rows,
                        const std::vector<Value>& values, std::vector<Value>& out) {
    Numbers34 numbers;
    for (const auto row : rows)
        if (const auto* number = values[row].number()) numbers.push_back(*number);
    if (form.function == CohortFunction::treated) {
        const auto treated = treat(numbers, form.parameters);
        std::size_t next = 0;
        for (const auto row : rows) out[row] = values[row].number() ? Value(treated.values[next++]) : none(values[row]);
        return;
    }
    const auto lists = together(rows, values);
    if (form.function == CohortFunction::copeland || form.function == CohortFunction::component_score) {
        for (const auto row : rows) out[row] = none(values[row]);
        form.function == CohortFunction::copeland ? copeland(lists, form.parameters, out)
                                                  : component_scores(lists, out);
        return;
    }
    const auto result = one_for_all(form, numbers, lists);
    for (const auto row : rows) out[row] = result;
}

}  // namespace zoneval::exec
