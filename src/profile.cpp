#include "src/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

namespace zoneval::command {

namespace {

void print_row(double milliseconds, double of, std::size_t records, const std::string& name) {
    const auto each =
        records > 0 ? fmt::format("{:.1f}", milliseconds * 1e6 / static_cast<double>(records)) : std::string();
    std::cerr << fmt::format("{:>10.2f} {:>6.1f}% {:>10}  {}\n", milliseconds, of > 0 ? milliseconds / of * 100 : 0.0,
                             each, name);
}

}  // namespace

void print_stages(const std::string& what, const std::vector<TimeAccount::Row>& stages, std::size_t records) {
    auto rows = stages;
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.milliseconds > b.milliseconds; });
    double total = 0, small = 0;
    for (const auto& row : rows) total += row.milliseconds;
    std::cerr << fmt::format("{}: {:.1f} ms\n{:>10} {:>7} {:>10}  {}\n", what, total, "ms", "share",
                             records > 0 ? "ns/record" : "", "stage");
    for (const auto& row : rows)
        if (row.milliseconds * 1000 < total)
            small += row.milliseconds;
        else
            print_row(row.milliseconds, total, records, row.stage.empty() ? "everything else" : std::string(row.stage));
    if (small > 0) print_row(small, total, records, "stages of less than a thousandth each");
}

void print_definitions(const graph::Graph& graph, const exec::ColumnReport& report) {
    auto entries = report.entries;
    std::stable_sort(entries.begin(), entries.end(),
                     [](const auto& a, const auto& b) { return a.milliseconds > b.milliseconds; });
    double total = 0;
    for (const auto& e : entries) total += e.milliseconds;
    std::cerr << fmt::format(
        "of it for definitions: {:.1f} ms, kernels for {}; {} of {} records left to decimal arithmetic\n", total,
        report.kernels, report.in_doubt, report.records);
    if (report.open > 0)
        std::cerr << fmt::format("blanks may decide {} records: {} read one by one, the others are like one of these\n",
                                 report.open, report.read_alone);
    std::cerr << fmt::format("{:>10} {:>7} {:>10} {:>10}  {}\n", "ms", "share", "ns/record", "by record", "definition");
    for (const auto& e : entries)
        std::cerr << fmt::format("{:>10.2f} {:>6.1f}% {:>10.1f} {:>10}  {}{}\n", e.milliseconds,
                                 total > 0 ? e.milliseconds / total * 100 : 0.0,
                                 e.milliseconds * 1e6 / static_cast<double>(std::max<std::size_t>(report.records, 1)),
                                 e.by_record, graph.node(e.node).name, e.why.empty() ? "" : " (" + e.why + ")");
}

}  // namespace zoneval::command
