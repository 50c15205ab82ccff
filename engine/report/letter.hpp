// A letter that tells one record its outcome: a template in Markdown with fields, filled in.
#pragma once

#include <string>
#include <vector>

#include "engine/report/page.hpp"

namespace zoneval::report {

/// What a field stands for, by its name: "record", "name", "who" (both), "year", "outcome", "because", "clause",
/// "facts", "decided" and "what would change" (tables), "possible", "waiting for", "rule", "decision", "authority",
/// "rule set", "run", "seal", "kind".
std::vector<std::string> letter_fields();

struct Template {
    std::string name, text;  ///< name: for messages
};
/// The template a record gets when nobody wrote one: for adverse outcomes, for the best one, while undetermined, else.
Template usual_template(const PageData& data, std::uint32_t record);

/// Filled in; fields are names in braces, `{{` and `}}` braces. Throws InputError (ZV103) for a field that is none.
std::string letter_markdown(const PageData& data, std::uint32_t record, const Template& by);
/// The same as a page of its own, for A4.
std::string letter_page(const PageData& data, std::uint32_t record, const Template& by);

}  // namespace zoneval::report
