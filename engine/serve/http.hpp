// The network: HTTP on the loopback address, for a site to answer.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/serve/site.hpp"

namespace zoneval::serve {

class Http {
  public:
    explicit Http(Site& site);
    ~Http();
    Http(const Http&) = delete;
    Http& operator=(const Http&) = delete;

    /// On 127.0.0.1; 0: any port that is free. Returns the port, or 0 where it is taken.
    int bind(int port);
    /// Answers until somebody calls stop(); what has been begun is answered.
    void run();
    void stop();  ///< from any thread

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace zoneval::serve
