// What most tests include, compiled once: the test framework, and what rule sets and evaluations are. A test still
// includes what it uses.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "engine/exec/results/evaluation.hpp"
#include "engine/graph/graph.hpp"
