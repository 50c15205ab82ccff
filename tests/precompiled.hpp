// The test framework, compiled once for all tests.
#pragma once

#include <catch2/catch.hpp>

#include "engine/precompiled.hpp"
