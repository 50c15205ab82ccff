#include "tests/store/support.hpp"

using namespace zoneval;
using namespace zoneval::store::test;
using feel::Missing;
using store::Store;

namespace {

std::string cell(const Table& table, const std::string& record, const std::string& name) {
    return table.column(name)->at(*table.row(record)).to_string();
}

Table load(const Store& store, std::int32_t year, const store::Snapshot& snapshot) {
    return store.load("zone", year, snapshot, zones().columns);
}

}  // namespace

TEST_CASE("what was imported comes back: every type, every digit, every kind of missing") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    const std::string digits = "1234567890123456789012.345678901234";
    store.import(rows("zone,year,GDP,region,listed,founded\nZ1,2024,0.10,\"Ea\"\"st\\\n,中\",true,2001-02-03\nZ2,2024,-"
                      ",,false,\nZ3,2024," +
                      digits + ",West,,\n"),
                 zones(), "invented data");
    const auto table = load(store, 2024, store.latest());
    CHECK(table.records == std::vector<std::string>{"Z1", "Z2", "Z3"});
    CHECK(cell(table, "Z1", "GDP") == "0.1");
    CHECK(cell(table, "Z1", "region") == "Ea\"st\\\n,中");
    CHECK(cell(table, "Z1", "listed") == "true");
    CHECK(cell(table, "Z1", "founded") == "2001-02-03");
    CHECK(cell(table, "Z3", "GDP") == digits);
    CHECK(table.column("GDP")->missing(1) == Missing::suppressed);
    CHECK(table.column("region")->missing(1) == Missing::not_reported);
    REQUIRE(table.batches.size() == 1);
    CHECK(table.batches[0].note == "invented data");
    CHECK(table.batches[0].file == "zones.csv");
    CHECK(table.origin(1, 0).line == 4);
}

TEST_CASE("a later file corrects cell by cell: values and coded missing replace, blanks leave") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    store.import(rows("zone,year,GDP,region\nZ1,2024,1,East\nZ2,2024,2,East\nZ3,2024,3,East\n"), zones(), "");
    store.import(rows("zone,year,GDP,listed\nZ3,2024,,true\nZ2,2024,-,false\nZ4,2024,4,\nZ1,2024,1.5,\nZ1,2023,9,\n",
                      zones(), "later.csv"),
                 zones(), "");
    const auto table = load(store, 2024, store.latest());
    CHECK(table.records == std::vector<std::string>{"Z1", "Z2", "Z3", "Z4"});
    CHECK(cell(table, "Z1", "GDP") == "1.5");
    CHECK(table.column("GDP")->missing(1) == Missing::suppressed);
    CHECK(cell(table, "Z3", "GDP") == "3");
    CHECK(cell(table, "Z4", "GDP") == "4");
    CHECK(cell(table, "Z3", "listed") == "true");
    CHECK(cell(table, "Z2", "region") == "East");
    CHECK(table.column("listed")->missing(0) == Missing::not_reported);
    CHECK(table.column("founded")->missing(0) == Missing::not_reported);

    CHECK(table.origin(0, 0) == Origin{1, 5});  // GDP of Z1: from the correction
    CHECK(table.origin(0, 1) == Origin{0, 2});  // its region: still from the first file
    CHECK(table.origin(2, 0) == Origin{0, 4});  // a blank corrects nothing
    CHECK(table.origin(2, 2) == Origin{1, 2});
    CHECK(table.origin(3, 0) == Origin{1, 4});
    CHECK(table.batches[1].file == "later.csv");
}

TEST_CASE("a snapshot shows the data as they were then") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    CHECK(store.latest().revision == 0);
    const auto first = store.import(rows("zone,year,GDP\nZ1,2024,1\n"), zones(), "");
    const auto then = store.latest();
    const auto second = store.import(rows("zone,year,GDP\nZ1,2024,2\nZ2,2025,5\n"), zones(), "");
    CHECK(first == 1);
    CHECK(second == 2);
    CHECK(cell(load(store, 2024, then), "Z1", "GDP") == "1");
    CHECK(cell(load(store, 2024, store.latest()), "Z1", "GDP") == "2");
    CHECK(store.at(1)->hash == then.hash);
    CHECK(store.at(2)->hash != then.hash);
    CHECK_FALSE(store.at(3));
    CHECK_FALSE(store.at(-1));
    CHECK(store.at(0)->revision == 0);
    CHECK(store.years("zone", then) == std::vector<std::int32_t>{2024});
    CHECK(store.years("zone", store.latest()) == std::vector<std::int32_t>{2024, 2025});
    CHECK(store.years("firm", store.latest()).empty());
    CHECK(load(store, 2025, then).records.empty());
}

