// What zoneval adds to FEEL: functions over the cohort (all records of one year) and over a record's earlier
// years. They have no scalar function: whoever builds the graph computes them and puts a name in their place.
#include "engine/feel/builtins/support.hpp"

namespace zoneval::feel {

namespace {

Builtin cohort(std::string_view name, std::string_view type, std::string_view result, std::string_view doc,
               UnitOf unit = UnitOf::none) {
    return {name,      {{"x", type, false, false, true}, {"group", "Any", true}},
            result,    "cohort",
            "zoneval", doc,
            "",        "",
            nullptr,   {.unit = unit}};
}

}  // namespace

std::vector<Builtin> cohort_builtins() {
    return {
        cohort("rank", "Any", "number",
               "place of x among the records (of the same group): 1 is the highest, equals share the smaller place; of "
               "a list, the first number counts, then the next"),
        cohort("dense rank", "Any", "number", "as rank, but the next place after equals is one more: 1, 1, 2"),
        cohort("average rank", "Any", "number", "as rank, but equals share the mean of their places: 1.5, 1.5, 3"),
        cohort("percent rank", "Any", "number",
               "records strictly below x over n - 1, where n counts the records of the group with a known x: 0 is the "
               "lowest, 1 the highest; null when n is 1"),
        cohort("cohort sum", "number", "number", "sum of x over the records (of the same group)", UnitOf::first),
        cohort("cohort mean", "number", "number", "average of x over the records (of the same group)", UnitOf::first),
        cohort("cohort median", "number", "number", "median of x over the records (of the same group)", UnitOf::first),
        cohort("cohort min", "Any", "Any", "least x of the records (of the same group)", UnitOf::first),
        cohort("cohort max", "Any", "Any", "greatest x of the records (of the same group)", UnitOf::first),
        cohort("cohort count", "Any", "number",
               "records (of the same group) with a known x; of truth values, those that are true"),
        cohort("cohort stddev", "number", "number",
               "sample standard deviation of x over the records (of the same group)", UnitOf::first),
        {"cohort quantile",
         {{"x", "number", false, false, true}, {"share", "number"}, {"group", "Any", true}},
         "number",
         "cohort",
         "zoneval",
         "the value below which that share of the records lies, between neighbours by their distance (R's type 7): "
         "`cohort quantile(x, 0.95)`",
         "",
         "",
         nullptr,
         {.unit = UnitOf::first}},
        cohort("cohort skewness", "number", "number",
               "skewness of x, adjusted for the sample (G1); null of fewer than three records, or when all are alike"),
        cohort("cohort kurtosis", "number", "number",
               "excess kurtosis of x, adjusted for the sample (G2); null of fewer than four records, or when all are "
               "alike"),
        cohort("cohort correlation", "list<number>", "number",
               "Pearson's correlation of two values, over the records that have both: `cohort correlation([x, y])`"),
        cohort("cohort rank correlation", "list<number>", "number",
               "Spearman's correlation: Pearson's of the average ranks"),
        cohort("cohort concordance", "list<number>", "number",
               "Kendall's tau-b: pairs of records in the same order less those in opposite order; of at most 10,000 "
               "records"),
        cohort("cohort alpha", "list<number>", "number",
               "Cronbach's alpha of several values: k² × mean covariance / sum of all (co)variances"),
        cohort(
            "cohort component share", "list<number>", "number",
            "share of the variance of several values, each with a standard deviation of 1, that their first principal "
            "component has"),
        cohort("cohort component loading", "list<number>", "number",
               "loading of the first value of the list on the first principal component of them all: its correlation "
               "with it; the component points where most values rise"),
        cohort("cohort component score", "list<number>", "number",
               "place of the record along the first principal component of several values: its standard scores, each "
               "times what the component has of it"),
        {"prior",
         {{"x", "Any", false, false, true}, {"years", "number", true}},
         "Any",
         "history",
         "zoneval",
         "x of the same record, a number of years earlier (1 unless given)",
         "",
         "",
         nullptr},
        {"over",
         {{"x", "Any", false, false, true}, {"years", "number"}},
         "list<Any>",
         "history",
         "zoneval",
         "x of the same record in the last years, oldest first, this year last",
         "",
         "",
         nullptr},
    };
}

}  // namespace zoneval::feel
