#include "engine/io/sources/json_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace zoneval::io {

namespace {

using Json = nlohmann::json;

struct Entry {
    std::uint32_t row, column;
    Facts facts;
    std::size_t begin, length;
};

/// All lines' members, and the names they have.
struct Members {
    std::vector<std::string> names;
    std::unordered_map<std::string, std::uint32_t> columns;
    std::vector<Entry> entries;
    std::string texts;
    std::vector<std::uint32_t> lines;
};

/// One line: an object of plain values; what is nested in them is noticed, and not read.
class LineReader final : public nlohmann::json_sax<Json> {
  public:
    LineReader(Members& out) : out_(out), first_(out.entries.size()) {}

    bool null() override { return add(""); }
    bool boolean(bool value) override { return add(value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override { return add(std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return add(std::to_string(value)); }
    bool number_float(number_float_t, const string_t& text) override { return add(text); }
    bool string(string_t& value) override { return add(value); }
    bool binary(binary_t&) override { return add("binary data", fact::no_text); }
    bool start_object(std::size_t) override { return begin("a structure"); }
    bool end_object() override { return end(); }
    bool start_array(std::size_t) override { return begin("a list"); }
    bool end_array() override { return end(); }
    bool key(string_t& name) override {
        if (depth_ != 1) return true;
        const auto [found, is_new] = out_.columns.emplace(name, static_cast<std::uint32_t>(out_.names.size()));
        if (is_new) out_.names.push_back(name);
        column_ = found->second;
        for (auto i = first_; i < out_.entries.size(); ++i)
            if (out_.entries[i].column == column_) return fail(fmt::format("`{}` occurs twice in the line", name));
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        at_ = position;
        return fail("the line is not a whole JSON object");
    }

    const std::string& problem() const { return problem_; }
    std::size_t at() const { return at_; }

  private:
    bool add(std::string_view text, Facts facts = 0) {
        if (depth_ == 0) return fail("the line holds a value, and no object");
        if (depth_ > 1) return true;
        if (text.size() > longest_cell)
            return fail(fmt::format("a value holds {} bytes, and may hold {}", text.size(), longest_cell));
        out_.entries.push_back(
            {static_cast<std::uint32_t>(out_.lines.size()), column_, facts, out_.texts.size(), text.size()});
        out_.texts += text;
        return true;
    }
    bool begin(std::string_view what) {
        if (depth_ == 0 && what != "a structure") return fail("the line holds a list, and no object");
        if (depth_ == 1) add(what, fact::no_text);
        ++depth_;
        return true;
    }
    bool end() {
        --depth_;
        return true;
    }
    bool fail(std::string problem) {
        problem_ = std::move(problem);
        return false;
    }

    Members& out_;
    std::size_t first_;
    std::size_t depth_ = 0, at_ = 0;
    std::uint32_t column_ = 0;
    std::string problem_;
};

Location place(const std::string& file, std::uint32_t line, std::string_view text, std::size_t at) {
    constexpr std::size_t longest_shown = 400;
    Location out;
    out.file = file;
    out.line = line;
    if (at > 0) out.column = static_cast<std::uint32_t>(count_code_points(text.substr(0, at - 1)) + 1);
    if (text.size() <= longest_shown) out.line_text = std::string(text);
    return out;
}

SourceTable table_of(Members& members) {
    SourceTable out;
    const auto width = members.names.size();
    out.headings = std::move(members.names);
    out.cells.reserve(members.lines.size() * width, members.texts.size());
    std::vector<const Entry*> row(width);
    auto entry = members.entries.begin();
    for (std::uint32_t i = 0; i < members.lines.size(); ++i) {
        std::fill(row.begin(), row.end(), nullptr);
        for (; entry != members.entries.end() && entry->row == i; ++entry) row[entry->column] = &*entry;
        for (const auto* cell : row)
            if (cell)
                out.add(std::string_view(members.texts).substr(cell->begin, cell->length), cell->facts);
            else
                out.add("");
    }
    out.lines = std::move(members.lines);
    return out;
}

}  // namespace

bool looks_like_json(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    const auto skip = [&] {
        while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    };
    skip();
    bool list = false;
    if (text.starts_with('[')) {
        list = true;
        text.remove_prefix(1);
        skip();
    }
    if (!text.starts_with('{')) return list && text.starts_with(']');
    text.remove_prefix(1);
    skip();
    return text.starts_with('"') || text.starts_with('}');
}

SourceTable read_json_lines(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
    Members members;
    std::uint32_t line = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        auto one = text.substr(begin, end - begin);
        if (one.ends_with('\r')) one.remove_suffix(1);
        begin = end + 1;
        ++line;
        if (trimmed(one).empty()) continue;
        constexpr std::size_t longest_line = 64 << 20;
        if (one.size() > longest_line) {
            diagnostics.add({Kind::malformed_csv,
                             fmt::format("the line holds {} bytes, and may hold {}", one.size(), longest_line),
                             place(file, line, one, 0),
                             "one object in each line, such as {\"zone\": \"Z01\", \"year\": 2024}", ""});
            return {};
        }
        LineReader reader(members);
        if (!Json::sax_parse(one.begin(), one.end(), &reader)) {
            diagnostics.add({Kind::malformed_csv, reader.problem(), place(file, line, one, reader.at()),
                             "one object in each line, such as {\"zone\": \"Z01\", \"year\": 2024}",
                             one.starts_with('[') || one == "{" || line == 1
                                 ? "`jq -c '.[]'` makes lines of a list of objects, `jq -c .` of objects over several"
                                 : ""});
            return {};
        }
        members.lines.push_back(line);
    }
    return table_of(members);
}

}  // namespace zoneval::io
