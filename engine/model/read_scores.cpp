// Scores: groups of indicators, and how points become one score.
#include "engine/model/read_scores.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace zoneval::model {

namespace {

void read_scale(const Yaml& node, Score& score, MapReader& map) {
    const auto range = read_goalposts(node, "scale", map);
    if (!range) return;
    const auto low = parse_share(range->first.text), high = parse_share(range->second.text);
    if (low && high && *low < *high) {
        score.low = *low;
        score.high = *high;
        return;
    }
    map.wrong(node, "scale", "a range such as `0..100`");
}

/// `indicators` is a list.
bool is_list(const Yaml& list, const std::string& context, Diagnostics& diagnostics) {
    if (!list.is_sequence())
        diagnostics.add(Kind::wrong_shape, *list.source, list.span,
                        fmt::format("`indicators` of {} is {}", context, to_string(list.shape)),
                        "a list: `- {of: …, weight: …}`");
    else if (list.items.empty())
        diagnostics.add(Kind::wrong_shape, *list.source, list.span, fmt::format("`indicators` of {} is empty", context),
                        "at least one: `- {of: …, weight: …}`");
    return list.is_sequence();
}

/// `aggregate` and `floor`; what is not said is as in the group above.
Aggregation read_aggregation(MapReader& map, const Aggregation& above, const Score& score) {
    using enum Aggregation::How;
    constexpr std::pair<std::string_view, Aggregation::How> names[] = {
        {"arithmetic", arithmetic}, {"geometric", geometric}, {"harmonic", harmonic},
        {"median", median},         {"minimum", minimum},     {"copeland", copeland}};
    auto out = above;
    if (const auto* node = map.take("aggregate")) {
        constexpr std::string_view power_mean = "power ";
        const auto text = node->is_scalar() ? std::string_view(node->scalar) : std::string_view();
        const auto found =
            std::find_if(std::begin(names), std::end(names), [&](const auto& name) { return name.first == text; });
        const auto exponent =
            text.starts_with(power_mean) ? feel::Decimal::parse(text.substr(power_mean.size())) : std::nullopt;
        out.floor.reset();
        if (found != std::end(names))
            out.how = found->second;
        else if (exponent && *exponent != feel::Decimal(0))
            out.how = power, out.exponent = *exponent;
        else
            map.wrong(*node, "aggregate", "arithmetic, geometric, harmonic, median, minimum, copeland, or `power 2`");
        const auto cannot = [&](std::string_view what, std::string_view policy) {
            map.diagnostics().add(Kind::wrong_shape, *node->source, node->span,
                                  fmt::format("`aggregate: {}` of {} cannot {}", text, map.context(), what),
                                  fmt::format("arithmetic, or another policy than `missing: {}`", policy));
        };
        if ((out.how == median || out.how == minimum || out.how == copeland) &&
            score.on_missing == Score::OnMissing::reweight)
            cannot("leave missing parts out", "… reweight");
        if (out.how != arithmetic && score.on_missing == Score::OnMissing::zero)
            cannot("count a missing part as zero", "zero");
    }
    if (const auto floor = map.number("floor")) out.floor = *floor;
    return out;
}

class GroupsReader {
  public:
    /// `each_group`: what groups have to have that do not say otherwise.
    GroupsReader(const Score& score, IndicatorTable table, bool has_table, Presence each_group,
                 Diagnostics& diagnostics)
        : score_(score),
          table_(std::move(table)),
          has_table_(has_table),
          each_group_(each_group),
          diagnostics_(diagnostics) {}

    /// Its `groups` or `indicators`, or those that the table has for it.
    void read(MapReader& map, IndicatorGroup& out, const std::string& context, const Yaml& place, Defaults defaults) {
        out.aggregation = read_aggregation(map, out.aggregation, score_);
        read_defaults(map, defaults);
        const auto* groups = map.take("groups");
        const auto* indicators = map.take("indicators");
        if (groups && indicators) map.wrong(*indicators, "indicators", "either `groups` or `indicators`, not both");
        if (has_table_ && indicators)
            map.wrong(*indicators, "indicators", "either `indicators`, or `indicators from` of the score, not both");
        if (!groups && !indicators && !has_table_) map.require(out.name.empty() ? "groups" : "indicators");
        std::vector<Weight*> weights;
        std::vector<WrittenWeight> written;
        if (groups) read_groups(*groups, out, context, defaults, written);
        if (indicators && is_list(*indicators, context, diagnostics_))
            for (const auto& item : indicators->items)
                out.indicators.push_back(read_indicator(item, defaults, context, written, diagnostics_));
        if (!groups && has_table_) take_rows(out, context, defaults, written);
        read_adjustments(map, out);
        for (auto& group : out.groups) weights.push_back(&group.weight);
        for (auto& indicator : out.indicators) weights.push_back(&indicator.weight);
        if (!read_weights(map, out, weights, written))
            settle_weights(weights, written, context, groups ? *groups : place, diagnostics_);
        const bool by = std::any_of(weights.begin(), weights.end(), [](const Weight* w) { return w->by.has_value(); });
        if (by && out.aggregation.how == Aggregation::How::copeland)
            diagnostics_.add(Kind::wrong_shape, *place.source, place.span,
                             fmt::format("weights of {} are formulas", context),
                             "numbers: `copeland` compares by them");
    }

