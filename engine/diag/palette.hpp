// What colours a terminal is asked for; whoever prints says whether it may be.
#pragma once

#include <string_view>

namespace zoneval {

struct Palette {
    std::string_view bold, dim, red, green, yellow, cyan, reset;
};
/// Without colour each is empty.
constexpr Palette palette(bool colour) {
    return colour ? Palette{"\033[1m", "\033[2m", "\033[31m", "\033[32m", "\033[33m", "\033[36m", "\033[0m"}
                  : Palette{};
}

}  // namespace zoneval
