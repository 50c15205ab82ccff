#include <catch2/catch.hpp>
#include <set>

#include "engine/wording/explanations.hpp"
#include "engine/wording/faults.hpp"
#include "engine/wording/files.hpp"
#include "engine/wording/findings.hpp"
#include "engine/wording/firmness.hpp"
#include "engine/wording/notes.hpp"
#include "engine/wording/pages.hpp"
#include "engine/wording/record_kinds.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

using namespace zoneval;
using namespace zoneval::wording;
using feel::Missing;
using feel::Value;
namespace reasons = feel::reasons;

namespace {

constexpr auto en = Language::en, zh = Language::zh, ja = Language::ja;

feel::CausePtr missing(Missing kind, feel::Fact fact) { return Value::missing(kind, std::move(fact)).cause(); }

std::set<std::string> placeholders(std::string_view text) {
    std::set<std::string> out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '{') continue;
        if (text.substr(at).starts_with("{{")) {
            ++at;
            continue;
        }
        const auto end = text.find('}', at);
        REQUIRE(end != std::string_view::npos);
        out.emplace(text.substr(at + 1, end - at - 1));
    }
    return out;
}

}  // namespace

TEST_CASE("every kind of finding is named in Chinese and Japanese, each by words of its own") {
    for (const auto language : {zh, ja}) {
        std::set<std::string_view> seen;
        for (auto kind = Kind{}; kind <= Kind::internal_error; kind = static_cast<Kind>(static_cast<int>(kind) + 1)) {
            INFO(code(kind));
            CHECK(title(kind, language) != title(kind, en));
            // A column that is missing is one kind, a key another: no two read alike.
            CHECK(seen.insert(title(kind, language)).second);
        }
    }
    CHECK(gist(Kind::missing_key, zh) == "错误：缺少必需的键");
    CHECK(gist(Kind::unused_definition, ja) == "警告：定義がどこにも使われていません");
    CHECK(gist(Kind::missing_key, en).empty());
}

TEST_CASE("what is wrong with a store is said with its nouns in the reader's language") {
    const Fault fault{Flaw::not_as_entered, {{"what", Flaw::ruling_n}, {"n", std::int64_t{3}}}};
    CHECK(say(fault, en) == "ruling 3 is not as the logbook has it");
    CHECK(say(fault, zh) == "第3号裁定与日志所记不符");
    CHECK(say(fault, ja) == "裁定3が記録簿と異なる");
    const Fault gone{Flaw::object_gone, {{"kind", Flaw::a_view}, {"name", std::string("verdict")}}};
    CHECK(say(gone, zh) == "视图 `verdict` 已不存在");
    const Noted note{Remark::no_assessment, {{"year", std::int64_t{2021}}, {"kind", feel::Missing::not_applicable}}};
    CHECK(say(note, en) == "there is no assessment of 2021: what the rules read from it is not applicable");
    CHECK(say(note, zh) == "没有2021年的评价：规则从中读取的内容为“不适用”");
    CHECK(say(note, ja) == "2021年の評価がない：規則がそこから読むものは「該当なし」となる");
}

TEST_CASE("a note says its examples in the reader's language, also what was undetermined") {
    const Noted note{Remark::replaces_1,
                     {{"year", std::int64_t{2023}},
                      {"n", std::int64_t{1}},
                      {"run", std::int64_t{2}},
                      {"data", Remark::on_other_data},
                      {"examples", Remark::one_example},
                      {"first", Remark::first_example},
                      {"record_1", std::string("Heron")},
                      {"decision_1", std::string("standing")},
                      {"before_1", Remark::undetermined},
                      {"now_1", std::string("warned")}}};
    CHECK(say(note, en) ==
          "2023: 1 outcome comes out otherwise than in run 2, which it replaces (standing of Heron: warned, was "
          "undetermined), on other data");
    CHECK(say(note, zh) ==
          "2023年：有1项结果与被取代的第2次评价不同（Heron的standing：warned，原为待定），所依数据不同");
    CHECK(say(note, ja) ==
          "2023年：置き換えられる実行2と結果1件が異なる（Heronのstanding：warned、前は保留）。データが異なる");
}

