// The store as requests see it.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/assess/assessment.hpp"
#include "engine/store/watch.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::serve {

/// One state of the store, with what was made of it. Used by one request at a time.
class State {
  public:
    explicit State(const std::string& path, std::chrono::milliseconds wait);

    const store::Store& store() const { return store_; }
    const std::vector<store::Run>& runs() const { return runs_; }  ///< headers, oldest first
    const store::Run* head(std::int64_t run) const;                ///< nullptr: there is none
    /// The run that stands for a rule set and a year; of rule set "" the only or newest one, of year 0 the last.
    const store::Run* standing(const std::string& ruleset, std::int32_t year) const;
    /// A run made again; the last few are kept, of large ones the last alone. Good until the next call. Throws as
    /// audit::made_again does.
    const assess::Assessment& assessment(const store::Run& head);
    /// A yearly page that was made before, or "".
    std::string& page(std::int64_t run, wording::Language language);

  private:
    store::Store store_;
    std::vector<store::Run> runs_;
    std::list<assess::Assessment> made_;  ///< the last used first
    struct Page {
        std::int64_t run;
        wording::Language language;
        std::string html;
    };
    std::list<Page> pages_;
};

/// Hands out the newest state. INVARIANT (one state): while a lease lives, all that is read is of one state of the
/// store, and what was kept is of the same.
class Ledger {
  public:
    explicit Ledger(std::string path) : path_(std::move(path)), watch_(path_, patience) {}

    class Lease {
      public:
        State& operator*() const { return *state_; }
        State* operator->() const { return state_; }

      private:
        friend class Ledger;
        Lease(std::unique_lock<std::timed_mutex> lock, State& state, store::Store::Reading reading)
            : lock_(std::move(lock)), state_(&state), reading_(std::move(reading)) {}
        std::unique_lock<std::timed_mutex> lock_;
        State* state_;
        store::Store::Reading reading_;
    };
    /// nullopt: others are still at work. Throws StoreError where the store cannot be read, or has been altered.
    std::optional<Lease> lease();

    /// How long a request waits for others, and for whoever writes to the store.
    static constexpr std::chrono::milliseconds patience{5000};

  private:
    std::string path_;
    std::timed_mutex mutex_;
    store::Watch watch_;
    std::optional<State> state_;
    std::int64_t version_ = -1;
};

}  // namespace zoneval::serve
