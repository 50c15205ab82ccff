// What an indicator's value is worth: an ordinary expression.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "engine/feel/syntax/print.hpp"
#include "engine/feel/value/names.hpp"
#include "engine/graph/builder.hpp"
#include "engine/graph/trees.hpp"

namespace zoneval::graph {

using feel::BinaryOp;
using feel::Decimal;
using feel::ExprPtr;
using model::Indicator;
using model::Score;

/// An indicator's expressions; the value is a node, so that it is computed once.
struct Builder::IndicatorParts {
    NodeId value = -1;
    Formula worst, best, target;
    std::optional<NodeId> within;
};

namespace {

/// Points that say where a record stands among the figures of others.
bool between_others(Indicator::Normalise how) {
    using enum Indicator::Normalise;
    return how == min_max || how == fraction_of_maximum || how == distance_to_target || how == distance_to_reference;
}

/// Points that are a place among this year's records.
bool is_place(Indicator::Normalise how) {
    using enum Indicator::Normalise;
    return how == percent_rank || how == rank || how == borda;
}

/// Whatever the figure.
bool on_scale(const Indicator& indicator) {
    using enum Indicator::Normalise;
    const auto how = indicator.normalise;
    if (how == percent_rank) return true;
    if (how == min_max && !indicator.reference_years) return true;
    if (how == min_max || how == z_score || how == fraction_of_maximum) return indicator.truncate.value_or(false);
    return (how == goalposts || how == distance_to_target || how == distance_to_reference) &&
           indicator.truncate.value_or(true);
}

/// Points lie on the scale, whatever the figure; a part that counts as zero may lie below it.
void set_bounds(const Score& score, Node& node) {
    const bool as_zero = score.on_missing == Score::OnMissing::zero;
    node.low = as_zero ? std::min(score.low, Decimal(0)) : score.low;
    node.high = as_zero ? std::max(score.high, Decimal(0)) : score.high;
}

}  // namespace

/// low + percent rank(±value) * width; low + (value - least) / (most - least) * width, where all alike give half; the
/// way from worst to best, or from the least to a target, within the scale; or a number that no scale bounds.
ExprPtr Builder::points(const Score& score, const Indicator& indicator, IndicatorParts& p) {
    const Trees t(graph_, indicator.span);
    const auto low = [&] { return t.value(score.low); };
    const auto width = score.high - score.low;
    const auto cut = [&](ExprPtr points, bool as_method_does) {
        if (!indicator.truncate.value_or(as_method_does)) return points;
        return t.call("max", low(), t.call("min", t.value(score.high), std::move(points)));
    };
    const auto in_scale = [&](ExprPtr way) {
        return cut(t.add(low(), t.multiply(std::move(way), t.value(width))), true);
    };
    switch (indicator.normalise) {
        case Indicator::Normalise::none: return t.name(p.value);
        case Indicator::Normalise::percent_rank: {
            if (indicator.average_ties) {  // (n - place) / (n - 1), with n the records that have a value
                const auto place =
                               cohort_node(CohortFunction::average_rank,
                                           indicator.lower_is_better ? turned(p.value, indicator) : p.value, p.within),
                           count = cohort_node(CohortFunction::count, p.value, p.within);
                auto below =
                    t.divide(t.subtract(t.name(count), t.name(place)), t.subtract(t.name(count), t.value(Decimal(1))));
                return t.add(low(), t.multiply(std::move(below), t.value(width)));
            }
            const auto ranked = indicator.lower_is_better ? turned(p.value, indicator) : p.value;
            const auto rank = cohort_node(CohortFunction::percent_rank, ranked, p.within);
            return t.add(low(), t.multiply(t.name(rank), t.value(width)));
        }
        case Indicator::Normalise::rank:
        case Indicator::Normalise::borda: {  // the worst has 1, or 0
            const auto rank = cohort_node(indicator.average_ties ? CohortFunction::average_rank : CohortFunction::rank,
                                          indicator.lower_is_better ? p.value : turned(p.value, indicator), p.within);
            return indicator.normalise == Indicator::Normalise::rank ? t.name(rank)
                                                                     : t.subtract(t.name(rank), t.value(Decimal(1)));
        }
        case Indicator::Normalise::z_score: {
            const auto mean = statistic(CohortFunction::mean, p.value, p.within, indicator),
                       deviation = statistic(CohortFunction::stddev, p.value, p.within, indicator);
            auto above = indicator.lower_is_better ? t.subtract(t.name(mean), t.name(p.value))
                                                   : t.subtract(t.name(p.value), t.name(mean));
            auto z = t.divide(std::move(above), t.name(deviation));
            if (indicator.deviation != Decimal(1)) z = t.multiply(std::move(z), t.value(indicator.deviation));
            if (indicator.mean != Decimal(0)) z = t.add(t.value(indicator.mean), std::move(z));
            return t.choose(t.is_null(p.value), t.name(p.value),
                            t.choose(t.binary(BinaryOp::equal, t.name(deviation), t.value(Decimal(0))),
                                     t.value(indicator.mean), cut(std::move(z), false)));
        }
        case Indicator::Normalise::fraction_of_maximum: {
            const auto value = indicator.lower_is_better ? turned(p.value, indicator) : p.value;
            const auto most = statistic(CohortFunction::max, value, p.within, indicator);
            return cut(t.add(low(), t.multiply(t.divide(t.name(value), t.name(most)), t.value(width))), false);
        }
        case Indicator::Normalise::distance_to_target: {
            const auto value = indicator.lower_is_better ? turned(p.value, indicator) : p.value;
            const auto least = statistic(CohortFunction::min, value, p.within, indicator);
            auto target = feel::clone(*p.target.expr);
            if (indicator.lower_is_better) target = t.negate(std::move(target));
            return in_scale(
                t.divide(t.subtract(t.name(value), t.name(least)), t.subtract(std::move(target), t.name(least))));
        }
        case Indicator::Normalise::distance_to_reference: {
            const auto value = indicator.lower_is_better ? turned(p.value, indicator) : p.value;
            const auto least = statistic(CohortFunction::min, value, p.within, indicator),
                       reference = reference_value(value, indicator);
            return in_scale(
                t.divide(t.subtract(t.name(value), t.name(least)), t.subtract(t.name(reference), t.name(least))));
        }
        case Indicator::Normalise::min_max: {
            const auto least = statistic(CohortFunction::min, p.value, p.within, indicator),
                       most = statistic(CohortFunction::max, p.value, p.within, indicator);
            auto above = indicator.lower_is_better ? t.subtract(t.name(most), t.name(p.value))
                                                   : t.subtract(t.name(p.value), t.name(least));
            auto share = t.divide(std::move(above), t.subtract(t.name(most), t.name(least)));
            // Where all records are alike nobody is better: half the points for each.
            auto middle = t.value(score.low + width / Decimal(2));
            return t.choose(t.is_null(p.value), t.name(p.value),
                            t.choose(t.binary(BinaryOp::equal, t.name(most), t.name(least)), std::move(middle),
                                     cut(t.add(low(), t.multiply(std::move(share), t.value(width))), false)));
        }
        case Indicator::Normalise::categories: return category_points(indicator, p.value);
        case Indicator::Normalise::goalposts: break;
    }
    return in_scale(t.divide(t.subtract(t.name(p.value), feel::clone(*p.worst.expr)),
                             t.subtract(feel::clone(*p.best.expr), feel::clone(*p.worst.expr))));
}

/// Whether the value is of a category: a word of its own, or unary tests as in a decision table.
ExprPtr Builder::category_test(const feel::ExpressionText& written, NodeId value, const Indicator& indicator) {
    const Trees t(graph_, indicator.span);
    const auto* input = std::get_if<InputForm>(&node(value).form);
    const bool texts = input && !input->input->values.empty();
    const auto equals = [&](const std::string& text) {
        return t.binary(BinaryOp::equal, t.name(value), t.value(feel::Value(text)));
    };
    if (texts) {
        const auto& values = input->input->values;
        if (std::find(values.begin(), values.end(), written.text) != values.end()) return equals(written.text);
        if (feel::is_name(written.text))
            diagnostics_.add(Kind::undeclared_value, *written.source, {written.offsets.front(), written.offsets.back()},
                             fmt::format("`{}` is not a value of `{}`", written.text, node(value).name),
                             fmt::format("one of {}", fmt::join(values, ", ")), did_you_mean(written.text, values));
    }
    const bool literal = written.text == "true" || written.text == "false" || written.text == "null";
    if (feel::is_name(written.text) && !literal && visible_.find(feel::normalized_name(written.text)) < 0)
        return equals(written.text);
    auto tests = parse_tests(written);
    if (!tests) return nullptr;
    if (const auto* unary = tests.expr->as<feel::UnaryTests>(); unary && unary->any) return t.value(true);
    put_for_tested(*tests.expr, value);
    return std::move(tests.expr);
}

/// What stands for the tested value becomes the name of a node.
void Builder::put_for_tested(feel::Expr& expr, NodeId value) const {
    if (auto* name = expr.as<feel::Name>(); name && name->slot == graph_.tested) {
        name->name = graph_.node(value).name;
        name->slot = value;
    }
    feel::for_each_child(expr, [&](ExprPtr& child) { put_for_tested(*child, value); });
}

/// The points of the first category that holds; none of them: the null of a blank, or one that says so.
ExprPtr Builder::category_points(const Indicator& indicator, NodeId value) {
    const Trees t(graph_, indicator.span);
    if (const auto* input = std::get_if<InputForm>(&node(value).form))
        for (const auto& declared : input->input->values) {
            const bool named = std::any_of(indicator.categories.begin(), indicator.categories.end(),
                                           [&](const auto& c) { return c.test.text == declared; });
            const bool plain = std::all_of(indicator.categories.begin(), indicator.categories.end(),
                                           [](const auto& c) { return feel::is_name(c.test.text); });
            if (!named && plain)
                diagnostics_.add(Kind::wrong_shape, *indicator.source, indicator.span,
                                 fmt::format("`{}` may be `{}`, which no category has", node(value).name, declared),
                                 "points for each value");
        }
    auto out = t.value({});
    for (auto category = indicator.categories.rbegin(); category != indicator.categories.rend(); ++category)
        if (auto test = category_test(category->test, value, indicator))
            out = t.choose(std::move(test), t.value(category->points), std::move(out));
    return out;
}

/// The value with its sign turned.
NodeId Builder::turned(NodeId value, const Indicator& indicator) {
    const auto out = hidden("-" + node(value).name);
    const Trees t(graph_, indicator.span);
    node(out).form = ExpressionForm{{t.negate(t.name(value)), indicator.source, node(out).name}};
    return out;
}

NodeId Builder::divided(NodeId value, const Indicator& indicator) {
    auto by = parse(*indicator.per);
    if (!by) return value;
    const Trees t(graph_, indicator.span);
    const auto divisor = operand_node(std::move(by));
    const auto out = hidden(fmt::format("{} per {}", node(value).name, node(divisor).name));
    node(out).form = ExpressionForm{{t.divide(t.name(value), t.name(divisor)), indicator.source, node(out).name}};
    return out;
}

/// What stands in for a missing value. It makes a fact of a blank on the score's behalf: where an adverse verdict would
/// rest on it, the blank is put back.
NodeId Builder::imputed(NodeId value, const Indicator& indicator) {
    const Trees t(graph_, indicator.span);
    std::optional<NodeId> instead;
    std::string words;
    if (indicator.impute == model::Impute::linear) {
        instead = years_node({std::nullopt, value, std::nullopt, {}, 0}, indicator);
        words = "between those of the years before and after";
    } else if (indicator.impute == model::Impute::last_year) {
        const auto named = own_values_.at(&indicator).value_or(value);  // before any screen
        if (node(named).kind == NodeKind::hidden) {
            diagnostics_.add(Kind::wrong_arguments, *indicator.source, indicator.span,
                             "last year's value is known only of what has a name", "the name of an input or a measure",
                             "give the expression a name under `measures`");
            return value;
        }
        instead = hidden(fmt::format("prior({})", node(named).name));
        node(*instead).form = HistoryForm{named, 1, false};
        graph_.history_reviews = std::max(graph_.history_reviews, 1);
        words = "that of last year";
    } else {
        std::optional<NodeId> group;
        if (indicator.impute_within)
            if (auto within = parse(*indicator.impute_within)) group = operand_node(std::move(within));
        const bool mean = indicator.impute == model::Impute::mean;
        instead = cohort_node(mean ? CohortFunction::mean : CohortFunction::median, value, group);
        words = fmt::format("the {}{}", mean ? "mean" : "median",
                            group ? " of the same " + node(*group).name : std::string(" of all"));
    }
    const auto out = hidden(fmt::format("{}, or {}", node(value).name, words));
    node(out).form =
        ExpressionForm{{t.choose(t.is_null(value), t.name(*instead), t.name(value)), indicator.source, node(out).name}};
    node(out).of_score = true;
    node(out).imputes = value;
    return out;
}

std::vector<Decimal> treatment_parameters(const model::Treatment& how) {
    std::vector<Decimal> out{Decimal(how.chained ? 1 : 0), Decimal(how.always ? 1 : 0), how.skewness, how.kurtosis};
    for (const auto& step : how.steps) out.insert(out.end(), {Decimal(static_cast<int>(step.how)), step.number});
    return out;
}

/// Outliers treated, under a name that says how.
NodeId Builder::treated(NodeId value, const Indicator& indicator) {
    const auto& how = *indicator.treatment;
    std::string words;
    for (const auto& step : how.steps) {
        using enum model::Treatment::Step::How;
        words += words.empty() ? ", " : how.chained ? ", then " : ", else ";
        words += step.how == winsorise ? fmt::format("at most {} winsorised", step.number.to_string())
                 : step.how == log     ? "its logarithm"
                                       : fmt::format("Box-Cox {}", step.number.to_string());
    }
    if (!how.always)
        words += fmt::format(", unless skewness is below {} or kurtosis below {}", how.skewness.to_string(),
                             how.kurtosis.to_string());
    const auto out = hidden(node(value).name + words);
    node(out).form = CohortForm{CohortFunction::treated, value, std::nullopt, 0, treatment_parameters(how)};
    return out;
}

/// The value of the record that the others are measured by, for all of them.
NodeId Builder::reference_value(NodeId value, const Indicator& indicator) {
    const Trees t(graph_, indicator.span);
    const auto own = hidden(fmt::format("{} of {}", node(value).name, indicator.reference));
    node(own).form = ExpressionForm{
        {t.choose(t.binary(BinaryOp::equal, t.name(graph_.record), t.value(feel::Value(indicator.reference))),
                  t.name(value), t.value({})),
         indicator.source, node(own).name}};
    const auto stated = std::exchange(smallest_group_, 0);  // of one record, whose figure is looked up
    const auto out = statistic(CohortFunction::max, own, std::nullopt, indicator);
    smallest_group_ = stated;
    return out;
}

/// What explanations show instead of the tree.
std::string Builder::points_in_words(const Score& score, const Indicator& indicator, const IndicatorParts& p) {
    const auto& value = node(p.value).name;
    const auto scale = fmt::format("{} to {}", score.low.to_string(), score.high.to_string());
    auto group = p.within ? " within " + node(*p.within).name : "";
    if (indicator.reference_years) group += " of " + indicator.reference_years->to_string();
    const auto turned = indicator.lower_is_better ? ", lower is better" : "";
    switch (indicator.normalise) {
        case Indicator::Normalise::none: return value;
        case Indicator::Normalise::percent_rank:
            return fmt::format("percent rank of {}{}{}, as {}", value, group, turned, scale);
        case Indicator::Normalise::min_max:
            return fmt::format("{} between the least and the most{}{}, as {}", value, group, turned, scale);
        case Indicator::Normalise::z_score:
            return fmt::format("z-score of {}{}{}, with mean {} and standard deviation {}", value, group, turned,
                               indicator.mean.to_string(), indicator.deviation.to_string());
        case Indicator::Normalise::rank: return fmt::format("rank of {} from the worst{}{}", value, group, turned);
        case Indicator::Normalise::borda: return fmt::format("records that {} exceeds{}{}", value, group, turned);
        case Indicator::Normalise::fraction_of_maximum:
            return fmt::format("{} as a fraction of the most{}{}, as {}", value, group, turned, scale);
        case Indicator::Normalise::distance_to_target:
            return fmt::format("{} between the least and {}{}{}, as {}", value, feel::to_feel(*p.target.expr), group,
                               turned, scale);
        case Indicator::Normalise::distance_to_reference:
            return fmt::format("{} between the least and {}{}{}, as {}", value, indicator.reference, group, turned,
                               scale);
        case Indicator::Normalise::categories: {
            std::string out = value;
            for (const auto& category : indicator.categories)
                out += fmt::format("{} {}: {}", &category == &indicator.categories.front() ? " by category:" : ",",
                                   category.test.text, category.points.to_string());
            return out;
        }
        case Indicator::Normalise::goalposts: break;
    }
    return fmt::format("{} from {} (worst) to {} (best), as {}", value, feel::to_feel(*p.worst.expr),
                       feel::to_feel(*p.best.expr), scale);
}

/// nullopt when one of its expressions could not be read.
std::optional<Builder::IndicatorParts> Builder::read_indicator(const Indicator& indicator, const std::string& owner,
                                                               std::size_t number) {
    bool fine = true;
    const auto read = [&](const std::optional<feel::ExpressionText>& text) {
        Formula out;
        if (text) fine = static_cast<bool>(out = parse(*text)) && fine;
        return out;
    };
    const auto value = own_value(indicator, owner, number);
    IndicatorParts out{-1, read(indicator.worst), read(indicator.best), read(indicator.target), std::nullopt};
    auto within = read(indicator.within);
    const bool posts = indicator.normalise != Indicator::Normalise::goalposts || (out.worst && out.best);
    const bool target = indicator.normalise != Indicator::Normalise::distance_to_target || out.target;
    if (!value || !fine || !posts || !target) return std::nullopt;
    if (within) out.within = operand_node(std::move(within));
    out.value = screen_ ? kept_by_screen(*value, indicator) : *value;
    if (indicator.impute != model::Impute::nothing) out.value = imputed(out.value, indicator);
    if (indicator.treatment) out.value = treated(out.value, indicator);
    return out;
}

/// "points of productivity", where nothing is called so yet: explanations list them by this name.
std::string Builder::points_name(const std::string& value, const std::string& owner, std::size_t number) const {
    const auto plain = feel::is_name(value) && !value.starts_with("value ");
    for (const auto& name : {fmt::format("points of {}", value), fmt::format("points of {} in {}", value, owner)})
        if (plain && !hidden_.contains(name) && !graph_.find(name)) return name;
    return fmt::format("points {} of {}", number, owner);
}

std::optional<ScoreNodes::Part> Builder::lower_indicator(const Score& score, const Indicator& indicator,
                                                         const std::string& owner, std::size_t number) {
    const auto stated = smallest_group_ = indicator.smallest_group.value_or(rules_->smallest_group);
    auto parts = read_indicator(indicator, owner, number);
    if (!parts) return std::nullopt;
    // Alone in its group a record has nobody to stand between or below: the part is missing, as a percentile rank is.
    constexpr int two = 2;
    if (indicator.reference_years && is_place(indicator.normalise))
        diagnostics_.add(Kind::wrong_arguments, *indicator.source, indicator.span,
                         fmt::format("the points of `{}` are places among the records of the year, whatever other "
                                     "years say",
                                     node(parts->value).name),
                         "`min-max`, `z-score`, `fraction of maximum`, or a distance to a target or a reference",
                         "say `reference years` with the indicators that it is for");
    if (between_others(indicator.normalise)) smallest_group_ = std::max(stated, two);
    size_is_stated_ = stated > 0;
    const auto& value_name = node(screen_ ? *own_values_.at(&indicator) : parts->value).name;
    const auto id = hidden(points_name(value_name, owner, number));
    Formula formula{points(score, indicator, *parts), indicator.source, points_in_words(score, indicator, *parts)};
    node(id).of_score = true;
    if (on_scale(indicator)) set_bounds(score, node(id));
    for (const auto& category : indicator.categories) {
        auto &low = node(id).low, &high = node(id).high;
        low = std::min(low.value_or(category.points), category.points);
        high = std::max(high.value_or(category.points), category.points);
        if (score.on_missing == Score::OnMissing::zero) {
            low = std::min(*low, Decimal(0));
            high = std::max(*high, Decimal(0));
        }
    }
    places_.emplace(id,
                    Place{indicator.source, indicator.span, fmt::format("indicator {} of score `{}`", number, owner)});
    node(id).form = ExpressionForm{std::move(formula)};
    smallest_group_ = rules_->smallest_group;
    size_is_stated_ = true;
    return ScoreNodes::Part{&indicator, parts->value, id, {}};
}

}  // namespace zoneval::graph
