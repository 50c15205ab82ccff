// zoneval inside a program of your own: rules from a file, records from memory, verdicts, an explanation, and columns.
// Usage: embed rules.yaml
#include <cstdint>
#include <iostream>
#include <string_view>
#include <zoneval/zoneval.hpp>

namespace {

/// Everything that can fail gives a Result; this prints what was found and says whether to go on.
template <class T>
bool usable(const zoneval::Result<T>& result) {
    std::cerr << zoneval::to_text(result.findings());
    return static_cast<bool>(result);
}

/// Invented figures. What is not set is blank: nobody reported it.
zoneval::Result<zoneval::Data> invented(const zoneval::RuleSet& rules) {
    zoneval::DataBuilder table(rules, "invented", {"area", "tenants", "graduated"});
    table.row("North", 2022).set("area", 4000).set("tenants", 18).set("graduated", 5);
    table.row("North", 2023).set("area", 4000).set("tenants", 26).set("graduated", 4);
    table.row("South", 2022).set("area", 9000).set("tenants", 20).set("graduated", 1);
    table.row("South", 2023).set("area", 9000).set("tenants", 21).set("graduated", 0);
    table.row("East", 2022).set("area", 2500).set("tenants", 9).set("graduated", 1);
    table.row("East", 2023).set("area", 2500).set("tenants", 11);
    return table.build();
}

/// One text of a dictionary-encoded column; empty where it is null.
std::string_view text_at(const ArrowArray& column, std::int64_t row) {
    const auto* validity = static_cast<const std::uint8_t*>(column.buffers[0]);
    if (validity && !(validity[row / 8] >> (row % 8) & 1)) return {};
    const auto code = static_cast<const std::int32_t*>(column.buffers[1])[row];
    const auto* ends = static_cast<const std::int32_t*>(column.dictionary->buffers[1]);
    const auto* bytes = static_cast<const char*>(column.dictionary->buffers[2]);
    return {bytes + ends[code], static_cast<std::size_t>(ends[code + 1] - ends[code])};
}

/// The results as columns: pyarrow, DuckDB, Polars and others take these two structs as they are.
bool print_columns(const zoneval::Assessment& assessment) {
    ArrowSchema schema;
    ArrowArray array;
    const auto rows = assessment.results(&schema, &array, {.definitions = {"density", "verdict"}});
    if (!usable(rows)) return false;
    std::cout << *rows << " rows of " << schema.n_children << " columns:";
    for (std::int64_t c = 0; c < schema.n_children; ++c) std::cout << ' ' << schema.children[c]->name;
    std::cout << '\n';
    for (std::int64_t row = 0; row < array.length; ++row) {
        std::cout << assessment.record(static_cast<std::size_t>(row));
        for (std::int64_t c = 0; c < schema.n_children; ++c)
            if (const std::string_view name = schema.children[c]->name; name == "verdict" || name == "verdict.because")
                std::cout << " | " << text_at(*array.children[c], row);
        std::cout << '\n';
    }
    array.release(&array);
    schema.release(&schema);
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    const auto rules = zoneval::RuleSet::load(argc > 1 ? argv[1] : "rules.yaml");
    if (!usable(rules)) return 1;
    auto data = invented(*rules);
    if (!usable(data)) return 1;
    auto store = zoneval::Store::in_memory();  // or Store::open("incubators.sqlite"), which keeps everything
    if (!usable(store)) return 1;
    if (!usable(store->add(std::move(*data), "these incubators and their figures are invented"))) return 1;

    for (const auto year : {2022, 2023}) {
        const auto assessment = store->assess(*rules, year);
        if (!usable(assessment)) return 1;
        std::cout << rules->title() << ", " << year << '\n';
        if (!print_columns(*assessment)) return 1;
        std::cout << '\n';
    }

    const auto last = store->again({});  // the last year assessed, made again from the store
    if (!usable(last)) return 1;
    const auto open = last->outcome("verdict", "East");
    if (!usable(open)) return 1;
    std::cout << "East is " << (open->undetermined ? "undetermined" : open->value) << ", waiting for "
              << open->waiting_for.front() << "\n\n";
    const auto why = last->explain("South");
    if (!usable(why)) return 1;
    std::cout << *why;
    return 0;
}
