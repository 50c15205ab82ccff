#include "engine/results/worlds.hpp"

#include "engine/exec/reference/counterfactual.hpp"

namespace zoneval::results {

using assess::Assessment;
using feel::Value;

namespace {

using Sides = std::array<const Assessment*, 2>;

/// Figures of each record by its own side, moved to the world's year; earlier outcomes as that year's run read them.
class MixedHistory : public exec::History {
  public:
    MixedHistory(const Sides& sides, World world) : sides_(sides), world_(world) {}
    /// Whose figures are of another side than the others'.
    void set_apart(const std::string& record, std::size_t own) {
        record_ = record;
        world_.own = own;
    }

    std::optional<Value> value(const graph::Node& node, exec::RecordAt record, std::int32_t year) const override {
        const auto side = side_of(node, record);
        return sides_[side]->history->value(node, record, moved(side, year));
    }
    std::optional<exec::Reopened> reopened(const graph::Node& node, exec::RecordAt record,
                                           std::int32_t year) const override {
        const auto side = side_of(node, record);
        return sides_[side]->history->reopened(node, record, moved(side, year));
    }

  private:
    /// What its records of other kinds come to is a figure, too.
    std::size_t side_of(const graph::Node& node, const std::string& record) const {
        const bool figure = node.kind == graph::NodeKind::input || graph::is_from_outside(node);
        if (!figure) return world_.year;
        return record == record_ ? world_.own : world_.peers;
    }
    std::int32_t moved(std::size_t side, std::int32_t year) const {
        return year - sides_[world_.year]->evaluation.year + sides_[side]->evaluation.year;
    }

    const Sides& sides_;
    std::string record_;
    World world_;
};

void take_row(const zoneval::Table& from, const std::string& record, zoneval::Table& to) {
    const auto there = from.row(record), here = to.row(record);
    for (std::size_t c = 0; there && here && c < to.columns.size(); ++c) {
        const auto& cells = from.columns[c];
        const auto kind = cells.missing(*there);
        if (kind == feel::Missing::none)
            to.columns[c].set(*here, cells.at(*there));
        else
            to.columns[c].set_missing(*here, kind);
    }
}

/// What is supposed, read as an evaluation is.
class SupposedValues : public exec::Values {
  public:
    explicit SupposedValues(exec::Counterfactual& supposed) : supposed_(supposed) {}
    Value value(graph::NodeId node, std::size_t record) override { return supposed_.value(node, record); }
    exec::Outcome outcome(graph::NodeId decision, std::size_t record) override {
        return supposed_.outcome(decision, record);
    }
    const exec::Reopened* earlier(graph::NodeId /*history*/, std::size_t /*record*/) override { return nullptr; }
    std::map<graph::NodeId, exec::Reopened> reopened(const std::vector<graph::NodeId>& /*nodes*/,
                                                     std::size_t /*record*/) override {
        return {};
    }

  private:
    exec::Counterfactual& supposed_;
};

}  // namespace

/// Everybody's figures of one side; or of one record, `apart`, those of another.
struct Worlds::Made {
    Made(const Sides& sides, World world, const std::string& apart = "")
        : table(*sides[world.peers]->table), history(sides, world) {
        table.year = sides[world.year]->evaluation.year;
        if (world.own != world.peers) {
            take_row(*sides[world.own]->table, apart, table);
            history.set_apart(apart, world.own);
        }
        evaluation = exec::evaluate_columns(*sides[0]->graph, table, history);
    }
    zoneval::Table table;
    MixedHistory history;
    exec::Evaluation evaluation;
};

/// Records whose figures are of another side, one after the other: only what hangs on them is computed anew.
struct Worlds::Apart {
    Apart(const Sides& sides, const exec::Evaluation& base, World world)
        : history(sides, world), supposed(base, history), evaluation(base) {
        evaluation.values = std::make_shared<SupposedValues>(supposed);
    }
    /// False where the record's figures may say who belongs to the cohort.
    bool set(const Assessment& own, std::size_t side, const std::string& record) {
        const auto there = own.evaluation.find(record), here = evaluation.find(record);
        if (!there || !here || !supposed.can_look_back_anew()) return false;
        supposed.forget();
        history.set_apart(record, side);
        supposed.look_back_anew(*here);
        for (const auto& node : evaluation.graph->nodes) {
            if (!std::holds_alternative<graph::InputForm>(node.form)) continue;
            const auto value = own.evaluation.value(node.id, *there);
            if (!feel::identical(value, evaluation.value(node.id, *here)) && !supposed.can_suppose(node.id))
                return false;
            supposed.suppose(node.id, *here, value);
        }
        return true;
    }

    MixedHistory history;
    exec::Counterfactual supposed;
    exec::Evaluation evaluation;
};

Worlds::Worlds(const Assessment& from, const Assessment& to) : sides_{&from, &to} {}
Worlds::~Worlds() = default;

const exec::Evaluation& Worlds::of(const std::string& record, World world) {
    auto& same = same_[world.peers][world.year];  // the same for every record
    if (!same) same = std::make_unique<Made>(sides_, World{world.peers, world.peers, world.year});
    if (world.own == world.peers) return same->evaluation;
    auto& apart = apart_[world.peers][world.year];
    if (!apart) apart = std::make_unique<Apart>(sides_, same->evaluation, world);
    if (apart->set(*sides_[world.own], world.own, record)) return apart->evaluation;
    whole_ = std::make_unique<Made>(sides_, world, record);
    return whole_->evaluation;
}

}  // namespace zoneval::results
