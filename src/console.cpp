#include "src/console.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace zoneval::command {

bool may_colour(int descriptor) {
    const char* no_color = std::getenv("NO_COLOR");
    return isatty(descriptor) != 0 && (no_color == nullptr || *no_color == '\0');
}

std::size_t line_width() {
    constexpr std::size_t least = 80, usual = 132;
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
    return std::max<std::size_t>(least, size.ws_col);
}

void Progress::show(const std::string& text) {
    if (isatty(STDERR_FILENO) == 0) return;
    std::cerr << clear_line << text << std::flush;
    shown_ = true;
}

void Progress::show(const std::string& stage, std::size_t done, std::size_t total) {
    if (isatty(STDERR_FILENO) == 0) return;
    const auto now = Clock::now();
    if (stage != stage_) {
        stage_ = stage;
        began_ = told_ = now;
        return;  // what is over at once is not worth a line
    }
    constexpr auto often = std::chrono::milliseconds(100);
    if (now - told_ < often || done == 0) return;
    told_ = now;
    const auto seconds = std::chrono::duration<double>(now - began_).count();
    const auto rate = static_cast<double>(done) / seconds;
    const auto left = total > done ? static_cast<double>(total - done) / rate : 0.0;
    show(fmt::format("{}: {} of {} records, {:.0f} a second, {:.0f} s left", stage, done, total, rate, left));
}

Progress::~Progress() {
    if (shown_) std::cerr << clear_line << std::flush;
}

}  // namespace zoneval::command
