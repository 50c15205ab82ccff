// What both fuzzers of import read against, and what must hold whatever they are given.
#pragma once

#include <iconv.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/io/reading/import.hpp"

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

/// One of several shapes and ways to write cells, by the bits of a byte.
inline DatasetSchema declared(std::uint8_t bits) {
    auto out = dataset();
    auto& shape = out.shape;
    if (bits & 1) shape.skip = 1;
    if (bits & 2) shape.until = {"B"};
    if (bits & 4) shape.years_in_columns = true;
    if (bits & 8) {
        shape.names_in = "name";
        shape.values_in = "value";
        shape.unit_in = "unit";
    }
    if (bits & 16) shape.drop = feel::ExpressionText::of("zone = \"C\"", "drop");
    if (bits & 32) shape.split = {{"a,b", {"zone", "region"}}};
    if (bits & 64) {
        shape.year_from = Shape::YearFrom::title;
        shape.header_rows = {2, 3};
        shape.units_row = 4;
    }
    if (bits & 128) {
        auto& form = out.columns[0].form;
        form.grouped = form.decimal_comma = form.percent = form.parentheses = form.full_width = form.rounded = true;
        form.marks = {"p"};
        form.less_than = feel::Missing::suppressed;
        out.columns[0].unit = "%";
        out.columns[3].form.dates = {"y/m/d", "serial", "ymd"};
        shape.fill_down = {"region"};
    }
    return out;
}

/// One converter of each encoding that is guessed stays open: else the C library loads its tables anew for every input,
/// which takes more than half of the time.
inline void keep_encodings() {
    // An array, so that they are still there when leaks are looked for.
    [[maybe_unused]] static const std::array kept = {
        iconv_open("UTF-8", "GB18030"),      iconv_open("UTF-8", "Big5"),         iconv_open("UTF-8", "Shift_JIS"),
        iconv_open("UTF-8", "EUC-KR"),       iconv_open("UTF-8", "windows-1252"), iconv_open("UTF-8", "windows-1250"),
        iconv_open("UTF-8", "windows-1251"), iconv_open("UTF-8", "KOI8-R"),       iconv_open("UTF-8", "UTF-16LE"),
        iconv_open("UTF-8", "UTF-16BE")};
}

inline void read_and_check(std::string_view bytes, const io::ReadOptions& options, std::uint8_t shape = 0) {
    keep_encodings();
    const auto schema = declared(shape);
    Diagnostics found;
    const auto rows = io::read_rows_of("fuzz", bytes, schema, options, found);
    for (const auto& column : rows.columns)
        if (column.size() != rows.records.size()) std::abort();
    if (rows.records.empty() && !found.has_errors()) std::abort();
    render_text(found, false);
}

}  // namespace zoneval::fuzz
