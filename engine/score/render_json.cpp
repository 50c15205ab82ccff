#include <nlohmann/json.hpp>

#include "engine/score/robustness.hpp"

namespace zoneval::score {

namespace {

using Json = nlohmann::ordered_json;

Json within(const Within& w) { return Json::array({w.low, w.high}); }
Json outcome(const std::string& text) { return text.empty() ? Json() : Json(text); }

std::string key(Choice choice) {
    constexpr const char* names[] = {"weights", "leave_out", "normalise", "aggregate",
                                     "impute",  "winsorise", "data_error"};
    return names[static_cast<std::size_t>(choice)];
}

Json record(const Firmness& f, bool verdicts) {
    Json out = {{"record", f.record}};
    if (!f.label.empty()) out["label"] = f.label;
    if (verdicts) {
        out["outcome"] = outcome(f.outcome);
        out["adverse"] = f.adverse;
        out["holds"] = f.holds;
        out["outcomes"] = Json::array();
        for (const auto& [text, share] : f.outcomes)
            out["outcomes"].push_back({{"outcome", outcome(text)}, {"share", share}});
    }
    if (!f.class_.empty()) out["class"] = f.class_;
    out["rank"] = f.rank == 0 ? Json() : Json(f.rank);
    out["of"] = f.of;
    out["same_rank"] = f.same_rank;
    out["ranked"] = f.ranked;
    if (f.ranked > 0) {
        out["rank_within"] = within(f.ranks);
        out["rank_median"] = f.median_rank;
        out["rank_mean"] = f.mean_rank;
    }
    out["score"] = f.score ? Json(*f.score) : Json();
    if (f.score) out["score_within"] = within(f.scores);
    return out;
}

}  // namespace

std::string render_json(const Robustness& r) {
    Json out = {{"version", 1},
                {"year", r.year},
                {"score", r.score},
                {"decision", r.decision.empty() ? Json() : Json(r.decision)},
                {"readings", r.replicates},
                {"seed", r.seed},
                {"varied", Json::array()},
                {"weights", r.choices.weights},
                {"indicators_left_out", r.choices.leave_out ? r.left_out : 0},
                {"data_error", r.choices.data_error},
                {"records", Json::array()}};
    for (const auto& [indicator, share] : r.effective)
        out["effective_weights"].push_back({{"indicator", indicator}, {"share", share}});
    for (const auto choice : r.varied) out["varied"].push_back(key(choice));
    for (const auto& f : r.records) out["records"].push_back(record(f, !r.decision.empty()));
    for (const auto& each : r.alone) out["alone"].push_back({{"choice", key(each.choice)}, {"holds", each.holds}});
    for (const auto& index : r.indices)
        out["indices"].push_back({{"choice", key(index.choice)},
                                  {"first", index.first},
                                  {"first_within", within(index.first_within)},
                                  {"total", index.total},
                                  {"total_within", within(index.total_within)}});
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace zoneval::score
