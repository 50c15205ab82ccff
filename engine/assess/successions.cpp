#include "engine/assess/successions.hpp"

#include <algorithm>
#include <set>

namespace zoneval::assess {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::optional<Successions::Earlier> Successions::earlier(const std::string& record, std::int32_t year) const {
    Earlier out{{record}, true};
    std::set<const model::Succession*> taken;  // each once: a name may come back
    for (bool found = true; found;) {
        found = false;
        for (const auto& s : all_) {
            if (s.on.year <= year || taken.contains(&s)) continue;
            const auto at = std::find_if(out.names.begin(), out.names.end(),
                                         [&](const std::string& name) { return contains(s.to, name); });
            if (at == out.names.end()) continue;
            taken.insert(&s);
            out.names.erase(at);
            const auto before = s.history_of.empty() ? s.from : std::vector{s.history_of};
            out.names.insert(out.names.end(), before.begin(), before.end());
            out.renamed = out.renamed && s.is_renaming();
            found = true;
        }
    }
    if (taken.empty()) return std::nullopt;
    std::sort(out.names.begin(), out.names.end());
    out.names.erase(std::unique(out.names.begin(), out.names.end()), out.names.end());
    return out;
}

std::string Successions::renamed(std::string record, std::int32_t of, std::int32_t in) const {
    std::set<const model::Succession*> taken;  // each once: a name may come back
    const auto next = [&] {
        for (const auto& s : all_) {
            const bool forward = of < in;
            const bool between = s.on.year > std::min(of, in) && s.on.year <= std::max(of, in);
            if (!between || !s.is_renaming() || (forward ? s.from : s.to).front() != record) continue;
            if (!taken.insert(&s).second) continue;
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
    for (const auto& s : all_)
        if (s.on.year <= year && contains(s.from, record) && !contains(s.to, record)) return s.to;
    return {};
}

}  // namespace zoneval::assess