    /// Rows whose group nobody asked for.
    void finish() {
        for (std::size_t i = 0; i < table_.rows.size(); ++i) {
            const auto& row = table_.rows[i];
            if (taken_.contains(i)) continue;
            const auto& at = row.group.empty() ? row.item : row.group_at;
            diagnostics_.add(Kind::unknown_name, *at.source, at.span,
                             row.group.empty() ? std::string("this indicator names no group")
                                               : fmt::format("score `{}` has no group `{}` without groups below it",
                                                             score_.name, row.group),
                             fmt::format("one of {}", fmt::join(asked_, ", ")), did_you_mean(row.group, asked_));
        }
    }

  private:
    void read_groups(const Yaml& groups, IndicatorGroup& out, const std::string& context, const Defaults& defaults,
                     std::vector<WrittenWeight>& written) {
        for_each_entry(groups, "groups", diagnostics_, [&](const Yaml& name, const Yaml& body) {
            const auto group_context = fmt::format("group `{}` of {}", name.scalar, context);
            IndicatorGroup group;
            group.name = name.scalar;
            group.source = name.source;
            group.span = name.span;
            group.aggregation = out.aggregation;
            group.presence = each_group_;
            if (has_table_ && body.shape == Yaml::Shape::null) {  // nothing but its name
                std::vector<WrittenWeight> own;
                written.emplace_back();
                take_rows(group, group_context, defaults, own);
                std::vector<Weight*> weights;
                for (auto& indicator : group.indicators) weights.push_back(&indicator.weight);
                settle_weights(weights, own, group_context, name, diagnostics_);
                out.groups.push_back(std::move(group));
                return;
            }
            MapReader map(body, group_context, diagnostics_);
            written.push_back(read_weight(map));
            group.minimum = map.number("minimum");
            if (const auto* missing = map.take("missing")) read_presence_of(*missing, group, group_context, map);
            read(map, group, group_context, name, defaults);
            map.finish();
            out.groups.push_back(std::move(group));
        });
        if (groups.is_mapping() && groups.entries.empty())
            diagnostics_.add(Kind::wrong_shape, *groups.source, groups.span,
                             fmt::format("`groups` of {} is empty", context),
                             "at least one: `name: {weight: …, indicators: […]}`");
    }

    /// `missing: {at least: 2}` of a group: what becomes of missing parts is the score's to say.
    void read_presence_of(const Yaml& node, IndicatorGroup& group, const std::string& context, MapReader& above) {
        if (score_.on_missing != Score::OnMissing::reweight)
            return above.pointless(node, "missing", "the score does not leave missing parts out",
                                   "`missing: {at most: 20 %, then: reweight}` of the score, too");
        MapReader map(node, "`missing` of " + context, diagnostics_);
        group.presence = read_presence(map);
        if (!group.presence.at_most && !group.presence.at_least) map.require("at least");
        map.finish();
    }

