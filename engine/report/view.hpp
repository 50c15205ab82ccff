// Which columns and records of a table are shown.
#pragma once

#include "engine/results/table.hpp"

namespace zoneval::report {

struct View {
    const results::Table* table = nullptr;
    std::vector<const results::Column*> columns;
    std::vector<std::uint32_t> rows;  ///< in the order they are shown
    wording::Language language = wording::Language::en;
};

/// Columns by name; empty: all. Throws InputError (ZV103) for a name that is none, saying which there are.
View view_of(const results::Table& table, const std::vector<std::string>& columns, std::vector<std::uint32_t> rows,
             wording::Language language);

/// What a page says at its head: that a run is a draft, or no longer stands, and the notes of the rule set.
std::vector<std::string> banners(const store::Standing& standing, std::int32_t year,
                                 const std::vector<std::string>& notes, wording::Language language);

/// Records shown whose number rests on figures that were filled in.
std::vector<std::uint32_t> with_imputed(const View& view, const results::Column& column);
/// Those figures, with the titles that people read.
std::string imputed_titles(const View& view, const results::Column& column, std::uint32_t row);

/// 1,000,000
using wording::with_commas;

}  // namespace zoneval::report
