#include "engine/report/tally.hpp"

#include <algorithm>

#include "engine/wording/pages.hpp"

namespace zoneval::report {

Tally tally_of(const results::Column& column, wording::Language language) {
    Tally out;
    const auto& decision = *graph::decision_of(*column.of);
    if (!decision.gives_list())
        for (const auto& value : decision.values)
            out.entries.push_back(
                {value.to_string(), column.label_of(value.to_string()), 0, decision.is_adverse(value), false});
    std::size_t undetermined = 0, nothing = 0;
    const auto& texts = std::get<results::Column::Texts>(column.cells);
    std::vector<std::size_t> counts(texts.dictionary.size());
    for (std::size_t i = 0; i < column.known.size(); ++i) {
        if (column.known[i])
            ++counts[static_cast<std::size_t>(texts.codes[i])];
        else
            ++(column.undetermined(i) ? undetermined : nothing);
    }
    for (std::size_t code = 0; code < counts.size(); ++code) {
        if (counts[code] == 0) continue;
        const auto& text = texts.dictionary[code];
        const auto place = std::find_if(out.entries.begin(), out.entries.end(),
                                        [&](const Tally::Entry& e) { return e.outcome == text; });
        if (place != out.entries.end())
            place->records += counts[code];
        else
            out.entries.push_back({text, column.label_of(text), counts[code], false, false});
    }
    const auto add = [&](wording::Page word, std::size_t records, bool open) {
        const auto text = wording::say(word, language);
        if (records > 0) out.entries.push_back({text, text, records, false, open});
    };
    add(wording::Page::nothing_fired, nothing, false);
    add(wording::Page::undetermined, undetermined, true);
    for (const auto& entry : out.entries) out.total += entry.records;
    return out;
}

}  // namespace zoneval::report
