#include "engine/model/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <set>

#include "engine/diag/terminal.hpp"

namespace zoneval::model {

namespace {

/// `inspect` proposes a question mark where only a person can know.
constexpr auto still_open = "`?` is still to be filled in";

constexpr std::size_t max_depth = 64;  // rule files nest to about ten

constexpr std::size_t max_nodes = 300'000;

struct Refused {};  // unwinds yaml-cpp once a diagnostic has been added

/// Builds the tree from parser events: unlike YAML::Load this sees duplicate keys and anchors.
class Builder : public YAML::EventHandler {
  public:
    Builder(SourcePtr source, Diagnostics& diagnostics) : source_(std::move(source)), diagnostics_(diagnostics) {}

    Yaml root;

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        // yaml-cpp does not say whether the word `null` stands there or nothing at all.
        const auto span = span_of(mark, 4);
        const bool word = source_->text().substr(span.begin, 4) == "null";
        place({Yaml::Shape::null, source_, word ? span : at(mark), word ? "null" : "", false, {}, {}});
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        refuse(mark, "an alias (`*name`)", "write the value out, or make it a parameter or a measure and use its name");
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_anchor(mark, anchor);
        if (tag != "?" && tag != "!" && !tag.empty())
            refuse(mark, fmt::format("a tag (`{}`)", tag), "leave the tag out");
        const bool quoted = tag == "!";
        if (!quoted && is_null_word(value)) {
            place({Yaml::Shape::null, source_, span_of(mark, value.size()), value, false, {}, {}});
            return;
        }
        Yaml node{Yaml::Shape::scalar, source_, span_of(mark, value.size()), value, quoted, {}, {}};
        node.span.end = node.expression().offsets.back();
        if (quoted) refuse_open_quote(node);
        if (node.span.end <= node.span.begin) node.span.end = node.span.begin + 1;
        place(std::move(node));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, anchor, Yaml::Shape::sequence);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, anchor, Yaml::Shape::mapping);
    }
    void OnMapEnd() override { close(); }

  private:
    struct Open {
        Yaml node;
        bool has_key = false;
        Yaml key;
        std::set<std::string> seen;
    };

    static bool is_null_word(const std::string& text) { return text.empty() || text == "~" || text == "null"; }

    Span at(const YAML::Mark& mark) const { return span_of(mark, 1); }
    Span span_of(const YAML::Mark& mark, std::size_t length) const {
        const auto begin = source_->offset(static_cast<std::uint32_t>(mark.line + 1),
                                           static_cast<std::uint32_t>(std::max(0, mark.column)));
        return {begin, begin + static_cast<std::uint32_t>(std::max<std::size_t>(1, length))};
    }

    [[noreturn]] void refuse(const YAML::Mark& mark, const std::string& what, const std::string& hint) {
        diagnostics_.add(Kind::unsupported_yaml, *source_, at(mark), "rule files do not use " + what, {}, hint);
        throw Refused{};
    }
    /// yaml-cpp takes the end of the file for the end of a quoted text.
    void refuse_open_quote(const Yaml& node) {
        const auto raw = source_->text();
        const char quote = node.span.begin < raw.size() ? raw[node.span.begin] : '\0';
        if (quote != '"' && quote != '\'') return;
        auto at = node.span.end;
        while (at < raw.size() &&
               (raw[at] == ' ' || raw[at] == '\t' || raw[at] == '\r' || raw[at] == '\n' || raw[at] == '\\'))
            ++at;
        if (at < raw.size() && raw[at] == quote) return;
        diagnostics_.add(Kind::malformed_yaml, *source_, {node.span.begin, node.span.begin + 1},
                         "this is not valid YAML: the quote is never closed", "a closing quote");
        throw Refused{};
    }
    void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != 0)
            refuse(mark, "anchors (`&name`)",
                   "write the value out, or make it a parameter or a measure and use its name");
    }

    void open(const YAML::Mark& mark, YAML::anchor_t anchor, Yaml::Shape shape) {
        refuse_anchor(mark, anchor);
        if (stack_.size() >= max_depth)
            refuse(mark, fmt::format("more than {} levels of nesting", max_depth), "flatten the structure");
        Open level;
        level.node = {shape, source_, at(mark), {}, false, {}, {}};
        stack_.push_back(std::move(level));
    }

    void close() {
        Yaml node = std::move(stack_.back().node);
        stack_.pop_back();
        place(std::move(node));
    }

    void place(Yaml node) {
        if (++placed_ > max_nodes) {
            diagnostics_.add(Kind::unsupported_yaml, *source_, node.span,
                             fmt::format("the file has more than {} values", max_nodes), "a rule set",
                             "import data with `zoneval import`; split very large rule sets");
            throw Refused{};
        }
        if (stack_.empty()) {
            root = std::move(node);
            return;
        }
        auto& top = stack_.back();
        top.node.span.end = std::max(top.node.span.end, node.span.end);
        if (top.node.is_sequence())
            top.node.items.push_back(std::move(node));
        else if (!top.has_key)
            set_key(top, std::move(node));
        else {
            top.node.entries.push_back({std::move(top.key), std::move(node)});
            top.has_key = false;
        }
    }

    void set_key(Open& top, Yaml key) {
        if (!key.is_scalar()) {
            if (key.shape == Yaml::Shape::null && !key.scalar.empty())
                key.shape = Yaml::Shape::scalar;  // a definition may be called `null`? no, but say so later
            else {
                diagnostics_.add(Kind::wrong_shape, *source_, key.span, "a key must be a text");
                throw Refused{};
            }
        }
        if (key.scalar == "<<" && !key.quoted) {
            diagnostics_.add(Kind::unsupported_yaml, *source_, key.span, "rule files do not use merge keys (`<<`)", {},
                             "write the entries out");
            throw Refused{};
        }
        if (key.scalar == "?" && !key.quoted)
            diagnostics_.add(Kind::malformed_yaml, *source_, key.span, still_open, {},
                             "write the name that belongs there");
        else if (!top.seen.insert(key.scalar).second)
            diagnostics_.add(Kind::duplicate_key, *source_, key.span,
                             fmt::format("the key `{}` stands twice in one mapping", key.scalar), "each key once",
                             "remove one of the two, or rename it");
        top.key = std::move(key);
        top.has_key = true;
    }

    SourcePtr source_;
    Diagnostics& diagnostics_;
    std::vector<Open> stack_;
    std::size_t placed_ = 0;
};

