// What people decided, where it stands. A ruling decides what the rules leave open; one that was given over the rules
// stands whatever they say.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "engine/feel/value/value.hpp"
#include "engine/store/store.hpp"

namespace zoneval::assess {

/// Of each decision about a record and year the newest ruling.
class Rulings {
  public:
    Rulings() = default;
    explicit Rulings(const std::vector<store::Ruling>& all);
    bool empty() const { return newest_.empty(); }
    /// On a decision of a year about anybody.
    bool any(std::int32_t year, const std::string& decision) const;
    /// About whom.
    std::vector<std::string> records(std::int32_t year, const std::string& decision) const;
    /// That stands beside what the rules gave, settled or not; nullptr: none does. As long as this lasts.
    const store::Ruling* standing(std::int32_t year, const std::string& record, const std::string& decision,
                                  bool settled) const&;
    const store::Ruling* standing(std::int32_t, const std::string&, const std::string&, bool) const&& = delete;

  private:
    std::map<std::tuple<std::int32_t, std::string, std::string>, store::Ruling> newest_;  ///< year, decision, record
};

/// An outcome that the store holds, as people read it ("undetermined" where it is open).
std::string shown_outcome(const std::string& feel_text);

}  // namespace zoneval::assess
