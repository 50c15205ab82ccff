// The cases of the DMN TCK that lie beside the checkout: every one must pass, except those listed with a reason.
// A listed case that passes fails the run too, so that the list stays true.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/feel/conformance/tck.hpp"
#include "tests/feel/language.hpp"

using namespace zoneval::feel;
using Json = nlohmann::json;

namespace {

struct Skip {
    std::string_view id;  ///< a case, or all that begin with it
    std::string_view reason;
};

constexpr std::string_view lost_type =
    "the record does not carry the declared result type of the function or service (DMN 1.5 10.3.2.9.4 needs it)";

constexpr Skip skipped[] = {
    {"0076-feel-external-java/", "external Java functions are out of scope (10.3.2.13.3)"},
    {"0082-feel-coercion/decision_bkm_004_a/decision_bkm_004_a", lost_type},
    {"0082-feel-coercion/decision_bkm_005/decision_bkm_005", lost_type},
    {"0082-feel-coercion/decision_bkm_005_a/decision_bkm_005_a", lost_type},
    {"0082-feel-coercion/decisionService_001/decision_ds_001", lost_type},
    {"0019-flight-rebooking/001/Rebooked Passengers",
     "expects \"\" where null.Flight Number is null (10.3.2.5: a path of null is null)"},
};

const Skip* find_skip(const std::string& id) {
    for (const auto& skip : skipped)
        if (id == skip.id || (skip.id.back() == '/' && id.starts_with(skip.id))) return &skip;
    return nullptr;
}

std::filesystem::path cases_folder() {
    const char* shared = std::getenv("ZONEVAL_SHARED");
    return std::filesystem::path(shared != nullptr ? shared : ZONEVAL_SHARED_DEFAULT) / "reference" / "feel";
}

bool same_number(const std::string& a, const std::string& b) {
    const auto x = Decimal::parse(a), y = Decimal::parse(b);
    return x && y && (*x - *y).abs() <= Decimal::scaled(1, -8);
}

/// Durations are equal whatever their spelling: the suite writes P1Y0M and P1Y, P0D and PT0S.
std::string canonical_duration(const std::string& text) {
    if (const auto d = YearsMonthsDuration::parse(text)) return d->to_string();
    if (const auto d = DaysTimeDuration::parse(text))
        return d->seconds == 0 && d->nanosecond == 0 ? "P0M" : d->to_string();
    return text;
}

bool same_value(const Json& a, const Json& b) {
    if (a.size() != 1 || b.size() != 1 || a.begin().key() != b.begin().key()) return false;
    const auto type = a.begin().key();
    const auto &x = a.begin().value(), &y = b.begin().value();
    if (type == "number") return same_number(x, y);
    if (type == "duration") return canonical_duration(x) == canonical_duration(y);
    if (type == "list") return std::equal(x.begin(), x.end(), y.begin(), y.end(), same_value);
    if (type != "context") return x == y;
    if (x.size() != y.size()) return false;
    for (const auto& [name, value] : x.items())
        if (!y.contains(name) || !same_value(value, y.at(name))) return false;
    return true;
}

struct Count {
    int passed = 0, all = 0;
};

struct Totals {
    std::map<std::string, Count> by_tag;
    Count run;
    int skips = 0;
    std::vector<std::string> wrong;
};

void run_line(const std::string& text, Totals& totals) {
    const auto record = Json::parse(text);
    const auto id = record.at("id").get<std::string>();
    const auto result = Json::parse(run_case(text));
    // A text that was not understood is no null that was computed.
    const bool understood = !result.contains("error") || record.value("error_expected", false);
    const bool passed = understood && result.contains("value") && same_value(result.at("value"), record.at("expected"));
    if (const auto* skip = find_skip(id)) {
        ++totals.skips;
        const bool whole_folder = skip->id.back() == '/';
        if (passed && !whole_folder) totals.wrong.push_back(id + " passes: take it off the list");
        return;
    }
    ++totals.run.all;
    totals.run.passed += passed ? 1 : 0;
    for (const auto& tag : record.at("tags")) {
        auto& count = totals.by_tag[tag];
        ++count.all;
        count.passed += passed ? 1 : 0;
    }
    if (!passed) totals.wrong.push_back(id + " wants " + record.at("expected").dump() + ", got " + result.dump());
}

}  // namespace

TEST_CASE("the conformance cases pass", "[conformance]") {
    const auto folder = cases_folder();
    if (!std::filesystem::exists(folder)) {
        std::cout << "conformance: skipped, there is no " << folder << "\n";
        return;
    }
    Totals all;
    for (const char* name : {"literal.jsonl", "tables.jsonl", "graphs.jsonl"}) {
        Totals totals;
        std::ifstream in(folder / name);
        std::string line;
        while (std::getline(in, line)) run_line(line, totals);
        std::cout << "conformance: " << name << ": " << totals.run.passed << " of " << totals.run.all << " pass, "
                  << totals.skips << " skipped\n";
        for (const auto& [tag, count] : totals.by_tag) {
            all.by_tag[tag].passed += count.passed;
            all.by_tag[tag].all += count.all;
        }
        all.wrong.insert(all.wrong.end(), totals.wrong.begin(), totals.wrong.end());
    }
    for (const auto& [tag, count] : all.by_tag)
        std::cout << "  " << tag << ": " << count.passed << "/" << count.all << "\n";
    for (const auto& message : all.wrong) UNSCOPED_INFO(message);
    CHECK(all.wrong.empty());
}

TEST_CASE("a line that is no case still gives one line", "[conformance]") {
    CHECK(Json::parse(run_case("not json")).at("id").is_null());
    CHECK(Json::parse(run_case("not json")).contains("error"));
    CHECK(run_case("{}") == R"({"id":null,"value":{"null":true},"error":"key 'expression' not found"})");
    for (const char* text :
         {"", "not json", "[1]", "{}", R"({"id":1,"expression":5})", R"({"id":1,"bindings":[["a"]],"expression":"a"})",
          R"({"id":1,"context":{"a":{"number":"x"}},"expression":"a"})"})
        CHECK(Json::parse(run_case(text)).at("value").contains("null"));
    CHECK(Json::parse(run_case("[1]")).contains("error"));
    CHECK(run_case(R"({"id":"x","context":{},"bindings":[],"expression":"1+"})") ==
          R"({"id":"x","value":{"null":true},"error":"the expression ends too early"})");
    CHECK(run_case(R"({"id":"x","context":{},"bindings":[],"expression":"1/0"})") ==
          R"({"id":"x","value":{"null":true}})");
    CHECK(run_case(R"({"id":"x","context":{"a":{"number":"2"}},"bindings":[["b","a*a"]],"expression":"a+b"})") ==
          R"({"id":"x","value":{"number":"6"}})");
}
