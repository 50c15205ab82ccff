// What the public headers ask of those who include them, and what the library shows.
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace fs = std::filesystem;

TEST_CASE("public headers include the standard library and each other, nothing else") {
    std::size_t seen = 0;
    for (const auto& entry : fs::directory_iterator(ZONEVAL_SOURCE_DIR "/include/zoneval")) {
        std::ifstream in(entry.path());
        for (std::string line; std::getline(in, line);) {
            if (!line.starts_with("#include")) continue;
            ++seen;
            INFO(entry.path() << ": " << line);
            const bool ours = line.starts_with("#include \"zoneval/");
            const bool standard = line.starts_with("#include <") && line.find('/') == std::string::npos &&
                                  line.find('.') == std::string::npos;
            CHECK((ours || standard));
        }
    }
    CHECK(seen > 10);
}

TEST_CASE("the shared library shows its own names and no others") {
    auto* pipe = popen("nm -D --defined-only --demangle '" ZONEVAL_LIBRARY "'", "r");
    REQUIRE(pipe);
    std::string all;
    char buffer[4096];
    while (const auto n = std::fread(buffer, 1, sizeof buffer, pipe)) all.append(buffer, n);
    REQUIRE(pclose(pipe) == 0);
    CHECK(all.find("zoneval::RuleSet::load(") != std::string::npos);
    for (const auto* hidden : {"zoneval::feel::", "zoneval::graph::", "zoneval::exec::", "zoneval::store::",
                               "zoneval::io::", "bid128", "YAML::", "sqlite3_"}) {
        INFO(hidden);
        const auto at = all.find(hidden);
        INFO(all.substr(at == std::string::npos ? 0 : at > 200 ? at - 200 : 0, 400));
        CHECK(at == std::string::npos);
    }
}
