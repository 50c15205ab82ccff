// Pieces of a page. Texts go in escaped; what stands in attributes and tags is ours.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/report/escape.hpp"

namespace zoneval::report {

inline std::string element(std::string_view name, std::string_view attributes, std::string_view inner) {
    std::string out = "<";
    out.append(name);
    if (!attributes.empty()) out.append(" ").append(attributes);
    return out.append(">").append(inner).append("</").append(name).append(">");
}
inline std::string element(std::string_view name, std::string_view inner) { return element(name, "", inner); }

/// A table that scrolls in itself where it is too wide, with a name for those who cannot see it.
class HtmlTable {
  public:
    struct Head {
        std::string title;  ///< not escaped yet
        bool number = false;
        std::string unit = "";
    };
    HtmlTable(std::string attributes, std::string caption, std::vector<Head> heads);
    /// Cells are escaped already; the first is the row's head.
    void row(const std::vector<std::string>& cells);
    /// The same in the fewest bytes, for rows by the thousand: without end tags, which HTML does not need there; the
    /// table's class says which columns are numbers.
    void terse_row(const std::vector<std::string>& cells);
    void group(const std::string& title);
    void foot(const std::vector<std::string>& cells);
    std::string text() const;

  private:
    std::string cells(const std::vector<std::string>& cells) const;
    std::string attributes_, caption_, body_, foot_;
    std::vector<Head> heads_;
};

}  // namespace zoneval::report