bool refuse_bytes(const SourcePtr& source, Diagnostics& diagnostics) {
    const auto text = source->text();
    for (std::size_t at = 0; at < text.size();) {
        const auto c = static_cast<unsigned char>(text[at]);
        const auto length = character_at(text, at).length;
        const bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
        if (length == 0 || control) {
            auto where = Location::in(*source, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + 1)});
            where.line_text.clear();  // raw bytes do not belong on a terminal
            diagnostics.add({Kind::wrong_encoding,
                             length == 0 ? "the rule file is not UTF-8" : "the rule file holds a control character",
                             where, "a text in UTF-8", "save the file as UTF-8"});
            return true;
        }
        at += length;
    }
    return false;
}

/// A tab looks like any number of spaces, and YAML forbids it in indentation.
bool refuse_tabs(const SourcePtr& source, Diagnostics& diagnostics) {
    const auto text = source->text();
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        const auto content = text.find_first_not_of(" \t\r", begin);
        const auto tab = text.find('\t', begin);
        if (content < end && tab < content) {
            const auto at = static_cast<std::uint32_t>(tab);
            diagnostics.add(Kind::unsupported_yaml, *source, {at, at + 1}, "a tab is used for indentation", "spaces",
                            "set your editor to indent with spaces");
            return true;
        }
        begin = end + 1;
    }
    return false;
}

/// Signs of a Chinese or Japanese keyboard that look like YAML's.
bool has_wide_sign(const Source& source, int line) {
    auto text = source.text().substr(source.offset(static_cast<std::uint32_t>(line + 1), 0));
    text = text.substr(0, text.find('\n'));
    for (const std::string_view sign : {"：", "，", "｛", "｝", "［", "］"})
        if (text.find(sign) != std::string_view::npos) return true;
    return false;
}

