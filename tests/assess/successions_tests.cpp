#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "engine/assess/successions.hpp"

using namespace zoneval;

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// As docs/rule-files.md says it, every line asked about every name.
std::vector<std::string> names_before(const std::vector<model::Succession>& all, const std::string& record,
                                      std::int32_t year) {
    std::vector<std::string> names{record};
    std::set<const model::Succession*> taken;
    for (bool found = true; found;) {
        found = false;
        for (const auto& s : all) {
            const auto at = std::find_if(names.begin(), names.end(), [&](const auto& n) { return contains(s.to, n); });
            if (s.on.year <= year || at == names.end() || !taken.insert(&s).second) continue;
            names.erase(at);
            const auto before = s.history_of.empty() ? s.from : std::vector{s.history_of};
            names.insert(names.end(), before.begin(), before.end());
            found = true;
        }
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::string name_in(const std::vector<model::Succession>& all, std::string record, std::int32_t of, std::int32_t in) {
    std::set<const model::Succession*> taken;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& s = all[i];
        const bool between = s.on.year > std::min(of, in) && s.on.year <= std::max(of, in);
        if (!between || !s.is_renaming() || (of < in ? s.from : s.to).front() != record || !taken.insert(&s).second)
            continue;
        record = (of < in ? s.to : s.from).front();
        i = std::size_t(-1);  // from the first line again
    }
    return record;
}

std::vector<std::string> names_after(const std::vector<model::Succession>& all, const std::string& record,
                                     std::int32_t year) {
    for (const auto& s : all)
        if (s.on.year <= year && contains(s.from, record) && !contains(s.to, record)) return s.to;
    return {};
}

/// Few names, so that they come back, merge with themselves and stand in several lines.
model::RuleSet by_chance(std::mt19937& random) {
    const auto name = [&] { return std::string(1, static_cast<char>('A' + random() % 7)); };
    model::RuleSet rules;
    for (auto left = random() % 9; left > 0; --left) {
        auto& s = rules.successions.emplace_back();
        s.from = {name()};
        s.to = {name()};
        if (random() % 3 == 0) (random() % 2 == 0 ? s.from : s.to).push_back(name());
        s.on = {2018 + static_cast<std::int32_t>(random() % 6), 1, 1};
        if (s.from.size() > 1 && random() % 2 == 0) s.history_of = s.from.front();
    }
    return rules;
}

}  // namespace

TEST_CASE("successions are followed as if every line were asked about every name") {
    std::mt19937 random(20261201);
    int renamed = 0;
    for (int round = 0; round < 3000; ++round) {
        const auto rules = by_chance(random);
        const assess::Successions successions(rules);
        for (char letter = 'A'; letter <= 'H'; ++letter) {  // H is nowhere
            const std::string name(1, letter);
            for (std::int32_t year = 2017; year <= 2024; ++year) {
                const auto earlier = successions.earlier(name, year);
                CHECK((earlier ? earlier->names : std::vector{name}) == names_before(rules.successions, name, year));
                CHECK(successions.later(name, year) == names_after(rules.successions, name, year));
                const auto then = successions.renamed(name, 2021, year);
                CHECK(then == name_in(rules.successions, name, 2021, year));
                renamed += then != name;
            }
        }
    }
    CHECK(renamed > 1000);
}
