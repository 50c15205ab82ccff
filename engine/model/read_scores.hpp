// What the readers of scores share; not for other folders.
#pragma once

#include "engine/model/read_definitions.hpp"

namespace zoneval::model {

/// `60 %`, `2`, `1/3`, or the name of a parameter.
struct WrittenWeight {
    enum class As { nothing, per_cent, number, formula } as = As::nothing;
    feel::Decimal value{1};
    std::int64_t divisor = 1;
    std::optional<feel::ExpressionText> by{};
};
WrittenWeight read_weight(MapReader& map);
/// Per cents add up to 100; anything else counts by its part of the sum; no weight at all: all alike.
void settle_weights(const std::vector<Weight*>& weights, const std::vector<WrittenWeight>& written,
                    const std::string& context, const Yaml& place, Diagnostics& diagnostics);
/// Key `weights` of a group: weights by the data, or from a matrix of comparisons, of `count` parts; false: it has
/// none.
bool read_weights(MapReader& map, IndicatorGroup& group, const std::vector<Weight*>& weights,
                  const std::vector<WrittenWeight>& written);

/// Keys `bonus`, `penalties`, `vetoes` and `below minimum` of a group whose parts are read.
void read_adjustments(MapReader& map, IndicatorGroup& group);
/// Keys `at most` and `at least`.
Presence read_presence(MapReader& map);

/// What indicators have in common, unless they say otherwise.
struct Defaults {
    std::optional<Indicator::Normalise> normalise;
    std::optional<feel::ExpressionText> within;
    std::optional<Treatment> treatment;
    Impute impute = Impute::nothing;
    std::optional<feel::ExpressionText> impute_within;
    std::optional<ReferenceYears> reference_years = {};
    std::optional<bool> truncate = {};
};
/// The keys of a score or a group that are for its indicators.
void read_defaults(MapReader& map, Defaults& defaults);

std::optional<std::pair<feel::ExpressionText, feel::ExpressionText>> read_goalposts(const Yaml& node,
                                                                                    std::string_view key,
                                                                                    MapReader& map);
Indicator read_indicator(const Yaml& item, const Defaults& defaults, const std::string& context,
                         std::vector<WrittenWeight>& written, Diagnostics& diagnostics);

/// A table of indicators, as evaluators keep it: rows that read_indicator understands, by the group they name.
struct IndicatorTable {
    struct Row {
        Yaml item;          ///< a mapping, each key and value with its place in the table
        std::string group;  ///< empty: none
        Yaml group_at;      ///< where that stands
    };
    std::vector<Row> rows;
    std::vector<Input> inputs;  ///< what is to be an input where nothing else has that name
};
/// Text with a line of titles, separated by commas, semicolons or tabs (RFC 4180).
IndicatorTable read_indicator_table(const SourcePtr& source, Diagnostics& diagnostics);

}  // namespace zoneval::model
