#include <fmt/format.h>

#include "engine/audit/lines.hpp"
#include "engine/audit/replay.hpp"
#include "engine/report/html.hpp"
#include "engine/report/view.hpp"
#include "engine/serve/remade.hpp"
#include "engine/wording/findings.hpp"
#include "engine/wording/pages.hpp"

namespace zoneval::serve {

using report::element;
using report::for_html;
using report::with_commas;
using wording::Served;

Remade remade(State& state, const store::Run& head) {
    const auto stored = *state.store().run(head.id);
    Remade out;
    for (const auto& decision : stored.decisions) out.outcomes += decision.codes.size();
    out.values = stored.measured.size() * stored.records.size();
    out.differences = audit::replay(state.store(), stored).differences;
    return out;
}

namespace {

std::string remade_html(const Visit& visit, const store::Run& head, const Remade& made) {
    const auto year = std::to_string(head.year), run = std::to_string(head.id);
    if (made.differences.empty())
        return element(
            "p", "class=because",
            "<span class=yes>✓</span>" + visit.html(Served::again_same, {{"run", run},
                                                                         {"year", year},
                                                                         {"n", with_commas(made.outcomes)},
                                                                         {"values", with_commas(made.values)}}));
    constexpr std::size_t most = 20;
    auto out = element("p", "class=because",
                       "<span class=no>✗</span>" +
                           visit.html(Served::again_differs,
                                      {{"run", run}, {"year", year}, {"n", with_commas(made.differences.size())}}));
    for (std::size_t i = 0; i < std::min(most, made.differences.size()); ++i)
        out += element("p", for_html(made.differences[i].told(visit.language)));
    return out;
}

}  // namespace

Response genuine_page(const Visit& visit) {
    const auto title = visit.say(Served::genuine);
    auto body = element("h1", for_html(title)) + "\n";
    try {
        const auto lease = visit.lease();  // refuses a store that is not sound
        body += element("p", "class=because", "<span class=yes>✓</span>" + visit.html(Served::sound)) + "\n";
        if (const auto asked = visit.target.value("run"); !asked.empty()) {
            const auto& head = visit.run(*lease, asked);
            body += remade_html(visit, head, remade(*lease, head)) + "\n";
        }
        report::HtmlTable table("class=fit", visit.say(Served::seals),
                                {{wording::say(wording::Page::run, visit.language)},
                                 {wording::say(wording::Page::year, visit.language)},
                                 {wording::say(wording::Page::state, visit.language)},
                                 {wording::say(wording::Page::seal, visit.language)},
                                 {visit.say(Served::make_again_head)}});
        for (const auto& run : lease->runs()) {
            const auto id = std::to_string(run.id);
            table.row({id, std::to_string(run.year), for_html(audit::state_text(run.standing, visit.language)),
                       fmt::format("<code>{}</code>", for_html(run.hash)),
                       fmt::format("<a href=\"{}\">{}</a>", visit.link("/genuine", {{"run", id}}),
                                   visit.html(Served::make_again, {{"run", id}}))});
        }
        body += table.text();
    } catch (const store::StoreError& error) {
        body += element("p", "class=because", "<span class=no>✗</span>" + visit.html(Served::not_sound)) + "\n";
        for (const auto& found : error.diagnostics.all()) {
            if (const auto gist = wording::gist(found.kind, visit.language); !gist.empty())
                body += element("p", for_html(gist)) + "\n";
            body += element("p", for_html(found.message)) + "\n";
        }
    }
    return visit.page(title, body + element("p", "class=note", visit.html(Served::outside_note)) + "\n", false);
}

}  // namespace zoneval::serve
