// What nearly every subcommand includes, compiled once: the option parser takes longer to read than they do. A file
// still includes what it uses.
#pragma once

#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/precompiled.hpp"
