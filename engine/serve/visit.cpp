#include "engine/serve/visit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "engine/diag/terminal.hpp"
#include "engine/report/document.hpp"
#include "engine/report/html.hpp"
#include "engine/wording/findings.hpp"

namespace zoneval::serve {

using report::element;
using report::for_html;
using wording::Served;

namespace {

wording::Language language_of(const Target& target, wording::Language usual) {
    return wording::language_from_string(target.value("lang")).value_or(usual);
}

std::optional<std::int64_t> number_of(const std::string& text) {
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

}  // namespace

Visit::Visit(Site& of, const Request& asked, const Target& at)
    : site(of),
      request(asked),
      target(at),
      language(language_of(at, of.options().language)),
      for_program(!at.path.empty() && at.path.front() == "api") {}

std::string_view Visit::code() const { return results::code(language); }

std::string Visit::html(Served word, Arguments arguments) const { return for_html(say(word, arguments)); }

std::string Visit::link(const std::string& path, Arguments query) const {
    std::string out = path;
    char before = '?';
    const auto add = [&](std::string_view name, std::string_view value) {
        out += before + encoded(name) + "=" + encoded(value);
        before = '&';
    };
    for (const auto& [name, value] : query)
        if (!value.empty()) add(name, value);
    if (language != site.options().language) add("lang", code());
    return for_html(out);
}

Ledger::Lease Visit::lease() const {
    auto out = site.ledger().lease();
    if (!out) throw Refused{503, say(Served::busy)};
    return std::move(*out);
}

const store::Run& Visit::run(const State& state, const std::string& segment) const {
    const auto number = number_of(segment);
    const auto* found = number ? state.head(*number) : nullptr;
    if (!found) throw Refused{404, say(Served::no_run, {{"run", segment}})};
    return *found;
}

std::size_t Visit::record(const assess::Assessment& assessment, const std::string& id) const {
    if (const auto found = assessment.evaluation.find(id)) return *found;
    throw Refused{404, say(Served::no_record, {{"record", id}, {"year", std::to_string(assessment.run.year)}}), "",
                  nearest_of(id, {assessment.run.records.begin(), assessment.run.records.end()})};
}

const graph::Node& Visit::decision(const graph::Graph& graph, const std::string& name) const {
    if (const auto* node = audit::decision_to_explain(graph, name)) return *node;
    std::vector<std::string> names;
    for (const auto& d : graph.rules->decisions) names.push_back(d.name);
    throw Refused{404, say(Served::no_decision, {{"name", name}}),
                  say(Served::one_of, {{"names", fmt::format("{}", fmt::join(names, ", "))}}), nearest_of(name, names)};
}

std::string Visit::nearest_of(const std::string& word, const std::vector<std::string>& names) const {
    const auto near = nearest(word, names);
    return near ? say(Served::nearest_is, {{"name", *near}}) : "";
}

std::string Visit::bar(const std::string& run) const {
    std::string here;
    for (const auto& part : target.path) here += "/" + encoded(part);
    if (here.empty()) here = "/";
    const auto item = [&](const std::string& path, Served title, Arguments query = {}) {
        return fmt::format("<a href=\"{}\"{}>{}</a>", link(path, query), path == here ? " aria-current=page" : "",
                           html(title));
    };
    auto out =
        fmt::format("<header class=bar><b>{}</b><nav aria-label=\"{}\">{}{}", html(Served::site),
                    html(Served::site_pages), item("/", Served::runs), item("/search", Served::search, {{"run", run}}));
    if (!run.empty()) {
        out += item("/runs/" + run, Served::report);
        out += item("/runs/" + run + "/what-if", Served::what_if);
    }
    out += item("/genuine", Served::genuine);
    out += fmt::format("</nav><nav aria-label=\"{}\">", html(Served::languages));
    for (const auto other : wording::all_languages) {
        static constexpr std::string_view names[] = {"English", "中文", "日本語"};
        const auto name = names[static_cast<std::size_t>(other)];
        auto at = here;
        char before = '?';
        for (const auto& [key, value] : target.query)
            if (key != "lang") at += std::exchange(before, '&') + encoded(key) + "=" + encoded(value);
        at += before + fmt::format("lang={}", results::code(other));
        out += other == language
                   ? fmt::format("<span aria-current=true>{}</span>", name)
                   : fmt::format("<a href=\"{}\" lang={}>{}</a>", for_html(at), results::code(other), name);
    }
    return out + "</nav></header>\n";
}

Response Visit::page(const std::string& title, std::string body, bool forms, std::vector<std::string> banners,
                     const std::string& run) const {
    body += fmt::format("<p class=foot>{} {}: <a href=/api/openapi.json>/api/openapi.json</a></p>\n",
                        html(Served::read_only, {{"store", site.options().store}}), html(Served::for_programs));
    return {200,
            "text/html; charset=utf-8",
            report::document({language, title + " – zoneval", std::move(banners), bar(run), std::move(body), forms}),
            {{"Content-Security-Policy", report::document_policy(forms) + "; frame-ancestors 'none'"}}};
}

Response Visit::refused(const Refused& why) const {
    Response out;
    if (for_program) {
        nlohmann::ordered_json body = {{"version", 1}, {"status", why.status}, {"message", why.message}};
        if (!why.expected.empty()) body["expected"] = why.expected;
        if (!why.hint.empty()) body["hint"] = why.hint;
        out = json(body.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    } else {
        auto body = element("h1", html(Served::did_not_work)) + "\n";
        if (!why.gist.empty() && language != wording::Language::en) body += element("p", for_html(why.gist)) + "\n";
        body += element("p", "class=because", for_html(why.message)) + "\n";
        if (!why.expected.empty()) body += element("p", html(Served::expected, {{"what", why.expected}})) + "\n";
        if (!why.hint.empty()) body += element("p", for_html(why.hint)) + "\n";
        out = page(say(Served::did_not_work), std::move(body), false);
    }
    out.status = why.status;
    if (why.status == 503) out.headers.emplace_back("Retry-After", "2");
    if (why.status == 405) out.headers.emplace_back("Allow", "GET, HEAD");
    return out;
}

Response Visit::refused(const InputError& error, int status) const {
    const auto& found = error.diagnostics.all();
    if (found.empty()) return refused(Refused{status, say(Served::did_not_work)});
    return refused(Refused{status, found.front().message, found.front().expected, found.front().hint,
                           std::string(wording::title(found.front().kind, language))});
}

Response json(std::string_view body) {
    Response out{200, "application/json", "", {}};
    out.body.reserve(body.size());
    for (std::size_t at = 0; at < body.size();) {
        const auto [code, length] = character_at(body, at);
        if (length > 0 && is_obeyed(code) && code != '\n' && code != '\t')
            out.body += code < 0x10000
                            ? fmt::format("\\u{:04x}", static_cast<std::uint32_t>(code))
                            : fmt::format("\\u{:04x}\\u{:04x}", 0xD7C0 + (static_cast<std::uint32_t>(code) >> 10),
                                          0xDC00 + (static_cast<std::uint32_t>(code) & 0x3FF));
        else
            out.body += body.substr(at, std::max<std::size_t>(length, 1));
        at += std::max<std::size_t>(length, 1);
    }
    return out;
}

std::string run_path(std::int64_t run) { return fmt::format("/runs/{}", run); }
std::string record_path(std::int64_t run, const std::string& record) {
    return run_path(run) + "/records/" + encoded(record);
}

}  // namespace zoneval::serve
