// Known names in the order of their bytes, so that reading a name does not try them all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zoneval::feel {

class NameIndex {
  public:
    /// Slots are positions in `names`; empty names are left out. Of equal names the last one counts.
    explicit NameIndex(const std::vector<std::string_view>& names);

    std::size_t size() const { return size_; }  ///< how many names there were
    int find(std::string_view name) const;      ///< slot, or -1

    struct Match {
        std::size_t length = 0;
        std::string_view name;
    };
    /// The known name that match_name finds longest at the start of `text`. The result points into the index.
    Match longest(std::string_view text) const;

  private:
    struct Entry {
        std::string name;
        int slot;
    };
    using Place = std::vector<Entry>::const_iterator;
    void extend(std::string_view text, std::size_t at, Place first, Place last, std::size_t depth, Match& best) const;

    std::size_t size_;
    std::vector<Entry> entries_;  ///< by name, each once
};

}  // namespace zoneval::feel
