// Outcomes by region: counts, and a tile for each record.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/tally.hpp"
#include "engine/report/view.hpp"

namespace zoneval::report {

using wording::Page;

namespace {

constexpr std::size_t most_tiles = 2'000, most_regions = 60;

/// The input that says where a record lies: by its name, as nothing else in a rule set tells.
const graph::Node* region_of(const graph::Graph& graph) {
    constexpr std::array names = {"region", "Region", "area", "province", "地区",
                                  "区域",   "片区",   "省份", "地域",     "都道府県"};
    for (const auto* name : names)
        if (const auto* node = graph.find(name);
            node && node->kind == graph::NodeKind::input && node->type->kind == feel::Type::Kind::string)
            return node;
    return nullptr;
}

struct Region {
    std::string name, shown;             ///< shown: the name as people read it
    std::vector<std::uint32_t> records;  ///< by rank
};

/// In the order in which the input declares its words, then of appearance; empty: too many to be regions.
std::vector<Region> regions_of(const PageContext& c, const graph::Node& input) {
    std::vector<Region> out;
    const auto labels = exec::labels_in(c.graph, input, results::code(c.data.language));
    for (const auto& declared : c.graph.rules->inputs)
        if (declared.name == input.name)
            for (const auto& value : declared.values) out.push_back({value, exec::labelled(labels, value), {}});
    for (const auto record : c.order) {
        const auto value = c.data.assessment->evaluation.value(input.id, record);
        const auto name = value.is_null() ? std::string() : value.to_string();
        auto region = std::find_if(out.begin(), out.end(), [&](const Region& r) { return r.name == name; });
        if (region == out.end()) {
            if (out.size() >= most_regions) return {};
            region = out.insert(out.end(), {name, exec::labelled(labels, name), {}});
        }
        region->records.push_back(record);
    }
    std::erase_if(out, [](const Region& r) { return r.records.empty(); });
    return out;
}

/// What all ids begin with, up to a hyphen: told once, not on every tile.
std::string common_beginning(const std::vector<std::string>& ids) {
    if (ids.size() < 2) return "";
    const auto end = ids.front().rfind('-');
    if (end == std::string::npos) return "";
    const auto beginning = ids.front().substr(0, end + 1);
    const bool all = std::all_of(ids.begin(), ids.end(), [&](const auto& id) {
        return id.starts_with(beginning) && id.size() > beginning.size();
    });
    return all ? beginning : "";
}

std::string counts(const PageContext& c, const std::string& title, const std::vector<Region>& regions) {
    std::vector<HtmlTable::Head> heads{{title}};
    std::vector<std::string> outcomes;  // of the whole year, in its order
    for (const auto& entry : tally_of(*c.outcome, c.data.language).entries)
        if (entry.records > 0) {
            outcomes.push_back(entry.outcome);
            heads.push_back({entry.label, true});
        }
    heads.push_back({c.say(Page::total), true});
    HtmlTable table("class=fit", c.say(Page::by_region), std::move(heads));
    for (const auto& region : regions) {
        std::vector<std::size_t> of(outcomes.size());
        for (const auto record : region.records) {
            const auto outcome =
                c.outcome->known[record]
                    ? c.outcome->text(record)
                    : c.say(c.outcome->undetermined(record) ? Page::undetermined : Page::nothing_fired);
            const auto place = std::find(outcomes.begin(), outcomes.end(), outcome);
            if (place != outcomes.end()) ++of[static_cast<std::size_t>(place - outcomes.begin())];
        }
        std::vector<std::string> row{region.name.empty() ? for_html(c.say(Page::no_region)) : for_html(region.shown)};
        for (const auto n : of) row.push_back(n == 0 ? "–" : with_commas(n));
        row.push_back(with_commas(region.records.size()));
        table.row(row);
    }
    return table.text();
}

std::string tile(const PageContext& c, std::uint32_t record, std::size_t without) {
    const auto id = for_html(std::string_view(c.table.records[record]).substr(without));
    const bool open = c.outcome->undetermined(record);
    const auto text = open ? c.outcome->why(record) : c.outcome->text(record);
    const auto [look, mark, shown] = c.look(*c.outcome->of, text, open);
    const auto name = c.name(record);
    const auto told = fmt::format("{}{}: {}", id, name.empty() ? "" : " " + name, for_html(shown));
    const auto inside = fmt::format("{}{}", mark.empty() ? "" : fmt::format("<i aria-hidden=true>{}</i>", mark), id);
    const auto attributes = fmt::format("class=\"o o-{} tile\" title=\"{}\"", look.empty() ? "other" : look, told);
    return c.has_card[record]
               ? fmt::format("<a href=#r{} {} aria-label=\"{}\">{}</a>", record, attributes, told, inside)
               : fmt::format("<span {}>{}</span>", attributes, inside);
}

}  // namespace

std::string regions_section(const PageContext& c) {
    const auto* input = c.outcome ? region_of(c.graph) : nullptr;
    if (!input) return "";
    const auto regions = regions_of(c, *input);
    if (regions.size() < 2) return "";
    const auto title = input->definition ? results::title_of(*input->definition, c.data.language) : input->name;
    auto out = counts(c, title, regions);
    if (c.table.size() > most_tiles) return out;
    const auto beginning = common_beginning(c.table.records);
    out += element("p", "class=note",
                   for_html(c.say(Page::tiles_note) +
                            (beginning.empty() ? "" : " " + c.say(Page::ids_begin, {{"text", beginning}})))) +
           "\n";
    for (const auto& region : regions) {
        std::string tiles;
        for (const auto record : region.records) tiles += "<li>" + tile(c, record, beginning.size()) + "</li>\n";
        out += fmt::format("<h3>{} <small class=dim>{}</small></h3>\n<ul class=tiles>\n{}</ul>\n",
                           region.name.empty() ? for_html(c.say(Page::no_region)) : for_html(region.shown),
                           with_commas(region.records.size()), tiles);
    }
    return out;
}

}  // namespace zoneval::report
