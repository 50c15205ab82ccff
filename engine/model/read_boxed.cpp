#include "engine/model/read_boxed.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/parsing/boxed.hpp"
#include "engine/feel/value/names.hpp"

namespace zoneval::model {

namespace {

using feel::Boxed;
using feel::BoxedPtr;
using feel::ExpressionText;

/// The key that says which form a mapping is.
const std::vector<std::string> forms = {"context", "list", "function", "invocation",    "if", "filter", "for",
                                        "every",   "some", "relation", "decision table"};
const std::vector<std::string> table_policies = {"unique",       "any",         "first",        "priority",
                                                 "output order", "rule order",  "collect",      "collect sum",
                                                 "collect min",  "collect max", "collect count"};

BoxedPtr make(const Yaml& node, decltype(Boxed::form) form) {
    return std::make_shared<const Boxed>(Boxed{node.span, std::move(form)});
}

/// Reads one boxed expression and those inside it. Readers of parts give nullptr after reporting why.
class Reader {
  public:
    Reader(std::string owner, Diagnostics& diagnostics) : owner_(std::move(owner)), diagnostics_(diagnostics) {}

    BoxedPtr read(const Yaml& node) {
        if (!node.is_mapping()) {
            auto text = leaf(node);
            return text ? make(node, Boxed::Literal{std::move(*text)}) : nullptr;
        }
        const auto form =
            std::find_if(forms.begin(), forms.end(), [&](const auto& key) { return node.find(key) != nullptr; });
        if (form == forms.end()) return no_form(node);
        MapReader map(node, fmt::format("the boxed `{}` in {}", *form, owner_), diagnostics_);
        auto out = read_form(*form, node, map);
        map.finish();
        return out;
    }

  private:
    BoxedPtr read_form(const std::string& form, const Yaml& node, MapReader& map) {
        if (form == "context") return context(node, map);
        if (form == "list") return list(node, map);
        if (form == "function") return function(node, map);
        if (form == "invocation") return invocation(node, map);
        if (form == "if") return conditional(node, map);
        if (form == "filter") return filter(node, map);
        if (form == "relation") return relation(node, map);
        if (form == "decision table") return table(node, map);
        return iteration(form, node, map);
    }

    void wrong(const Yaml& node, const std::string& what, const std::string& expected, const std::string& hint = {}) {
        diagnostics_.add(Kind::wrong_shape, *node.source, node.span,
                         fmt::format("in {}, {} is {}", owner_, what, to_string(node.shape)), expected, hint);
    }

    BoxedPtr no_form(const Yaml& node) {
        const auto expected = fmt::format("an expression, or one of the boxed forms {}", fmt::join(forms, ", "));
        if (node.entries.empty()) {
            wrong(node, "an expression", expected);
            return nullptr;
        }
        const auto& key = node.entries.front().first;
        auto hint = did_you_mean(key.scalar, forms);
        if (hint.empty())
            hint = "FEEL that starts with `{` or holds `: ` must stand in quotes; a boxed context is `context: {…}`";
        diagnostics_.add(Kind::unknown_key, *key.source, key.span,
                         fmt::format("a boxed expression in {} has no key `{}`", owner_, key.scalar), expected, hint);
        return nullptr;
    }

    std::optional<ExpressionText> leaf(const Yaml& node) {
        const bool null_word = node.shape == Yaml::Shape::null && node.scalar == "null";
        if (node.is_scalar() || null_word) return node.expression();
        wrong(node, "an expression", "an expression",
              node.is_sequence() ? "put the expression in quotes if it starts with `[`; a boxed list is `list: […]`"
                                 : "");
        return std::nullopt;
    }

    /// The expression under a key, which must be there; `null` is an expression too.
    BoxedPtr part(MapReader& map, std::string_view key) {
        const auto* node = map.require_any(key);
        return node ? read(*node) : nullptr;
    }

    /// A name that expressions can use.
    std::optional<Boxed::Declared> declared(const Yaml& node, const std::string& what) {
        if (node.is_scalar() && feel::is_name(feel::normalized_name(node.scalar)))
            return Boxed::Declared{node.scalar, node.span, {}, {}};
        diagnostics_.add(Kind::wrong_shape, *node.source, node.span,
                         node.is_scalar() ? fmt::format("in {}, {} cannot be called `{}`", owner_, what, node.scalar)
                                          : fmt::format("in {}, {} is {}", owner_, what, to_string(node.shape)),
                         "a name");
        return std::nullopt;
    }

