// What both fuzzers of import read against, and what must hold whatever they are given.
#pragma once

#include <cstdlib>
#include <string_view>

#include "engine/io/import.hpp"

namespace zoneval::fuzz {

inline DatasetSchema dataset() {
    using TypeKind = feel::Type::Kind;
    DatasetSchema out;
    out.record = "zone";
    out.dataset = "fuzz";
    out.id_header = "zone";
    out.year_header = "year";
    const std::pair<const char*, TypeKind> columns[] = {{"GDP", TypeKind::number},
                                                        {"region", TypeKind::string},
                                                        {"listed", TypeKind::boolean},
                                                        {"founded", TypeKind::date}};
    for (const auto& [name, type] : columns) {
        ColumnSchema column;
        column.name = column.header = name;
        column.type = type;
        out.columns.push_back(std::move(column));
    }
    out.columns[0].min = feel::Decimal(0);
    out.columns[1].values = {"East", "West"};
    out.missing_codes = {{"-", feel::Missing::suppressed}};
    out.roster = {"A", "B", "C"};
    return out;
}

inline void read_and_check(std::string_view bytes, const io::ReadOptions& options) {
    static const auto schema = dataset();
    Diagnostics found;
    const auto rows = io::read_rows_of("fuzz", bytes, schema, options, found);
    for (const auto& column : rows.columns)
        if (column.size() != rows.records.size()) std::abort();
    if (rows.records.empty() && !found.has_errors()) std::abort();
    render_text(found, false);
}

}  // namespace zoneval::fuzz
