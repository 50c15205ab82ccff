#include "zoneval/store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/api/assessment.hpp"
#include "engine/api/data.hpp"
#include "engine/api/guard.hpp"
#include "engine/api/rule_set.hpp"
#include "engine/assess/years.hpp"
#include "engine/audit/replay.hpp"

namespace zoneval {

class Store::Impl {
  public:
    explicit Impl(std::shared_ptr<store::Store> store) : opened(std::move(store)) {}
    std::shared_ptr<store::Store> opened;
};

namespace {

assess::Options options_of(const AssessOptions& options) {
    assess::Options out;
    out.exact = options.exact;
    out.columns.threads = options.threads;
    out.columns.progress = options.progress;
    out.stop = options.stop;
    return out;
}

Finding told(const audit::NoRun& none, const RunWanted& wanted) {
    using Why = audit::NoRun::Why;
    switch (none.why) {
        case Why::no_such_number: return api::finding(Kind::no_run, fmt::format("the store has no run {}", wanted.run));
        case Why::nothing_assessed: return api::finding(Kind::no_run, "the store holds no assessment");
        case Why::several_rulesets:
            return api::finding(Kind::no_run, "the store holds assessments by several rule sets",
                                fmt::format("the id of one of them: {}", fmt::join(none.rulesets, ", ")));
        case Why::not_assessed:
            return api::finding(Kind::no_run,
                                fmt::format("the store holds no assessment of {} by `{}`", wanted.year, none.ruleset),
                                fmt::format("one of the years assessed: {}", fmt::join(none.years, ", ")),
                                did_you_mean(none.ruleset, none.rulesets));
    }
    return api::finding(Kind::no_run, "there is no such run");
}

Finding told(const assess::Stale& stale, std::int32_t year) {
    return api::finding(
        Kind::stale_run,
        fmt::format("{} builds on earlier assessments as they were issued, but {}", year,
                    fmt::join(stale.reasons, "; ")),
        "",
        fmt::format("to decide them anew, assess {} to {} again, then {}", stale.first_year, stale.last_year, year));
}

}  // namespace

Store::Store(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<Store> Store::made(const std::string& path) {
    return api::guarded([&]() -> Result<Store> {
        auto opened = std::make_shared<store::Store>(path, store::Store::Mode::create_or_open);
        opened->require_sound();
        return Store(std::make_shared<Impl>(std::move(opened)));
    });
}

Result<Store> Store::open(const std::string& path) {
    if (path.empty() || path == ":memory:")
        return Result<Store>::failed({api::finding(Kind::store_error, "a store needs the path of a file", "a path",
                                                   "Store::in_memory keeps nothing")});
    return made(path);
}

Result<Store> Store::in_memory() { return made(":memory:"); }

Result<std::int64_t> Store::add(Data data, const std::string& note) {
    return api::guarded([&]() -> Result<std::int64_t> {
        const auto& [schema, rows] = data.impl();
        auto writing = impl_->opened->write();
        const auto before = impl_->opened->imported_before(rows, schema);
        if (before && before->same_reading) return before->batch.revision;
        const auto revision = impl_->opened->import(rows, schema, note);
        writing.commit();
        return revision;
    });
}

Result<Assessment> Store::assess(const RuleSet& rules, std::int32_t year, const AssessOptions& options) {
    return api::guarded([&]() -> Result<Assessment> {
        assess::TellYear tell;
        if (options.progress)
            tell = [told = options.progress](std::int32_t, assess::Stage stage, std::size_t done, std::size_t total) {
                if (stage == assess::Stage::evaluating && total > 0) told(done, total);
            };
        auto recorded = assess::assess_and_record(rules.impl().graph, *impl_->opened, year, options_of(options), tell);
        Findings found;
        if (recorded.stale) found.push_back(told(*recorded.stale, year));
        return {Assessment(std::make_unique<Assessment::Impl>(impl_->opened, std::move(recorded.assessment))),
                std::move(found)};
    });
}

Result<Assessment> Store::again(const RunWanted& wanted, const AssessOptions& options) {
    return api::guarded([&]() -> Result<Assessment> {
        const auto reading = impl_->opened->read_sound();
        const auto found = audit::find_run(*impl_->opened, {wanted.run, wanted.rule_set, wanted.year});
        if (const auto* none = std::get_if<audit::NoRun>(&found))
            return Result<Assessment>::failed({told(*none, wanted)});
        auto replayed = audit::replay(*impl_->opened, std::get<store::Run>(found), options_of(options));
        if (!replayed.differences.empty())
            return Result<Assessment>::failed(
                {api::finding(Kind::no_run,
                              fmt::format("run {} does not come out again as recorded: {}", replayed.assessment.run.id,
                                          replayed.differences.front().told()),
                              "the recorded outcome", audit::why_otherwise(std::get<store::Run>(found)))});
        return Assessment(std::make_unique<Assessment::Impl>(impl_->opened, std::move(replayed.assessment)));
    });
}

Result<std::vector<RunHead>> Store::runs() const {
    return api::guarded([&]() -> Result<std::vector<RunHead>> {
        const auto reading = impl_->opened->read();
        std::vector<RunHead> out;
        for (auto& run : impl_->opened->runs())
            out.push_back({run.id, std::move(run.ruleset), run.year, std::move(run.created_at), std::move(run.hash)});
        return out;
    });
}

}  // namespace zoneval
