#include <catch2/catch.hpp>

#include "engine/seal/proof.hpp"
#include "engine/seal/verdict_lines.hpp"
#include "tests/store/support.hpp"

using namespace zoneval;
using namespace zoneval::seal;
using namespace zoneval::store::test;

namespace {

struct Sealed {
    Folder folder;
    std::string path = folder.file("s.sqlite");
    store::Store store{path, store::Store::Mode::create_or_open};

    Sealed() {
        store.import(rows("zone,year,GDP,region,listed,founded\nZ1,2022,1,East,true,1991-01-01\n"), zones(), "");
        store.save(rules());
        for (const int year : {2022, 2023}) {
            auto run = small_run(store, year);
            store.save(run);
        }
    }
};

std::string line_of(const store::Run& run, const std::vector<store::Ruling>& rulings, std::size_t record) {
    std::string out;
    each_verdict_line(run, rulings, [&](std::size_t i, std::string_view line) {
        if (i == record) out = line;
    });
    return out;
}

std::string told(const std::optional<wording::Fault>& fault) {
    return fault ? say(*fault, wording::Language::en) : "none";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    REQUIRE(text.find(what) != std::string::npos);
    return text.replace(text.find(what), what.size(), by);
}

}  // namespace

TEST_CASE("a record's line says what the run decided and kept about it") {
    const Sealed s;
    const auto run = *s.store.run(2);
    CHECK(
        line_of(run, {}, 0) ==
        R"({"zoneval verdict":1,"ruleset":"r","year":2023,"record":"Z1","decisions":{"verdict":{"ending":"fired","value":"\"commend\"","rule":"commend","because":"overall 91.2"}},"values":{"overall":"91.2"}})");
    CHECK(
        line_of(run, {}, 1) ==
        R"({"zoneval verdict":1,"ruleset":"r","year":2023,"record":"Z2","decisions":{"verdict":{"ending":"open","possible":"[\"none\", \"interview\"]","waiting_for":"[\"GDP\"]"}},"values":{"overall":null}})");
}

TEST_CASE("a ruling is part of the line from then on, and changes the root") {
    Sealed s;
    const auto before = seal_of(s.store);
    auto ruling = small_ruling(s.store);
    s.store.save(ruling);
    const auto line = line_of(*s.store.run(2), s.store.rulings("r"), 1);
    CHECK(line.find("\"ruled\":{\"outcome\":") != std::string::npos);
    const auto after = seal_of(s.store);
    CHECK(after.runs[0].root == before.runs[0].root);
    CHECK(after.runs[1].root != before.runs[1].root);
    CHECK(against(s.store, before).empty());  // that seal knew no ruling
    CHECK(against(s.store, after).empty());
}

TEST_CASE("a seal is read as it was written, and anything else is refused") {
    const Sealed s;
    const auto sealed = seal_of(s.store);
    const auto again = read_seal("seal.json", to_text(sealed));
    CHECK(again.runs == sealed.runs);
    CHECK(again.snapshot_hash == sealed.snapshot_hash);
    for (const auto* text :
         {"", "{}", "[1]", "{\"zoneval seal\": 2}", "{\"zoneval seal\": 1}", "{\"zoneval proof\": 1}"})
        CHECK_THROWS_AS(read_seal("seal.json", text), InputError);
    CHECK_THROWS_AS(read_seal("seal.json", replaced(to_text(sealed), "\"root\":\"", "\"root\":\"x")), InputError);
    // A number is whole and within bounds, or refused: 4294969319 is not the year 2023.
    for (const auto* number : {"1e91", "2.5", "4294969319", "-4294965273", "true"})
        CHECK_THROWS_AS(read_seal("seal.json", replaced(to_text(sealed),
                                                        "\"year\":", "\"year\":" + std::string(number) + ",\"x\":")),
                        InputError);
}

TEST_CASE("a proof shows its verdict without the store, and no other") {
    const Sealed s;
    const auto sealed = seal_of(s.store);
    const auto proof = proof_of(s.store, *s.store.run(2), "Z2");
    REQUIRE(proof);
    CHECK_FALSE(proof_of(s.store, *s.store.run(2), "Z3"));
    const auto again = read_proof("p.json", to_text(*proof));
    CHECK_FALSE(fault(again));
    CHECK_FALSE(fault(again, sealed));

    auto other = again;
    other.line = replaced(other.line, "interview", "commendat");
    CHECK(told(fault(other)) == "the line leads to another root: it is not a verdict of this run");
    other = again;
    other.index = 0;
    CHECK(fault(other));
    other = again;
    other.run.year = 2022;
    CHECK(fault(other));
    other = again;
    other.run.run = 1;
    CHECK_FALSE(fault(other));  // whole in itself; what it belongs to is for the seal to say
    CHECK(told(fault(other, sealed)) == "run 1 has another hash in the seal");
    other.run.run = 7;
    CHECK(told(fault(other, sealed)) == "the seal has no run 7");
}

TEST_CASE("a store that was taken back, cut short or written anew is told by a seal kept elsewhere") {
    Sealed s;
    const auto sealed = seal_of(s.store);
    auto later = small_run(s.store, 2024);
    s.store.save(later);
    CHECK(against(s.store, sealed).empty());  // what came since is no difference

    const Sealed again;  // the same runs on the same data, from the start
    CHECK(against(again.store, sealed).empty());

    Folder folder;
    store::Store shorter(folder.file("t.sqlite"), store::Store::Mode::create_or_open);
    shorter.import(rows("zone,year,GDP,region,listed,founded\nZ1,2022,1,East,true,1991-01-01\n"), zones(), "");
    shorter.save(rules());
    auto first = small_run(shorter, 2022);
    shorter.save(first);
    const auto gone = against(shorter, sealed);
    REQUIRE(gone.size() == 1);
    CHECK(told(gone[0]) == "run 2 (r, 2023): the store has no such run");
    CHECK(say(gone[0], wording::Language::zh) == "第2次评价（r，2023年）：存储中没有");
    CHECK(say(gone[0], wording::Language::ja) == "実行2（r、2023年）：保存内容にない");

    auto second = small_run(shorter, 2023);
    second.decisions[0].codes = {1, 1};
    shorter.save(second);
    const auto differences = against(shorter, sealed);
    REQUIRE(differences.size() == 1);
    CHECK(told(differences[0]).starts_with("run 2 (r, 2023): hash "));
}
