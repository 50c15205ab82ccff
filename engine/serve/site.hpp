// What is answered at which address. Nothing here writes: stores are opened to be read, or as a copy in memory.
#pragma once

#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "engine/serve/ledger.hpp"
#include "engine/serve/message.hpp"

namespace zoneval::serve {

struct SiteOptions {
    std::string store;
    wording::Language language = wording::Language::en;  ///< where an address names none
    std::chrono::seconds longest{30};                    ///< that a what-if may take
};

class Site {
  public:
    /// Throws StoreError where the store cannot be read.
    explicit Site(SiteOptions options);

    /// Answers any request, also what is none of ours; throws nothing. Many may ask at once.
    Response answer(const Request& request);
    /// Ends what is being computed; later what-ifs are not begun.
    void stop() { stop_.request_stop(); }

    const SiteOptions& options() const { return options_; }
    Ledger& ledger() { return ledger_; }

    /// What takes long on a copy of the store: one at a time, for `longest`. nullopt: another is at work.
    class Turn {
      public:
        Turn(std::unique_lock<std::mutex> lock, std::stop_token also, std::chrono::seconds longest);
        ~Turn();
        std::stop_token token() const { return source_.get_token(); }

      private:
        std::unique_lock<std::mutex> lock_;
        std::stop_source source_;
        std::stop_callback<std::function<void()>> callback_;
        std::jthread timer_;
    };
    std::unique_ptr<Turn> turn();

  private:
    Response routed(const Request& request, const Target& target);

    SiteOptions options_;
    Ledger ledger_;
    std::mutex turn_;
    std::stop_source stop_;
};

}  // namespace zoneval::serve