TEST_CASE("bytes that were imported before are known, with the declarations they were read under") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    const std::string csv = "zone,year,GDP\nZ1,2024,1\n";
    CHECK_FALSE(store.imported_before(rows(csv), zones()));
    store.import(rows(csv), zones(), "");
    store.import(rows("zone,year,GDP\nZ1,2024,2\n"), zones(), "");
    const auto before = store.imported_before(rows(csv, zones(), "renamed.csv"), zones());
    REQUIRE(before);
    CHECK(before->batch.revision == 1);
    CHECK(before->same_reading);
    CHECK_FALSE(store.imported_before(rows(csv + "\n"), zones()));
    auto stricter = zones();
    stricter.columns[0].min = feel::Decimal(0);
    CHECK_FALSE(store.imported_before(rows(csv, stricter), stricter)->same_reading);
    store.import(rows(csv, stricter), stricter, "");
    CHECK(store.imported_before(rows(csv), zones())->batch.revision == 1);  // that of the same declarations
    CHECK(store.imported_before(rows(csv, stricter), stricter)->batch.revision == 3);
    store.withdraw(1, "data office", "by mistake");
    CHECK_FALSE(store.imported_before(rows(csv), zones())->same_reading);  // what was withdrawn does not count
}

TEST_CASE("the same data give the same snapshot hash in any store, whoever imports them") {
    const Folder folder;
    Store a(folder.file("a.sqlite"), Store::Mode::create_or_open),
        b(folder.file("b.sqlite"), Store::Mode::create_or_open);
    a.import(rows("zone,year,GDP\nZ1,2024,1\n"), zones(), "");
    b.import(rows("zone,year,GDP\nZ1,2024,1\n", zones(), "elsewhere/zones.csv"), zones(), "a note");
    CHECK(a.latest().hash == b.latest().hash);
}

TEST_CASE("two datasets of one kind of record meet in one table") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    auto tax = zones();
    tax.dataset = "tax";
    tax.columns = {column("tax paid", feel::Type::Kind::number)};
    store.import(rows("zone,year,GDP\nZ1,2024,1\n"), zones(), "");
    store.import(rows("zone,year,tax paid\nZ2,2024,20\nZ1,2024,10\n", tax, "tax.csv"), tax, "");
    auto columns = zones().columns;
    columns.push_back(tax.columns[0]);
    columns.back().blank = Missing::not_applicable;
    const auto table = store.load("zone", 2024, store.latest(), columns);
    CHECK(cell(table, "Z1", "GDP") == "1");
    CHECK(cell(table, "Z1", "tax paid") == "10");
    CHECK(cell(table, "Z2", "tax paid") == "20");
}

TEST_CASE("an empty cell is what `blank` says, a column or a row that nobody supplied is not reported") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    auto schema = zones();
    for (auto& column : schema.columns) column.blank = Missing::not_applicable;
    store.import(rows("zone,year,GDP,region\nZ1,2024,,East\nZ2,2024,2,\n", schema), schema, "");
    store.import(rows("zone,year,GDP\nZ3,2024,\nZ2,2024,\n", schema, "later.csv"), schema, "");
    const auto table = store.load("zone", 2024, store.latest(), schema.columns);
    const auto kind = [&](const char* record, const char* name) {
        return table.column(name)->missing(*table.row(record));
    };
    CHECK(kind("Z1", "GDP") == Missing::not_applicable);
    CHECK(kind("Z2", "region") == Missing::not_applicable);
    CHECK(cell(table, "Z2", "GDP") == "2");
    CHECK(kind("Z3", "GDP") == Missing::not_applicable);
    CHECK(kind("Z3", "region") == Missing::not_reported);  // the later file has no such column
    CHECK(kind("Z1", "listed") == Missing::not_reported);  // no file has it
}

