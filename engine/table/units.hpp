// Units as dimensions with a scale: `100 million CNY` is CNY times 10^8, `%` is a plain number times 0.01.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/feel/value/decimal.hpp"

namespace zoneval {

struct Unit {
    std::map<std::string, int> dimensions;  ///< base unit -> exponent; empty: a plain number
    feel::Decimal scale{1};

    Unit inverse() const;
    friend Unit operator*(const Unit& a, const Unit& b);
    friend bool operator==(const Unit& a, const Unit& b) { return a.dimensions == b.dimensions && a.scale == b.scale; }
    std::string to_string() const;
};

/// Reads what authors write: `CNY`, `100 million CNY`, `10 thousand CNY / person`, `万元`, `亿元/平方公里`, `%`, `1`,
/// `persons per 10,000 employees`. Words that are not known become base units of their own. nullopt for an empty text
/// or one without sense (`/ person`).
std::optional<Unit> parse_unit(std::string_view text);

}  // namespace zoneval