void report_parser_error(const YAML::ParserException& error, const SourcePtr& source, Diagnostics& diagnostics) {
    std::string message = error.msg;
    std::string hint;
    if (message == "illegal map value")
        hint = "a text that holds `: ` must stand in quotes; check the indentation of this line and the one above";
    else if (message.find("end of map") != std::string::npos)
        hint = "check the indentation of this line against its neighbours";
    if (!error.mark.is_null() && has_wide_sign(*source, error.mark.line))
        hint =
            "a full-width `：`, `，` or bracket is a letter to YAML: use those of the keyboard, `: ` with a space "
            "behind";
    if (error.mark.is_null()) {
        diagnostics.add({Kind::malformed_yaml, message, {source->name(), "", 0, 0, 1, ""}, {}, hint});
        return;
    }
    const auto begin = source->offset(static_cast<std::uint32_t>(error.mark.line + 1),
                                      static_cast<std::uint32_t>(std::max(0, error.mark.column)));
    // To YAML, a question mark is a sign of its own.
    const auto line = source->line(begin);
    const auto asks = std::min(line.find(" ?"), line.find("?: "));
    if (asks != std::string_view::npos) {
        const auto at = source->offset(static_cast<std::uint32_t>(error.mark.line + 1),
                                       static_cast<std::uint32_t>(asks + (line[asks] == ' ' ? 1 : 0)));
        diagnostics.add(Kind::malformed_yaml, *source, {at, at + 1}, still_open, {},
                        "write what belongs there; the comment behind it says what it can be");
        return;
    }
    diagnostics.add(Kind::malformed_yaml, *source, {begin, begin + 1}, "this is not valid YAML: " + message, {}, hint);
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Length in bytes of a double-quoted escape sequence that starts at `at` (on the backslash).
std::uint32_t escape_length(std::string_view raw, std::uint32_t at) {
    const char kind = at + 1 < raw.size() ? raw[at + 1] : '\0';
    return kind == 'x' ? 4 : kind == 'u' ? 6 : kind == 'U' ? 10 : 2;
}

std::uint32_t first_content_byte(std::string_view raw, Span span, bool quoted) {
    auto at = span.begin;
    if (at < raw.size() && (raw[at] == '|' || raw[at] == '>')) {  // a block scalar (`>-` too) starts on the next line
        while (at < raw.size() && raw[at] != '\n') ++at;
        return at + 1;
    }
    return quoted ? at + 1 : at;
}

}  // namespace

std::string_view to_string(Yaml::Shape shape) {
    switch (shape) {
        case Yaml::Shape::null: return "nothing";
        case Yaml::Shape::scalar: return "a single value";
        case Yaml::Shape::sequence: return "a list";
        case Yaml::Shape::mapping: return "a mapping";
    }
    return "";
}

const Yaml* Yaml::find(std::string_view key) const {
    for (const auto& [k, v] : entries)
        if (k.scalar == key) return &v;
    return nullptr;
}

// The decoded text is walked beside the file's text. Folding and indentation only ever add or merge white space, so
// where the two differ the file's white space is skipped until they agree again.
feel::ExpressionText Yaml::expression() const {
    const auto raw = source->text();
    const bool is_double = quoted && span.begin < raw.size() && raw[span.begin] == '"';
    const bool is_single = quoted && span.begin < raw.size() && raw[span.begin] == '\'';
    feel::ExpressionText out{source, scalar, {}};
    out.offsets.reserve(scalar.size() + 1);
    auto at = first_content_byte(raw, span, quoted);
    for (std::size_t i = 0; i < scalar.size(); ++i) {
        const char c = scalar[i];
        if (is_double && at < raw.size() && raw[at] == '\\') {
            const auto length = escape_length(raw, at);
            out.offsets.push_back(at);
            while (i + 1 < scalar.size() && (static_cast<unsigned char>(scalar[i + 1]) & 0xC0) == 0x80) {
                out.offsets.push_back(at);  // further bytes of the same code point
                ++i;
            }
            at += length;
            continue;
        }
        while (at < raw.size() && raw[at] != c && is_space(raw[at]) && !is_space(c)) ++at;
        out.offsets.push_back(std::min<std::uint32_t>(at, static_cast<std::uint32_t>(raw.size())));
        if (at < raw.size() && (raw[at] == c || is_space(raw[at]))) at += is_single && c == '\'' ? 2 : 1;
    }
    out.offsets.push_back(std::min<std::uint32_t>(at, static_cast<std::uint32_t>(raw.size())));
    return out;
}

namespace {

/// The text as it lies there: a stream that copies it would take memory that is not there for its end.
class TextBuffer final : public std::streambuf {
  public:
    explicit TextBuffer(std::string_view text) {
        auto* begin = const_cast<char*>(text.data());  // nobody writes through it
        setg(begin, begin, begin + text.size());
    }
};

}  // namespace

Yaml parse_yaml(const SourcePtr& source, Diagnostics& diagnostics) {
    if (refuse_bytes(source, diagnostics) || refuse_tabs(source, diagnostics)) return {};
    Builder builder(source, diagnostics);
    try {
        TextBuffer buffer(source->text());
        std::istream stream(&buffer);
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder)) return {};
        const Yaml first = std::move(builder.root);
        if (parser.HandleNextDocument(builder))
            diagnostics.add(Kind::unsupported_yaml, *source, builder.root.span,
                            "a rule file holds one document; this file goes on after `---`", {},
                            "put the second document into a file of its own and import it");
        return first;
    } catch (const Refused&) {
        // already reported
    } catch (const YAML::ParserException& error) {
        report_parser_error(error, source, diagnostics);
    }
    return {};
}

}  // namespace zoneval::model
