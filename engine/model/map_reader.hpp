// Reads one YAML mapping key by key, and reports what it did not expect.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/ruleset.hpp"
#include "engine/model/yaml.hpp"

namespace zoneval::model {

/// A quantity such as `20 %` or `0.2`; nullopt when the text is neither.
std::optional<feel::Decimal> parse_share(std::string_view text);

/// A YAML scalar as a value: unquoted numbers, dates, true, false and null are what they look like, the rest is text.
feel::Value scalar_value(const Yaml& node);

class MapReader {
  public:
    /// `context` says where we are, in the words of the file: "measure `x`".
    MapReader(const Yaml& node, std::string context, Diagnostics& diagnostics);

    bool has(std::string_view key) const { return node_.find(key) != nullptr; }
    /// The value under a key, or nullptr; the key counts as known from then on.
    const Yaml* take(std::string_view key);
    const Yaml* require(std::string_view key);
    /// The same where `null` is a value, not an absence.
    const Yaml* take_any(std::string_view key);
    const Yaml* require_any(std::string_view key);
    std::string text(std::string_view key);
    std::optional<feel::Decimal> number(std::string_view key);
    std::optional<int> whole(std::string_view key);
    /// A whole number of years, or the name of a parameter that says it.
    Years years(std::string_view key);
    std::optional<feel::Decimal> share(std::string_view key);
    std::optional<feel::Date> date(std::string_view key);
    /// Two days between which something is in force, each with a key of its own; either may be left out.
    void in_force(std::string_view from, std::string_view until, std::optional<feel::Date>& first,
                  std::optional<feel::Date>& last);
    bool flag(std::string_view key);
    std::vector<std::string> texts(std::string_view key);
    std::optional<feel::ExpressionText> expression(std::string_view key);
    Text localized(std::string_view key);
    Text localized(const Yaml& node, std::string_view key);
    std::vector<Reason> reasons();  ///< key `because`
    std::optional<Citation> citation();
    /// Of a rule, whose clause may have formulas in braces.
    void citation_of(Rule& rule);
    /// One of `choices`; reports anything else with a suggestion.
    std::optional<std::string> choice(std::string_view key, const std::vector<std::string>& choices);
    std::optional<feel::Rounding> rounding();  ///< key `rounding`
    /// The same of a definition that is rounded, which needs `decimals`.
    void rounded(Definition& definition);
    /// Key `smallest group`: a whole number from 2.
    std::optional<int> smallest_group();
    /// The keys every definition may have: title, description, cite, unit, decimals. With `round` (of an input)
    /// `decimals` may also be that word.
    void common(Definition& definition, bool* round = nullptr);
    /// Reports the keys nobody took.
    void finish();

    void wrong(const Yaml& node, std::string_view key, std::string expected, std::string hint = {});
    /// A key that is well formed and without effect: "`ties` says nothing: …".
    void pointless(const Yaml& node, std::string_view key, std::string_view why, std::string expected);
    const std::string& context() const { return context_; }
    Diagnostics& diagnostics() { return diagnostics_; }

  private:
    void missing(std::string_view key);
    const Yaml* scalar(std::string_view key, std::string_view expected);
    const Yaml& node_;
    std::string context_;
    Diagnostics& diagnostics_;
    std::vector<std::string> known_;
};

}  // namespace zoneval::model
