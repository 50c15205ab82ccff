// Another program, run to its end.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zoneval::io {

struct Ran {
    int exit_code;  ///< -1: it was ended
    std::string out, err;
};

/// Runs the program at `path` with arguments, none of which a shell sees. It finds `input` as the file /dev/fd/3, and
/// nothing on its standard input. nullopt: there is no such program, or no room to run it.
std::optional<Ran> run_program(const std::string& path, const std::vector<std::string>& arguments,
                               std::string_view input);

/// Where a program of that name is: beside the one that runs now, or in a folder of PATH; "" where it is nowhere.
std::string find_program(const std::string& name);

}  // namespace zoneval::io
