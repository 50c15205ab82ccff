// What would change an outcome, as a page.
#include <catch2/catch.hpp>

#include "engine/report/would_change_page.hpp"

using namespace zoneval;
using audit::WouldChange;
using feel::Decimal;
using feel::Value;

namespace {

WouldChange invented(wording::Language language) {
    WouldChange w;
    w.record = "Z1";
    w.label = "<script>alert(1)</script>";
    w.decision = "verdict";
    w.outcome = "warn";
    w.year = 2024;
    w.run = 1;
    w.seal = "0123456789abcdef0123456789abcdef";
    w.language = language;
    WouldChange::Input input{};
    input.of.title = "output";
    input.reported = Value(Decimal(40));
    input.up = WouldChange::Flip{Value(Decimal(50)), "none", {}, {"Z2"}};
    input.stretches = {{Value(Decimal(50)), Value(Decimal(59)), "none"}, {Value(Decimal(60)), Value(Decimal(99)), ""}};
    w.inputs.push_back(input);
    w.cannot = {"staff"};
    w.tried = 12;
    return w;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("what would change an outcome is a page of its own, and a name in it is shown and never run") {
    const auto page = report::would_change_page(invented(wording::Language::en));
    INFO(page);
    CHECK_FALSE(holds(page, "<script>alert"));
    CHECK(holds(page, "&lt;script&gt;alert(1)"));
    CHECK(holds(page, "+25.00 %"));
    CHECK(holds(page, "output is not simple: 50 to 59: none, 60 to 99: undetermined."));
    CHECK(holds(page, "output = 50: Z2"));
    CHECK(holds(page, "12 values were tried"));
    CHECK(holds(report::would_change_page(invented(wording::Language::zh)), "共试了12组数值"));
    CHECK(holds(report::would_change_page(invented(wording::Language::ja)), "12通りの値を試した"));
}
