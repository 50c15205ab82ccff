// What would change an outcome, as HTML.
#pragma once

#include <string>

#include "engine/audit/would_change.hpp"

namespace zoneval::report {

/// Heading and sections, for a page around them.
std::string would_change_html(const audit::WouldChange& would_change);
/// The rows of a section; the caption is its title unless another one is given, as where several stand on a page.
std::string section_table(const audit::Section& section, const std::string& caption);
/// A file of its own.
std::string would_change_page(const audit::WouldChange& would_change);

}  // namespace zoneval::report
