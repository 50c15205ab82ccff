// What the tests of import share.
#pragma once

#include <string>

#include "engine/io/reading/import.hpp"

namespace zoneval::io::test {

/// A dataset of zones: number GDP (at least 0), string region (East, West), boolean listed, date founded, string
/// remark.
inline DatasetSchema zones() {
    using TypeKind = feel::Type::Kind;
    DatasetSchema schema;
    schema.record = "zone";
    schema.dataset = "annual";
    schema.id_header = "zone";
    schema.year_header = "year";
    ColumnSchema gdp{"GDP",
                     "GDP",
                     TypeKind::number,
                     feel::Decimal(0),
                     {},
                     {},
                     {},
                     false,
                     feel::Missing::not_reported,
                     "100 million CNY"};
    ColumnSchema region{"region",
                        "region",
                        TypeKind::string,
                        {},
                        {},
                        {"East", "West"},
                        {{"东部", "East"}},
                        false,
                        feel::Missing::not_reported,
                        ""};
    ColumnSchema listed{"listed",         "listed", TypeKind::boolean,           {}, {}, {},
                        {{"是", "true"}}, false,    feel::Missing::not_reported, ""};
    ColumnSchema founded{"founded", "founded", TypeKind::date, {}, {}, {}, {}, false, feel::Missing::not_applicable,
                         ""};
    ColumnSchema remark{"remark", "remark", TypeKind::string, {}, {}, {}, {}, false, feel::Missing::not_reported, ""};
    schema.columns = {gdp, region, listed, founded, remark};
    schema.missing_codes = {{"-", feel::Missing::suppressed}, {"#N/A", feel::Missing::not_applicable}};
    return schema;
}

struct Outcome {
    ImportedRows rows;
    Diagnostics diagnostics;
    std::string text() const { return render_text(diagnostics, false); }
    bool fine() const { return !diagnostics.has_errors(); }
    bool says(const std::string& part) const { return text().find(part) != std::string::npos; }
};

inline Outcome read(const std::string& bytes, const DatasetSchema& schema = zones(), const ReadOptions& options = {}) {
    Outcome out;
    out.rows = read_rows_of("zones.csv", bytes, schema, options, out.diagnostics);
    return out;
}

}  // namespace zoneval::io::test
