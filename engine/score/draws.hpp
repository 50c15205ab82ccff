// Points of the unit cube, evenly spread: a Sobol sequence, shifted by the seed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace zoneval::score {

/// Sobol's sequence with the direction numbers of Joe and Kuo (2008), each coordinate combined (exclusive or) with
/// random bits of the seed. The same seed gives the same points on every machine.
class Draws {
  public:
    /// Up to 3,667 dimensions.
    Draws(std::size_t points, std::size_t dimensions, std::uint64_t seed);
    std::size_t size() const { return points_; }
    /// Each coordinate above 0 and below 1.
    std::span<const double> point(std::size_t k) const { return {values_.data() + k * dimensions_, dimensions_}; }

  private:
    std::size_t points_, dimensions_;
    std::vector<double> values_;
};

/// A number of the unit interval that is a function of its key alone.
double noise(std::uint64_t key);
/// A key made of another and a number.
std::uint64_t mixed(std::uint64_t key, std::uint64_t with);

}  // namespace zoneval::score
