#include "engine/serve/supposing.hpp"

#include <fmt/format.h>

#include <charconv>
#include <thread>

namespace zoneval::serve {

using wording::Served;

namespace {

std::int32_t year_from(const Visit& visit, const std::string& text) {
    std::int32_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size())
        throw Refused{400, visit.say(Served::no_year, {{"text", text}}), visit.say(Served::year_wanted)};
    return out;
}

}  // namespace

Supposition supposition_of(const Visit& visit, std::int32_t year) {
    Supposition out;
    constexpr std::string_view of_parameter = "p.";
    for (const auto& [name, value] : visit.target.query) {
        if (value.find_first_not_of(' ') == std::string::npos) continue;
        if (name == "set") out.texts.push_back(value);
        if (name.starts_with(of_parameter))
            out.texts.push_back(fmt::format("{} = {}", name.substr(of_parameter.size()), value));
    }
    const auto record = visit.target.value("record"), input = visit.target.value("input"),
               value = visit.target.value("value");
    if (!value.empty()) out.texts.push_back(fmt::format("{}.{} = {}", record, input, value));
    if (out.texts.size() > most_supposed)
        throw Refused{400, visit.say(Served::too_many_supposed, {{"n", std::to_string(out.texts.size())}}),
                      visit.say(Served::at_most, {{"n", std::to_string(most_supposed)}})};
    const auto from = visit.target.value("from"), until = visit.target.value("until");
    const auto last =
        until.empty() ? (from.empty() ? year : std::max(year, year_from(visit, from))) : year_from(visit, until);
    const auto first = from.empty() ? std::min(year, last) : year_from(visit, from);
    if (first > last || last - first >= static_cast<std::int32_t>(most_years))
        throw Refused{400,
                      visit.say(Served::no_range, {{"first", std::to_string(first)}, {"last", std::to_string(last)}}),
                      visit.say(Served::range_wanted, {{"n", std::to_string(most_years)}})};
    for (auto y = first; y <= last; ++y) out.years.push_back(y);
    return out;
}

audit::WhatIf tried(const Visit& visit, const store::Run& run, const Supposition& supposition) {
    const auto turn = visit.site.turn();
    if (!turn) throw Refused{503, visit.say(Served::busy)};
    store::Store copy(visit.site.options().store, store::Store::Mode::to_try, Ledger::patience);
    copy.require_sound();
    const auto graph = assess::load_stored(copy.ruleset(run.ruleset_hash));
    const auto records = audit::records_of(copy, *graph->rules, supposition.years.back());
    std::vector<audit::Supposed> supposed;
    for (const auto& text : supposition.texts) supposed.push_back(audit::supposed_from(text, *graph->rules, records));
    assess::YearsOptions how;
    how.language = visit.code();
    how.how.stop = turn->token();
    how.how.columns.threads = std::max(1u, std::thread::hardware_concurrency());
    auto out = audit::what_if(copy, graph, visit.decision(*graph, visit.target.value("decision")), supposed,
                              supposition.years, how);
    if (turn->token().stop_requested()) throw Stopped();  // what was not assessed is not what would be
    return out;
}

}  // namespace zoneval::serve
