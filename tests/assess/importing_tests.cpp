// Several files into one store: all of them, or none, and never an old figure over a new one by mistake.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "tests/assess/store_support.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using store::Store;

namespace {

constexpr auto rules_text = "ruleset: r\nrecord: zone\ninputs: {x: {}, y: {}}\nmeasures: {m: x + y}\n";

DatasetSchema dataset(const std::string& rules = rules_text) {
    return std::get<DatasetSchema>(assess::choose_dataset(*rules_of(rules)->rules, ""));
}

io::ImportedRows file(const std::string& name, const std::string& csv, const DatasetSchema& schema = dataset()) {
    Diagnostics found;
    auto out = io::read_rows_of(name, csv, schema, {}, found);
    REQUIRE_FALSE(found.has_errors());
    return out;
}

std::vector<assess::Imported> stored(Store& store, std::vector<io::ImportedRows> files,
                                     const assess::StoringOptions& how = {}, const DatasetSchema& schema = dataset()) {
    Diagnostics notes;
    return assess::store_files(store, std::move(files), schema, how, notes);
}

std::vector<io::ImportedRows> of(std::initializer_list<io::ImportedRows> files) { return files; }

std::string x_of(const Store& store, const std::string& record) {
    const auto table = store.load("zone", 2024, store.latest(), dataset().columns);
    return table.column("x")->at(*table.row(record)).to_string();
}

/// Many rows, whose figures differ from seed to seed.
std::string large(int seed) {
    std::string out = "zone,year,x,y\n";
    for (int i = 0; i < 20'000; ++i)
        out += "Z" + std::to_string(i) + ",2024," + std::to_string(i * 7919 + seed) + "," + std::to_string(seed) + "\n";
    return out;
}

}  // namespace

TEST_CASE("what goes wrong between two files leaves none of them in the store") {
    Store store(":memory:", Store::Mode::create_or_open);
    stored(store, of({file("before.csv", "zone,year,x\nA,2023,1\n")}));
    assess::StoringOptions how;
    how.tell = [](const std::string& name, std::size_t, std::size_t) {
        if (name == "third.csv") throw std::runtime_error("the power went");
    };
    const auto three = [] {
        return of({file("first.csv", "zone,year,x\nA,2024,1\n"), file("second.csv", "zone,year,x\nB,2024,2\n"),
                   file("third.csv", "zone,year,x\nC,2024,3\n")});
    };
    CHECK_THROWS(stored(store, three(), how));
    CHECK(store.batches("zone").size() == 1);
    CHECK(store.latest().revision == 1);
    const auto again = stored(store, three());  // and the store goes on as if nothing had been
    CHECK(again.back().revision == 4);
    CHECK(x_of(store, "C") == "3");
}

TEST_CASE("a disk that is full after the first of two files keeps neither") {
    std::string folder = (std::filesystem::temp_directory_path() / "zoneval-full-XXXXXX").string();
    REQUIRE(mkdtemp(folder.data()));
    const auto path = folder + "/s.sqlite";
    Store(path, Store::Mode::create_or_open);
    const auto files = of({file("a.csv", large(1)), file("b.csv", large(2))});
    const auto room_for = [&](rlim_t bytes) {
        const auto child = fork();
        if (child == 0) {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{bytes, bytes};
            setrlimit(RLIMIT_FSIZE, &limit);
            try {
                Store store(path, Store::Mode::must_exist);
                stored(store, files);
            } catch (const store::StoreError&) {
                _exit(1);
            }
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        return WEXITSTATUS(status);
    };
    int refused = 0;
    for (rlim_t size = 300'000; room_for(size) == 1; size += 100'000) {
        ++refused;
        CHECK(Store(path, Store::Mode::must_exist).batches("zone").empty());
    }
    CHECK(refused > 3);  // in the first file, and in the second
    CHECK(Store(path, Store::Mode::must_exist).batches("zone").size() == 2);
    std::filesystem::remove_all(folder);
}

TEST_CASE("an old file imported again does not undo a correction, unless it is told to") {
    Store store(":memory:", Store::Mode::create_or_open);
    const auto old = file("old.csv", "zone,year,x,y\nA,2024,1,5\nB,2024,2,\n");
    const auto first = stored(store, of({old}));
    CHECK(first[0].changes.new_cells == 3);
    const auto corrected = stored(store, of({file("late.csv", "zone,year,x,y\nA,2024,9,5\nB,2024,,7\n")}));
    CHECK(corrected[0].changes.corrected == 1);
    CHECK(corrected[0].changes.arriving == 1);
    CHECK(corrected[0].changes.same == 1);

    const auto repeated = stored(store, of({old}));
    CHECK_FALSE(repeated[0].is_new);
    CHECK(repeated[0].revision == 1);
    CHECK(repeated[0].changes.changing() == 1);  // would be set back
    CHECK(x_of(store, "A") == "9");
    CHECK(store.latest().revision == 2);

    const auto forced = stored(store, of({old}), {.again = true});
    CHECK(forced[0].is_new);
    CHECK(forced[0].revision == 3);
    CHECK(x_of(store, "A") == "1");
}

TEST_CASE("an import that was withdrawn may be imported again") {
    Store store(":memory:", Store::Mode::create_or_open);
    const auto figures = file("a.csv", "zone,year,x\nA,2024,1\n");
    stored(store, of({figures}));
    store.withdraw(1, "data office", "not approved yet");
    CHECK(stored(store, of({figures}))[0].is_new);
    CHECK(x_of(store, "A") == "1");
}

TEST_CASE("an old file read under other declarations asks before it sets figures back") {
    Store store(":memory:", Store::Mode::create_or_open);
    const std::string csv = "zone,year,x,y\nA,2024,1,5\n";
    stored(store, of({file("old.csv", csv)}));
    const auto narrower = dataset("ruleset: r\nrecord: zone\ninputs: {x: {min: 0}, y: {}}\nmeasures: {m: x + y}\n");
    CHECK(stored(store, of({file("old.csv", csv, narrower)}), {}, narrower)[0].is_new);  // says what is stored
    stored(store, of({file("late.csv", "zone,year,x\nA,2024,9\n")}));
    const auto other = dataset("ruleset: r\nrecord: zone\ninputs: {x: {max: 50}, y: {}}\nmeasures: {m: x + y}\n");
    try {
        stored(store, of({file("old.csv", csv, other)}), {}, other);
        FAIL("a correction was undone");
    } catch (const InputError& error) {
        CHECK(render_text(error.diagnostics, false).find("error ZV417: the same file was imported as revision 2") !=
              std::string::npos);
    }
    CHECK(x_of(store, "A") == "9");
    CHECK(stored(store, of({file("old.csv", csv, other)}), {.again = true}, other)[0].is_new);
    CHECK(x_of(store, "A") == "1");
}

TEST_CASE("files of one import are compared with each other, in their order") {
    Store store(":memory:", Store::Mode::create_or_open);
    const auto both =
        stored(store, of({file("a.csv", "zone,year,x\nA,2024,1\n"), file("b.csv", "zone,year,x\nA,2024,2\n"),
                          file("c.csv", "zone,year,x\nA,2024,1\n")}));
    CHECK(both[1].changes.corrected == 1);
    CHECK_FALSE(both[2].is_new);  // the bytes of the first
    CHECK(x_of(store, "A") == "2");
}
