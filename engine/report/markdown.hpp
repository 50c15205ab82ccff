// A small part of Markdown (CommonMark and its tables): what letters are written in.
#pragma once

#include <string>
#include <string_view>

namespace zoneval::report {

/// Headings `#` to `###`, paragraphs, lists with `-`, tables with `|`, rules `---`, `**strong**`, `*emphasis*`, a
/// backslash before a mark that is none. Everything else is text; nothing of it becomes HTML of its own.
std::string html_of_markdown(std::string_view markdown);
/// With a backslash before every mark that would be one there, on one line: a name stays a name.
std::string for_markdown(std::string_view text);

}  // namespace zoneval::report
