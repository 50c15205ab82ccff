// Results as columns: the layout of the Arrow C data interface, and who owns what.
#include <cstring>
#include <map>

#include "tests/api/support.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {

/// Both structs, released at the end.
struct Columns {
    ArrowSchema schema{};
    ArrowArray array{};
    Columns() = default;
    Columns(const Columns&) = delete;
    Columns& operator=(const Columns&) = delete;
    ~Columns() {
        if (array.release) array.release(&array);
        if (schema.release) schema.release(&schema);
    }
    std::size_t place(const std::string& name) const {
        for (std::int64_t c = 0; c < schema.n_children; ++c)
            if (schema.children[c]->name == name) return static_cast<std::size_t>(c);
        FAIL("no column " << name);
        return 0;
    }
    const ArrowArray& cells(const std::string& name) const { return *array.children[place(name)]; }
    const ArrowSchema& field(const std::string& name) const { return *schema.children[place(name)]; }
};

bool known(const ArrowArray& column, std::int64_t row) {
    const auto* bits = static_cast<const std::uint8_t*>(column.buffers[0]);
    return !bits || (bits[row / 8] >> (row % 8) & 1);
}

std::string utf8(const ArrowArray& texts, std::int64_t at) {
    const auto* ends = static_cast<const std::int32_t*>(texts.buffers[1]);
    return {static_cast<const char*>(texts.buffers[2]) + ends[at], static_cast<std::size_t>(ends[at + 1] - ends[at])};
}

std::string text(const ArrowArray& column, std::int64_t row) {
    if (!known(column, row)) return "(null)";
    return utf8(*column.dictionary, static_cast<const std::int32_t*>(column.buffers[1])[row]);
}

std::map<std::string, std::string> metadata(const ArrowSchema& schema) {
    std::map<std::string, std::string> out;
    const char* at = schema.metadata;
    if (!at) return out;
    const auto number = [&] {
        std::int32_t value = 0;
        std::memcpy(&value, at, sizeof value);
        at += sizeof value;
        return value;
    };
    const auto read = [&] {
        const auto size = number();
        std::string value(at, static_cast<std::size_t>(size));
        at += size;
        return value;
    };
    for (auto n = number(); n > 0; --n) {
        const auto key = read();
        out[key] = read();
    }
    return out;
}

Assessment assessed(Store& store, const RuleSet& rules) {
    sure(store.assess(rules, 2022));
    return sure(store.assess(rules, 2023));
}

}  // namespace

TEST_CASE("columns have the types, nulls and descriptions the header promises") {
    const auto rules = sure(load(looking_back));
    auto store = filled(rules);
    const auto assessment = assessed(store, rules);
    Columns all;
    CHECK(sure(assessment.results(&all.schema, &all.array, {.language = "zh"})) == 3);
    CHECK(std::string(all.schema.format) == "+s");
    CHECK(all.array.length == 3);
    CHECK(all.array.n_children == all.schema.n_children);
    CHECK(metadata(all.schema)["zoneval.year"] == "2023");
    CHECK(std::string(all.field("record").format) == "u");
    CHECK(utf8(all.cells("record"), 2) == "C");

    const auto& growth = all.cells("growth");
    CHECK(std::string(all.field("growth").format) == "g");
    CHECK((all.field("growth").flags & ARROW_FLAG_NULLABLE) != 0);
    CHECK(growth.null_count == 1);
    CHECK(static_cast<const double*>(growth.buffers[1])[0] == -1.25);
    CHECK(known(growth, 0));
    CHECK_FALSE(known(growth, 2));
    CHECK(text(all.cells("growth.missing"), 2) == "not reported");
    CHECK(text(all.cells("growth.missing"), 0) == "(null)");
    auto described = metadata(all.field("growth"));
    CHECK(described["zoneval.definition"] == "growth");
    CHECK(described["zoneval.kind"] == "measure");
    CHECK(described["zoneval.title"] == "增长");
    CHECK(described["zoneval.unit"] == "CNY");
    CHECK(described["zoneval.cite"] == "art. 1");

    CHECK(text(all.cells("verdict"), 0) == "interview");
    CHECK(text(all.cells("verdict"), 2) == "(null)");
    CHECK(text(all.cells("verdict.rule"), 1) == "(null)");
    CHECK(text(all.cells("verdict.because"), 0) == "Output fell by 1.25.");
    const auto& possible = all.cells("verdict.possible");
    CHECK(std::string(all.field("verdict.possible").format) == "+l");
    CHECK_FALSE(known(possible, 0));
    REQUIRE(known(possible, 2));
    const auto* ends = static_cast<const std::int32_t*>(possible.buffers[1]);
    CHECK(ends[3] - ends[2] == 2);
    CHECK(utf8(*possible.children[0], ends[2]) == "none");
}

