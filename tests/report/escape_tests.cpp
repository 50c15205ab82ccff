#include <catch2/catch.hpp>

#include "engine/diag/terminal.hpp"
#include "engine/report/escape.hpp"

using namespace zoneval;
using namespace zoneval::report;

TEST_CASE("a terminal shows what it would obey") {
    CHECK(for_terminal("a\033[31mb") == "a\\u{1B}[31mb");
    CHECK(for_terminal("\xC2\x9B"
                       "0m") == "\\u{9B}0m");
    CHECK(for_terminal("x\u202Ey") == "x\\u{202E}y");
    CHECK(for_terminal("\u2067z\u2069") == "\\u{2067}z\\u{2069}");
    CHECK(for_terminal("line\nline\ttab\r") == "line\\u{A}line\\u{9}tab\\u{D}");
    CHECK(for_terminal("half \xE8\x99") == "half \\u{E8}\\u{99}");
    CHECK(for_terminal("虚构 naïve ﬁ") == "虚构 naïve ﬁ");
}

TEST_CASE("a page takes no mark-up from a name") {
    CHECK(for_html("<script>alert(\"1\")</script>") == "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
    CHECK(for_html("a & 'b'") == "a &amp; &#39;b&#39;");
    CHECK(for_html("x\u202Ey\033") == "x\uFFFDy\uFFFD");
    CHECK(for_html("\xFFoff") == "\uFFFDoff");
}

TEST_CASE("a spreadsheet takes no formula from a name") {
    CHECK(for_csv("=cmd()") == "'=cmd()");
    CHECK(for_csv("+1") == "'+1");
    CHECK(for_csv("-2 zones") == "'-2 zones");
    CHECK(for_csv("@SUM(A1)") == "'@SUM(A1)");
    CHECK(for_csv("＝HYPERLINK(1)") == "'＝HYPERLINK(1)");
    CHECK(for_csv("=1+1,\"x\"") == "\"'=1+1,\"\"x\"\"\"");
    CHECK(for_csv("plain = text") == "plain = text");
    CHECK(for_csv("two\nlines") == "\"two\nlines\"");
}

TEST_CASE("widths are those of a terminal, and what is too wide is cut between characters") {
    CHECK(shown_width("虚构a") == 5);
    CHECK(shown_width("e\u0301") == 1);
    CHECK(padded("虚", 4) == "虚  ");
    CHECK(padded_left("1", 3) == "  1");
    CHECK(shortened("虚构中关村", 7) == "虚构中…");
    CHECK(shortened("short", 5) == "short");
    CHECK(shortened_inside("innovation-type science park", 17) == "innovati…nce park");
    CHECK(shortened_inside("虚构中关村对应园区", 11) == "虚构…园区");
}
