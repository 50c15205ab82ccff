// The only file that sees httplib: its header takes long to compile.
#include "engine/serve/http.hpp"

#include <httplib.h>

namespace zoneval::serve {

struct Http::Impl {
    explicit Impl(Site& of) : site(of) {}

    Site& site;
    httplib::Server server;

    void answer(const httplib::Request& from, httplib::Response& to) {
        const auto out =
            site.answer({from.method, from.target, from.get_header_value("Host"),
                         from.get_header_value("Sec-Fetch-Site"), from.get_header_value("Sec-Fetch-Mode")});
        to.status = out.status;
        for (const auto& [name, value] : out.headers) to.set_header(name, value);
        to.set_content(out.body, out.type);
        // A body that nobody reads would be taken for the next request.
        if (from.method != "GET" && from.method != "HEAD") to.set_header("Connection", "close");
    }
};

Http::Http(Site& site) : impl_(std::make_unique<Impl>(site)) {
    auto& server = impl_->server;
    server.set_pre_routing_handler([impl = impl_.get()](const httplib::Request& from, httplib::Response& to) {
        impl->answer(from, to);
        return httplib::Server::HandlerResponse::Handled;
    });
    constexpr std::size_t threads = 8;
    server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
    server.set_tcp_nodelay(true);
    server.set_keep_alive_max_count(1000);
    server.set_keep_alive_timeout(2);
    server.set_read_timeout(5);
    server.set_payload_max_length(0);
    // The library's own would let two servers share a port, each with half of the requests.
    server.set_socket_options([](int socket) {
        const int yes = 1;
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
}

Http::~Http() = default;

int Http::bind(int port) {
    constexpr auto loopback = "127.0.0.1";
    if (port == 0) return std::max(0, impl_->server.bind_to_any_port(loopback));
    return impl_->server.bind_to_port(loopback, port) ? port : 0;
}

void Http::run() { impl_->server.listen_after_bind(); }
void Http::stop() { impl_->server.stop(); }

}  // namespace zoneval::serve