TEST_CASE("a place in a file is said in the reader's language, whatever the file is called") {
    const auto said = [](const char* place, Language language) {
        return say(*missing(Missing::not_reported, reasons::missing_datum_at("x", "A", 2024, place)), language);
    };
    CHECK(said("zones.csv line 18", zh) == "A 2024年的`x`未报送（zones.csv 第18行）");
    CHECK(said("zones.csv line 18", ja) == "Aの2024年の`x`は未報告（zones.csv 18行目）");
    CHECK(said("a.xlsx [sheet 2] row 7", en).ends_with("(a.xlsx [sheet 2] row 7)"));
    CHECK(said("a.xlsx [sheet 2] row 7", zh).ends_with("（a.xlsx [sheet 2] 第7行）"));
    CHECK(said("first line 3.csv line 18", zh).ends_with("（first line 3.csv 第18行）"));
    CHECK(said("by hand", zh).ends_with("（by hand）"));
}

TEST_CASE("a missing datum is named in the reader's language, with record, year and place") {
    const auto cause =
        missing(Missing::not_reported, reasons::missing_datum_at("R&D", "Zone A", 2024, "zones.csv line 18"));
    CHECK(say(*cause, en) == "`R&D` is not reported for Zone A in 2024 (zones.csv line 18)");
    CHECK(say(*cause, zh) == "Zone A 2024年的`R&D`未报送（zones.csv 第18行）");
    CHECK(say(*cause, ja) == "Zone Aの2024年の`R&D`は未報告（zones.csv 18行目）");
}

TEST_CASE("what would settle a cause is its datum, with the year where that is an earlier one") {
    CHECK(awaited(*missing(Missing::late, reasons::missing_datum("GDP", "A", 2024)), en) == "GDP");
    const auto earlier = missing(Missing::not_reported, reasons::no_data("GDP", 2021));
    CHECK(awaited(*earlier, en) == "GDP of 2021");
    CHECK(awaited(*earlier, zh) == "2021年的GDP");
    CHECK(awaited(*feel::null_because(reasons::division_by_zero()).cause(), en) == "division by zero");
}

TEST_CASE("operands are told one by one, each missing or null") {
    const auto fact = reasons::null_operands({{"a", true}, {"", false}, {"b + 1", false}});
    CHECK(say(fact, en) == "`a` is missing and an operand is null and `b + 1` is null");
    CHECK(say(fact, zh) == "`a`缺失，且某个操作数为空，且`b + 1`为空");
}

TEST_CASE("types are told in words") {
    CHECK(say(reasons::cannot_join("+", feel::Type::Kind::number, feel::Type::Kind::date_time), en) ==
          "`+` does not join a number and a date and time");
    CHECK(say(reasons::wrong_arguments("floor", {feel::Type::Kind::string, feel::Type::Kind::list}), zh) ==
          "`floor`不接受（文本、列表）");
    for (auto kind = 0; kind <= static_cast<int>(feel::Type::Kind::function); ++kind)
        CHECK(say(static_cast<feel::Type::Kind>(kind), en) == feel::kind_name(static_cast<feel::Type::Kind>(kind)));
    for (const auto kind :
         {Missing::not_reported, Missing::not_applicable, Missing::suppressed, Missing::too_small, Missing::late})
        CHECK(say(kind, en) == feel::to_string(kind));
    CHECK(say(Missing::none, en).empty());
}

