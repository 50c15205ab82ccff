// Answers for programs. openapi.json beside this file describes them; a test holds the two together.
#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/audit/why_not.hpp"
#include "engine/report/files.hpp"
#include "engine/report/usual.hpp"
#include "engine/results/ranking.hpp"
#include "engine/results/where.hpp"
#include "engine/serve/remade.hpp"
#include "engine/serve/supposing.hpp"

namespace zoneval::serve {

using Json = nlohmann::ordered_json;

namespace {

Response answered(const Json& body) { return json(body.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"); }

Json json_of(const store::Run& run) {
    return {{"run", run.id},
            {"ruleset", run.ruleset},
            {"year", run.year},
            {"state", store::to_string(run.standing.state)},
            {"created_at", run.created_at},
            {"engine", run.engine_version},
            {"data_revision", run.snapshot.revision},
            {"seal", run.hash}};
}

std::size_t count_asked(const Visit& visit, const char* name, std::size_t usual, std::size_t most) {
    const auto text = visit.target.value(name);
    if (text.empty()) return usual;
    std::size_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || out > most)
        throw Refused{400, fmt::format("`{}` is no {}", text, name), fmt::format("0 to {}", most)};
    return out;
}

}  // namespace

Response api_runs(const Visit& visit) {
    const auto lease = visit.lease();
    Json out = {{"version", 1}, {"runs", Json::array()}};
    for (const auto& run : lease->runs()) out["runs"].push_back(json_of(run));
    return answered(out);
}

Response api_results(const Visit& visit, const std::string& segment) {
    constexpr std::size_t usual = 1000, most = 10'000;
    const auto limit = count_asked(visit, "limit", usual, most), offset = count_asked(visit, "offset", 0, SIZE_MAX);
    const auto lease = visit.lease();
    const auto& assessment = lease->assessment(visit.run(*lease, segment));
    const auto columns = report::usual_columns(*assessment.graph, true);
    const auto table = results::table_of(assessment, {columns, visit.language, true});
    auto rows = results::by_rank(table);
    if (const auto condition = visit.target.value("where"); !condition.empty()) {
        const auto matches = results::where(assessment, condition);
        std::erase_if(rows, [&](std::uint32_t row) { return !matches.holds[row]; });
    }
    const auto all = rows.size();
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(offset, all)));
    if (rows.size() > limit) rows.resize(limit);
    std::ostringstream lines;
    lines.exceptions(std::ios::badbit);  // memory that is not there is no end of what is written
    report::write_json_lines(report::view_of(table, report::with_ends(table, columns), std::move(rows), visit.language),
                             lines);
    auto body = std::move(lines).str();
    if (!body.empty()) body.pop_back();
    for (auto& c : body)
        if (c == '\n') c = ',';  // strings have theirs escaped
    return json(fmt::format("{{\"version\":1,\"run\":{},\"year\":{},\"count\":{},\"offset\":{},\"records\":[{}]}}\n",
                            table.run, table.year, all, offset, body));
}

Response api_explanation(const Visit& visit, const std::string& segment, const std::string& id) {
    const auto lease = visit.lease();
    const auto& assessment = lease->assessment(visit.run(*lease, segment));
    const auto record = visit.record(assessment, id);
    return json(audit::render_json(explanation_asked(visit, *lease, assessment, record)) + "\n");
}

Response api_why_not(const Visit& visit, const std::string& segment, const std::string& id) {
    const auto lease = visit.lease();
    const auto& assessment = lease->assessment(visit.run(*lease, segment));
    const auto record = visit.record(assessment, id);
    const auto& decision = visit.decision(*assessment.graph, visit.target.value("decision"));
    return json(
        audit::render_json(audit::why_not(assessment, decision, record, visit.target.value("outcome"), visit.code())) +
        "\n");
}

Response api_what_if(const Visit& visit, const std::string& segment) {
    std::optional<store::Run> head;
    {
        const auto lease = visit.lease();
        head = visit.run(*lease, segment);
    }
    const auto supposition = supposition_of(visit, head->year);
    if (supposition.texts.empty())
        throw Refused{400, "nothing is supposed", "`set` with `PARAMETER = VALUE` or `RECORD.INPUT = VALUE`"};
    return json(audit::render_json(tried(visit, *head, supposition), supposition.texts));
}

Response api_verify(const Visit& visit) {
    Json out = {{"version", 1}, {"sound", true}, {"wrong", Json::array()}, {"runs", Json::array()}};
    try {
        const auto lease = visit.lease();
        for (const auto& run : lease->runs()) out["runs"].push_back(json_of(run));
        const auto asked = visit.target.value("run");
        if (asked.empty()) return answered(out);
        const auto& head = visit.run(*lease, asked);
        const auto made = remade(*lease, head);
        auto differences = Json::array();
        for (const auto& difference : made.differences) differences.push_back(difference.told());
        out["made_again"] = {
            {"run", head.id}, {"outcomes", made.outcomes}, {"values", made.values}, {"differences", differences}};
    } catch (const store::StoreError& error) {
        out["sound"] = false;
        for (const auto& found : error.diagnostics.all()) out["wrong"].push_back(found.message);
    }
    return answered(out);
}

}  // namespace zoneval::serve