    bool entries(const Yaml& node, const std::string& what, std::vector<Boxed::Entry>& out) {
        if (!node.is_mapping()) {
            wrong(node, what, "a mapping from names to expressions");
            return false;
        }
        bool good = true;
        for (const auto& [key, value] : node.entries) {
            auto read_value = read(value);
            good = good && read_value;
            out.push_back({{key.scalar, key.span, {}, {}}, std::move(read_value)});
        }
        return good;
    }

    BoxedPtr context(const Yaml& node, MapReader& map) {
        Boxed::Context out;
        const auto* body = map.require("context");
        bool good = body && entries(*body, "`context`", out.entries);
        if (map.has("result")) {
            out.result = part(map, "result");
            good = good && out.result;
        } else {
            map.take("result");
        }
        return good ? make(node, std::move(out)) : nullptr;
    }

    bool items(const Yaml& node, const std::string& what, std::vector<BoxedPtr>& out) {
        if (!node.is_sequence()) {
            wrong(node, what, "a list of expressions");
            return false;
        }
        for (const auto& item : node.items) out.push_back(read(item));
        return std::all_of(out.begin(), out.end(), [](const auto& item) { return item != nullptr; });
    }

    BoxedPtr list(const Yaml& node, MapReader& map) {
        Boxed::List out;
        const auto* body = map.require("list");
        return body && items(*body, "`list`", out.items) ? make(node, std::move(out)) : nullptr;
    }

    bool parameters(const Yaml& node, std::vector<Boxed::Declared>& out) {
        const auto add = [&](const Yaml& name, const Yaml* type) {
            auto parameter = declared(name, "a parameter");
            if (!parameter) return false;
            if (type && type->is_scalar())
                parameter->type = type->scalar, parameter->type_span = type->span;
            else if (type && type->shape != Yaml::Shape::null)
                return wrong(*type, "a parameter's type", "a FEEL type such as `number`"), false;
            out.push_back(std::move(*parameter));
            return true;
        };
        bool good = node.is_sequence() || node.is_mapping();
        if (!good) wrong(node, "`parameters`", "a list of names, or a mapping from names to types");
        for (const auto& name : node.items) good = add(name, nullptr) && good;
        for (const auto& [name, type] : node.entries) good = add(name, &type) && good;
        return good;
    }

    BoxedPtr function(const Yaml& node, MapReader& map) {
        Boxed::Function out;
        const auto* body = map.require("function");
        if (!body) return nullptr;
        MapReader inner(*body, fmt::format("`function` in {}", owner_), diagnostics_);
        const auto* list = inner.take("parameters");
        bool good = list == nullptr || parameters(*list, out.parameters);
        out.body = part(inner, "body");
        inner.finish();
        good = good && out.body;
        return good ? make(node, std::move(out)) : nullptr;
    }

    BoxedPtr invocation(const Yaml& node, MapReader& map) {
        Boxed::Invocation out;
        const auto* body = map.require("invocation");
        if (!body) return nullptr;
        MapReader inner(*body, fmt::format("`invocation` in {}", owner_), diagnostics_);
        out.function = part(inner, "function");
        const auto* bindings = inner.take("bindings");
        const bool good = bindings == nullptr || entries(*bindings, "`bindings`", out.bindings);
        inner.finish();
        return good && out.function ? make(node, std::move(out)) : nullptr;
    }

    BoxedPtr conditional(const Yaml& node, MapReader& map) {
        Boxed::Conditional out{part(map, "if"), part(map, "then"), part(map, "else")};
        return out.condition && out.then && out.otherwise ? make(node, std::move(out)) : nullptr;
    }

    BoxedPtr filter(const Yaml& node, MapReader& map) {
        const auto* body = map.require("filter");
        if (!body) return nullptr;
        MapReader inner(*body, fmt::format("`filter` in {}", owner_), diagnostics_);
        Boxed::Filter out{part(inner, "in"), part(inner, "match")};
        inner.finish();
        return out.list && out.match ? make(node, std::move(out)) : nullptr;
    }

