#include "tests/packs/command.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace zoneval::tests {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

std::string quoted(const std::string& argument) {
    std::string out = "'";
    for (const char c : argument) {
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    }
    return out + "'";
}

Printed run_line(const std::string& line) {
    auto* pipe = popen(line.c_str(), "r");
    REQUIRE(pipe);
    Printed out;
    std::array<char, 65536> buffer{};
    while (const auto n = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.out.append(buffer.data(), n);
    const int status = pclose(pipe);
    out.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return out;
}

}  // namespace

Printed run(const std::vector<std::string>& arguments) {
    std::string line = quoted(ZONEVAL_COMMAND);
    for (const auto& argument : arguments) line += " " + quoted(argument);
    return run_line(line);
}

Printed run_shell(const std::string& line) {
    const auto folder = fs::path(ZONEVAL_COMMAND).parent_path().string();
    return run_line("{ PATH=" + quoted(folder) + ":\"$PATH\"; " + line + "\n} 2>&1");
}

json run_json(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--format", "json"});
    const auto printed = run(arguments);
    INFO(printed.out.substr(0, 2000));
    REQUIRE(printed.exit_code == 0);
    auto parsed = json::parse(printed.out, nullptr, false);
    REQUIRE(!parsed.is_discarded());
    return parsed;
}

std::string source(const std::string& relative) { return (fs::path(ZONEVAL_SOURCE_DIR) / relative).string(); }

fs::path shared_data(const std::string& name) {
    const auto* given = std::getenv("ZONEVAL_SHARED");
    const auto folder = (given ? fs::path(given) : fs::path(ZONEVAL_SOURCE_DIR) / ".." / "shared") / "data" / name;
    if (fs::is_directory(folder)) return folder;
    std::cout << "skipped: no data at " << folder << "\n";
    return {};
}

NewStore::NewStore(const std::string& name)
    : path_((fs::temp_directory_path() / ("zoneval-" + name + "-" + std::to_string(getpid()) + ".sqlite")).string()) {
    fs::remove(path_);
}

NewStore::~NewStore() {
    std::error_code ignored;
    fs::remove(path_, ignored);
}

const json& run_of(const json& assessed, int year) {
    for (const auto& run : assessed.at("runs"))
        if (run.at("year") == year) return run;
    FAIL("no run of " << year);
    return assessed;
}

int count(const json& assessed, int year, const std::string& decision, const std::string& value) {
    return run_of(assessed, year).at("decisions").at(decision).at("counts").value(value, 0);
}

int undetermined(const json& assessed, int year, const std::string& decision) {
    return run_of(assessed, year).at("decisions").at(decision).at("undetermined");
}

std::vector<std::string> adverse(const json& assessed, int year, const std::string& decision,
                                 const std::string& value) {
    std::vector<std::string> out;
    for (const auto& c : run_of(assessed, year).at("decisions").at(decision).at("adverse"))
        if (c.at("value") == value) out.push_back(c.at("record"));
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace zoneval::tests
