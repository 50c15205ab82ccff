// Numbers as files write them: `1,234.5`, `1.234,5`, `3.5%`, `(123)`, `12.3①`, `<5`, in another unit.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/io/cells/rows.hpp"
#include "engine/table/schema.hpp"

namespace zoneval::io {

class NumberForm {
  public:
    /// `factor` makes the input's unit of the file's.
    NumberForm(const ColumnSchema& column, const std::optional<feel::Decimal>& factor);

    /// Cells without facts are read as they stand.
    bool plain() const { return plain_; }

    struct Read {
        feel::Decimal number;
        bool percent = false;
        std::optional<feel::Missing> less_than;  ///< it is no number, but known to be small
    };
    /// nullopt: the text is no number in this form.
    std::optional<Read> read(std::string_view text, Facts facts) const;
    /// Without the declared marks behind it.
    std::string_view unmarked(std::string_view text) const;
    /// A share can be given in the unit of the input.
    bool takes_shares() const { return of_one_.has_value(); }

  private:
    const CellForm& form_;
    std::optional<feel::Decimal> factor_;
    std::optional<feel::Decimal> of_one_;  ///< what 1, a share of the whole, is in the unit of the input
    bool plain_;
};

}  // namespace zoneval::io