TEST_CASE("inputs can be asked for, as truth values, dates and exact numbers") {
    const auto rules = sure(load(looking_back));
    auto store = filled(rules);
    const auto assessment = assessed(store, rules);
    Columns some;
    sure(assessment.results(&some.schema, &some.array,
                            {.definitions = {"listed", "founded", "output"}, .exact_numbers = true}));
    CHECK(some.schema.n_children == 7);
    CHECK(std::string(some.field("listed").format) == "b");
    CHECK(static_cast<const std::uint8_t*>(some.cells("listed").buffers[1])[0] == 1);
    CHECK_FALSE(known(some.cells("listed"), 2));
    CHECK(std::string(some.field("founded").format) == "tdD");
    CHECK(static_cast<const std::int32_t*>(some.cells("founded").buffers[1])[0] == 10651);
    CHECK(text(some.cells("output"), 0) == "8.25");
    Columns none;
    const auto refused = assessment.results(&none.schema, &none.array, {.definitions = {"ouput"}});
    CHECK_FALSE(refused);
    CHECK(refused.findings().front().hint == "did you mean `output`?");
    CHECK(none.schema.release == nullptr);
    CHECK(none.array.release == nullptr);
}

TEST_CASE("columns outlive everything they came from, and their parts can be moved away") {
    Columns kept;
    {
        const auto rules = sure(load(looking_back));
        auto store = filled(rules);
        const auto assessment = assessed(store, rules);
        sure(assessment.results(&kept.schema, &kept.array));
    }
    // Moved as a consumer does: the struct is copied, and what it came from is marked released.
    const auto place = kept.place("verdict");
    ArrowArray moved = *kept.array.children[place];
    kept.array.children[place]->release = nullptr;
    kept.array.release(&kept.array);
    CHECK(kept.array.release == nullptr);
    CHECK(text(moved, 0) == "interview");
    moved.release(&moved);
    CHECK(moved.release == nullptr);
}

TEST_CASE("a column of nulls alone, and an assessment of many records, are well formed") {
    const auto rules =
        sure(load("ruleset: r\nrecord: zone\ninputs: {x: {}, t: {type: string}}\nmeasures: {m: x + 1, s: t}\n"));
    DataBuilder table(rules, "many", {"x"});
    for (int i = 0; i < 1000; ++i) {
        table.row("Z" + std::to_string(i), 2023);
        if (i % 3 != 0) table.set("x", i);
    }
    auto store = sure(Store::in_memory());
    sure(store.add(sure(table.build())));
    const auto assessment = sure(store.assess(rules, 2023, {.threads = 2}));
    Columns all;
    sure(assessment.results(&all.schema, &all.array));
    CHECK(all.cells("s").null_count == 1000);
    CHECK(all.cells("s").dictionary->length == 1);
    CHECK(all.cells("m").null_count == 334);
    for (std::int64_t i = 0; i < 1000; ++i) {
        const bool blank = i % 3 == 0;
        if (known(all.cells("m"), i) == blank) FAIL("row " << i);
        if (!blank && static_cast<const double*>(all.cells("m").buffers[1])[i] != static_cast<double>(i + 1))
            FAIL("value of row " << i);
    }
}
