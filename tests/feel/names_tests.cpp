#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "engine/feel/parsing/parse.hpp"
#include "engine/feel/syntax/name_index.hpp"
#include "engine/feel/value/names.hpp"

using namespace zoneval::feel;

TEST_CASE("an index of names finds what trying them one by one finds") {
    std::mt19937 random(20260101);
    const std::vector<std::string> pieces{"a", "b", "ab", " ", " ", "/", "*", "-", "1", "é", "额", "R&D", "in"},
        spaces{" ", "  ", "\t", "\n ", "/* c */", "　", " // c\n"};
    const auto pick = [&](const auto& from) { return from[random() % from.size()]; };
    for (int round = 0; round < 3000; ++round) {
        std::vector<std::string> names;
        for (auto n = random() % 30; n > 0; --n) {
            std::string name;
            for (auto k = random() % 6; k > 0; --k) name += pick(pieces);
            names.push_back(normalized_name(name));
        }
        const NameIndex index({names.begin(), names.end()});
        CHECK(index.size() == names.size());
        for (int i = 0; i < 20; ++i) {
            std::string text;
            const auto spell = [&](const std::string& name) {
                for (const char c : name) text += c == ' ' && random() % 2 ? pick(spaces) : std::string(1, c);
            };
            if (!names.empty()) spell(pick(names));
            for (auto k = random() % 4; k > 0; --k) text += pick(pieces);
            std::size_t longest = 0;
            for (const auto& name : names) longest = std::max(longest, match_name(text, name));
            const auto found = index.longest(text);
            INFO("text `" << text << "`, found `" << found.name << "`");
            CHECK(found.length == longest);
            CHECK((longest == 0 || match_name(text, found.name) == longest));
            int slot = -1;
            for (std::size_t k = 0; k < names.size(); ++k)
                if (!names[k].empty() && names[k] == text) slot = static_cast<int>(k);
            CHECK(index.find(text) == slot);
        }
    }
}

TEST_CASE("names added after the index are known, and the last of a name wins") {
    Names names{{{"a", nullptr}, {"a b", nullptr}, {"a", nullptr}}, {}};
    names.make_index();
    CHECK(names.find("a") == 2);
    names.entries.push_back({"a b", nullptr});
    names.entries.push_back({"a b c", nullptr});
    CHECK(names.find("a b") == 3);
    CHECK(names.find("a b c") == 4);
    zoneval::Diagnostics found;
    const auto tree = parse_expression(ExpressionText::of("a  b c + a"), names, found);
    REQUIRE(tree);
    const auto& sum = *tree->as<Binary>();
    CHECK(sum.left->as<Name>()->slot == 4);
    CHECK(sum.right->as<Name>()->slot == 2);
}
