#include "engine/serve/site.hpp"

#include <functional>

#include "engine/serve/visit.hpp"

namespace zoneval::serve {

extern const std::string_view openapi;  // openapi.json, embedded by CMake

using wording::Served;

Site::Turn::Turn(std::unique_lock<std::mutex> lock, std::stop_token also, std::chrono::seconds longest)
    : lock_(std::move(lock)),
      callback_(std::move(also), [this] { source_.request_stop(); }),
      timer_([this, longest](std::stop_token over) {
          std::mutex mutex;
          std::condition_variable_any changed;
          std::unique_lock waiting(mutex);
          if (!changed.wait_for(waiting, over, longest, [] { return false; }) && !over.stop_requested())
              source_.request_stop();
      }) {}

Site::Turn::~Turn() = default;

std::unique_ptr<Site::Turn> Site::turn() {
    std::unique_lock lock(turn_, std::try_to_lock);
    if (!lock) return nullptr;
    return std::make_unique<Turn>(std::move(lock), stop_.get_token(), options_.longest);
}

Site::Site(SiteOptions options) : options_(std::move(options)), ledger_(options_.store) {
    if (!ledger_.lease()) throw std::logic_error("nobody else has the store yet");
}

namespace {

void harden(Response& out) {
    const std::pair<const char*, const char*> headers[] = {{"X-Content-Type-Options", "nosniff"},
                                                           {"X-Frame-Options", "DENY"},
                                                           {"Referrer-Policy", "no-referrer"},
                                                           {"Cross-Origin-Resource-Policy", "same-origin"},
                                                           {"Cross-Origin-Opener-Policy", "same-origin"},
                                                           {"Cache-Control", "no-store"}};
    for (const auto& [name, value] : headers) out.headers.emplace_back(name, value);
    for (const auto& [name, value] : out.headers)
        if (name == "Content-Security-Policy") return;
    out.headers.emplace_back("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

/// A page of somebody else's that loads ours into itself; following a link from there is another thing.
bool is_embedded_elsewhere(const Request& request) {
    return (request.site == "cross-site" || request.site == "same-site") && request.mode != "navigate";
}

}  // namespace

Response Site::routed(const Request& request, const Target& target) {
    const Visit visit(*this, request, target);
    const auto& path = target.path;
    try {
        if (!is_loopback_host(request.host)) throw Refused{421, visit.say(Served::only_localhost)};
        if (request.method != "GET" && request.method != "HEAD") throw Refused{405, visit.say(Served::only_reading)};
        if (is_embedded_elsewhere(request)) throw Refused{403, visit.say(Served::only_localhost)};
        if (path.empty()) return home_page(visit);
        if (target.is({"favicon.ico"})) return {204, "image/x-icon", "", {}};
        if (target.is({"search"})) return search_page(visit);
        if (target.is({"genuine"})) return genuine_page(visit);
        if (target.is({"runs", "*"})) return report_page(visit, path[1]);
        if (target.is({"runs", "*", "what-if"})) return what_if_page(visit, path[1]);
        if (target.is({"runs", "*", "records", "*"})) return record_page(visit, path[1], path[3]);
        if (target.is({"runs", "*", "records", "*", "why-not"})) return why_not_page(visit, path[1], path[3]);
        if (target.is({"api", "openapi.json"})) return json(openapi);
        if (target.is({"api", "runs"})) return api_runs(visit);
        if (target.is({"api", "runs", "*", "results"})) return api_results(visit, path[2]);
        if (target.is({"api", "runs", "*", "what-if"})) return api_what_if(visit, path[2]);
        if (target.is({"api", "runs", "*", "records", "*"})) return api_explanation(visit, path[2], path[4]);
        if (target.is({"api", "runs", "*", "records", "*", "why-not"})) return api_why_not(visit, path[2], path[4]);
        if (target.is({"api", "verify"})) return api_verify(visit);
        throw Refused{404, visit.say(Served::no_page)};
    } catch (const Refused& why) {
        return visit.refused(why);
    } catch (const store::StoreError& error) {
        return visit.refused(error, 503);
    } catch (const InputError& error) {
        return visit.refused(error, 400);
    } catch (const Stopped&) {
        return visit.refused(
            Refused{503, visit.say(Served::too_long, {{"n", std::to_string(options_.longest.count())}})});
    }
}

Response Site::answer(const Request& request) {
    Response out;
    try {
        out = routed(request, target_of(request.target));
    } catch (const std::bad_alloc&) {
        out = {503, "text/plain; charset=utf-8", "there is not enough memory\n", {}};
    } catch (const std::exception& error) {
        out = {500, "text/plain; charset=utf-8", std::string("internal error: ") + error.what() + "\n", {}};
    }
    harden(out);
    return out;
}

}  // namespace zoneval::serve
