// Columns to registers: data, definitions computed before, cohort functions.
#pragma once

#include <memory>

#include "engine/exec/compile/lower_numbers.hpp"
#include "engine/exec/compile/text_codes.hpp"

namespace zoneval::exec {

class ColumnLoads {
  public:
    ColumnLoads(StringCodes& strings, Emitter& emitter, NumberLowering& numbers, TextCodes& texts)
        : strings_(strings), emitter_(emitter), numbers_(numbers), texts_(texts) {}

    /// nullopt: columns cannot hold such data.
    Maybe data(const Table& table, const graph::Node& input);
    Compiled computed(const NodeColumn& from);
    Maybe cohort(const CohortColumn& from);

  private:
    Compiled whole_numbers(const Numbers& from, bool has_zero);
    Maybe numbers(const Column& from);
    Maybe strings(const Strings& from);
    Compiled dates(const std::vector<feel::Date>& from);
    Ref load(Op op, const void* data, bool by_row) {
        return emitter_.emit(op, {}, emitter_.source({data, by_row, nullptr, 0, 0}));
    }

    StringCodes& strings_;
    Emitter& emitter_;
    NumberLowering& numbers_;
    TextCodes& texts_;
    std::vector<std::unique_ptr<std::vector<double>>> doubles_;  ///< what loads point to
};

}  // namespace zoneval::exec
