#include <catch2/catch.hpp>

#include "engine/io/bytes/text.hpp"
#include "tests/io/support.hpp"

using namespace zoneval;
using namespace std::string_literals;
using io::test::read;
using io::test::zones;

namespace {

// "zone,year,remark" / "Z1,2024,中" in GB 18030 (GBK): the usual way Excel in Chinese saves CSV.
const std::string gbk = "zone,year,remark\nZ1,2024,\xD6\xD0\n";

}  // namespace

TEST_CASE("a GB 18030 file is recognised by its first bad byte, and the option named") {
    const auto out = read(gbk);
    CHECK(out.says("zones.csv:2:9: error ZV402: byte 0xD6 is not UTF-8"));
    CHECK(out.says("`--encoding GB18030` reads `"));
}

TEST_CASE("with its encoding named, the file is read") {
    io::ReadOptions options;
    options.encoding = "gb18030";
    const auto out = read(gbk, zones(), options);
    INFO(out.text());
    REQUIRE(out.fine());
    CHECK(out.rows.columns[0].at(0).to_string() == "中");
}

TEST_CASE("UTF-16 is recognised by its byte-order mark, both ways round") {
    std::string little = "\xFF\xFE", big = "\xFE\xFF";
    for (const char c : "zone,year,GDP\nZ1,2024,5\n"s) {
        little += {c, '\0'};
        big += {'\0', c};
    }
    for (const auto& bytes : {little, big}) {
        const auto out = read(bytes);
        INFO(out.text());
        REQUIRE(out.fine());
        CHECK(out.rows.records[0] == "Z1");
    }
}

TEST_CASE("UTF-16 without a mark is called what it is") {
    std::string little;
    for (const char c : "zone,year,GDP\nZ1,2024,5\n"s) little += {c, '\0'};
    CHECK(read(little).says("the text is UTF-16, and no mark at its beginning says so"));
    io::ReadOptions options;
    options.encoding = "UTF-16LE";
    CHECK(read(little, zones(), options).fine());
}

TEST_CASE("bytes that do not belong to the named encoding are placed") {
    io::ReadOptions options;
    options.encoding = "gb18030";
    CHECK(read("zone,year\nZ1,\xFF\xFF\n", zones(), options)
              .says("zones.csv:2:4: error ZV402: byte 0xFF is not gb18030"));
    options.encoding = "klingon";
    CHECK(read("zone,year\n", zones(), options).says("error ZV402: the encoding `klingon` is not known here"));
    options.encoding = "ascii";
    CHECK(
        read("zone,year\n中,2024\n", zones(), options).says("the bytes are well-formed UTF-8: leave `--encoding` out"));
}

TEST_CASE("UTF-8 is checked strictly") {
    CHECK_FALSE(io::first_invalid_utf8("plain and 中文 and \xF0\x9F\x98\x80, long enough for the fast path"));
    CHECK(io::first_invalid_utf8("ab\xC0\xAF") == 2u);        // overlong
    CHECK(io::first_invalid_utf8("\xED\xA0\x80") == 0u);      // surrogate
    CHECK(io::first_invalid_utf8("\xF4\x90\x80\x80") == 0u);  // beyond U+10FFFF
    CHECK(io::first_invalid_utf8("12345678\xE4\xB8") == 8u);  // cut short
    CHECK(io::first_invalid_utf8("\x80") == 0u);
    CHECK(io::first_invalid_utf8("\xE0\x80\x80") == 0u);
}
