#include <catch2/catch.hpp>

#include "engine/seal/publish.hpp"
#include "engine/seal/seal.hpp"
#include "tests/store/support.hpp"

using namespace zoneval;
using namespace zoneval::seal;
using namespace zoneval::store::test;

namespace {

struct Office {
    Folder folder;
    std::string path = folder.file("s.sqlite");
    store::Store store{path, store::Store::Mode::create_or_open};

    Office() { store.save(rules()); }
    std::int64_t assess(std::int32_t year, const std::string& author) {
        auto run = small_run(store, year);
        run.created_by = author;
        store.save(run);
        return run.id;
    }
    std::string publish(std::int64_t run, const PublicationWanted& wanted) {
        try {
            auto publication = make_publication(store, *store.run(run), wanted);
            store.save(publication);
            return "";
        } catch (const InputError& error) {
            return error.diagnostics.all().front().message;
        }
    }
    std::string state(std::int64_t run) const { return to_string(store.run(run)->standing.state); }
};

}  // namespace

TEST_CASE("a run is a draft until somebody other than its author publishes it") {
    Office office;
    const auto run = office.assess(2023, "Li");
    CHECK(office.state(run) == "draft");
    CHECK(office.publish(run, {" li ", false, ""}) == "Li made run 1, and cannot publish it as well");
    CHECK(office.publish(run, {" ", false, ""}) == "nobody is named who publishes it");
    CHECK(office.state(run) == "draft");
    CHECK(office.publish(run, {"Wang", false, ""}).empty());
    CHECK(office.state(run) == "published");
    CHECK(office.store.run(run)->standing.approver == "Wang");
    CHECK(office.publish(run, {"Wang", false, ""}).starts_with("run 1 was published on "));
    office.store.require_sound();
}

TEST_CASE("a published run stands whatever is assessed beside it, until another is published in its place") {
    Office office;
    const auto first = office.assess(2023, "Li");
    CHECK(office.publish(first, {"Wang", false, ""}).empty());
    const auto second = office.assess(2023, "Li");
    CHECK(office.store.latest_run("r", 2023)->id == first);
    CHECK(office.publish(second, {"Wang", false, ""}).starts_with("run 1 is published for 2023 already, on "));
    CHECK(office.publish(second, {"Wang", true, " "}) ==
          "no reason is given why it takes the place of a published run");
    CHECK(office.publish(second, {"Wang", true, "a figure was corrected"}).empty());
    CHECK(office.state(first) == "superseded");
    CHECK(office.state(second) == "published");
    CHECK(office.store.latest_run("r", 2023)->id == second);
    CHECK(office.publish(first, {"Wang", true, "back again"}).ends_with("was superseded"));
    const auto all = office.store.publications();
    REQUIRE(all.size() == 2);
    CHECK(all[1].supersedes == first);
    CHECK(all[1].reason == "a figure was corrected");
    CHECK(all[1].root == to_hex(seal_of(office.store).runs[1].root));
    office.store.require_sound();
}

TEST_CASE("there is nothing to supersede where nothing was published, and years are apart") {
    Office office;
    const auto a = office.assess(2022, "Li"), b = office.assess(2023, "Li");
    CHECK(office.publish(a, {"Wang", true, "why"}) == "no run is published for 2022: there is nothing to supersede");
    CHECK(office.publish(a, {"Wang", false, ""}).empty());
    CHECK(office.state(b) == "draft");
    CHECK(office.store.latest_run("r", 2023)->id == b);
}
