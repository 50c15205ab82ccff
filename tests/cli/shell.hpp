// The command as its users meet it: run by a shell among the golden files.
#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/packs/command.hpp"

namespace zoneval::tests {

inline const std::string golden = source("tests/cli/golden/");

/// A shell line with the command as `zoneval`, standard error included; run in tests/cli/golden so that paths are
/// short.
inline Printed shell(const std::string& line) { return run_shell("cd '" + golden + "' && " + line); }

inline std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return std::move(out).str();
}

/// Compares with a golden file; ZONEVAL_UPDATE_GOLDEN=1 rewrites it instead.
inline void check_golden(const std::string& name, const std::string& printed) {
    if (std::getenv("ZONEVAL_UPDATE_GOLDEN")) std::ofstream(golden + name, std::ios::binary) << printed;
    CHECK(printed == read(golden + name));
}

/// For the files of one test.
struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("zoneval-cli-" + std::to_string(getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string file(const std::string& name, const std::string& text) const {
        std::ofstream(path / name, std::ios::binary) << text;
        return (path / name).string();
    }
    std::string at(const std::string& name) const { return (path / name).string(); }
};

}  // namespace zoneval::tests
