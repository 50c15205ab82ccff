// A view of results as a file, or as lines for programs.
#pragma once

#include <ostream>
#include <string>

#include "engine/report/view.hpp"
#include "engine/score/robustness.hpp"

namespace zoneval::report {

/// CSV (RFC 4180) in UTF-8 with a mark that Excel knows it by: one row a record, plain texts, numbers with their
/// decimals and a point, empty where there is nothing; run and seal in every row, so that a copied row keeps its
/// origin. What looks like a formula is none (escape.hpp). Throws InputError when the file cannot be written.
void write_csv(const View& view, const std::string& path);

/// The same of how firm each record is: shares from 0 to 1, ranks and scores with the bounds of nine of ten readings.
void write_csv(const score::Robustness& found, const std::string& path);

/// One JSON object a record: names of columns to values, null where there is none, `why` says why. Numbers have all
/// their digits. `version` is that of the form.
void write_json_lines(const View& view, std::ostream& out);

/// Parquet, through the command `duckdb`: numbers as decimals of all their digits (doubles where 38 do not hold them),
/// dates, truth, lists and nulls as what they are; run, seal and what columns mean as the file's metadata. Throws
/// InputError where the command is not there.
void write_parquet(const View& view, const std::string& path);

/// What a workbook tells beside the results.
struct Sources {
    std::string ruleset, title, authority, created_at;
    std::vector<Batch> files;
};
/// XLSX: a sheet of results (heads frozen, filters, units in the heads, outcomes coloured), one of counts, one of
/// reasons, one of sources. Throws InputError when the file cannot be written, or has more records than a sheet has
/// rows.
void write_workbook(const View& view, const Sources& sources, const std::string& path);

}  // namespace zoneval::report
