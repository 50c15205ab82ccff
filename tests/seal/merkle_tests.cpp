#include <catch2/catch.hpp>

#include "engine/seal/merkle.hpp"

using namespace zoneval::seal;

namespace {

/// RFC 6962, section 2.1, word for word: slow, and nothing to get wrong.
Digest root_by_definition(const std::vector<std::string>& entries, std::size_t from, std::size_t to) {
    if (to - from == 1) return leaf_hash(entries[from]);
    std::size_t k = 1;
    while (2 * k < to - from) k *= 2;
    return node_hash(root_by_definition(entries, from, from + k), root_by_definition(entries, from + k, to));
}

std::vector<std::string> entries_of(std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back("zone " + std::to_string(i));
    return out;
}

MerkleTree tree_of(const std::vector<std::string>& entries) {
    MerkleTree out;
    for (const auto& entry : entries) out.append(entry);
    return out;
}

}  // namespace

TEST_CASE("a root is the one that others compute, entry by entry") {
    // The test vectors of the reference implementation of Certificate Transparency.
    const std::vector<std::string> entries = {"",
                                              std::string(1, '\0'),
                                              "\x10",
                                              "\x20\x21",
                                              "\x30\x31",
                                              "\x40\x41\x42\x43",
                                              "\x50\x51\x52\x53\x54\x55\x56\x57",
                                              "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
    const std::vector<std::string> roots = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    MerkleTree tree;
    CHECK(to_hex(tree.root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (std::size_t i = 0; i < entries.size(); ++i) {
        tree.append(entries[i]);
        CHECK(to_hex(tree.root()) == roots[i]);
    }
}

TEST_CASE("every entry's path leads to the root, in trees of every size up to 70") {
    for (std::size_t size = 1; size <= 70; ++size) {
        const auto entries = entries_of(size);
        const auto tree = tree_of(entries);
        REQUIRE(tree.root() == root_by_definition(entries, 0, size));
        for (std::size_t i = 0; i < size; ++i)
            REQUIRE(root_by_path(leaf_hash(entries[i]), i, size, tree.path(i)) == tree.root());
    }
}

TEST_CASE("no other entry, place, size or path leads to the root") {
    for (const std::size_t size : {1u, 2u, 5u, 8u, 13u}) {
        const auto entries = entries_of(size);
        const auto tree = tree_of(entries);
        for (std::size_t i = 0; i < size; ++i) {
            const auto leaf = leaf_hash(entries[i]);
            const auto path = tree.path(i);
            CHECK(root_by_path(leaf_hash("another"), i, size, path) != tree.root());
            for (std::size_t other = 0; other < size; ++other)
                if (other != i) CHECK(root_by_path(leaf, other, size, path) != tree.root());
            CHECK_FALSE(root_by_path(leaf, size, size, path));
            auto longer = path;
            longer.push_back(leaf);
            CHECK(root_by_path(leaf, i, size, longer) != tree.root());
            for (std::size_t at = 0; at < path.size(); ++at) {
                auto altered = path;
                altered[at][0] ^= 1;
                CHECK(root_by_path(leaf, i, size, altered) != tree.root());
                altered = path;
                altered.erase(altered.begin() + static_cast<std::ptrdiff_t>(at));
                CHECK(root_by_path(leaf, i, size, altered) != tree.root());
            }
        }
    }
}

TEST_CASE("hashes are read in lower-case hexadecimal and nothing else") {
    const auto hash = leaf_hash("x");
    CHECK(from_hex(to_hex(hash)) == hash);
    CHECK_FALSE(from_hex(to_hex(hash) + "0"));
    CHECK_FALSE(from_hex(std::string(64, 'A')));
    CHECK_FALSE(from_hex(""));
}