    BoxedPtr iteration(const std::string& form, const Yaml& node, MapReader& map) {
        Boxed::Iteration out;
        using Kind = Boxed::Iteration::Kind;
        out.kind = form == "for" ? Kind::each : form == "every" ? Kind::every : Kind::some;
        const auto* name = map.require(form);
        const auto variable = name ? declared(*name, fmt::format("the variable of `{}`", form)) : std::nullopt;
        out.list = part(map, "in");
        out.body = part(map, form == "for" ? "return" : "satisfies");
        if (!variable || !out.list || !out.body) return nullptr;
        out.variable = *variable;
        return make(node, std::move(out));
    }

    BoxedPtr relation(const Yaml& node, MapReader& map) {
        const auto* body = map.require("relation");
        if (!body) return nullptr;
        Boxed::Relation out;
        MapReader inner(*body, fmt::format("`relation` in {}", owner_), diagnostics_);
        const auto *columns = inner.require("columns"), *rows = inner.require("rows");
        inner.finish();
        if (!columns || !rows) return nullptr;
        bool good = columns->is_sequence() && rows->is_sequence();
        if (!columns->is_sequence()) wrong(*columns, "`columns`", "a list of names");
        if (!rows->is_sequence()) wrong(*rows, "`rows`", "a list of rows, each a list of expressions");
        for (const auto& column : columns->items) {
            auto name = declared(column, "a column");
            good = good && name;
            if (name) out.columns.push_back(std::move(*name));
        }
        for (const auto& row : rows->items) {
            out.rows.emplace_back();
            good = items(row, "a row", out.rows.back()) &&
                   right_length(row, columns->items.size(), "one cell for each column") && good;
        }
        return good ? make(node, std::move(out)) : nullptr;
    }

    bool right_length(const Yaml& row, std::size_t length, const std::string& expected) {
        if (row.items.size() == length) return true;
        diagnostics_.add(Kind::wrong_shape, *row.source, row.span,
                         fmt::format("in {}, a row has {} cells, not {}", owner_, row.items.size(), length), expected);
        return false;
    }

    bool cells(const Yaml& row, std::size_t begin, std::size_t end, std::vector<ExpressionText>& out) {
        bool good = true;
        for (auto i = begin; i < end; ++i) {
            auto text = leaf(row.items[i]);
            good = good && text;
            if (text) out.push_back(std::move(*text));
        }
        return good;
    }

    /// `allowed values` and `default` are absent, or texts to parse.
    bool optional_text(MapReader& map, std::string_view key, ExpressionText& out) {
        const bool there = map.has(key);
        const auto* node = map.take_any(key);
        if (!there) return true;
        auto text = leaf(*node);
        if (text) out = std::move(*text);
        return text.has_value();
    }

    void type_of(MapReader& map, std::string& type, Span& span) {
        const auto* node = map.take("type");
        type = map.text("type");
        if (node) span = node->span;
    }

    bool input(const Yaml& node, Boxed::Table& out) {
        Boxed::Table::Input made;
        bool good = true;
        if (node.is_mapping()) {
            MapReader map(node, fmt::format("an input of the boxed `decision table` in {}", owner_), diagnostics_);
            const auto* expression = map.require("expression");
            auto text = expression ? leaf(*expression) : std::nullopt;
            good = text.has_value();
            if (text) made.expression = std::move(*text);
            type_of(map, made.type, made.type_span);
            good = optional_text(map, "allowed values", made.allowed) && good;
            map.finish();
        } else {
            auto text = leaf(node);
            good = text.has_value();
            if (text) made.expression = std::move(*text);
        }
        out.inputs.push_back(std::move(made));
        return good;
    }

    bool output(const Yaml& node, Boxed::Table& out) {
        Boxed::Table::Output made;
        bool good = true;
        if (node.is_mapping()) {
            MapReader map(node, fmt::format("an output of the boxed `decision table` in {}", owner_), diagnostics_);
            if (const auto* name = map.take("name")) {
                const auto read_name = declared(*name, "an output");
                good = read_name.has_value();
                if (read_name) made.name = *read_name;
            }
            type_of(map, made.name.type, made.name.type_span);
            good = optional_text(map, "allowed values", made.allowed) && good;
            good = optional_text(map, "default", made.default_value) && good;
            map.finish();
        } else {
            const auto name = declared(node, "an output");
            good = name.has_value();
            if (name) made.name = *name;
        }
        out.outputs.push_back(std::move(made));
        return good;
    }

