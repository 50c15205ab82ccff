// What must not matter to a score, on random scores and data: the unit of weights, the order of records, a change of an
// indicator that keeps what the points are made of, how many threads compute.
#include <algorithm>
#include <array>
#include <numeric>
#include <random>

#include "engine/exec/by_columns/column_evaluation.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {

constexpr int rounds = 60;

/// A random score of four indicators x0 to x3 in two groups.
class RandomScore {
  public:
    explicit RandomScore(std::uint64_t seed) : random_(seed) {
        for (auto& how : normalise_) how = pick({"min-max", "z-score", "percent rank", "rank", "borda"});
        for (auto& weight : weights_) weight = 1 + below(9);
        for (auto& lower : lower_) lower = below(3) == 0;
        missing_ =
            pick({"unknown", "{at most: 60 %, then: reweight}", "{at least: 50 %, in: each group, then: reweight}"});
        decimals_ = below(2) == 0 ? "    decimals: 3\n" : "";
        for (int records = 5 + below(30); records > 0; --records) {
            Row row;
            for (int i = 0; i < 4; ++i)
                if (below(8) != 0) row["x" + std::to_string(i)] = feel::Value(feel::Decimal::scaled(below(400), -1));
            row["g"] = feel::Value(std::string_view(below(2) == 0 ? "a" : "b"));
            rows_.push_back(std::move(row));
        }
    }

    /// `factor`: of all weights; `of`: what each indicator is, with `{}` for its input.
    std::shared_ptr<const graph::Graph> graph(int factor = 1, const std::string& of = "{}") const {
        std::string yaml =
            "inputs: {x0: {}, x1: {}, x2: {}, x3: {}, g: {type: string}}\nscores:\n  s:\n    missing: " + missing_ +
            "\n" + decimals_ + "    groups:\n";
        for (int g = 0; g < 2; ++g) {
            yaml += "      p" + std::to_string(g) + ":\n        weight: " + weight(4 + g, factor) +
                    "\n        indicators:\n";
            for (int i = 2 * g; i < 2 * g + 2; ++i) {
                auto value = of;
                value.replace(value.find("{}"), 2, "x" + std::to_string(i));
                yaml += "          - {of: '" + value + "', weight: " + weight(i, factor) +
                        ", normalise: " + normalise_[i] + (lower_[i] ? ", lower is better: true" : "") + "}\n";
            }
        }
        return build(yaml + "measures: {place: rank(s), own: 'rank(s, g)'}\n");
    }

    const std::vector<Row>& rows() const { return rows_; }
    void make_places() {
        for (auto& how : normalise_) how = pick({"percent rank", "rank", "borda"});
    }
    int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
    auto& random() { return random_; }

  private:
    std::string pick(std::vector<std::string> all) {
        return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
    }
    std::string weight(int i, int factor) const {
        return std::to_string(weights_[static_cast<std::size_t>(i)] * factor);
    }

    std::mt19937_64 random_;
    std::string normalise_[4], missing_, decimals_;
    std::array<int, 6> weights_{};
    bool lower_[4] = {};
    std::vector<Row> rows_;
};

/// Values of both evaluators, which must be the same.
Texts values(const std::shared_ptr<const graph::Graph>& graph, const std::vector<Row>& rows, const std::string& name) {
    const NoHistory none;
    const auto data = table(*graph, rows);
    const auto columns = column(exec::evaluate_columns(*graph, data, none), name);
    CHECK(column(exec::evaluate(*graph, data, none), name) == columns);
    return columns;
}

/// To twelve digits: z-scores are quotients, whose last digit may differ.
Texts rounded(Texts texts) {
    constexpr int places = 12;
    for (auto& text : texts)
        if (const auto n = feel::Decimal::parse(text)) text = n->rounded(places, feel::Rounding::half_even).to_string();
    return texts;
}

}  // namespace

TEST_CASE("the unit of weights does not matter") {
    for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
        const RandomScore score(seed);
        CHECK(rounded(values(score.graph(1), score.rows(), "s")) == rounded(values(score.graph(7), score.rows(), "s")));
    }
}

TEST_CASE("the order of records does not matter") {
    for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
        RandomScore score(seed);
        std::vector<std::size_t> order(score.rows().size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::shuffle(order.begin(), order.end(), score.random());
        std::vector<Row> shuffled;
        for (const auto i : order) shuffled.push_back(score.rows()[i]);
        const auto graph = score.graph();
        for (const auto* name : {"s", "place", "own"}) {
            const auto before = values(graph, score.rows(), name), after = values(graph, shuffled, name);
            for (std::size_t i = 0; i < order.size(); ++i) CHECK(after[i] == before[order[i]]);
        }
    }
}

TEST_CASE("another unit of the figures does not matter, nor for places any change that keeps their order") {
    for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
        RandomScore score(seed);
        const auto as_it_is = rounded(values(score.graph(), score.rows(), "s"));
        CHECK(rounded(values(score.graph(1, "3 * {} - 17"), score.rows(), "s")) == as_it_is);
        score.make_places();
        const auto places = values(score.graph(), score.rows(), "s");
        CHECK(values(score.graph(1, "{} ** 3 + 2"), score.rows(), "s") == places);
    }
}

TEST_CASE("any number of threads gives the same") {
    const RandomScore score(3);
    std::vector<Row> many;
    for (int copy = 0; copy < 400; ++copy)
        for (const auto& row : score.rows()) many.push_back(row);
    const auto graph = score.graph();
    const auto data = table(*graph, many);
    const NoHistory none;
    exec::ColumnOptions one, four;
    one.threads = 1;
    four.threads = 4;
    const auto a = exec::evaluate_columns(*graph, data, none, one),
               b = exec::evaluate_columns(*graph, data, none, four);
    for (const auto* name : {"s", "place", "own", "p0 of s"}) CHECK(column(a, name) == column(b, name));
}
