#include <fmt/format.h>

#include "engine/report/escape.hpp"
#include "engine/report/files.hpp"
#include "engine/report/whole_file.hpp"

namespace zoneval::report {

void write_csv(const score::Robustness& found, const std::string& path) {
    WholeFile file(path);
    const bool verdicts = !found.decision.empty();
    file.write(
        fmt::format("\xEF\xBB\xBF{},{}class,rank,of,same rank,rank from,rank to,median rank,mean rank,score,score from,"
                    "score to,readings,seed\r\n",
                    for_csv(found.record_name), verdicts ? "outcome,holds,otherwise," : ""));
    for (const auto& f : found.records) {
        auto line = for_csv(f.record);
        if (verdicts) {
            std::string other;
            for (const auto& [outcome, share] : f.outcomes)
                if (outcome != f.outcome) {
                    other = outcome.empty() ? "undetermined" : outcome;
                    break;
                }
            line += fmt::format(",{},{},{}", for_csv(f.outcome.empty() ? "undetermined" : f.outcome), f.holds,
                                for_csv(other));
        }
        line += "," + for_csv(f.class_);
        line += f.rank > 0 ? fmt::format(",{},{},{},{},{},{},{}", f.rank, f.of, f.same_rank, f.ranks.low, f.ranks.high,
                                         f.median_rank, f.mean_rank)
                           : std::string(",,,,,,,");
        line += f.score ? fmt::format(",{},{},{}", *f.score, f.scores.low, f.scores.high) : std::string(",,,");
        file.write(line + fmt::format(",{},{}\r\n", found.replicates, found.seed));
    }
    file.finish();
}

}  // namespace zoneval::report