    bool rule(const Yaml& node, Boxed::Table& out) {
        const auto* row = &node;
        std::optional<MapReader> map;
        if (node.is_mapping()) {
            map.emplace(node, fmt::format("a rule of the boxed `decision table` in {}", owner_), diagnostics_);
            row = map->require("row");
            map->text("annotation");
            map->finish();
            if (!row) return false;
        }
        if (!row->is_sequence())
            return wrong(*row, "a rule", "a list: a test for each input, then a value for each output"), false;
        if (!right_length(*row, out.inputs.size() + out.outputs.size(),
                          "a test for each input, then a value for each output"))
            return false;
        out.rules.emplace_back();
        auto& made = out.rules.back();
        const bool tests = cells(*row, 0, out.inputs.size(), made.tests);
        return cells(*row, out.inputs.size(), row->items.size(), made.outputs) && tests;
    }

    /// What the hit policy asks of the outputs (8.2.10).
    bool fits_policy(const Yaml& node, const std::string& policy, const Boxed::Table& table) {
        const auto refuse = [&](const std::string& message, const std::string& expected) {
            diagnostics_.add(Kind::wrong_shape, *node.source, node.span, fmt::format("in {}, {}", owner_, message),
                             expected);
            return false;
        };
        const bool unnamed =
            std::any_of(table.outputs.begin(), table.outputs.end(), [](const auto& o) { return o.name.name.empty(); });
        if (table.outputs.size() > 1 && unnamed)
            return refuse("one of several outputs has no name", "`name: …` for each output");
        if (table.outputs.size() > 1 && !table.aggregator.empty())
            return refuse(fmt::format("the table has {} outputs, and `{}` is for one", table.outputs.size(), policy),
                          "one output, or `collect`");
        const bool listed = std::any_of(table.outputs.begin(), table.outputs.end(),
                                        [](const auto& o) { return o.allowed.source != nullptr; });
        if ((policy == "priority" || policy == "output order") && !listed)
            return refuse(fmt::format("`{}` does not know which output comes first", policy),
                          "`allowed values` of an output, in order of priority");
        return true;
    }

    BoxedPtr table(const Yaml& node, MapReader& map) {
        const auto* body = map.require("decision table");
        if (!body) return nullptr;
        Boxed::Table out;
        MapReader inner(*body, fmt::format("the boxed `decision table` in {}", owner_), diagnostics_);
        const auto policy = inner.choice("hit policy", table_policies).value_or("unique");
        out.hit_policy = policy.starts_with("collect") ? "collect" : policy;
        if (policy.starts_with("collect ")) out.aggregator = policy.substr(8);
        const auto *inputs = inner.require("inputs"), *outputs = inner.take("outputs"), *rules = inner.require("rules");
        ExpressionText otherwise;
        bool good = optional_text(inner, "default", otherwise) && inputs && rules;
        inner.finish();
        const auto each = [&](const Yaml* list, const std::string& what, auto read_one) {
            if (!list) return;
            if (!list->is_sequence()) wrong(*list, what, "a list"), good = false;
            for (const auto& item : list->items) good = read_one(item) && good;
        };
        each(inputs, "`inputs`", [&](const Yaml& item) { return input(item, out); });
        each(outputs, "`outputs`", [&](const Yaml& item) { return output(item, out); });
        if (out.outputs.empty()) out.outputs.emplace_back();
        if (otherwise.source && (out.outputs.size() > 1 || out.outputs.front().default_value.source)) {
            diagnostics_.add(Kind::wrong_shape, *body->source, body->span,
                             fmt::format("in {}, the table has a `default` beside those of its outputs", owner_),
                             "`default` in each of `outputs`");
            good = false;
        } else if (otherwise.source) {
            out.outputs.front().default_value = std::move(otherwise);
        }
        each(rules, "`rules`", [&](const Yaml& item) { return rule(item, out); });
        good = fits_policy(*body, policy, out) && good;
        return good ? make(node, std::move(out)) : nullptr;
    }

    std::string owner_;
    Diagnostics& diagnostics_;
};

}  // namespace

std::optional<ExpressionText> read_expression(const Yaml& node, const std::string& owner, Diagnostics& diagnostics) {
    auto boxed = Reader(owner, diagnostics).read(node);
    if (!boxed) return std::nullopt;
    if (const auto* literal = std::get_if<Boxed::Literal>(&boxed->form)) return literal->text;
    return feel::boxed_text(node.source, std::move(boxed));
}

}  // namespace zoneval::model
