#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "engine/io/bytes/zip.hpp"
#include "engine/io/cells/spreadsheet_values.hpp"
#include "engine/io/sources/workbook.hpp"

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

/// Looked at while a text grows, so that one of hundreds of megabytes takes no memory before it is refused.
void refuse_long(std::size_t size, const std::string& where) {
    if (size > longest_cell)
        throw WorkbookError{
            fmt::format("{} holds more than {} bytes, which no cell may", where, longest_cell),
            "is it the workbook that was meant? a spreadsheet itself holds no more than 32,767 characters"};
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
        if (!in_text_) return;
        refuse_long(texts_.size() - begin_ + piece.size(), "a text of the workbook");
        texts_ += piece;
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
        if (element == "v") has_value_ = in_value_ = true;
        if (element == "f") has_formula_ = true;
        if (element == "mergeCell") add_merge(attributes["ref"]);
        if (type_ == "inlineStr") inline_text_.begin(element);
    }

    void end(std::string_view element) override {
        if (element == "v") in_value_ = false;
        if (type_ == "inlineStr") inline_text_.end(element);
        if (element == "c") end_cell();
    }

    void text(std::string_view piece) override {
        if (in_value_) {
            refuse_long(value_.size() + piece.size(), "cell " + cell_name(row_, column_));
            value_ += piece;
        }
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
        has_value_ = has_formula_ = false;
        facts_ = 0;
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
        // A result that is the empty text is one; a number cannot be empty.
        if (has_formula_ && value_.empty() && range.length == 0 && !(type_ == "str" && has_value_))
            facts_ |= fact::no_result;
        if (range.length > 0 || facts_ != 0)
            sheet_.cells.push_back({row_, static_cast<std::uint16_t>(column_), facts_, range.begin, range.length});
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
    std::string number() {
        if (value_.empty()) return {};
        auto decimal = shown_decimal(value_);
        if (!decimal) return value_;
        const NumberFormat* format = style_ < workbook_.formats.size() ? &workbook_.formats[style_] : nullptr;
        constexpr std::size_t kept_digits = 15;  // of what is typed, by Excel
        const bool may_be_long = value_.size() > kept_digits || value_.find_first_of("eE") != std::string::npos;
        if (may_be_long || (format && format->date)) {
            double stored = 0;
            std::from_chars(value_.data(), value_.data() + value_.size(), stored);
            constexpr double most_exact = 1e15;
            if (stored >= most_exact || stored <= -most_exact) facts_ |= fact::inexact;
            if (format && format->date)
                if (auto date = date_of_serial(stored, workbook_.from_1904)) return *date;
        }
        if (!format) return *decimal;
        if (format->percent) facts_ |= fact::percent;
        if (format->words) facts_ |= fact::with_words;
        if (format->in_thousands) facts_ |= fact::in_thousands;
        if (format->sign) facts_ |= fact::with_sign;
        const bool whole = decimal->find_first_not_of("0123456789") == std::string::npos;
        if (whole && decimal->size() < format->digits) decimal->insert(0, format->digits - decimal->size(), '0');
        return *decimal;
    }

    void add_merge(std::string_view reference) {
        const auto colon = reference.find(':');
        const auto first = cell_of(reference.substr(0, colon));
        const auto last = colon == std::string_view::npos ? first : cell_of(reference.substr(colon + 1));
        if (!first || !last || last->row < first->row || last->column < first->column)
            throw WorkbookError{fmt::format("`{}` is no region of merged cells", reference), ""};
        merges_.push_back({*first, *last});
    }

    struct Place {
        std::uint32_t row, column;
    };
    /// "C12": row one-based, column zero-based.
    static std::optional<Place> cell_of(std::string_view name) {
        Place out{0, 0};
        std::size_t i = 0;
        for (; i < name.size() && name[i] >= 'A' && name[i] <= 'Z' && out.column <= most_columns; ++i)
            out.column = out.column * 26 + static_cast<std::uint32_t>(name[i] - 'A' + 1);
        const auto [end, error] = std::from_chars(name.data() + i, name.data() + name.size(), out.row);
        if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
        if (out.column == 0 || out.column > most_columns || out.row == 0 || out.row > most_rows) return std::nullopt;
        --out.column;
        return out;
    }

  public:
    /// Puts the cells that merged ones cover to the others, in rows that hold something.
    void fill_merges() {
        if (merges_.empty()) return;
        std::vector<std::uint32_t> rows;
        for (const auto& cell : sheet_.cells)
            if (rows.empty() || rows.back() != cell.row) rows.push_back(cell.row);
        std::vector<Sheet::Cell> covered;
        for (const auto& merge : merges_) cover(merge, rows, covered);
        std::stable_sort(covered.begin(), covered.end(), before);
        // What a covered cell holds itself goes before.
        std::vector<Sheet::Cell> all;
        all.reserve(sheet_.cells.size() + covered.size());
        std::merge(sheet_.cells.begin(), sheet_.cells.end(), covered.begin(), covered.end(), std::back_inserter(all),
                   before);
        all.erase(std::unique(all.begin(), all.end(),
                              [](const Sheet::Cell& a, const Sheet::Cell& b) {
                                  return a.row == b.row && a.column == b.column;
                              }),
                  all.end());
        sheet_.cells = std::move(all);
    }

  private:
    struct Merge {
        Place first, last;
    };

    static bool before(const Sheet::Cell& a, const Sheet::Cell& b) {
        return a.row != b.row ? a.row < b.row : a.column < b.column;
    }

    void cover(const Merge& merge, const std::vector<std::uint32_t>& rows, std::vector<Sheet::Cell>& out) const {
        constexpr std::size_t most = 1'000'000;
        const Sheet::Cell at{merge.first.row, static_cast<std::uint16_t>(merge.first.column), 0, 0, 0};
        const auto anchor = std::lower_bound(sheet_.cells.begin(), sheet_.cells.end(), at, before);
        if (anchor == sheet_.cells.end() || before(at, *anchor)) return;  // nothing in it
        auto row = std::lower_bound(rows.begin(), rows.end(), merge.first.row);
        for (; row != rows.end() && *row <= merge.last.row; ++row)
            for (auto column = merge.first.column; column <= merge.last.column; ++column) {
                if (*row == merge.first.row && column == merge.first.column) continue;
                if (out.size() == most) throw WorkbookError{"the sheet's merged cells cover more than a million", ""};
                const auto place = static_cast<std::uint16_t>(column);
                if (column == merge.first.column)
                    out.push_back({*row, place, static_cast<Facts>(anchor->facts | fact::merged_down), anchor->begin,
                                   anchor->length});
                else
                    out.push_back({*row, place, fact::merged_across, 0, 0});
            }
    }

    Sheet& sheet_;
    const Workbook& workbook_;
    const std::vector<TextRange>& strings_;
    StringItem inline_text_;
    std::uint32_t row_ = 0, column_ = 0;  ///< row one-based; column of the current or next cell
    std::string type_, value_;
    std::size_t style_ = 0;
    bool in_value_ = false, has_value_ = false, has_formula_ = false;
    Facts facts_ = 0;
    std::vector<Merge> merges_;
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
    part.fill_merges();
    return out;
}

}  // namespace zoneval::io
