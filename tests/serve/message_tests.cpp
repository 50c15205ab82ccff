#include <catch2/catch.hpp>

#include "engine/serve/message.hpp"

using namespace zoneval::serve;

TEST_CASE("an address is taken apart, and a record with a slash in its id stays one") {
    const auto target = target_of("/runs/4/records/Z%2F1%20a?of=R%26D+x&lang=zh&empty&of=second#part");
    CHECK(target.path == std::vector<std::string>{"runs", "4", "records", "Z/1 a"});
    CHECK(target.value("of") == "R&D x");
    CHECK(target.value("lang") == "zh");
    CHECK(target.value("empty").empty());
    CHECK(target.value("none").empty());
    CHECK(target.is({"runs", "*", "records", "*"}));
    CHECK_FALSE(target.is({"runs", "*", "records"}));
    CHECK_FALSE(target.is({"runs", "*", "records", "*", "why-not"}));
}

TEST_CASE("what is no valid encoding is taken as it stands") {
    CHECK(target_of("/a%2/%zz/100%").path == std::vector<std::string>{"a%2", "%zz", "100%"});
    CHECK(target_of("").path.empty());
    CHECK(target_of("///").path.empty());
    CHECK(target_of("/?").query.empty());
    CHECK(target_of("/x?=y&&").query == std::vector<std::pair<std::string, std::string>>{{"", "y"}});
}

TEST_CASE("any id comes back from the address it was put into") {
    for (const std::string id :
         {"Z017", "a/b", "..", ".", "x?y#z&=+", "虚构沁陌高新区", "<script>\"'", "50%25", " a "}) {
        INFO(id);
        CHECK(target_of("/records/" + encoded(id)).path == std::vector<std::string>{"records", id});
        CHECK(target_of("/?q=" + encoded(id)).query.front().second == id);
        CHECK(encoded(id).find_first_of("<>\"'/? ") == std::string::npos);
    }
}

TEST_CASE("only this computer's own names are answered") {
    for (const std::string host : {"localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:8093", "[::1]:8093"}) {
        INFO(host);
        CHECK(is_loopback_host(host));
    }
    for (const std::string host :
         {"", "example.org", "localhost.example.org", "localhost:", "localhost:8o", "127.0.0.1.example.org",
          "127.0.0.1:80:80", "evil/localhost", "[::1]x", "0.0.0.0:8093", "localhost:123456"}) {
        INFO(host);
        CHECK_FALSE(is_loopback_host(host));
    }
}
