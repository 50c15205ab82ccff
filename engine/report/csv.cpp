#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/report/escape.hpp"
#include "engine/report/files.hpp"
#include "engine/report/whole_file.hpp"

namespace zoneval::report {

using results::Column;

namespace {

/// Texts of a dictionary are made safe once, however often they stand in the column.
struct Cells {
    const Column& column;
    std::vector<std::string> dictionary = {};

    explicit Cells(const Column& of) : column(of) {
        if (const auto* texts = std::get_if<Column::Texts>(&of.cells))
            for (const auto& text : texts->dictionary) dictionary.push_back(for_csv(text));
    }
    void append(std::uint32_t row, std::string& out) const {
        if (const auto* texts = std::get_if<Column::Texts>(&column.cells); texts && column.known[row])
            out += dictionary[static_cast<std::size_t>(texts->codes[row])];
        else if (column.is_number())
            out += column.exact_text(row);
        else
            out += for_csv(column.undetermined(row) ? column.why(row) : column.text(row));
    }
};

}  // namespace

void write_csv(const View& view, const std::string& path) {
    WholeFile file(path);
    const auto& table = *view.table;
    const auto origin = "," + std::to_string(table.run) + "," + table.seal.substr(0, 16) + "\r\n";
    std::string line = "\xEF\xBB\xBF";
    std::vector<Cells> cells;
    std::vector<bool> imputed;  // by column: which figures behind it were filled in stands beside it
    for (const auto* column : view.columns) {
        if (!cells.empty()) line += ',';
        line += for_csv(column->name);
        cells.emplace_back(*column);
        imputed.push_back(!with_imputed(view, *column).empty());
        if (imputed.back()) line += "," + for_csv(column->name + ".imputed");
    }
    file.write(line + ",run,seal\r\n");
    for (const auto row : view.rows) {
        line.clear();
        for (std::size_t c = 0; c < cells.size(); ++c) {
            if (c > 0) line += ',';
            cells[c].append(row, line);
            if (!imputed[c]) continue;
            line += ',';
            const auto& column = *view.columns[c];
            if (column.known[row] && column.is_imputed(row))
                line += for_csv(fmt::format("{}", fmt::join(column.imputed[row], " | ")));
        }
        file.write(line += origin);
    }
    file.finish();
}

}  // namespace zoneval::report
