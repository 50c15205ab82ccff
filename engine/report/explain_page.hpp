// Explanations as HTML: folded open where one clicks, without a script.
#pragma once

#include <functional>
#include <string>

#include "engine/audit/explain.hpp"
#include "engine/audit/why_not.hpp"

namespace zoneval::report {

/// Where a definition of the rule set is explained, by its name; empty or nothing: nowhere.
using ExplainedAt = std::function<std::string(const std::string& name)>;

/// An outcome in a frame that says of which kind it is, in grey print too.
std::string outcome_chip(const std::string& text, bool open, bool adverse);

/// Conditions with what was found, the limit and how far the one is from the other; below them, how many others lie
/// below. `not_met`: of an outcome that holds because no rule did.
std::string conditions_html(const std::vector<audit::Condition>& conditions, const std::string& caption,
                            wording::Language language, bool not_met);

/// Heading and sections, for a page around them.
std::string explanation_html(const audit::Explanation& explanation, const ExplainedAt& explained_at = {});
std::string why_not_html(const audit::WhyNot& why_not);

/// What stands above the heading: that the run is a draft or was superseded, and the rule set's notes.
std::vector<std::string> banners_of(const audit::Explanation& explanation);

/// A file of its own.
std::string explain_page(const audit::Explanation& explanation);
std::string why_not_page(const audit::WhyNot& why_not);

}  // namespace zoneval::report
