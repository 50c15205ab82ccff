// What an expression can come to, over every way to fill the blanks of one record: interval arithmetic and three-valued
// logic. Everything a filling can give is inside an abstract value; it may hold more.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "engine/feel/evaluation/abstract_value.hpp"
#include "engine/feel/syntax/ast.hpp"
#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

/// What reading an expression over and over asks of its text, found once for all its parts.
class ExpressionParts {
  public:
    struct Part {
        std::vector<int> slots;
        bool asks_null = false;
    };
    /// The expression must outlive this.
    void add(const Expr& expression);
    const Part* find(const Expr& expression) const {
        const auto found = parts_.find(&expression);
        return found == parts_.end() ? nullptr : &found->second;
    }

  private:
    std::unordered_map<const Expr*, Part> parts_;
};

/// What is known of the names an expression reads.
class AbstractNames {
  public:
    virtual ~AbstractNames() = default;
    virtual std::size_t size() const = 0;
    virtual const AbstractValue& abstract(int slot) const = 0;
    /// The value as things are, with the blanks blank.
    virtual const Value& now(int slot) const = 0;
    /// Filled in, it is certainly there: a datum, or a part of a score. What is computed may still fail.
    virtual bool there_when_filled(int slot) const = 0;
    /// Room for the values of all names, kept from one expression to the next.
    virtual std::vector<Value>& frame() const = 0;
    /// Of the formulas that are read; others are looked at afresh.
    virtual const ExpressionParts& parts() const = 0;
};

/// `x = null` of something open: answered as things are, or as if the blanks were filled; a score asks it of its parts,
/// and takes a part that is null for certain for one that is missing. Of any record it can be either, and what is asked
/// for is what the expression comes to where it is not null.
enum class NullTests { as_things_are, filled, of_score, of_any_record };

AbstractValue abstract_value_of(const Expr& expression, const AbstractNames& names, NullTests null_tests,
                                const SourcePtr& source);
/// Whether an expression asks for null anywhere.
bool mentions_null(const Expr& expression);

}  // namespace zoneval::feel
