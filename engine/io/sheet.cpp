#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "engine/io/spreadsheet_values.hpp"
#include "engine/io/workbook.hpp"
#include "engine/io/zip.hpp"

namespace zoneval::io {

namespace {

constexpr std::uint32_t most_rows = 1'048'576, most_columns = 16'384;

struct TextRange {
    std::uint32_t begin, length;
};

/// Replaces `_x000D_` (how workbooks escape characters XML cannot hold) from `begin` on.
void unescape(std::string& texts, std::size_t begin) {
    for (auto at = texts.find("_x", begin); at != std::string::npos; at = texts.find("_x", at + 1)) {
        unsigned code = 0;
        if (at + 6 >= texts.size() || texts[at + 6] != '_') continue;
        const auto [end, error] = std::from_chars(texts.data() + at + 2, texts.data() + at + 6, code, 16);
        if (error != std::errc{} || end != texts.data() + at + 6) continue;
        if (code < 0x80) texts.replace(at, 7, 1, static_cast<char>(code));
    }
}

/// Gathers the text of a string item: its runs, without phonetic guides (`rPh`, how a name is read aloud).
class StringItem {
  public:
    explicit StringItem(std::string& texts) : texts_(texts) {}
    void start() { begin_ = texts_.size(); }
    void begin(std::string_view element) {
        if (element == "rPh") ++phonetic_;
        if (element == "t") in_text_ = phonetic_ == 0;
    }
    void end(std::string_view element) {
        if (element == "rPh" && phonetic_ > 0) --phonetic_;
        if (element == "t") in_text_ = false;
    }
    void text(std::string_view piece) {
        if (in_text_) texts_ += piece;
    }
    TextRange finish() {
        unescape(texts_, begin_);
        return {static_cast<std::uint32_t>(begin_), static_cast<std::uint32_t>(texts_.size() - begin_)};
    }

  private:
    std::string& texts_;
    std::size_t begin_ = 0;
    int phonetic_ = 0;
    bool in_text_ = false;
};

class SharedStrings final : public XmlHandler {
  public:
    explicit SharedStrings(std::string& texts) : item_(texts) {}
    void begin(std::string_view element, const Attributes&) override {
        if (element == "si") item_.start();
        item_.begin(element);
    }
    void end(std::string_view element) override {
        item_.end(element);
        if (element == "si") strings.push_back(item_.finish());
    }
    void text(std::string_view piece) override { item_.text(piece); }

    std::vector<TextRange> strings;

  private:
    StringItem item_;
};

class SheetPart final : public XmlHandler {
  public:
    SheetPart(Sheet& sheet, const Workbook& workbook, const std::vector<TextRange>& strings)
        : sheet_(sheet), workbook_(workbook), strings_(strings), inline_text_(sheet.texts) {}

    void begin(std::string_view element, const Attributes& attributes) override {
        if (element == "row") begin_row(attributes["r"]);
        if (element == "c") begin_cell(attributes);
        if (element == "v") in_value_ = true;
        if (type_ == "inlineStr") inline_text_.begin(element);
    }

    void end(std::string_view element) override {
        if (element == "v") in_value_ = false;
        if (type_ == "inlineStr") inline_text_.end(element);
        if (element == "c") end_cell();
    }

    void text(std::string_view piece) override {
        if (in_value_) value_ += piece;
        if (type_ == "inlineStr") inline_text_.text(piece);
    }

  private:
    void begin_row(std::string_view number) {
        auto row = row_ + 1;
        if (!number.empty()) std::from_chars(number.data(), number.data() + number.size(), row);
        if (row <= row_ || row > most_rows)
            throw WorkbookError{fmt::format("row {} of the sheet is out of place", number), ""};
        row_ = row;
        column_ = 0;
    }

    void begin_cell(const Attributes& attributes) {
        if (row_ == 0) throw WorkbookError{"the sheet has a cell outside a row", ""};
        if (const auto reference = attributes["r"]; !reference.empty()) {
            std::uint32_t column = 0;
            for (const char c : reference) {
                if (c < 'A' || c > 'Z' || column > most_columns) break;
                column = column * 26 + static_cast<std::uint32_t>(c - 'A' + 1);
            }
            if (column == 0 || column - 1 < column_)
                throw WorkbookError{fmt::format("cell {} of the sheet is out of place", reference), ""};
            column_ = column - 1;
        }
        if (column_ >= most_columns)
            throw WorkbookError{fmt::format("row {} of the sheet has too many cells", row_), ""};
        type_ = attributes["t"];
        style_ = 0;
        const auto style = attributes["s"];
        std::from_chars(style.data(), style.data() + style.size(), style_);
        value_.clear();
        inline_text_.start();
    }

    void end_cell() {
        TextRange range{0, 0};
        if (type_ == "s")
            range = shared();
        else if (type_ == "inlineStr")
            range = inline_text_.finish();
        else if (type_ == "b")
            range = add(value_ == "1" ? "true" : value_ == "0" ? "false" : value_);
        else if (type_ == "str")
            range = string_value();
        else if (type_ == "e" || type_ == "d")
            range = add(value_);
        else
            range = add(number());
        if (range.length > 0) sheet_.cells.push_back({row_, column_, range.begin, range.length});
        ++column_;
        type_.clear();
    }

    TextRange shared() const {
        std::uint32_t index = 0;
        const auto [end, error] = std::from_chars(value_.data(), value_.data() + value_.size(), index);
        if (error != std::errc{} || end != value_.data() + value_.size() || index >= strings_.size())
            throw WorkbookError{
                fmt::format("cell {} refers to a text the workbook does not have", cell_name(row_, column_)), ""};
        return strings_[index];
    }

    TextRange string_value() {
        const auto begin = sheet_.texts.size();
        add(value_);
        unescape(sheet_.texts, begin);
        return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(sheet_.texts.size() - begin)};
    }

    TextRange add(std::string_view text) {
        const auto begin = sheet_.texts.size();
        sheet_.texts += text;
        return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(text.size())};
    }

    /// What is not a number stays as it is, to be refused where a number is needed.
    std::string number() const {
        if (value_.empty()) return {};
        auto decimal = shortest_decimal(value_);
        if (!decimal) return value_;
        if (style_ < workbook_.date_styles.size() && workbook_.date_styles[style_]) {
            double serial = 0;
            std::from_chars(value_.data(), value_.data() + value_.size(), serial);
            if (auto date = date_of_serial(serial, workbook_.from_1904)) return *date;
        }
        return *decimal;
    }

    Sheet& sheet_;
    const Workbook& workbook_;
    const std::vector<TextRange>& strings_;
    StringItem inline_text_;
    std::uint32_t row_ = 0, column_ = 0;  ///< row one-based; column of the current or next cell
    std::string type_, value_;
    std::size_t style_ = 0;
    bool in_value_ = false;
};

}  // namespace

Sheet read_cells(const Zip& zip, const Workbook& workbook, const SheetEntry& entry) {
    Sheet out;
    out.name = entry.name;
    std::vector<TextRange> strings;
    if (!workbook.shared_strings_part.empty()) {
        SharedStrings shared(out.texts);
        read_xml(zip, workbook.shared_strings_part, shared);
        strings = std::move(shared.strings);
    }
    SheetPart part(out, workbook, strings);
    read_xml(zip, entry.part, part);
    return out;
}

}  // namespace zoneval::io
