// bench_columns RULES FILE.csv THREADS: reads the rows through the command's own path, then evaluates by columns.
// Prints one JSON line: processor time of the evaluation a row, its wall time, and the checksum of the outcomes.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <map>

#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/exec/results/no_history.hpp"
#include "engine/graph/graph.hpp"
#include "engine/io/reading/import.hpp"
#include "engine/model/load.hpp"

using namespace zoneval;

namespace {

double processor_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

Table table_of(io::ImportedRows rows) {
    Table out;
    out.year = rows.years.empty() ? 0 : rows.years.front();
    for (std::size_t i = 0; i < rows.records.size(); ++i) out.append_record(std::string(rows.records[i]), {0, 0});
    out.columns = std::move(rows.columns);
    return out;
}

/// P of W1 and of W2: see bench/README.md.
std::uint64_t checksum(const graph::Graph& graph, const exec::Evaluation& e, bool second) {
    const std::map<std::string, int> verdicts{
        {"none", 0}, {"commend", 1}, {"interview", 2}, {"notice", 3}, {"delist", 4}};
    const auto verdict = graph.find("verdict")->id, cls = graph.find("class")->id, entry = graph.find("entry")->id;
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < e.size(); ++i) {
        const auto v = verdicts.at(*e.value(verdict, i).string());
        const auto weight = std::strtoull(e.record(i).c_str(), nullptr, 10) - 1;
        auto code = static_cast<std::uint64_t>(v);
        if (!second) {
            const auto in = e.value(entry, i);
            code = static_cast<std::uint64_t>(12 * v + 3 * (e.value(cls, i).string()->front() - 'A') +
                                              (in.is_null()   ? 2
                                               : in.is_true() ? 1
                                                              : 0));
        }
        out += (weight % 1009 + 1) * code;
    }
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) return std::fputs("usage: bench_columns RULES FILE.csv THREADS [--profile]\n", stderr), 2;
    try {
        Diagnostics found;
        auto rules =
            std::make_shared<const model::RuleSet>(model::load_ruleset(argv[1], model::read_file_from_disk, found));
        const auto graph = std::make_shared<const graph::Graph>(graph::build_graph(rules, found));
        const auto schema = model::dataset_schema(*rules, "");
        auto rows = io::read_rows(argv[2], *schema, {}, found);
        if (found.has_errors()) throw InputError(std::move(found));
        const auto table = table_of(std::move(rows));
        const exec::NoHistory history;
        exec::ColumnReport report;
        exec::ColumnOptions options;
        options.threads = static_cast<unsigned>(std::atoi(argv[3]));
        if (argc > 4) options.report = &report;
        double cpu = 1e9, wall = 1e9;
        std::optional<exec::Evaluation> evaluation;
        for (int round = 0; round < 5; ++round) {
            evaluation.reset();
            report = {};
            const auto began = std::chrono::steady_clock::now();
            const auto cpu_began = processor_seconds();
            evaluation = exec::evaluate_columns(*graph, table, history, options);
            cpu = std::min(cpu, processor_seconds() - cpu_began);
            wall = std::min(wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
        }
        const auto n = static_cast<double>(std::max<std::size_t>(evaluation->size(), 1));
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        const bool second = rules->id == "bench-w2";
        std::printf(
            "{\"workload\": \"%s\", \"rows\": %zu, \"system\": \"zoneval\", \"stage\": \"evaluate\", \"threads\": %u, "
            "\"cpu_ns_per_row\": %.1f, "
            "\"wall_ms\": %.1f, \"peak_mb\": %ld, \"checksum\": %llu}\n",
            second ? "W2" : "W1", evaluation->size(), options.threads, cpu * 1e9 / n, wall * 1e3,
            usage.ru_maxrss / 1024, static_cast<unsigned long long>(checksum(*graph, *evaluation, second)));
        for (const auto& entry : report.entries)
            std::fprintf(stderr, "%9.2f ms  %9zu by record  %s %s\n", entry.milliseconds, entry.by_record,
                         graph->node(entry.node).name.c_str(), entry.why.c_str());
        if (options.report)
            std::fprintf(stderr, "kernels %s, %zu of %zu records in doubt\n", report.kernels.c_str(), report.in_doubt,
                         report.records);
        return 0;
    } catch (const InputError& error) {
        std::cerr << render_text(error.diagnostics, false);
        return 3;
    }
}
