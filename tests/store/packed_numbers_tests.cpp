// Published numbers in few bytes: what was packed comes back, in C++ and in SQL.
#include <catch2/catch.hpp>
#include <random>

#include "engine/store/packed_numbers.hpp"
#include "tests/store/support.hpp"

namespace zoneval::store::test {

namespace {

using feel::Missing;

struct Cells {
    std::vector<double> numbers;
    std::vector<std::uint8_t> states;
};

/// Whole numbers that lie up to `spread` apart, one in eight of them missing in one way or another.
Cells cells_by_chance(std::mt19937_64& random, std::size_t size, double from, double spread) {
    Cells out;
    std::uniform_real_distribution<double> number(0, spread);
    constexpr auto other = static_cast<std::uint8_t>(Missing::not_reported) | Column::blank_flag;
    const std::uint8_t ways[] = {static_cast<std::uint8_t>(Missing::not_reported),
                                 static_cast<std::uint8_t>(Missing::late), other};
    for (std::size_t i = 0; i < size; ++i) {
        const bool missing = random() % 8 == 0;
        out.states.push_back(missing ? ways[random() % std::size(ways)] : std::uint8_t{0});
        // Behind what is missing may stand anything.
        out.numbers.push_back(missing ? -1e15 : from + std::floor(number(random)));
    }
    return out;
}

std::string text_of(const Column& column, std::size_t row) {
    return column.missing(row) == Missing::none ? column.at(row).to_string()
           : column.blank(row)                  ? "()"
                                                : "(" + std::string(feel::to_string(column.missing(row))) + ")";
}

}  // namespace

TEST_CASE("packed numbers come back as they were, of as few bytes as they need") {
    std::mt19937_64 random(20221);
    const auto bytes = GENERATE(1, 2, 3, 4, 5, 6);
    const auto from = GENERATE(-5.0, 0.0, 123456789.0, -9e12);
    INFO(bytes << " bytes from " << from);
    auto cells = cells_by_chance(random, 5000, from, std::pow(256.0, bytes) - 4);
    cells.numbers.front() = from, cells.states.front() = 0;
    const auto packed = pack(cells.numbers, 2, cells.states);
    REQUIRE(packed);
    CHECK(packed->cells.size() == 5000 * static_cast<std::size_t>(bytes));
    const auto column = unpack("x", packed->form, packed->cells);
    REQUIRE(column.size() == 5000);
    for (std::size_t i = 0; i < column.size(); ++i) {
        const auto expected = cells.states[i] == 0
                                  ? feel::Decimal::scaled(static_cast<std::int64_t>(cells.numbers[i]), -2).to_string()
                              : (cells.states[i] & Column::blank_flag) != 0
                                  ? "()"
                                  : "(" + std::string(feel::to_string(static_cast<Missing>(cells.states[i]))) + ")";
        if (text_of(column, i) != expected) FAIL("record " << i << ": " << text_of(column, i) << " for " << expected);
    }
}

TEST_CASE("numbers that lie too far apart are not packed, and neither nothing nor blanks alone are too much") {
    const std::vector<std::uint8_t> there(2);
    CHECK_FALSE(pack(std::vector<double>{0, 281474976710655.0}, 0, there));
    CHECK_FALSE(pack(std::vector<double>{-9e15, 9e15}, 0, there));
    CHECK(pack({}, 0, {})->cells.empty());
    const std::vector<std::uint8_t> late(3, static_cast<std::uint8_t>(Missing::late));
    const auto blanks = pack(std::vector<double>{1, 2, 3}, 1, late);
    CHECK(blanks->form == R"({"bytes":1,"decimals":1,"from":0,"missing":["late"]})");
    CHECK(text_of(unpack("x", blanks->form, blanks->cells), 2) == "(late)");
}

TEST_CASE("packed cells that are of another form are refused") {
    CHECK_THROWS_AS(unpack("x", R"({"bytes":0,"decimals":1,"from":0,"missing":[]})", ""), std::runtime_error);
    CHECK_THROWS_AS(unpack("x", R"({"bytes":7,"decimals":1,"from":0,"missing":[]})", ""), std::runtime_error);
    CHECK_THROWS_AS(unpack("x", R"({"bytes":2,"decimals":1,"from":0,"missing":[]})", "abc"), std::runtime_error);
    CHECK_THROWS_AS(unpack("x", R"({"bytes":2,"decimals":1,"from":0,"missing":["lost"]})", "ab"), std::runtime_error);
    CHECK_THROWS_AS(unpack("x", "", "ab"), std::runtime_error);
}

TEST_CASE("the view shows the packed numbers of a large cohort as they are") {
    std::mt19937_64 random(7);
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    constexpr std::size_t records = 9000;  // three parts
    std::vector<Column> columns;
    {
        Store store(path, Store::Mode::create_or_open);
        store.import(rows("zone,year,GDP\nZ1,2024,1\n"), zones(), "");
        store.save(rules());
        auto run = small_run(store, 2024);
        run.decisions.clear();
        run.measured.clear();
        run.published.clear();
        run.records = {};
        for (std::size_t i = 0; i < records; ++i) run.records.push_back("Z" + std::to_string(i));
        for (const auto& [name, spread] : {std::pair("small", 100.0), std::pair("wide", 2e14)}) {
            const auto cells = cells_by_chance(random, records, -50, spread);
            auto packed = *pack(cells.numbers, 2, cells.states);
            columns.push_back(unpack(name, packed.form, packed.cells));
            run.published.push_back({name, "%", 2, packed.form, packed.cells});
        }
        const auto published = run.published;
        store.save(run);
        CHECK(store.published(1) == published);
        CHECK(store.damage().empty());
    }
    CHECK(query(path, "SELECT count(*) FROM run_published_part") == "6");
    Database database(path, Database::Create::no);
    Statement shown(
        database,
        "SELECT record, name, coalesce(value, '(' || coalesce(missing, '') || ')') FROM published WHERE run = 1");
    std::size_t seen = 0;
    while (shown.step()) {
        const auto row = std::stoul(std::string(shown.text(0).substr(1)));
        const auto& column = columns[shown.text(1) == "small" ? 0 : 1];
        if (shown.text(2) != text_of(column, row))
            FAIL("Z" << row << " " << shown.text(1) << ": " << shown.text(2) << " for " << text_of(column, row));
        ++seen;
    }
    CHECK(seen == 2 * records);
}

}  // namespace zoneval::store::test