    /// The rows of the table for a group; for a whole without groups, all of them: a group for each that they name.
    void take_rows(IndicatorGroup& out, const std::string& context, const Defaults& defaults,
                   std::vector<WrittenWeight>& written) {
        asked_.push_back(out.name);
        const auto take = [&](IndicatorGroup& group, std::vector<WrittenWeight>& weights, const std::string& where) {
            for (std::size_t i = 0; i < table_.rows.size(); ++i)
                if (table_.rows[i].group == group.name && taken_.insert(i).second)
                    group.indicators.push_back(
                        read_indicator(table_.rows[i].item, defaults, where, weights, diagnostics_));
        };
        if (!out.name.empty()) {
            take(out, written, context);
            if (out.indicators.empty())
                diagnostics_.add(Kind::wrong_shape, *out.source, out.span,
                                 fmt::format("the table has no indicator of {}", context),
                                 fmt::format("rows with `{}` in the column `group`", out.name));
            return;
        }
        const bool grouped = std::any_of(table_.rows.begin(), table_.rows.end(),
                                         [](const IndicatorTable::Row& row) { return !row.group.empty(); });
        if (!grouped) return take(out, written, context);
        for (const auto& row : table_.rows) {
            const bool is_new = std::none_of(out.groups.begin(), out.groups.end(),
                                             [&](const IndicatorGroup& g) { return g.name == row.group; });
            if (row.group.empty() || !is_new) continue;
            IndicatorGroup group;
            group.name = row.group;
            group.source = row.group_at.source;
            group.span = row.group_at.span;
            group.aggregation = out.aggregation;
            group.presence = each_group_;
            std::vector<WrittenWeight> own;
            const auto where = fmt::format("group `{}` of {}", group.name, context);
            take(group, own, where);
            std::vector<Weight*> weights;
            for (auto& indicator : group.indicators) weights.push_back(&indicator.weight);
            settle_weights(weights, own, where, row.group_at, diagnostics_);
            written.emplace_back();
            asked_.push_back(group.name);
            out.groups.push_back(std::move(group));
        }
    }

    const Score& score_;
    IndicatorTable table_;
    bool has_table_;
    Presence each_group_;
    std::set<std::size_t> taken_;     ///< rows that have their group
    std::vector<std::string> asked_;  ///< names of groups that rows may have
    Diagnostics& diagnostics_;
};

/// Gives what each group has to have of its parts, where the policy is of each.
Presence read_missing_policy(const Yaml& node, Score& score, Diagnostics& diagnostics) {
    const std::string context = fmt::format("`missing` of score `{}`", score.name);
    if (node.is_scalar()) {
        if (node.scalar == "unknown") return {};
        if (node.scalar == "zero") {
            score.on_missing = Score::OnMissing::zero;
            return {};
        }
        diagnostics.add(Kind::wrong_shape, *node.source, node.span, fmt::format("{} is `{}`", context, node.scalar),
                        "`unknown`, `zero`, or `{at most: 20 %, then: reweight}`");
        return {};
    }
    MapReader map(node, context, diagnostics);
    score.on_missing = Score::OnMissing::reweight;
    const auto presence = read_presence(map);
    if (!presence.at_most && !presence.at_least) map.require("at most");
    const bool each = map.choice("in", {"each group"}).has_value();
    if (map.require("then")) map.choice("then", {"reweight"});
    map.finish();
    if (!each) score.presence = presence;
    return each ? presence : Presence{};
}

void read_screen(const Yaml& node, Score& score, Diagnostics& diagnostics) {
    MapReader map(node, fmt::format("`screen` of score `{}`", score.name), diagnostics);
    score.screen = Score::Screen{map.share("available"), map.share("non-zero")};
    if (!score.screen->available && !score.screen->non_zero) map.require("available");
    map.finish();
}

}  // namespace

void read_scores(const Yaml& section, RuleSet& rules, const ReadTable& table, Diagnostics& diagnostics) {
    for_each_entry(section, "scores", diagnostics, [&](const Yaml& key, const Yaml& body) {
        auto score = begin_definition<Score>(key);
        const auto context = fmt::format("score `{}`", key.scalar);
        MapReader map(body, context, diagnostics);
        map.common(score);
        map.rounded(score);
        if (const auto* scale = map.take("scale")) read_scale(*scale, score, map);
        Presence each_group;
        if (const auto* missing = map.take("missing")) each_group = read_missing_policy(*missing, score, diagnostics);
        if (const auto* screen = map.take("screen")) read_screen(*screen, score, diagnostics);
        IndicatorTable rows;
        const auto* file = map.take("indicators from");
        if (file && !file->is_scalar()) map.wrong(*file, "indicators from", "a file, e.g. `indicators.csv`");
        if (file && file->is_scalar())
            if (const auto source = table(*file)) rows = read_indicator_table(source, diagnostics);
        for (auto& input : rows.inputs) rules.offered.push_back(std::move(input));
        score.whole.source = key.source;
        score.whole.span = key.span;
        score.whole.presence = each_group;
        GroupsReader groups(score, std::move(rows), file != nullptr, each_group, diagnostics);
        groups.read(map, score.whole, context, key, {});
        groups.finish();
        map.finish();
        rules.scores.push_back(std::move(score));
    });
}

}  // namespace zoneval::model
