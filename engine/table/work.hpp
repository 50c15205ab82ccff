// Work in parts on several threads, with the outcome of one.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace zoneval {

/// Thrown out of work that was asked to stop. A transaction it was in is undone; those before it stand.
class Stopped : public std::exception {
  public:
    const char* what() const noexcept override { return "stopped on request"; }
};

/// How many may work at once, who is told how far it is (now and then, from the calling thread), and whether to go on.
struct Work {
    unsigned threads = 1;
    std::function<void(std::size_t done, std::size_t total)> progress;
    std::stop_token stop{};  ///< looked at whenever progress is told

    /// Throws Stopped when asked to stop.
    void tell(std::size_t done, std::size_t total) const {
        if (stop.stop_requested()) throw Stopped();
        if (progress) progress(done, total);
    }
};

/// What `in_order` shares between its threads.
template <class Part>
class Parts {
  public:
    Parts(std::size_t count, std::size_t ahead) : count_(count), ahead_(ahead), made_(count) {}

    template <class Make>
    void work(const Make& make) {
        std::unique_lock lock(mutex_);
        while (next_ < count_ && !stopped_) {
            // Not far ahead of the taker, so that few parts are in memory.
            changed_.wait(lock, [&] { return stopped_ || next_ >= count_ || next_ < taken_ + ahead_; });
            if (stopped_ || next_ >= count_) break;
            const auto mine = next_++;
            lock.unlock();
            Made made;
            try {
                made.part.emplace(make(mine));
            } catch (...) {
                made.failed = std::current_exception();
            }
            lock.lock();
            made_[mine].emplace(std::move(made));
            changed_.notify_all();
        }
    }

    Part take(std::size_t i) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return made_[i].has_value(); });
        auto made = std::move(*made_[i]);
        made_[i].reset();
        taken_ = i + 1;
        changed_.notify_all();
        if (made.failed) std::rethrow_exception(made.failed);
        return std::move(*made.part);
    }

    void stop() {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
        changed_.notify_all();
    }

  private:
    struct Made {
        std::optional<Part> part;
        std::exception_ptr failed;
    };
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t count_, ahead_, next_ = 0, taken_ = 0;
    bool stopped_ = false;
    std::vector<std::optional<Made>> made_;
};

/// Calls `make(i)` for every i < count, several at once, and `take(i, part)` on the calling thread in the order of i.
/// What either throws ends the work and is thrown on: of several failures, that of the lowest i.
template <class Make, class Take>
void in_order(std::size_t count, unsigned threads, const Make& make, const Take& take) {
    using Part = decltype(make(std::size_t{}));
    if (threads <= 1 || count <= 1) {
        for (std::size_t i = 0; i < count; ++i) take(i, make(i));
        return;
    }
    const auto workers = std::min<std::size_t>(threads, count);
    Parts<Part> parts(count, workers + 2);
    struct Stop {
        Parts<Part>& parts;
        ~Stop() { parts.stop(); }
    };
    std::vector<std::jthread> running;
    const Stop stop{parts};  // before the threads are joined
    for (std::size_t t = 0; t < workers; ++t) running.emplace_back([&] { parts.work(make); });
    for (std::size_t i = 0; i < count; ++i) take(i, parts.take(i));
}

}  // namespace zoneval
