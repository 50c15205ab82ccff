#include "engine/model/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "engine/diag/file_bytes.hpp"
#include "engine/model/read_definitions.hpp"

namespace zoneval::model {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t max_definitions = 5'000;  // in all files together; the largest known rule set has some hundreds
constexpr std::uintmax_t max_file_bytes =
    768u << 10;  // yaml-cpp takes time with the square of a long list: about 1.5 s here

void read_record(const Yaml& node, RuleSet& rules, Diagnostics& diagnostics) {
    if (node.is_scalar()) {
        rules.record = node.scalar;
        return;
    }
    MapReader map(node, "`record`", diagnostics);
    if (map.require("name")) rules.record = map.text("name");
    rules.record_title = map.localized("title");
    rules.id_column = map.text("id");
    if (const auto year = map.text("year"); !year.empty()) rules.year_column = year;
    rules.label_input = map.text("label");
    map.finish();
}

void read_authority(const Yaml& node, RuleSet& rules, Diagnostics& diagnostics) {
    MapReader map(node, "`authority`", diagnostics);
    map.require("document");
    rules.authority.document = map.text("document");
    rules.authority.title = map.localized("title");
    rules.authority.issued = map.date("issued");
    rules.authority.clauses = map.texts("clauses");
    map.finish();
}

void read_effective(const Yaml& node, RuleSet& rules, MapReader& map) {
    const auto& text = node.scalar;
    const auto dots = text.find("..");
    const auto from = text.substr(0, dots), until = dots == std::string::npos ? "" : text.substr(dots + 2);
    rules.effective_from = feel::Date::parse(from);
    if (!until.empty()) rules.effective_until = feel::Date::parse(until);
    const bool ordered =
        !rules.effective_from || !rules.effective_until || *rules.effective_from <= *rules.effective_until;
    if (!node.is_scalar() || !rules.effective_from || (!until.empty() && !rules.effective_until) || !ordered)
        map.wrong(node, "effective", "two dates, e.g. 2021-01-01..2025-12-31");
}

/// "3 years": from one review to the next.
void read_cycle(const Yaml& node, RuleSet& rules, MapReader& map) {
    const auto space = node.scalar.find(' ');
    const auto count = node.scalar.substr(0, space), word = space == std::string::npos ? "" : node.scalar.substr(space);
    const bool digits = !count.empty() && count.size() < 3 && count.front() != '0' &&
                        count.find_first_not_of("0123456789") == std::string::npos;
    rules.cycle = digits && node.is_scalar() ? std::stoi(count) : 1;
    if (!node.is_scalar() || !digits || word != (rules.cycle == 1 ? " year" : " years"))
        map.wrong(node, "cycle", "a number of years, e.g. 3 years");
}

void read_publish(const Yaml& node, RuleSet& rules, Diagnostics& diagnostics) {
    constexpr std::string_view expected = "a list of names of definitions, e.g. `[class, overall, verdict]`";
    const auto refuse = [&](const Yaml& at) {
        diagnostics.add(Kind::wrong_shape, *at.source, at.span, fmt::format("`publish` is {}", to_string(at.shape)),
                        std::string(expected));
    };
    if (!node.is_sequence()) return refuse(node);
    for (const auto& item : node.items)
        if (item.is_scalar())
            rules.publish.push_back({item.scalar, item.source, item.span});
        else
            refuse(item);
}

void read_cohort(const Yaml& node, RuleSet& rules, Diagnostics& diagnostics) {
    MapReader map(node, "`cohort`", diagnostics);
    rules.cohort_when = map.expression("when");
    rules.cohort_carry = map.flag("carry");
    rules.smallest_group = map.smallest_group().value_or(0);
    map.finish();
}

struct Loader {
    const ReadFile& read;
    Diagnostics& diagnostics;
    RuleSet rules;
    std::set<std::string> loaded;
    std::vector<std::string> open;  ///< files being read, each imported by the one before

    void head(MapReader& map) {
        map.require("ruleset");
        rules.id = map.text("ruleset");
        rules.title = map.localized("title");
        rules.description = map.localized("description");
        if (const auto* node = map.take("authority")) read_authority(*node, rules, diagnostics);
        if (const auto* node = map.take("effective")) read_effective(*node, rules, map);
        if (const auto* node = map.require("record")) read_record(*node, rules, diagnostics);
        rules.assessment_date = map.expression("assessment date");
        if (const auto* node = map.take("cycle")) read_cycle(*node, rules, map);
        rules.rounding = map.rounding().value_or(feel::Rounding::half_even);
        if (const auto* node = map.take("cohort")) read_cohort(*node, rules, diagnostics);
    }

    SourcePtr table(const std::string& path, const Yaml& file) {
        const auto target = (fs::path(path).parent_path() / file.scalar).lexically_normal().string();
        for (const auto& known : rules.files)
            if (known->name() == target) return known;
        const auto text = read(target);
        if (!text || text->size() > max_file_bytes) {
            diagnostics.add(Kind::import_failed, *file.source, file.span,
                            text ? fmt::format("`{}` has {} bytes", target, text->size())
                                 : fmt::format("`{}` cannot be read", target),
                            text ? fmt::format("at most {}", max_file_bytes) : "a CSV file beside this one");
            return nullptr;
        }
        rules.files.push_back(std::make_shared<const Source>(target, *text));
        return rules.files.back();
    }

