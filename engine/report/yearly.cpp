#include "engine/report/yearly.hpp"

#include <map>

#include "engine/audit/replay.hpp"
#include "engine/report/usual.hpp"
#include "engine/results/side_by_side.hpp"

namespace zoneval::report {

namespace {

/// The newest run of each year before, oldest first.
std::vector<store::Run> earlier_runs(const store::Store& store, const store::Run& run) {
    constexpr std::size_t most = 10;
    std::map<std::int32_t, std::int64_t> newest;
    for (const auto& other : store.runs())
        if (other.ruleset == run.ruleset && other.year < run.year) newest[other.year] = other.id;
    while (newest.size() > most) newest.erase(newest.begin());
    std::vector<store::Run> out;
    for (const auto& [year, id] : newest) out.push_back(std::move(*store.run(id)));
    return out;
}

}  // namespace

Yearly::Yearly(const store::Store& store, const assess::Assessment& assessment, const std::string& store_name,
               wording::Language language, const assess::Options& how) {
    const auto columns = usual_columns(*assessment.graph, false);
    table = table_with_reasons(assessment, columns, language, true);
    const auto earlier = earlier_runs(store, assessment.run);
    for (const auto& before : earlier) results::add_earlier(table, before, true, language);
    if (!earlier.empty() && earlier.back().year == assessment.run.year - 1) {
        const auto before = audit::made_again(store, earlier.back(), how);
        changes = results::changes_between(before, assessment, store, {language, 0});
    }
    data = {&assessment, &table, changes ? &*changes : nullptr, with_ends(table, columns), {}, store_name,
            language,    nullptr};
    for (auto& batch : store.batches(assessment.graph->rules->record))
        if (batch.revision <= table.revision) data.files.push_back(std::move(batch));
}

}  // namespace zoneval::report
