#include "engine/score/draws.hpp"

#include <boost/random/sobol.hpp>

namespace zoneval::score {

/// splitmix64 (Steele, Lea, Flood 2014).
std::uint64_t mixed(std::uint64_t key, std::uint64_t with) {
    auto z = key + 0x9e3779b97f4a7c15u * (with + 1);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

double noise(std::uint64_t key) { return (static_cast<double>(mixed(key, 0) >> 12) + 0.5) * 0x1p-52; }

Draws::Draws(std::size_t points, std::size_t dimensions, std::uint64_t seed)
    : points_(points), dimensions_(dimensions), values_(points * dimensions) {
    if (dimensions == 0) return;
    boost::random::sobol sequence(dimensions);
    std::vector<std::uint64_t> shift(dimensions);
    for (std::size_t d = 0; d < dimensions; ++d) shift[d] = mixed(seed, d);
    for (std::size_t i = 0; i < values_.size(); ++i)
        values_[i] = (static_cast<double>((sequence() ^ shift[i % dimensions]) >> 12) + 0.5) * 0x1p-52;
}

}  // namespace zoneval::score
