#include "engine/io/shapes/shaped_rows.hpp"

namespace zoneval::io {

ShapedRows::ShapedRows(std::unique_ptr<RowSource> source, const DatasetSchema& schema, Diagnostics& diagnostics)
    : RowSource(source->file(), source->sheet()) {
    const bool ragged = source->ragged_allowed();
    Grid grid(*source, diagnostics);
    // Cells of the table are views into the grid, which stays where it is from here on.
    shared_ = std::make_shared<Shared>(Shared{std::move(source), std::move(grid), {}, ragged});
    if (diagnostics.has_errors()) return;
    const auto place = [&](std::size_t row, std::size_t column) {
        shared_->source->go_back_to(shared_->grid.line(row));
        return shared_->source->where(column);
    };
    shared_->table = shaped(shared_->grid, schema, {file_, sheet_name_}, ragged, place, diagnostics);
    if (diagnostics.has_errors()) shared_->table = {};
    units_ = shared_->table.units;
}

ShapedRows::ShapedRows(std::shared_ptr<Shared> shared, std::size_t next)
    : RowSource(shared->source->file(), shared->source->sheet()), shared_(std::move(shared)), next_(next) {
    units_ = shared_->table.units;
}

bool ShapedRows::next(Diagnostics&) {
    const auto& table = shared_->table;
    if (table.width() == 0 || next_ > table.rows()) return false;
    cells_.clear();
    facts_.clear();
    ++next_;
    for (std::size_t i = 0; i < table.width(); ++i) {
        const auto& here = cell(i);
        cells_.push_back(next_ == 1 ? std::string_view(table.names[i]) : here.text);
        if (next_ == 1 || here.facts == 0) continue;
        facts_.resize(i);
        facts_.push_back(here.facts);
    }
    line_ = shared_->grid.line(cell(0).row);
    return true;
}

const ShapedCell& ShapedRows::cell(std::size_t column) const {
    const auto& table = shared_->table;
    return next_ == 1 ? table.headings[column] : table.cells[(next_ - 2) * table.width() + column];
}

std::vector<std::unique_ptr<RowSource>> ShapedRows::split() {
    std::vector<std::unique_ptr<RowSource>> out;
    out.push_back(std::unique_ptr<RowSource>(new ShapedRows(shared_, next_)));
    return out;
}

void ShapedRows::go_back_to(std::uint32_t line) {
    const auto& table = shared_->table;
    for (std::size_t row = 0; row < table.rows(); ++row)
        if (shared_->grid.line(table.cells[row * table.width()].row) == line) {
            next_ = row + 1;
            Diagnostics none;
            next(none);
            return;
        }
}

Location ShapedRows::where(std::size_t column) const {
    const auto width = shared_->table.width();
    const auto& here = cell(std::min(column, width - 1));
    shared_->source->go_back_to(shared_->grid.line(here.row));
    return shared_->source->where(here.column);
}

std::string ShapedRows::called(std::size_t column) const {
    const auto& here = cell(std::min(column, shared_->table.width() - 1));
    shared_->source->go_back_to(shared_->grid.line(here.row));
    return shared_->source->called(here.column);
}

}  // namespace zoneval::io
