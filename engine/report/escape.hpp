// Texts from outside, made harmless where they are shown.
#pragma once

#include <string>
#include <string_view>

namespace zoneval::report {

/// For element content and quoted attributes.
std::string for_html(std::string_view text);
/// A CSV cell. What a spreadsheet would take for a formula (first character = + - @, their full-width forms, a tab or a
/// line break) gets an apostrophe in front; numbers do not come here.
std::string for_csv(std::string_view text);

}  // namespace zoneval::report
