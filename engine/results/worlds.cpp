#include "engine/results/worlds.hpp"

namespace zoneval::results {

using assess::Assessment;
using feel::Value;

namespace {

using Sides = std::array<const Assessment*, 2>;

/// Figures of each record by its own side, moved to the world's year; earlier outcomes as that year's run read them.
class MixedHistory : public exec::History {
  public:
    MixedHistory(const Sides& sides, const std::string& record, World world)
        : sides_(sides), record_(record), world_(world) {}

    std::optional<Value> value(const graph::Node& node, const std::string& record, std::int32_t year) const override {
        const auto side = side_of(node, record);
        return sides_[side]->history->value(node, record, moved(side, year));
    }
    std::optional<exec::Reopened> reopened(const graph::Node& node, const std::string& record,
                                           std::int32_t year) const override {
        const auto side = side_of(node, record);
        return sides_[side]->history->reopened(node, record, moved(side, year));
    }

  private:
    std::size_t side_of(const graph::Node& node, const std::string& record) const {
        if (node.kind != graph::NodeKind::input) return world_.year;
        return record == record_ ? world_.own : world_.peers;
    }
    std::int32_t moved(std::size_t side, std::int32_t year) const {
        return year - sides_[world_.year]->evaluation.year + sides_[side]->evaluation.year;
    }

    const Sides& sides_;
    const std::string& record_;
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

}  // namespace

struct Worlds::Made {
    Made(const Sides& sides, World world, const std::string& of)
        : record(of), table(*sides[world.peers]->table), history(sides, record, world) {
        table.year = sides[world.year]->evaluation.year;
        if (world.own != world.peers) take_row(*sides[world.own]->table, record, table);
        evaluation = exec::evaluate_columns(*sides[0]->graph, table, history);
    }
    std::string record;
    zoneval::Table table;
    MixedHistory history;
    exec::Evaluation evaluation;
};

Worlds::Worlds(const Assessment& from, const Assessment& to) : sides_{&from, &to} {}
Worlds::~Worlds() = default;

const exec::Evaluation& Worlds::of(const std::string& record, World world) {
    if (world.own != world.peers) {
        apart_ = std::make_unique<Made>(sides_, world, record);
        return apart_->evaluation;
    }
    auto& same = same_[world.own][world.year];  // the same for every record
    if (!same) same = std::make_unique<Made>(sides_, world, "");
    return same->evaluation;
}

}  // namespace zoneval::results
