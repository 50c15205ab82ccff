// Where text leaves the command for a terminal, a log or a program: nothing in it is obeyed there but line breaks, tabs
// and the colours and line clearing that are our own.
#pragma once

#include <ostream>
#include <streambuf>
#include <string>

#include "src/command.hpp"

namespace zoneval::command {

/// Between a stream and where it goes, as long as it lives. Characters that a terminal would obey come out as `\u{1B}`,
/// in JSON, where they can only stand in strings, as `\u001b`.
class Border : public std::streambuf {
  public:
    /// `terminal`: the stream goes to one that our own sequences are written for.
    Border(std::ostream& stream, const Global& global, bool terminal);
    ~Border() override;
    Border(const Border&) = delete;
    Border& operator=(const Border&) = delete;

  protected:
    int_type overflow(int_type c) override;
    std::streamsize xsputn(const char* text, std::streamsize size) override;
    int sync() override;

  private:
    bool write(std::string_view text);
    bool let_through(std::string_view text, bool all);

    std::ostream& stream_;
    const Global& global_;
    bool terminal_;
    std::streambuf* inner_;
    std::string waiting_;  ///< the beginning of a character or of a sequence, whose rest has not come yet
};

}  // namespace zoneval::command
