#include "engine/assess/successions.hpp"

#include <algorithm>
#include <set>

namespace zoneval::assess {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Successions::Successions(const model::RuleSet& rules) : all_(rules.successions) {
    const auto enter = [](ByName& index, const std::string& name, std::size_t place) {
        auto& places = index[name];
        if (places.empty() || places.back() != place) places.push_back(place);  // a name may be written twice
    };
    for (std::size_t i = 0; i < all_.size(); ++i) {
        for (const auto& name : all_[i].from) enter(from_, name, i);
        for (const auto& name : all_[i].to) enter(to_, name, i);
    }
}

const Successions::Places& Successions::of(const ByName& index, std::string_view name) {
    static const Places none;
    const auto found = index.find(name);
    return found == index.end() ? none : found->second;
}

std::optional<Successions::Earlier> Successions::earlier(const std::string& record, std::int32_t year) const {
    Earlier out{{record}, true};
    std::set<std::size_t> taken;  // each once: a name may come back
    // In the order they are written, and from the start again behind the last.
    const auto first_from = [&](std::size_t begin) {
        auto first = all_.size();
        for (const auto& name : out.names)
            for (const auto place : of(to_, name))
                if (place >= begin && all_[place].on.year > year && !taken.contains(place))
                    first = std::min(first, place);
        return first;
    };
    for (std::size_t begin = 0;;) {
        auto place = first_from(begin);
        if (place == all_.size() && begin > 0) place = first_from(0);
        if (place == all_.size()) break;
        const auto& s = all_[place];
        out.names.erase(std::find_if(out.names.begin(), out.names.end(),
                                     [&](const std::string& name) { return contains(s.to, name); }));
        const auto before = s.history_of.empty() ? s.from : std::vector{s.history_of};
        out.names.insert(out.names.end(), before.begin(), before.end());
        out.renamed = out.renamed && s.is_renaming();
        taken.insert(place);
        begin = place + 1;
    }
    if (taken.empty()) return std::nullopt;
    std::sort(out.names.begin(), out.names.end());
    out.names.erase(std::unique(out.names.begin(), out.names.end()), out.names.end());
    return out;
}

std::string Successions::renamed(std::string record, std::int32_t of_year, std::int32_t in_year) const {
    const bool forward = of_year < in_year;
    std::set<std::size_t> taken;  // each once: a name may come back
    const auto next = [&] {
        for (const auto place : of(forward ? from_ : to_, record)) {
            const auto& s = all_[place];
            const bool between = s.on.year > std::min(of_year, in_year) && s.on.year <= std::max(of_year, in_year);
            if (!between || !s.is_renaming() || !taken.insert(place).second) continue;
            record = (forward ? s.to : s.from).front();
            return true;
        }
        return false;
    };
    while (next()) {
    }
    return record;
}

std::vector<std::string> Successions::later(const std::string& record, std::int32_t year) const {
    for (const auto place : of(from_, record))
        if (const auto& s = all_[place]; s.on.year <= year && !contains(s.to, record)) return s.to;
    return {};
}

}  // namespace zoneval::assess
