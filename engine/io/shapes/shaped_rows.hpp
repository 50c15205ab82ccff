// The rows of a file whose table lies otherwise than plainly.
#pragma once

#include <memory>

#include "engine/io/shapes/shape_table.hpp"

namespace zoneval::io {

class ShapedRows final : public RowSource {
  public:
    /// Reads all of `source`; `schema` must outlive this. Adds errors where the shape does not fit; then there are no
    /// rows.
    ShapedRows(std::unique_ptr<RowSource> source, const DatasetSchema& schema, Diagnostics& diagnostics);
    bool next(Diagnostics& diagnostics) override;
    std::vector<std::unique_ptr<RowSource>> split() override;
    void go_back_to(std::uint32_t line) override;
    std::uint32_t lines_read() const override { return 0; }
    std::size_t expected_rows() const override { return shared_->table.rows(); }
    Location where(std::size_t cell) const override;
    std::string called(std::size_t cell) const override;
    /// Rows are made as wide as the header, which says nothing of the file.
    bool ragged_allowed() const override { return shared_->ragged; }

  private:
    struct Shared {
        std::unique_ptr<RowSource> source;
        Grid grid;
        ShapedTable table;
        bool ragged;
    };
    explicit ShapedRows(std::shared_ptr<Shared> shared, std::size_t next);
    const ShapedCell& cell(std::size_t column) const;

    std::shared_ptr<Shared> shared_;
    std::size_t next_ = 0;  ///< 0: the header
};

}  // namespace zoneval::io
