#include "engine/report/document.hpp"

#include <fmt/format.h>

#include "engine/io/bytes/sha256.hpp"
#include "engine/report/base64.hpp"
#include "engine/report/html.hpp"
#include "engine/results/table.hpp"
#include "engine/wording/pages.hpp"

namespace zoneval::report {

extern const std::string_view page_style, page_script, explain_style;  // embedded by CMake

namespace {

const std::string& style() {
    static const std::string both = std::string(page_style) + std::string(explain_style);
    return both;
}

std::string hash_source(std::string_view text) { return fmt::format("'sha256-{}'", base64_of_hex(sha256(text))); }

}  // namespace

std::string document_policy(bool forms) {
    static const std::string of_style = hash_source(style());
    return fmt::format("default-src 'none'; style-src {}; base-uri 'none'; form-action {}", of_style,
                       forms ? "'self'" : "'none'");
}

std::string yearly_page_policy() {
    static const std::string policy =
        fmt::format("default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
                    hash_source(page_style), hash_source(page_script));
    return policy;
}

std::string banners_html(const std::vector<std::string>& banners, wording::Language language) {
    std::string out;
    for (const auto& note : banners) out += element("p", "class=banner", for_html(note)) + "\n";
    return out.empty() ? ""
                       : fmt::format("<aside aria-label=\"{}\">\n{}</aside>\n",
                                     for_html(wording::say(wording::Page::note, language)), out);
}

std::string document(const Document& of) {
    return fmt::format(
        "<!doctype html>\n<html lang={}>\n<head>\n<meta charset=utf-8>\n<meta http-equiv=Content-Security-Policy "
        "content=\"{}\">\n<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
        "<style>{}</style>\n</head>\n<body>\n<a class=skip href=#main>{}</a>\n{}{}<main id=main "
        "class=sheet>\n{}</main>\n</body>\n</html>\n",
        results::code(of.language), document_policy(of.forms), for_html(of.title), style(),
        for_html(wording::say(wording::Page::skip, of.language)), of.bar, banners_html(of.banners, of.language),
        of.body);
}

}  // namespace zoneval::report
