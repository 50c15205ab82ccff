// What the command knows of the terminal it talks to: colour, width, a line of progress.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace zoneval::command {

constexpr std::string_view clear_line = "\r\033[K";  ///< back to its beginning, and nothing on it
/// It is a terminal and NO_COLOR is not set.
bool may_colour(int descriptor);
/// Places in a line of standard output: those of the terminal, at least 80; 132 where there is none.
std::size_t line_width();

/// One line on a terminal's standard error, rewritten in place; silent elsewhere.
class Progress {
  public:
    ~Progress();
    void show(const std::string& text);
    /// Also how far it is, how fast, and how long it will take.
    void show(const std::string& stage, std::size_t done, std::size_t total);

  private:
    using Clock = std::chrono::steady_clock;
    bool shown_ = false;
    std::string stage_;
    Clock::time_point began_, told_;
};

}  // namespace zoneval::command
