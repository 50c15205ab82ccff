// How the table of a data file lies and how its cells are written, as options: for a first look, or one odd file.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "engine/io/reading/import.hpp"
#include "engine/table/schema.hpp"

namespace zoneval::command {

class ShapeOptions {
  public:
    void add_to(CLI::App& sub);
    /// Puts what was given over what the dataset declares. Throws CLI::ValidationError for what makes no sense.
    void apply(DatasetSchema& schema) const;

  private:
    void apply_cells(DatasetSchema& schema) const;

    std::string encoding_, delimiter_, drop_, years_, year_from_, years_in_columns_, names_in_, values_in_, unit_in_,
        id_;
    std::vector<std::string> sheets_, until_, fill_down_, split_, cells_, marks_, dates_, missing_;
    std::vector<std::uint32_t> header_rows_;
    std::uint32_t skip_ = 0, units_row_ = 0;
    std::int32_t year_ = 0;
};

}  // namespace zoneval::command
