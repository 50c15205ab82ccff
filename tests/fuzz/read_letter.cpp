// Any text as a letter's template, and as what its fields stand for: no HTML but our own comes out.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/graph/compile.hpp"
#include "engine/report/letter.hpp"
#include "engine/report/markdown.hpp"

using namespace zoneval;

namespace {

/// Every `<` begins one of the tags that Markdown may become, and as many close as open.
void check_html(std::string_view html) {
    constexpr std::array<std::string_view, 13> tags = {"p",  "h1", "h2",    "h3", "ul", "li", "strong",
                                                       "em", "hr", "table", "tr", "td", "th"};
    int open = 0;
    for (auto at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
        const bool closes = html.substr(at + 1).starts_with('/');
        const auto name = html.substr(at + (closes ? 2 : 1));
        bool known = false;
        for (const auto tag : tags)
            if (name.starts_with(tag) && name.size() > tag.size() &&
                (name[tag.size()] == '>' || name[tag.size()] == ' ')) {
                known = true;
                if (tag != "hr") open += closes ? -1 : 1;
            }
        if (!known || open < 0) std::abort();
    }
    if (open != 0) std::abort();
}

struct Invented {
    results::Table table;
    report::PageData data;
    Invented() {
        auto compiled = graph::compile("r.yaml", [](const std::string&) {
            return std::optional<std::string>("ruleset: r\nrecord: zone\ninputs: {x: {}}\n");
        });
        table.graph = graph::sound_graph(std::move(compiled));
        table.year = 2024;
        table.records = {""};
        data.table = &table;
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Invented invented;
    const std::string text(reinterpret_cast<const char*>(data), size);
    check_html(report::html_of_markdown(text));
    // What stands for a field is text, whatever it holds: `x` in front of it keeps it from beginning a line.
    const auto name = report::html_of_markdown("x" + report::for_markdown(text));
    if (name.find('<', 1) != name.rfind('<')) std::abort();  // one paragraph, nothing in it
    invented.table.records[0] = text;
    try {
        report::letter_page(invented.data, 0, {"fuzz", text + "{record} {who} {facts}"});
    } catch (const InputError& error) {
        render_text(error.diagnostics, false);
    }
    return 0;
}
