// What changed between two runs, for a terminal and for programs.
#pragma once

#include <string>

#include "engine/results/changes.hpp"

namespace zoneval::report {

struct ChangesTextOptions {
    wording::Language language = wording::Language::en;
    bool list = false;   ///< every record that moved, with its cause
    std::string record;  ///< only this one; empty: all
    std::size_t width = 100;
    std::optional<int> decimals;  ///< of scores
    std::vector<std::string> notes;
    std::string next;
};

std::string changes_text(const results::Changes& changes, const ChangesTextOptions& options);
std::string changes_json(const results::Changes& changes);
std::string_view to_string(results::Cause cause);  ///< "own", "peers", … for programs

}  // namespace zoneval::report
