// Under which names a record stood in earlier years, by the successions that a rule set declares.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/model/ruleset.hpp"

namespace zoneval::assess {

class Successions {
  public:
    /// The rule set must outlive it.
    explicit Successions(const model::RuleSet& rules);
    bool empty() const { return all_.empty(); }

    struct Earlier {
        std::vector<std::string> names;
        bool renamed = true;  ///< the same record under another name: its figures are its own, not only its standing
    };
    /// In that year; nullopt: under its own name.
    std::optional<Earlier> earlier(const std::string& record, std::int32_t year) const;
    /// What a record of one year is called in another, by renamings alone; itself where it was not renamed.
    std::string renamed(std::string record, std::int32_t of, std::int32_t in) const;
    /// The names it goes on under in that year and later; empty: its own.
    std::vector<std::string> later(const std::string& record, std::int32_t year) const;

  private:
    using Places = std::vector<std::size_t>;  // in all_, ascending
    using ByName = std::unordered_map<std::string_view, Places>;
    static const Places& of(const ByName& index, std::string_view name);

    const std::vector<model::Succession>& all_;
    ByName from_, to_;
};

}  // namespace zoneval::assess
