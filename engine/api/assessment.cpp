#include "engine/api/assessment.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/api/arrow.hpp"
#include "engine/api/guard.hpp"
#include "engine/assess/results.hpp"
#include "engine/audit/explain.hpp"

namespace zoneval {

namespace {

std::vector<std::string> decision_names(const assess::Assessment& a) {
    std::vector<std::string> out;
    for (const auto id : a.evaluation.decisions) out.push_back(a.graph->node(id).name);
    return out;
}

std::size_t row_of(const assess::Assessment& a, const std::string& record) {
    if (const auto row = a.evaluation.find(record)) return *row;
    throw InputError(Diagnostic{Kind::no_run,
                                fmt::format("`{}` took no part in the assessment of {}", record, a.run.year),
                                {},
                                fmt::format("the id of a {}", a.graph->rules->record),
                                did_you_mean(record, {a.run.records.begin(), a.run.records.end()})});
}

const graph::Node& decision_of(const assess::Assessment& a, const std::string& name) {
    if (const auto* node = audit::decision_to_explain(*a.graph, name)) return *node;
    const auto names = decision_names(a);
    throw InputError(Diagnostic{
        Kind::unknown_name,
        name.empty() ? "the rule set has no decision" : fmt::format("the rule set has no decision `{}`", name),
        {},
        fmt::format("one of {}", fmt::join(names, ", ")),
        did_you_mean(name, names)});
}

}  // namespace

Assessment::Assessment(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Assessment::Assessment(Assessment&&) noexcept = default;
Assessment& Assessment::operator=(Assessment&&) noexcept = default;
Assessment::~Assessment() = default;

std::int32_t Assessment::year() const { return impl_->assessment.run.year; }
std::int64_t Assessment::run() const { return impl_->assessment.run.id; }
const std::string& Assessment::rule_set() const { return impl_->assessment.run.ruleset; }
std::size_t Assessment::size() const { return impl_->assessment.run.records.size(); }
std::string Assessment::record(std::size_t row) const { return std::string(impl_->assessment.run.records[row]); }
const std::vector<std::string>& Assessment::notes() const { return impl_->notes; }
std::vector<std::string> Assessment::decisions() const { return decision_names(impl_->assessment); }

Result<Outcome> Assessment::outcome(const std::string& decision, const std::string& record) const {
    return api::guarded([&]() -> Result<Outcome> {
        const auto& a = impl_->assessment;
        auto outcome = assess::outcome_of(a, decision_of(a, decision), row_of(a, record));
        return Outcome{static_cast<Outcome::Ending>(outcome.ending),
                       outcome.undetermined,
                       std::move(outcome.value),
                       std::move(outcome.rule),
                       std::move(outcome.because),
                       std::move(outcome.possible),
                       std::move(outcome.waiting_for),
                       std::move(outcome.failed)};
    });
}

Result<std::string> Assessment::explain(const std::string& record, const ExplainOptions& options) const {
    return api::guarded([&]() -> Result<std::string> {
        const auto& a = impl_->assessment;
        const auto explanation =
            audit::explain(a, decision_of(a, options.decision), row_of(a, record), options.language);
        return options.json ? audit::render_json(explanation) : audit::render_text(explanation);
    });
}

Result<std::size_t> Assessment::results(ArrowSchema* schema, ArrowArray* array, const ResultOptions& options) const {
    return api::guarded([&]() -> Result<std::size_t> {
        const auto& a = impl_->assessment;
        const auto columns = assess::results_of(a, {options.definitions, options.exact_numbers});
        api::export_results(a, columns, options.language, schema, array);
        return a.run.records.size();
    });
}

}  // namespace zoneval
