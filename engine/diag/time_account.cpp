#include "engine/diag/time_account.hpp"

#include <algorithm>

namespace zoneval {

namespace {

thread_local TimeAccount* of_this_thread = nullptr;

double milliseconds(std::chrono::steady_clock::duration time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

double milliseconds_since(std::chrono::steady_clock::time_point began) {
    return milliseconds(std::chrono::steady_clock::now() - began);
}

TimeAccount::TimeAccount() : outer_(of_this_thread), entries_{{}}, began_(Clock::now()), since_(began_) {
    of_this_thread = this;
}

TimeAccount::~TimeAccount() { of_this_thread = outer_; }

std::vector<TimeAccount::Row> TimeAccount::rows() const {
    std::vector<Row> out;
    const auto now = Clock::now();
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const auto running = i == at_ ? now - since_ : Clock::duration{};
        out.push_back({entries_[i].stage, milliseconds(entries_[i].spent + running)});
    }
    std::rotate(out.begin(), out.begin() + 1, out.end());  // what belongs to none comes last
    return out;
}

double TimeAccount::total() const { return milliseconds(Clock::now() - began_); }

std::size_t TimeAccount::place_of(std::string_view stage) {
    for (std::size_t i = 0; i < entries_.size(); ++i)
        if (entries_[i].stage == stage) return i;
    entries_.push_back({stage, {}});
    return entries_.size() - 1;
}

void TimeAccount::go_to(std::size_t place) {
    const auto now = Clock::now();
    entries_[at_].spent += now - since_;
    since_ = now;
    at_ = place;
}

TimedStage::TimedStage(std::string_view stage) : account_(of_this_thread) {
    if (!account_) return;
    before_ = account_->at_;
    turn_to(stage);
}

void TimedStage::turn_to(std::string_view stage) {
    if (account_) account_->go_to(account_->place_of(stage));
}

TimedStage::~TimedStage() {
    if (account_) account_->go_to(before_);
}

}  // namespace zoneval
