// The sections of the page, for page.cpp alone.
#pragma once

#include <initializer_list>
#include <string>

#include "engine/report/page.hpp"
#include "engine/wording/pages.hpp"

namespace zoneval::report {

/// What sections ask of the data again and again.
class PageContext {
  public:
    explicit PageContext(const PageData& data);

    const PageData& data;
    const results::Table& table;
    const graph::Graph& graph;
    const results::Column* outcome;           ///< main decision; nullptr: there is none
    std::vector<std::uint32_t> order;         ///< records by rank
    std::vector<std::int32_t> earlier_years;  ///< ascending
    std::vector<std::uint8_t> has_card;       ///< by record

    std::string say(wording::Page page,
                    std::initializer_list<std::pair<std::string_view, std::string_view>> arguments = {}) const {
        return wording::say(page, data.language, arguments);
    }
    std::string kind() const;  ///< what records are, in the page's language
    /// Escaped: id and name, with a link to the scorecard where there is one.
    std::string who(std::uint32_t record) const;
    std::string name(std::uint32_t record) const;  ///< escaped; empty: none
    /// How an outcome looks: its class of the style, the mark before it, and its label.
    struct Look {
        std::string_view look, mark;  ///< look: empty where outcomes of the decision are no verdicts
        std::string shown;
    };
    Look look(const graph::Node& decision, const std::string& outcome, bool undetermined) const;
    std::string chip(const results::Column& column, std::uint32_t record) const;
    std::string chip(const graph::Node& decision, const std::string& outcome, bool undetermined) const;
    /// Escaped; where it rests on figures that were filled in, with an asterisk that tells which.
    std::string figure(const results::Column& column, std::uint32_t record) const;
    bool any_imputed() const;                        ///< of what the page shows
    std::string reason(std::uint32_t record) const;  ///< of the main decision, escaped; what it waits for while open
    std::string clause(std::uint32_t record) const;
    /// What an outcome waits for, by titles, escaped. `column`: that part of a decision.
    std::string waiting(const results::Column* column, std::uint32_t record) const;
    bool adverse(std::uint32_t record) const;
    const results::Column* of_year(const std::string& name, std::int32_t year) const;

  private:
    std::string common_end_;  ///< of all names: the banner says it
};

std::string summary_section(const PageContext& context);
std::string ranking_section(const PageContext& context);
std::string regions_section(const PageContext& context);
std::string ladder_section(const PageContext& context);
std::string figures_section(const PageContext& context);
std::string cards_section(const PageContext& context);
std::string targets_section(const PageContext& context);
std::string rules_section(const PageContext& context);
std::string data_section(const PageContext& context);
std::string sources_section(const PageContext& context);

/// Drawings of one value among all: an SVG of strokes, once for each figure.
struct Strip {
    std::string path;  ///< of a 100 × 10 field
    double low = 0, high = 0;
    std::size_t known = 0;
    double place(double value) const;  ///< 0 to 100
};
Strip strip_of(const std::vector<std::optional<double>>& values);

}  // namespace zoneval::report
