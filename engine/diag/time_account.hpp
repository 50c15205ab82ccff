// Where the time of a command goes: stages within stages, each counted without those inside it, so that all of them add
// up to the whole.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>
#include <vector>

namespace zoneval {

double milliseconds_since(std::chrono::steady_clock::time_point began);

/// Kept for the thread that makes it, until it goes; one within another counts for itself alone. Work of other threads
/// counts for the stage that waits for them.
class TimeAccount {
  public:
    struct Row {
        std::string_view stage;  ///< empty: what belongs to none
        double milliseconds = 0;
    };

    TimeAccount();
    ~TimeAccount();
    TimeAccount(const TimeAccount&) = delete;
    TimeAccount& operator=(const TimeAccount&) = delete;

    /// INVARIANT (adds up): their sum is total(). In the order in which they were first entered.
    std::vector<Row> rows() const;
    double total() const;  ///< milliseconds since it was made

  private:
    friend class TimedStage;
    using Clock = std::chrono::steady_clock;
    struct Entry {
        std::string_view stage;
        Clock::duration spent{};
    };
    std::size_t place_of(std::string_view stage);
    void go_to(std::size_t place);

    TimeAccount* outer_;
    std::vector<Entry> entries_;
    std::size_t at_ = 0;
    Clock::time_point began_, since_;
};

/// A stage of the thread's account, from here to the end of the scope; nothing where there is no account.
class TimedStage {
  public:
    /// `stage` must outlive the account: a literal.
    explicit TimedStage(std::string_view stage);
    ~TimedStage();
    void turn_to(std::string_view stage);  ///< from here on it is that one
    TimedStage(const TimedStage&) = delete;
    TimedStage& operator=(const TimedStage&) = delete;

  private:
    TimeAccount* account_;
    std::size_t before_ = 0;
};

}  // namespace zoneval
