#include "engine/feel/syntax/decision_table.hpp"

#include <array>

namespace zoneval::feel {

namespace {

template <class T>
struct Word {
    std::string_view name;
    T value;
};

constexpr std::array<Word<HitPolicy>, 14> policies{{{"UNIQUE", HitPolicy::unique},
                                                    {"ANY", HitPolicy::any},
                                                    {"PRIORITY", HitPolicy::priority},
                                                    {"FIRST", HitPolicy::first},
                                                    {"COLLECT", HitPolicy::collect},
                                                    {"RULE ORDER", HitPolicy::rule_order},
                                                    {"OUTPUT ORDER", HitPolicy::output_order},
                                                    {"U", HitPolicy::unique},
                                                    {"A", HitPolicy::any},
                                                    {"P", HitPolicy::priority},
                                                    {"F", HitPolicy::first},
                                                    {"C", HitPolicy::collect},
                                                    {"R", HitPolicy::rule_order},
                                                    {"O", HitPolicy::output_order}}};

constexpr std::array<Word<Aggregator>, 9> aggregators{{{"", Aggregator::none},
                                                       {"SUM", Aggregator::sum},
                                                       {"COUNT", Aggregator::count},
                                                       {"MIN", Aggregator::min},
                                                       {"MAX", Aggregator::max},
                                                       {"+", Aggregator::sum},
                                                       {"#", Aggregator::count},
                                                       {"<", Aggregator::min},
                                                       {">", Aggregator::max}}};

template <class T, std::size_t n>
std::optional<T> look_up(const std::array<Word<T>, n>& words, std::string_view text) {
    std::string upper(text);
    for (auto& c : upper)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    for (const auto& word : words)
        if (word.name == upper) return word.value;
    return std::nullopt;
}

}  // namespace

std::optional<HitPolicy> hit_policy_from_string(std::string_view text) { return look_up(policies, text); }
std::optional<Aggregator> aggregator_from_string(std::string_view text) { return look_up(aggregators, text); }

}  // namespace zoneval::feel
