#include "engine/io/sources/xlsx.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/io/bytes/zip.hpp"
#include "engine/io/sources/workbook.hpp"

namespace zoneval::io {

namespace {

const SheetEntry& chosen_sheet(const Workbook& workbook, const std::string& name) {
    if (workbook.sheets.empty()) throw WorkbookError{"the workbook has no sheet", ""};
    if (name.empty()) {
        const auto visible =
            std::find_if(workbook.sheets.begin(), workbook.sheets.end(), [](const SheetEntry& s) { return !s.hidden; });
        return visible == workbook.sheets.end() ? workbook.sheets.front() : *visible;
    }
    std::vector<std::string> names;
    for (const auto& sheet : workbook.sheets) {
        if (sheet.name == name) return sheet;
        names.push_back(sheet.name);
    }
    auto hint = did_you_mean(name, names);
    if (hint.empty()) hint = fmt::format("its sheets are `{}`", fmt::join(names, "`, `"));
    throw WorkbookError{fmt::format("the workbook has no sheet `{}`", name), std::move(hint)};
}

void add_unreadable(const std::string& file, const std::string& sheet, std::string message, std::string hint,
                    Diagnostics& diagnostics) {
    Location where;
    where.file = file;
    where.sheet = sheet;
    if (hint.empty()) hint = "open it in a spreadsheet program and save it again as .xlsx, or as CSV UTF-8";
    diagnostics.add({Kind::unreadable_file, std::move(message), std::move(where), "", std::move(hint)});
}

}  // namespace

Sheet read_sheet(std::string_view bytes, const std::string& file, const std::string& name, Diagnostics& diagnostics) {
    try {
        const Zip zip(bytes);
        const auto workbook = read_workbook(zip);
        const auto& chosen = chosen_sheet(workbook, name);
        auto out = read_cells(zip, workbook, chosen);
        if (name.empty())
            for (const auto& sheet : workbook.sheets)
                if (&sheet != &chosen && !sheet.hidden) out.not_read.push_back(sheet.name);
        return out;
    } catch (const ZipError& error) {
        add_unreadable(file, name, error.message, "", diagnostics);
    } catch (const XmlError& error) {
        add_unreadable(file, name, error.message, "", diagnostics);
    } catch (const WorkbookError& error) {
        add_unreadable(file, "", error.message, error.hint, diagnostics);
    }
    return {};
}

std::vector<std::string> sheet_names(std::string_view bytes, const std::string& file, Diagnostics& diagnostics) {
    std::vector<std::string> out;
    try {
        const Zip zip(bytes);
        for (const auto& sheet : read_workbook(zip).sheets)
            if (!sheet.hidden) out.push_back(sheet.name);
    } catch (const ZipError& error) {
        add_unreadable(file, "", error.message, "", diagnostics);
    } catch (const XmlError& error) {
        add_unreadable(file, "", error.message, "", diagnostics);
    } catch (const WorkbookError& error) {
        add_unreadable(file, "", error.message, error.hint, diagnostics);
    }
    return out;
}

std::string column_name(std::size_t column) {
    std::string letters;
    for (auto rest = column + 1; rest > 0; rest = (rest - 1) / 26) letters += static_cast<char>('A' + (rest - 1) % 26);
    std::reverse(letters.begin(), letters.end());
    return letters;
}

std::string cell_name(std::uint32_t row, std::uint32_t column) { return column_name(column) + std::to_string(row); }

bool SheetRows::next(Diagnostics&) {
    cells_.clear();
    facts_.clear();
    if (next_cell_ == sheet_.cells.size()) return false;
    line_ = sheet_.cells[next_cell_].row;
    for (; next_cell_ < sheet_.cells.size() && sheet_.cells[next_cell_].row == line_; ++next_cell_) {
        const auto& cell = sheet_.cells[next_cell_];
        cells_.resize(cell.column);  // cells left out are empty
        cells_.push_back(trimmed(sheet_.text(cell)));
        if (cell.facts == 0) continue;
        facts_.resize(cell.column);
        facts_.push_back(cell.facts);
    }
    return true;
}

std::vector<std::unique_ptr<RowSource>> SheetRows::split() {
    auto rest = std::make_unique<SheetRows>(file_, std::move(sheet_));
    rest->next_cell_ = next_cell_;
    std::vector<std::unique_ptr<RowSource>> out;
    out.push_back(std::move(rest));
    return out;
}

void SheetRows::go_back_to(std::uint32_t line) {
    const auto first = std::lower_bound(sheet_.cells.begin(), sheet_.cells.end(), line,
                                        [](const Sheet::Cell& cell, std::uint32_t row) { return cell.row < row; });
    next_cell_ = static_cast<std::size_t>(first - sheet_.cells.begin());
    Diagnostics none;
    next(none);
}

Location SheetRows::where(std::size_t cell) const {
    Location out;
    out.file = file_;
    out.sheet = sheet_.name;
    out.line = line_;
    out.column = static_cast<std::uint32_t>(cell + 1);
    return out;
}

std::string SheetRows::called(std::size_t cell) const {
    return fmt::format(" (cell {})", cell_name(line_, static_cast<std::uint32_t>(cell)));
}

}  // namespace zoneval::io
