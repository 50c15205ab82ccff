// What a reader must know of an assessment.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/wording/notes.hpp"

namespace zoneval::assess {

/// What was found, or what somebody wrote who imported data: that stays in the language it was written in.
class Note {
  public:
    Note(std::string written) : written_(std::move(written)) {}
    Note(wording::Noted found) : found_(std::move(found)), is_found_(true) {}
    std::string in(wording::Language language) const { return is_found_ ? say(found_, language) : written_; }

  private:
    std::string written_;
    wording::Noted found_;
    bool is_found_ = false;
};

std::vector<std::string> told(const std::vector<Note>& notes, wording::Language language);

}  // namespace zoneval::assess
