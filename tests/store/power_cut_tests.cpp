// The power is cut at any moment: what was told to be stored is there, and nothing is torn.
#include <cstdlib>
#include <iostream>

#include "tests/store/power_cut.hpp"
#include "tests/store/support.hpp"

using namespace zoneval;
using namespace zoneval::store::test;
using store::Store;
using store::StoreError;

namespace {

const std::string path = "/disk/s.sqlite";

/// What somebody was told is in the store, oldest first; what stands after a cut may go beyond it.
struct Told {
    std::string imports;  ///< hash of the snapshot
    std::int64_t revision = 0;
    std::vector<std::string> runs;
    std::int64_t rulings = 0;
};

/// What the store lacks of what was told, or says wrongly; empty: nothing.
std::string missing(const Store& store, const Told& told) {
    if (const auto damage = store.damage(); !damage.empty()) return "torn: " + damage.front().told();
    const auto then = store.at(told.revision);
    if (!then || (told.revision > 0 && then->hash != told.imports)) return "an import is lost";
    const auto runs = store.runs();
    if (runs.size() < told.runs.size()) return "a run is lost";
    for (std::size_t i = 0; i < told.runs.size(); ++i)
        if (runs[i].hash != told.runs[i] || store.run(runs[i].id)->records.size() < 2) return "a run is another one";
    if (store.last_ruling() < told.rulings) return "a ruling is lost";
    return "";
}

Told found_in(const Store& store) {
    Told out;
    const auto latest = store.latest();
    out.imports = latest.hash;
    out.revision = latest.revision;
    for (const auto& run : store.runs()) out.runs.push_back(run.hash);
    out.rulings = store.last_ruling();
    return out;
}

/// Something that somebody does to a store, who is told when it is done.
void act(Store& store, Told& told, std::mt19937_64& chance) {
    static const auto small = rows("zone,year,GDP,region\nZ1,2024,1,East\nZ2,2024,2,West\n");
    static const auto other = rows("zone,year,GDP\nZ1,2023,5\nZ1,2024,1.5\n", zones(), "late.csv");
    switch (chance() % 8) {
        case 0:
        case 1: {
            store.import(chance() % 2 ? small : other, zones(), "");
            break;
        }
        case 2: {  // both or neither
            auto writing = store.write();
            store.import(small, zones(), "");
            store.import(other, zones(), "");
            writing.commit();
            break;
        }
        case 3: {
            const auto last = store.latest().revision, before = static_cast<std::int64_t>(store.withdrawals().size());
            if (last == 0 || before > 0) return;
            store.withdraw(1, "data office", "by mistake");
            break;
        }
        case 4: {
            if (told.runs.empty()) return;
            auto ruling = small_ruling(store);
            store.save(ruling);
            told.rulings = ruling.id;
            return;
        }
        default: {
            auto run = small_run(store, 2024);
            constexpr std::uint64_t seldom = 200;
            // More than fits in memory is written before it is committed.
            const auto more = chance() % seldom == 0 ? 60'000u : static_cast<unsigned>(chance() % 50);
            for (unsigned i = 0; i < more; ++i) {
                run.records.push_back("zone " + std::to_string(i));
                run.decisions[0].append({store::Outcome::Ending::by_default, "\"none\"", "",
                                         std::string(300, 'x') + std::to_string(i), "", ""});
                run.measured[0].append("1");
            }
            store.save(run);
            told.runs.push_back(run.hash);
            return;
        }
    }
    const auto latest = store.latest();
    told.imports = latest.hash;
    told.revision = latest.revision;
}

/// One schedule: a store lives through up to four cuts, also while it is made and while it recovers. What was lost.
std::string lived_through(std::uint64_t seed, Disk::Obeys obeys, int& cuts) {
    std::mt19937_64 chance(seed);
    Disk disk(obeys);
    Told told;
    const auto lives = 2 + chance() % 3;
    for (std::uint64_t life = 0; life <= lives; ++life) {
        const bool last = life == lives;
        constexpr std::uint64_t soon = 20, late = 600;
        if (!last) disk.cut_at(1 + chance() % (chance() % 3 == 0 ? soon : late));
        try {
            Store store(path, Store::Mode::create_or_open);
            if (auto lost = missing(store, told); !disk.is_off() && !lost.empty()) return lost;
            if (last) return "";
            if (!disk.is_off()) told = found_in(store);
            store.save(rules());
            for (int i = 0; i < 40; ++i) act(store, told, chance);
        } catch (const StoreError& error) {
            if (!disk.is_off()) return "refused: " + render_text(error.diagnostics, false);
        }
        if (disk.is_off()) ++cuts;
        disk.power_on(chance);
    }
    return "";
}

std::uint64_t from_outside(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text ? std::stoull(text) : otherwise;
}

}  // namespace

TEST_CASE("what was told to be stored is there after the power was cut, and nothing is torn") {
    const auto schedules = from_outside("ZONEVAL_SCHEDULES", 40), first = from_outside("ZONEVAL_SEED", 1);
    int cuts = 0;
    for (auto seed = first; seed < first + schedules; ++seed) {
        INFO("ZONEVAL_SEED=" << seed << " ZONEVAL_SCHEDULES=1");
        CHECK(lived_through(seed, {}, cuts) == "");
    }
    CHECK(static_cast<std::uint64_t>(cuts) > schedules);
    std::cout << schedules << " schedules, " << cuts << " cuts of power\n";
}

TEST_CASE("a disk that syncs less than it says loses what was told, so a cut of power is felt") {
    const auto [files, folders] = GENERATE(std::pair(false, true), std::pair(true, false), std::pair(false, false));
    int lost = 0, cuts = 0;
    constexpr int schedules = 12;
    for (std::uint64_t seed = 1; seed <= schedules; ++seed)
        if (!lived_through(seed, {files, folders}, cuts).empty()) ++lost;
    CHECK(lost > 0);
    std::cout << "of " << schedules << " schedules, " << lost << " lost something where "
              << (files     ? "names are not synced\n"
                  : folders ? "contents are not synced\n"
                            : "nothing is synced\n");
}
