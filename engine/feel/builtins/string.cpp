// String functions (DMN 1.5 10.3.4.3). Positions and lengths count code points.
#include "engine/feel/builtins/case_mapping.hpp"
#include "engine/feel/builtins/regex.hpp"
#include "engine/feel/builtins/support.hpp"
#include "engine/feel/value/names.hpp"

namespace zoneval::feel {

namespace {

const std::string& text(const Value& value) { return *value.string(); }

/// Byte offsets of all code points, and the end.
std::vector<std::size_t> boundaries(std::string_view s) {
    std::vector<std::size_t> out;
    out.reserve(s.size() + 1);
    for (std::size_t at = 0; at < s.size(); at += code_point(s.substr(at)).length) out.push_back(at);
    out.push_back(s.size());
    return out;
}

Value substring(Arguments a, const CallContext& c) {
    const auto& s = text(a[0]);
    const auto marks = boundaries(s);
    const auto size = static_cast<std::int64_t>(marks.size() - 1);
    const auto start = integer(a[1]);
    if (!start || *start == 0 || *start > size || *start < -size) return c.fail(reasons::no_character(a[1]));
    const auto first = *start > 0 ? *start - 1 : size + *start;
    auto length = size - first;
    if (given(a, 2)) {
        const auto wanted = integer(a[2]);
        if (!wanted || *wanted < 1) return c.fail(reasons::length_too_small());
        length = std::min(length, *wanted);
    }
    const auto begin = marks[static_cast<std::size_t>(first)], end = marks[static_cast<std::size_t>(first + length)];
    return s.substr(begin, end - begin);
}

Value string_length(Arguments a, const CallContext&) {
    return static_cast<std::int64_t>(count_code_points(text(a[0])));
}
Value upper_case(Arguments a, const CallContext&) { return to_upper(text(a[0])); }
Value lower_case(Arguments a, const CallContext&) { return to_lower(text(a[0])); }

Value substring_before(Arguments a, const CallContext&) {
    const auto at = text(a[0]).find(text(a[1]));
    return at == std::string::npos ? std::string() : text(a[0]).substr(0, at);
}

Value substring_after(Arguments a, const CallContext&) {
    const auto at = text(a[0]).find(text(a[1]));
    return at == std::string::npos ? std::string() : text(a[0]).substr(at + text(a[1]).size());
}

Value contains(Arguments a, const CallContext&) { return text(a[0]).find(text(a[1])) != std::string::npos; }
Value starts_with(Arguments a, const CallContext&) { return text(a[0]).starts_with(text(a[1])); }
Value ends_with(Arguments a, const CallContext&) { return text(a[0]).ends_with(text(a[1])); }

std::string flags(Arguments a, std::size_t index) { return given(a, index) ? text(a[index]) : std::string(); }

Value matches(Arguments a, const CallContext& c) {
    try {
        return regex_matches(text(a[0]), text(a[1]), flags(a, 2));
    } catch (const RegexError& error) {
        return c.fail(error.fact);
    }
}

Value replace(Arguments a, const CallContext& c) {
    try {
        return regex_replace(text(a[0]), text(a[1]), text(a[2]), flags(a, 3));
    } catch (const RegexError& error) {
        return c.fail(error.fact);
    }
}

Value split(Arguments a, const CallContext& c) {
    try {
        List out;
        for (auto& part : regex_split(text(a[0]), text(a[1]))) out.emplace_back(std::move(part));
        return out;
    } catch (const RegexError& error) {
        return c.fail(error.fact);
    }
}

Value string_join(Arguments a, const CallContext& c) {
    if (auto unknown = unknown_among(*a[0].list(), c); !unknown.empty())
        return c.fail(reasons::some_texts_unknown(), std::move(unknown));
    const auto delimiter = given(a, 1) ? text(a[1]) : std::string();
    std::string out;
    bool first = true;
    for (const auto& part : *a[0].list()) {
        if (part.is_null()) continue;
        if (part.string() == nullptr) return c.fail(reasons::needs_texts("string join", part.kind()));
        if (!first) out += delimiter;
        first = false;
        out += text(part);
        if (out.size() > limits::string_bytes) return c.fail(reasons::text_too_long());
    }
    return out;
}

}  // namespace

std::vector<Builtin> string_builtins() {
    const char* const category = "string";
    const char* const clause = "10.3.4.3";
    const Parameter string{"string", "string"}, match{"match", "string"};
    const Parameter input{"input", "string"}, pattern{"pattern", "string"}, flag{"flags", "string", true};
    const Traits of_text{.kernel = Kernel::of_text};
    return {
        {"substring",
         {string, {"start position", "number"}, {"length", "number", true}},
         "string",
         category,
         clause,
         "the text from a character on; negative positions count from the end",
         R"(substring("foobar", 3, 3))",
         R"("oba")",
         substring,
         of_text},
        {"string length",
         {string},
         "number",
         category,
         clause,
         "the number of characters",
         R"(string length("高新区"))",
         "3",
         string_length,
         of_text},
        {"upper case",
         {string},
         "string",
         category,
         clause,
         "the text in capitals",
         R"(upper case("aBc4"))",
         R"("ABC4")",
         upper_case,
         of_text},
        {"lower case",
         {string},
         "string",
         category,
         clause,
         "the text in small letters",
         R"(lower case("aBc4"))",
         R"("abc4")",
         lower_case,
         of_text},
        {"substring before",
         {string, match},
         "string",
         category,
         clause,
         "what comes before a text, or nothing",
         R"(substring before("foobar", "bar"))",
         R"("foo")",
         substring_before,
         of_text},
        {"substring after",
         {string, match},
         "string",
         category,
         clause,
         "what comes after a text, or nothing",
         R"(substring after("foobar", "ob"))",
         R"("ar")",
         substring_after,
         of_text},
        {"replace",
         {input, pattern, {"replacement", "string"}, flag},
         "string",
         category,
         clause,
         "replaces what a regular expression matches",
         R"#(replace("abracadabra", "a(.)", "a$1$1"))#",
         R"("abbraccaddabbra")",
         replace,
         of_text},
        {"contains",
         {string, match},
         "boolean",
         category,
         clause,
         "true if the text holds another",
         R"(contains("foobar", "ob"))",
         "true",
         contains,
         of_text},
        {"starts with",
         {string, match},
         "boolean",
         category,
         clause,
         "true if the text begins with another",
         R"(starts with("foobar", "fo"))",
         "true",
         starts_with,
         of_text},
        {"ends with",
         {string, match},
         "boolean",
         category,
         clause,
         "true if the text ends with another",
         R"(ends with("foobar", "r"))",
         "true",
         ends_with,
         of_text},
        {"matches",
         {input, pattern, flag},
         "boolean",
         category,
         clause,
         "true if a regular expression matches somewhere",
         R"(matches("foobar", "^fo*b"))",
         "true",
         matches,
         of_text},
        {"split",
         {string, {"delimiter", "string"}},
         "list<string>",
         category,
         clause,
         "the parts between what a regular expression matches",
         R"(split("a;b;c", ";"))",
         R"(["a", "b", "c"])",
         split},
        {"string join",
         {{"list", "list<string>"}, {"delimiter", "string", true}},
         "string",
         category,
         clause,
         "the texts joined; nulls are left out",
         R"(string join(["a", null, "c"], "-"))",
         R"("a-c")",
         string_join},
    };
}

}  // namespace zoneval::feel