    /// What a table names and nothing defines is an input.
    void take_offered() {
        std::set<std::string> names{"year", "assessment date", rules.record};
        const auto note = [&](const auto& definitions) {
            for (const auto& d : definitions) names.insert(d.name);
        };
        note(rules.inputs), note(rules.uses), note(rules.parameters), note(rules.measures), note(rules.scores),
            note(rules.decisions);
        for (auto& input : rules.offered)
            if (names.insert(input.name).second) rules.inputs.push_back(input);
    }

    void sections(MapReader& map, const std::string& path) {
        const auto section = [&](std::string_view key, auto reader) {
            if (const auto* node = map.take(key)) reader(*node, rules, diagnostics);
        };
        section("inputs", read_inputs);
        section("uses", read_uses);
        section("parameters", read_parameters);
        section("measures", read_measures);
        if (const auto* node = map.take("scores"))
            read_scores(
                *node, rules, [&](const Yaml& file) { return table(path, file); }, diagnostics);
        section("decisions", read_decisions);
        section("lifecycles", read_lifecycles);
        section("targets", read_targets);
        section("tests", read_tests);
        section("datasets", read_datasets);
        section("kinds", read_kinds);
        section("successions", read_successions);
        section("publish", read_publish);
    }

    void imports(MapReader& map, const std::string& path) {
        const auto* list = map.take("imports");
        if (!list) return;
        if (!list->is_sequence()) {
            map.wrong(*list, "imports", "a list of files, e.g. `[targets.yaml]`");
            return;
        }
        for (const auto& item : list->items) {
            if (!item.is_scalar()) {
                map.wrong(item, "imports", "a list of files, e.g. `[targets.yaml]`");
                continue;
            }
            const auto target = (fs::path(path).parent_path() / item.scalar).lexically_normal().string();
            if (!closes_circle(target, item)) file(target, &item);
        }
    }

    bool closes_circle(const std::string& target, const Yaml& item) {
        const auto first = std::find(open.begin(), open.end(), target);
        if (first == open.end()) return false;
        std::string circle;
        for (auto at = first; at != open.end(); ++at) circle += fmt::format("`{}` → ", *at);
        diagnostics.add(Kind::import_circle, *item.source, item.span,
                        fmt::format("this import closes a circle: {}`{}`", circle, target),
                        "files that import each other in one direction", "put what both need into a file of its own");
        return true;
    }

    void refuse_too_many(const Yaml& root) {
        const auto count = rules.inputs.size() + rules.parameters.size() + rules.measures.size() + rules.scores.size() +
                           rules.decisions.size() + rules.targets.size();
        bool long_list = false;
        for (const auto& decision : rules.decisions) long_list = long_list || decision.rules.size() > max_definitions;
        if (count <= max_definitions && !long_list) return;
        diagnostics.add(Kind::unsupported_yaml, *root.source, root.span,
                        count > max_definitions ? fmt::format("the rule set has {} definitions", count)
                                                : "a decision has very many rules",
                        fmt::format("at most {}", max_definitions),
                        "import data with `zoneval import`, and split very large rule sets");
        rules.inputs.clear();
        rules.parameters.clear();
        rules.measures.clear();
        rules.scores.clear();
        rules.decisions.clear();
        rules.targets.clear();
        rules.tests.clear();
    }

    /// Reads one file; `importer` is the place that asked for it (null for the entry).
    void file(const std::string& path, const Yaml* importer) {
        if (!loaded.insert(path).second) return;
        const auto text = read(path);
        if (!text) {
            if (importer)
                diagnostics.add(Kind::import_failed, *importer->source, importer->span,
                                fmt::format("`{}` cannot be read", path), "a file beside this one");
            else
                diagnostics.add({Kind::unreadable_file,
                                 "the rule file cannot be read",
                                 {path, "", 0, 0, 1, ""},
                                 "a YAML file that exists and may be read",
                                 {}});
            return;
        }
        if (text->size() > max_file_bytes) {
            diagnostics.add({Kind::unreadable_file,
                             fmt::format("the rule file has {} bytes", text->size()),
                             {path, "", 0, 0, 1, ""},
                             fmt::format("at most {}", max_file_bytes),
                             {}});
            return;
        }
        const auto source = std::make_shared<const Source>(path, *text);
        rules.files.push_back(source);
        Diagnostics found;
        const auto root = parse_yaml(source, found);
        const bool broken = found.has_errors() && root.shape == Yaml::Shape::null;
        diagnostics.append(std::move(found));
        if (broken) return;
        if (root.shape == Yaml::Shape::null) {
            diagnostics.add({Kind::missing_key,
                             "the rule file is empty",
                             {path, "", 0, 0, 1, ""},
                             "a rule set: see docs/rule-files.md",
                             {}});
            return;
        }
        MapReader map(root, importer ? "an imported rule file" : "a rule set", diagnostics);
        if (!importer) head(map);
        open.push_back(path);
        imports(map, path);
        open.pop_back();
        sections(map, path);
        map.finish();
        refuse_too_many(root);
    }
};

}  // namespace

std::optional<std::string> read_file_from_disk(const std::string& path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return std::nullopt;
    return file_bytes(path);
}

RuleSet load_ruleset(const std::string& entry, const ReadFile& read, Diagnostics& diagnostics) {
    Loader loader{read, diagnostics, {}, {}, {}};
    loader.rules.entry = fs::path(entry).lexically_normal().string();
    loader.file(loader.rules.entry, nullptr);
    if (loader.rules.id_column.empty()) loader.rules.id_column = loader.rules.record;
    loader.take_offered();
    finish_kinds(loader.rules, diagnostics);
    return std::move(loader.rules);
}

}  // namespace zoneval::model
