// A request and its answer, without a network.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zoneval::serve {

struct Request {
    std::string method, target;  ///< target: path and query as sent, still encoded
    std::string host;            ///< the header; empty: none
    std::string site, mode;      ///< headers Sec-Fetch-Site and Sec-Fetch-Mode, where a browser sends them
};

struct Response {
    int status = 200;
    std::string type, body;
    std::vector<std::pair<std::string, std::string>> headers;
};

/// A target taken apart: "/runs/4/records/Z%2F1?of=GDP".
struct Target {
    std::vector<std::string> path;  ///< decoded
    std::vector<std::pair<std::string, std::string>> query;

    /// The first value of that name, without blanks at its ends; empty: none.
    std::string value(std::string_view name) const;
    bool is(std::initializer_list<std::string_view> pattern) const;  ///< "*" is any segment
};
/// What is no valid encoding is taken as it stands.
Target target_of(std::string_view target);

/// For a segment of a path or a value of a query (RFC 3986: everything but unreserved characters).
std::string encoded(std::string_view text);

/// "localhost", "127.0.0.1" or "[::1]", with a port or without. Others are names that somebody else gave to this
/// computer's address, for pages of theirs to be read from.
bool is_loopback_host(std::string_view host);

}  // namespace zoneval::serve