TEST_CASE("outcomes that are still possible are listed, no rule among them") {
    CHECK(alternatives({"a", "b", Value()}, en) == "a, b or none of the rules");
    CHECK(alternatives({"a", "b", "c"}, zh) == "a、b或c");
    CHECK(alternatives({feel::Decimal::scaled(12345678901, -10)}, en) == "1.2345678901");
    CHECK(alternatives({}, en).empty());
    feel::Cause cause;
    cause.fact = reasons::undetermined("verdict");
    cause.possible = {"warn", "none"};
    CHECK(say(cause, en) == "`verdict` is undetermined: warn or none");
    CHECK(say(cause, ja) == "`verdict`は未決: warnまたはnone");
}

TEST_CASE("braces in a sentence are braces") {
    CHECK(say(reasons::regex_open_brace(), en) == "in the regular expression: a `{` is not closed");
    CHECK(say(reasons::regex_no_count("{a}"), en) == "in the regular expression: `{a}` is not a number of times");
}

TEST_CASE("figures are shown with their places and unit") {
    const Value third = feel::Decimal(1) / feel::Decimal(3);
    CHECK(show(third, {2, "km²"}, en) == "0.33 km²");
    CHECK(show(third, {}, en) == "0.333333…");
    CHECK(show(feel::Decimal::scaled(5, -1), {3, ""}, ja) == "0.500");
    CHECK(show("West", {}, zh) == "West");
    CHECK(show(true, {}, en) == "true");
    CHECK(show(true, {}, zh) == "是");
    CHECK(show(false, {}, ja) == "いいえ");
    CHECK(show({}, {}, zh) == "空");
    const auto between = reasons::score_between("overall", {third, 1}, {feel::Decimal(0), 1}, {feel::Decimal(2), 1});
    CHECK(say(between, en) == "`overall` is 0.3 without what is missing, and between 0.0 and 2.0 with it");
}

TEST_CASE("no reason and no phrase lacks a word, and all languages say it of the same things") {
    const auto same = [](auto id) {
        const auto english = words(id, en);
        INFO(english);
        for (const auto language : all_languages) {
            CHECK_FALSE(words(id, language).empty());
            CHECK(placeholders(words(id, language)) == placeholders(english));
        }
    };
    for (const auto& row : feel::reason_rows) {
        const auto reason = *feel::reason_from_id(row.id);
        same(reason);
        for (const auto& name : placeholders(words(reason, en))) {
            const bool argument = std::any_of(row.parameters.begin(), row.parameters.begin() + row.count,
                                              [&](const auto& p) { return p.name == name; });
            CHECK((argument || name == "missing" || name == "possible"));
        }
    }
    for (auto phrase = 0; phrase <= static_cast<int>(Phrase::null); ++phrase) same(static_cast<Phrase>(phrase));
    for (auto answer = 0; answer < static_cast<int>(Answer::count_); ++answer) same(static_cast<Answer>(answer));
    for (auto word = 0; word < static_cast<int>(OfFile::count_); ++word) same(static_cast<OfFile>(word));
    for (auto word = 0; word < static_cast<int>(Firm::count_); ++word) same(static_cast<Firm>(word));
    for (auto page = 0; page < static_cast<int>(Page::count_); ++page) same(static_cast<Page>(page));
}

TEST_CASE("languages have the codes of their names") {
    CHECK(language_from_string("zh") == zh);
    CHECK(language_from_string("ja") == ja);
    CHECK_FALSE(language_from_string("tlh"));
}

TEST_CASE("so many records of a kind are called in the plural, where the language has one") {
    CHECK(record_kinds("country", 24, en) == "countries");
    CHECK(record_kinds("country", 1, en) == "country");
    CHECK(record_kinds("zone", 3, en) == "zones");
    CHECK(record_kinds("survey", 2, en) == "surveys");
    CHECK(record_kinds("box", 2, en) == "boxes");
    CHECK(record_kinds("branch", 0, en) == "branches");
    CHECK(record_kinds("country", 24, zh) == "国家");
    CHECK(record_kinds("country", 24, ja) == "国");
    CHECK(record_kinds("园区", 24, en) == "园区");
}