TEST_CASE("no row means what the dataset says, once the dataset has been supplied") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    auto notices = zones();
    notices.dataset = "notices";
    notices.columns = {column("notice", feel::Type::Kind::string)};
    auto columns = zones().columns;
    columns.push_back(notices.columns[0]);
    columns.back().no_row = Missing::not_applicable;
    store.import(rows("zone,year,GDP\nZ1,2024,1\nZ2,2024,2\n"), zones(), "");
    const auto kind = [&] { return store.load("zone", 2024, store.latest(), columns).column("notice")->missing(0); };
    CHECK(kind() == Missing::not_reported);
    store.import(rows("zone,year,notice\nZ2,2024,good\n", notices, "notices.csv"), notices, "");
    CHECK(kind() == Missing::not_applicable);
    CHECK(store.last_year("zone", "notice", store.latest()) == 2024);
    CHECK_FALSE(store.last_year("zone", "notice", *store.at(1)).has_value());
}

TEST_CASE("the roster lists everyone seen so far, in order of appearance") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    store.import(rows("zone,year,GDP\nB,2023,1\nA,2022,1\nC,2025,1\n"), zones(), "");
    store.import(rows("zone,year,GDP\nD,2023,1\nA,2023,1\n"), zones(), "");
    CHECK(store.roster("zone", 2023, store.latest()) == std::vector<std::string>{"B", "A", "D"});
    CHECK(store.roster("zone", 2023, *store.at(1)) == std::vector<std::string>{"B", "A"});
    CHECK(store.roster("zone", 2021, store.latest()).empty());
}

TEST_CASE("a rule set that now wants another type is told which cell does not fit") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    store.import(rows("zone,year,region\nZ1,2024,East\n"), zones(), "");
    const auto text =
        thrown([&] { store.load("zone", 2024, store.latest(), {column("region", feel::Type::Kind::number)}); });
    CHECK(text.find("the store holds `East` for `region` (revision 1, zones.csv line 2), which is not a number") !=
          std::string::npos);
    CHECK(text.find("import the file again") != std::string::npos);
}

TEST_CASE("a withdrawn import counts no longer, from then on") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    store.import(rows("zone,year,GDP\nZ1,2023,1\nZ1,2024,1\n"), zones(), "");
    const auto mistaken =
        store.import(rows("zone,year,GDP\nZ1,2024,9\nZ9,2022,9\n", zones(), "wrong.csv"), zones(), "");
    const auto then = store.latest();
    const auto from = store.withdraw(mistaken, "data office", "a \"mistake\"");
    CHECK(from == 3);
    CHECK(cell(load(store, 2024, then), "Z1", "GDP") == "9");
    CHECK(cell(load(store, 2024, store.latest()), "Z1", "GDP") == "1");
    CHECK(store.years("zone", then) == std::vector<std::int32_t>{2022, 2023, 2024});
    CHECK(store.years("zone", store.latest()) == std::vector<std::int32_t>{2023, 2024});
    CHECK(store.roster("zone", 2024, store.latest()) == std::vector<std::string>{"Z1"});
    CHECK(store.last_year("zone", "GDP", store.latest()) == 2024);
    CHECK(store.last_revision("zone", 2024) == 1);
    CHECK(store.last_revision("zone", 2024, then.revision) == 3);
    CHECK(store.last_revision("zone", 2024, 1) == 0);  // what came and went has changed nothing
    CHECK(store.last_revision("zone", 2023) == 1);
    REQUIRE(store.withdrawals().size() == 1);
    CHECK(store.withdrawals()[0].by == "data office");
    CHECK(store.withdrawals()[0].reason == "a \"mistake\"");
    CHECK(store.import(rows("zone,year,GDP\nZ1,2024,9\nZ9,2022,9\n", zones(), "wrong.csv"), zones(), "") == 4);
    CHECK(cell(load(store, 2024, store.latest()), "Z1", "GDP") == "9");
    CHECK(thrown([&] { store.withdraw(2, "a", "b"); }).find("ZV511") != std::string::npos);
    CHECK(thrown([&] { store.withdraw(3, "a", "b"); }).find("itself a withdrawal") != std::string::npos);
}
