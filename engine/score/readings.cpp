#include "engine/score/readings.hpp"

#include <algorithm>
#include <cmath>

#include "engine/score/draws.hpp"

namespace zoneval::score {

namespace {

/// One of `count`, from a coordinate.
int pick(double u, std::size_t count) {
    return std::min(static_cast<int>(u * static_cast<double>(count)), static_cast<int>(count) - 1);
}

}  // namespace

Readings::Readings(const Choices& choices, const ScoreTree& tree)
    : choices_(choices), tree_(tree), digits_(digits_of(tree)) {
    for (int leaf = 0; leaf < static_cast<int>(tree.leaves.size()); ++leaf)
        if (tree.may_leave_out(leaf)) may_be_left_out_.push_back(leaf);
    const auto vary = [&](Choice choice, std::size_t dimensions) {
        varied_.push_back(choice);
        owner_.insert(owner_.end(), dimensions, choice);
    };
    if (choices.weights > 0 && !tree.weighted.empty()) vary(Choice::weights, tree.weighted.size());
    if (choices.leave_out && !may_be_left_out_.empty()) vary(Choice::leave_out, 1);
    if (!choices.normalise.empty()) vary(Choice::normalise, 1);
    if (!choices.aggregate.empty()) vary(Choice::aggregate, 1);
    if (!choices.impute.empty()) vary(Choice::impute, 1);
    if (!choices.winsorise.empty()) vary(Choice::winsorise, 1);
    if (choices.data_error > 0) vary(Choice::data_error, 1);
}

std::vector<double> weights_of(const Reading& reading, const ScoreTree& tree) {
    auto out = reading.weights;
    if (reading.variant.left_out < 0) return out;
    const auto parent = [&](int at) { return tree.nodes[static_cast<std::size_t>(at)].parent; };
    auto at = tree.leaves[static_cast<std::size_t>(reading.variant.left_out)];
    if (tree.nodes[static_cast<std::size_t>(parent(at))].children.size() > 1) return out;
    while (parent(at) >= 0 && tree.nodes[static_cast<std::size_t>(parent(at))].children.size() == 1) at = parent(at);
    out[static_cast<std::size_t>(at)] = 0;
    return out;
}

int left_out_in(const Reading& reading, const ScoreTree& tree) {
    const auto leaf = reading.variant.left_out;
    if (leaf < 0) return -1;
    const auto group = tree.nodes[static_cast<std::size_t>(tree.leaves[static_cast<std::size_t>(leaf)])].parent;
    return tree.nodes[static_cast<std::size_t>(group)].children.size() > 1 ? leaf : -1;
}

model::Aggregation aggregated(const Choices& choices, const Variant& variant, const model::Score& score,
                              model::Aggregation written) {
    if (variant.aggregate < 0) return written;
    written.how = choices.aggregate[static_cast<std::size_t>(variant.aggregate)];
    if (!written.floor && written.how != model::Aggregation::How::arithmetic)
        written.floor = score.low + (score.high - score.low) / feel::Decimal(100);
    return written;
}

double digits_of(const ScoreTree& tree) {
    double least = 0;
    for (const auto node : tree.weighted)
        if (const auto w = tree.nodes[static_cast<std::size_t>(node)].weight; w > 0)
            least = least == 0 ? w : std::min(least, w);
    constexpr double places = 3, most = 9;  // few digits keep columns of doubles exact
    return std::pow(10, std::clamp(places - std::floor(std::log10(least == 0 ? 1 : least)), 0.0, most));
}

Reading Readings::as_written() const {
    Reading out;
    for (const auto& node : tree_.nodes) out.weights.push_back(node.weight);
    return out;
}

/// What the marked dimensions say; the rest as written.
Reading Readings::only(std::span<const double> point, const std::vector<std::uint8_t>& dimensions) const {
    auto out = as_written();
    std::size_t weight = 0;
    for (std::size_t d = 0; d < owner_.size(); ++d) {
        const auto u = point[d];
        const auto node = owner_[d] == Choice::weights ? static_cast<std::size_t>(tree_.weighted[weight++]) : 0;
        if (!dimensions[d]) continue;
        switch (owner_[d]) {
            case Choice::weights: {
                const auto changed = out.weights[node] * (1 + choices_.weights * (2 * u - 1));
                out.weights[node] = std::nearbyint(changed * digits_) / digits_;
                break;
            }
            case Choice::leave_out:
                out.variant.left_out = may_be_left_out_[static_cast<std::size_t>(pick(u, may_be_left_out_.size()))];
                break;
            case Choice::normalise: out.variant.normalise = pick(u, choices_.normalise.size() + 1) - 1; break;
            case Choice::aggregate: out.variant.aggregate = pick(u, choices_.aggregate.size() + 1) - 1; break;
            case Choice::impute: out.variant.impute = pick(u, choices_.impute.size() + 1) - 1; break;
            case Choice::winsorise: out.variant.winsorise = pick(u, choices_.winsorise.size() + 1) - 1; break;
            case Choice::data_error: out.error = 1 + static_cast<std::uint64_t>(u * 0x1p52); break;
        }
    }
    return out;
}

Reading Readings::at(std::span<const double> point) const {
    return only(point, std::vector<std::uint8_t>(owner_.size(), 1));
}

Reading Readings::at(std::span<const double> point, std::span<const double> other, Choice from_other) const {
    std::vector<double> mixed(point.begin(), point.end());
    for (std::size_t d = 0; d < owner_.size(); ++d)
        if (owner_[d] == from_other) mixed[d] = other[d];
    return at(mixed);
}

Reading Readings::alone(std::span<const double> point, Choice choice) const {
    std::vector<std::uint8_t> dimensions;
    for (const auto owner : owner_) dimensions.push_back(owner == choice);
    return only(point, dimensions);
}

}  // namespace zoneval::score
