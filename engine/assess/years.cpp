#include "engine/assess/years.hpp"

#include <fmt/format.h>

#include "engine/assess/other_rules.hpp"
#include "engine/diag/time_account.hpp"

namespace zoneval::assess {

Recorded assess_and_record(std::shared_ptr<const graph::Graph> graph, store::Store& store, std::int32_t year,
                           const Options& options, const TellYear& tell, const std::string& author) {
    const auto told = [&](Stage stage, std::size_t done, std::size_t total) {
        if (tell) tell(year, stage, done, total);
    };
    told(Stage::evaluating, 0, 0);
    TimedStage stage("checking the store");
    std::optional reading(store.read_sound());
    stage.turn_to("reading earlier runs");
    const auto basis = newest_basis(*graph, store, year);
    auto stale = stale_history(*graph, store, basis, year);
    stage.turn_to("assessing");
    auto how = options;
    how.columns.progress = [of = tell, year](std::size_t done, std::size_t total) {
        if (of) of(year, Stage::evaluating, done, total);
    };
    Recorded out{assess(std::move(graph), store, year, basis, how), std::move(stale)};
    auto& made = out.assessment;
    stage.turn_to("notes and targets");
    find_other_rules(*made.graph, store, basis, year, made.findings);
    const auto replaced = replaced_by(made, store);
    find_replaced(replaced, year, made.findings);
    if (auto note = note_of(replaced, year)) made.notes.push_back(std::move(*note));
    if (auto note = stands_beside(store, made.run)) made.notes.push_back(std::move(*note));
    made.run.created_by = author;
    stage.turn_to("recording");
    told(Stage::recording, 0, out.assessment.evaluation.size());
    reading.reset();  // others may write between: the run says which state it saw
    auto writing = store.write();
    store.save(ruleset_text(*out.assessment.graph->rules));
    store.save(out.assessment.run);
    writing.commit();
    return out;
}

YearsDone assess_years(const std::shared_ptr<const graph::Graph>& graph, store::Store& store,
                       const std::vector<std::int32_t>& years, const YearsOptions& options) {
    YearsDone out;
    try {
        for (const auto year : years) {
            YearDone done;
            const auto account = options.profile ? std::make_unique<TimeAccount>() : nullptr;
            auto how = options.how;
            how.columns.report = options.profile && !how.exact ? &done.profile : nullptr;
            auto recorded = assess_and_record(graph, store, year, how, options.tell, options.author);
            {
                const TimedStage stage("summary and table");
                done.summary = summarise(recorded.assessment, options.language);
                done.stale = std::move(recorded.stale);
                if (options.made) options.made(recorded.assessment);
            }
            if (account) done.stages = account->rows();
            out.years.push_back(std::move(done));
        }
    } catch (const Stopped&) {
        out.stopped = true;
    } catch (store::StoreError& error) {
        out.refused = std::move(error.diagnostics);
        out.by_store = true;
    } catch (InputError& error) {
        out.refused = std::move(error.diagnostics);
    }
    return out;
}

}  // namespace zoneval::assess
