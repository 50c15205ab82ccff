#include "engine/exec/columns/grouping.hpp"

#include <unordered_map>

namespace zoneval::exec {

std::optional<Grouping> make_grouping(const NodeColumn* by, std::size_t count) {
    Grouping out;
    if (!by) return out;
    if (by->shape == Shape::number && !by->bound.exact()) return std::nullopt;
    out.group.resize(count);
    out.masks = by->masks;
    out.groups = 0;
    std::unordered_map<double, std::uint32_t> numbers;
    std::vector<std::uint32_t> codes(by->shape == Shape::code ? 65'536 : 2, Grouping::none);
    for (std::size_t i = 0; i < count; ++i) {
        if (!has_value(*by, i)) {
            out.group[i] = Grouping::none;
            continue;
        }
        auto& group = by->shape == Shape::number ? numbers.try_emplace(by->numbers[i], Grouping::none).first->second
                      : by->shape == Shape::code ? codes[by->codes[i]]
                                                 : codes[by->truths[i]];
        if (group == Grouping::none) group = static_cast<std::uint32_t>(out.groups++);
        out.group[i] = group;
    }
    return out;
}

}  // namespace zoneval::exec
