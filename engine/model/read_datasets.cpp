// The datasets that feed a rule set: which columns, how the table lies in its file, how cells are written.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/model/read_definitions.hpp"

namespace zoneval::model {

namespace {

const std::vector<std::string> kinds = {"not reported", "not applicable", "suppressed", "too small", "late"};

std::optional<feel::Missing> kind_of_missing(MapReader& map, const Yaml& node, std::string_view key) {
    const auto kind = feel::missing_from_string(node.scalar);
    if (!kind) map.wrong(node, key, fmt::format("one of {}", fmt::join(kinds, ", ")), did_you_mean(node.scalar, kinds));
    return kind;
}

std::optional<std::string> text_of(MapReader& map, const Yaml& node, std::string_view key) {
    if (node.is_scalar()) return node.scalar;
    map.wrong(node, key, "a text");
    return std::nullopt;
}

template <typename Value, typename Convert>
void read_map(MapReader& map, std::string_view key, std::map<std::string, Value>& out, Convert convert) {
    if (const auto* node = map.take(key))
        for_each_entry(*node, key, map.diagnostics(), [&](const Yaml& k, const Yaml& v) {
            if (auto value = convert(map, v, key)) out[k.scalar] = std::move(*value);
        });
}

/// A text, or a list of texts.
std::vector<std::string> one_or_more(MapReader& map, std::string_view key) {
    const auto* node = map.take(key);
    if (!node) return {};
    if (node->is_scalar()) return {node->scalar};
    return map.texts(key);
}

std::optional<std::int64_t> row_of(const Yaml& node) {
    const auto number = node.is_scalar() ? feel::Decimal::parse(node.scalar) : std::nullopt;
    const auto whole = number ? number->to_int64() : std::nullopt;
    constexpr std::int64_t most = 9999;
    return whole && *whole >= 1 && *whole <= most ? whole : std::nullopt;
}

std::uint32_t read_row(MapReader& map, std::string_view key) {
    const auto* node = map.take(key);
    if (!node) return 0;
    const auto row = row_of(*node);
    if (!row) map.wrong(*node, key, "a row's number, from 1");
    return static_cast<std::uint32_t>(row.value_or(0));
}

std::vector<std::uint32_t> read_header_rows(MapReader& map) {
    constexpr std::string_view key = "header row";
    const auto* node = map.take(key);
    if (!node) return {};
    std::vector<std::uint32_t> out;
    const auto add = [&](const Yaml& item) {
        const auto row = row_of(item);
        const bool fine = row && (out.empty() || out.back() < static_cast<std::uint32_t>(*row));
        if (fine)
            out.push_back(static_cast<std::uint32_t>(*row));
        else
            map.wrong(item, key, "a row's number, from 1, or a list of them in ascending order");
    };
    if (node->is_sequence())
        for (const auto& item : node->items) add(item);
    else
        add(*node);
    return out;
}

void read_year(MapReader& map, Dataset& dataset) {
    const auto* node = map.take("year");
    if (!node) return;
    auto& shape = dataset.shape;
    if (node->is_mapping()) {
        MapReader from(*node, "`year` of " + map.context(), map.diagnostics());
        from.require("from");
        const auto word = from.choice("from", {"sheet", "file", "title"});
        from.finish();
        shape.year_from = word == "sheet"  ? Shape::YearFrom::sheet
                          : word == "file" ? Shape::YearFrom::file
                                           : Shape::YearFrom::title;
        return;
    }
    const auto text = text_of(map, *node, "year");
    if (!text) return;
    if (const auto year = node->quoted ? std::nullopt : row_of(*node)) {
        shape.year_from = Shape::YearFrom::constant;
        shape.year = static_cast<std::int32_t>(*year);
    } else {
        dataset.year = *text;
    }
}

void read_years(MapReader& map, Shape& shape) {
    const auto* node = map.take("years");
    if (!node) return;
    const auto dots = node->is_scalar() ? node->scalar.find("..") : std::string::npos;
    const auto year = [&](std::string text) {
        const bool digits = !text.empty() && text.size() <= 4 && text.find_first_not_of("0123456789") == text.npos;
        return digits ? std::stoi(text) : -1;
    };
    const auto first = dots == std::string::npos ? -1 : year(node->scalar.substr(0, dots));
    const auto last = dots == std::string::npos ? -1 : year(node->scalar.substr(dots + 2));
    if (first < 0 || last < 0) {
        map.wrong(*node, "years", "the first and last year that can be meant, such as `1900..2100`");
        return;
    }
    shape.first_year = first;
    shape.last_year = last;
}

void read_years_in_columns(MapReader& map, Shape& shape) {
    const auto text = map.text("years in columns");
    shape.years_in_columns = !text.empty() && text != "false";
    if (shape.years_in_columns && text != "true") shape.year_values = text;
}

void read_split(MapReader& map, Shape& shape) {
    const auto* node = map.take("split");
    if (!node) return;
    for_each_entry(*node, "split", map.diagnostics(), [&](const Yaml& key, const Yaml& names) {
        auto& out = shape.split[key.scalar];
        if (!names.is_sequence()) map.wrong(names, "split", "a list of names, e.g. `[unit, region]`");
        for (const auto& name : names.items)
            if (auto text = text_of(map, name, "split")) out.push_back(std::move(*text));
    });
}

void read_shape(MapReader& map, Dataset& dataset) {
    auto& shape = dataset.shape;
    shape.encoding = map.text("encoding");
    if (const auto word = map.choice("delimiter", {",", ";", "|", "tab"}))
        shape.delimiter = *word == "tab" ? '\t' : (*word)[0];
    shape.sheets = one_or_more(map, "sheet");
    if (auto tables = one_or_more(map, "table"); !tables.empty()) {
        if (!shape.sheets.empty()) map.wrong(*map.take("table"), "table", "`sheet` or `table`, not both");
        shape.sheets = std::move(tables);
    }
    shape.skip = read_row(map, "skip");
    shape.header_rows = read_header_rows(map);
    shape.units_row = read_row(map, "units row");
    shape.until = one_or_more(map, "until");
    shape.drop = map.expression("drop");
    shape.fill_down = map.texts("fill down");
    read_split(map, shape);
    read_year(map, dataset);
    read_years(map, shape);
    read_years_in_columns(map, shape);
    shape.names_in = map.text("names in");
    shape.values_in = map.text("values in");
    shape.unit_in = map.text("unit in");
    const auto together = [&](const std::string& text, const char* key) {
        if (!text.empty() && shape.names_in.empty())
            map.diagnostics().add(Kind::missing_key, *dataset.source, dataset.span,
                                  fmt::format("{} has `{}` and no `names in`", map.context(), key),
                                  "a line `names in: …`: the column that names the indicator of each row");
    };
    together(shape.values_in, "values in");
    together(shape.unit_in, "unit in");
}

bool is_date_pattern(const std::string& text) {
    const auto once = [&](char c) { return std::count(text.begin(), text.end(), c) == 1; };
    return text == "serial" || (once('y') && once('m') && once('d'));
}

void read_form(MapReader& map, CellForm& form) {
    std::vector<std::string> words;
    for (const auto& [word, member] : cell_words) words.emplace_back(word);
    for (const auto& word : one_or_more(map, "cells")) {
        const auto found = std::find_if(std::begin(cell_words), std::end(cell_words),
                                        [&](const CellWord& w) { return w.word == word; });
        if (found != std::end(cell_words))
            form.*found->member = true;
        else
            map.wrong(*map.take("cells"), "cells", fmt::format("one or more of {}", fmt::join(words, ", ")),
                      did_you_mean(word, words));
    }
    for (auto& mark : map.texts("marks")) form.marks.push_back(std::move(mark));
    if (const auto word = map.choice("less than", kinds)) form.less_than = feel::missing_from_string(*word);
    for (auto& pattern : one_or_more(map, "dates")) {
        if (!is_date_pattern(pattern))
            map.wrong(*map.take("dates"), "dates", "y, m and d as the file writes them, such as `y/m/d`, or `serial`");
        form.dates.push_back(std::move(pattern));
    }
}

void read_words(MapReader& map, const Yaml& words, std::map<std::string, std::string>& out) {
    for_each_entry(words, "translate", map.diagnostics(), [&](const Yaml& from, const Yaml& to) {
        if (to.scalar == "?") map.wrong(to, "translate", fmt::format("the value that `{}` stands for", from.scalar));
        if (auto word = text_of(map, to, "translate")) out[from.scalar] = std::move(*word);
    });
}

/// A heading, or a mapping that also says how the cells are written.
void read_column(MapReader& dataset_map, const std::string& input, const Yaml& node, Dataset& dataset) {
    if (!node.is_mapping()) {
        if (auto heading = text_of(dataset_map, node, "columns")) dataset.columns[input] = std::move(*heading);
        return;
    }
    MapReader map(node, fmt::format("column `{}` of {}", input, dataset_map.context()), dataset_map.diagnostics());
    const auto heading = map.text("column");
    dataset.columns[input] = heading.empty() ? input : heading;
    auto form = dataset.form;
    form.unit = map.text("unit");
    read_form(map, form);
    read_map(map, "missing codes", form.missing_codes, kind_of_missing);
    if (const auto* words = map.take("translate")) read_words(map, *words, dataset.translate[input]);
    map.finish();
    dataset.forms[input] = std::move(form);
}

}  // namespace

void read_datasets(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics) {
    for_each_entry(section, "datasets", diagnostics, [&](const Yaml& key, const Yaml& body) {
        auto dataset = begin_definition<Dataset>(key);
        MapReader map(body, fmt::format("dataset `{}`", key.scalar), diagnostics);
        dataset.title = map.localized("title");
        dataset.of = map.text("of");
        dataset.id = map.text("id");
        read_shape(map, dataset);
        read_form(map, dataset.form);
        if (const auto* columns = map.take("columns")) {
            dataset.all_inputs = false;
            for_each_entry(*columns, "columns", diagnostics,
                           [&](const Yaml& input, const Yaml& v) { read_column(map, input.scalar, v, dataset); });
        }
        if (const auto* translate = map.take("translate"))
            for_each_entry(*translate, "translate", diagnostics, [&](const Yaml& input, const Yaml& words) {
                read_words(map, words, dataset.translate[input.scalar]);
            });
        read_map(map, "missing codes", dataset.missing_codes, kind_of_missing);
        read_map(map, "aliases", dataset.aliases, text_of);
        if (const auto word = map.choice("no row", kinds)) dataset.no_row = *feel::missing_from_string(*word);
        dataset.ignore = map.texts("ignore");
        dataset.roster = map.texts("roster");
        map.finish();
        rules.datasets.push_back(std::move(dataset));
    });
}

}  // namespace zoneval::model
