#include "engine/feel/syntax/name_index.hpp"

#include <algorithm>

#include "engine/feel/value/names.hpp"

namespace zoneval::feel {

namespace {

unsigned char byte(char c) { return static_cast<unsigned char>(c); }

}  // namespace

NameIndex::NameIndex(const std::vector<std::string_view>& names) : size_(names.size()) {
    entries_.reserve(names.size());
    for (std::size_t i = 0; i < names.size(); ++i)
        if (!names[i].empty()) entries_.push_back({std::string(names[i]), static_cast<int>(i)});
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry& a, const Entry& b) { return a.name != b.name ? a.name < b.name : a.slot > b.slot; });
    entries_.erase(
        std::unique(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.name == b.name; }),
        entries_.end());
}

int NameIndex::find(std::string_view name) const {
    const auto found = std::lower_bound(entries_.begin(), entries_.end(), name,
                                        [](const Entry& e, std::string_view wanted) { return e.name < wanted; });
    return found != entries_.end() && found->name == name ? found->slot : -1;
}

// The names in [first, last) agree in `depth` bytes, which the text spells up to `at`.
void NameIndex::extend(std::string_view text, std::size_t at, Place first, Place last, std::size_t depth,
                       Match& best) const {
    for (; first != last; ++depth) {
        if (last - first == 1) {  // one is left: what is not yet compared may still differ
            if (const auto length = match_name(text, first->name); length > best.length) best = {length, first->name};
            return;
        }
        if (first->name.size() == depth) {  // the shortest comes first
            if (const auto length = match_name(text, first->name); length > best.length) best = {length, first->name};
            if (++first == last) return;
        }
        const auto narrow = [&](char next) {
            struct ByByte {
                std::size_t depth;
                bool operator()(const Entry& e, char c) const { return byte(e.name[depth]) < byte(c); }
                bool operator()(char c, const Entry& e) const { return byte(c) < byte(e.name[depth]); }
            };
            return std::equal_range(first, last, next, ByByte{depth});
        };
        const auto space = whitespace_length(text.substr(at));
        const auto next = text.substr(std::min(at + space, text.size()));
        // Beside a symbol, white space in the text or in a name makes no difference; match_name has the last word.
        const bool beside_symbol =
            depth > 0 && (is_name_symbol(first->name[depth - 1]) || (!next.empty() && is_name_symbol(next.front())));
        if (space > 0 || beside_symbol) {
            const auto [begin, end] = narrow(' ');
            extend(text, at + space, begin, end, depth + 1, best);
        }
        if (space > 0 && beside_symbol) return extend(text, at + space, first, last, depth, best);
        if (at >= text.size() || text[at] == ' ') return;
        const auto [begin, end] = narrow(text[at]);
        first = begin, last = end;
        ++at;
    }
}

NameIndex::Match NameIndex::longest(std::string_view text) const {
    Match best;
    extend(text, 0, entries_.begin(), entries_.end(), 0, best);
    return best;
}

}  // namespace zoneval::feel
