#include "engine/io/inspect/sums.hpp"

#include <algorithm>
#include <optional>

#include "engine/io/inspect/column.hpp"

namespace zoneval::io {

namespace {

using feel::Decimal;

class Finder {
  public:
    Finder(const Grid& grid, const std::vector<std::size_t>& rows, std::size_t width) : width_(width), rows_(rows) {
        cells_.reserve(rows.size() * width);
        for (const auto row : rows)
            for (std::size_t i = 0; i < width; ++i) cells_.push_back(plain_number(grid.text(row, i)));
    }

    std::vector<SumOfRows> find() {
        std::vector<SumOfRows> found, single;
        std::vector<std::uint8_t> is_sum(rows_.size());
        for (std::size_t n = rows_.size(); n-- > 0;)  // from below, so that what is found ends the group above it
            for (const bool below : {true, false}) {
                const auto sum = sum_at(n, below, is_sum);
                if (!sum) continue;
                (sum->members > 1 ? found : single).push_back(*sum);
                is_sum[n] = sum->members > 1;
                break;
            }
        // A group of one is told from a repeated row by the other groups around it.
        if (!found.empty())
            for (const auto& sum : single)
                if (sum.below) found.push_back(sum);
        std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.row < b.row; });
        return found;
    }

  private:
    const std::optional<Decimal>& cell(std::size_t n, std::size_t column) const { return cells_[n * width_ + column]; }

    std::optional<SumOfRows> sum_at(std::size_t n, bool below, const std::vector<std::uint8_t>& is_sum) const {
        constexpr std::size_t most_members = 60;
        std::vector<Decimal> sums(width_);
        for (std::size_t k = 1; k <= most_members; ++k) {
            if (below ? n + k >= rows_.size() : k > n) break;
            const auto member = below ? n + k : n - k;
            if (is_sum[member]) break;
            for (std::size_t i = 0; i < width_; ++i)
                if (cell(member, i)) sums[i] = sums[i] + *cell(member, i);
            if (const auto columns = columns_agreeing(n, sums); columns > 0)
                return SumOfRows{rows_[n], k, below, columns};
        }
        return std::nullopt;
    }

    /// 0: too few for it to be more than chance.
    std::size_t columns_agreeing(std::size_t n, const std::vector<Decimal>& sums) const {
        constexpr std::size_t least_digits = 8;
        std::size_t there = 0, agree = 0, digits = 0;
        for (std::size_t i = 0; i < width_; ++i) {
            const auto& total = cell(n, i);
            if (!total || total->is_zero()) continue;
            ++there;
            if (*total != sums[i]) continue;
            ++agree;
            const auto text = total->to_string();
            digits += static_cast<std::size_t>(
                std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
        }
        return agree >= 2 && agree * 2 >= there && digits >= least_digits ? agree : 0;
    }

    std::size_t width_;
    const std::vector<std::size_t>& rows_;
    std::vector<std::optional<Decimal>> cells_;  ///< rows × columns
};

}  // namespace

std::vector<SumOfRows> sums_among(const Grid& grid, const std::vector<std::size_t>& rows, std::size_t width) {
    constexpr std::size_t most_rows = 2'000;
    if (rows.size() > most_rows) return {};
    return Finder(grid, rows, width).find();
}

}  // namespace zoneval::io
