// One request being answered: its language, links from one page to another, and answers that are errors.
#pragma once

#include <initializer_list>

#include "engine/audit/explain.hpp"
#include "engine/results/table.hpp"
#include "engine/serve/site.hpp"
#include "engine/wording/served.hpp"

namespace zoneval::serve {

using Arguments = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// Thrown where a request has no answer but why.
struct Refused {
    int status;
    std::string message, expected = "", hint = "";  ///< not escaped
    std::string gist = "";                          ///< what kind of mistake, where the message is in English
};

class Visit {
  public:
    Visit(Site& site, const Request& request, const Target& target);

    Site& site;
    const Request& request;
    const Target& target;
    wording::Language language;
    bool for_program;  ///< an address under /api

    std::string_view code() const;
    std::string say(wording::Served word, Arguments arguments = {}) const {
        return wording::say(word, language, arguments);
    }
    /// The same, escaped.
    std::string html(wording::Served word, Arguments arguments = {}) const;
    /// A path with a query, in the language of this visit; escaped for an attribute.
    std::string link(const std::string& path, Arguments query = {}) const;

    /// Waits for its turn; Refused where others take too long.
    Ledger::Lease lease() const;
    /// The run a path segment names. Refused where there is none.
    const store::Run& run(const State& state, const std::string& segment) const;
    std::size_t record(const assess::Assessment& assessment, const std::string& id) const;
    /// Which of the names may have been meant; empty: none.
    std::string nearest_of(const std::string& word, const std::vector<std::string>& names) const;
    const graph::Node& decision(const graph::Graph& graph, const std::string& name) const;

    /// Name of the site, pages, languages: above every page.
    std::string bar(const std::string& run) const;
    Response page(const std::string& title, std::string body, bool forms, std::vector<std::string> banners = {},
                  const std::string& run = "") const;
    Response refused(const Refused& why) const;
    Response refused(const InputError& error, int status) const;
};

/// What a terminal would obey, if the answer were printed there, is written as `\u202e`.
Response json(std::string_view body);

std::string run_path(std::int64_t run);
std::string record_path(std::int64_t run, const std::string& record);

// Pages: pages.cpp, what_if_page.cpp, genuine_page.cpp
Response home_page(const Visit& visit);
Response search_page(const Visit& visit);
Response report_page(const Visit& visit, const std::string& run);
Response record_page(const Visit& visit, const std::string& run, const std::string& record);
Response why_not_page(const Visit& visit, const std::string& run, const std::string& record);
Response what_if_page(const Visit& visit, const std::string& run);
Response genuine_page(const Visit& visit);

// For programs: api.cpp
Response api_runs(const Visit& visit);
Response api_results(const Visit& visit, const std::string& run);
Response api_explanation(const Visit& visit, const std::string& run, const std::string& record);
Response api_why_not(const Visit& visit, const std::string& run, const std::string& record);
Response api_what_if(const Visit& visit, const std::string& run);
Response api_verify(const Visit& visit);

/// Asked by both: the explanation that a query names (`decision`, `of`).
audit::Explanation explanation_asked(const Visit& visit, State& state, const assess::Assessment& assessment,
                                     std::size_t record);

}  // namespace zoneval::serve
