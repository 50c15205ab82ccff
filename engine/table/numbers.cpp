#include "engine/table/numbers.hpp"

#include <algorithm>

namespace zoneval {

feel::Decimal Numbers::at(std::size_t row) const {
    return compact_ ? decimal({coefficients_[row], decimals_}) : decimals128_[row];
}

void Numbers::reserve(std::size_t rows) {
    if (compact_) coefficients_.reserve(rows);
    else decimals128_.reserve(rows);
}

void Numbers::append_other(Scaled number) {
    if (compact_) {
        if (const auto coefficient = fit(number)) {
            push(*coefficient);
            return;
        }
        expand();
    }
    decimals128_.push_back(decimal(number));
}

void Numbers::append(feel::Decimal number) {
    if (compact_) {
        if (const auto small = scaled(number)) return append(*small);
        expand();
    }
    decimals128_.push_back(number);
}

void Numbers::append(const Numbers& others) {
    if (compact_ && others.compact_ && (decimals_ >= others.decimals_ || grow(others.decimals_))) {
        if (decimals_ == others.decimals_) {
            coefficients_.insert(coefficients_.end(), others.coefficients_.begin(), others.coefficients_.end());
            low_ = std::min(low_, others.low_);
            high_ = std::max(high_, others.high_);
            least_ = std::min(least_, others.least_);
        } else {
            for (const auto coefficient : others.coefficients_) append(Scaled{coefficient, others.decimals_});
        }
        return;
    }
    for (std::size_t i = 0; i < others.size(); ++i) {
        if (others.compact_) append(Scaled{others.coefficients_[i], others.decimals_});
        else append(others.decimals128_[i]);
    }
}

void Numbers::set(std::size_t row, feel::Decimal number) {
    if (compact_) {
        const auto small = scaled(number);
        const auto coefficient = small ? fit(*small) : std::nullopt;
        if (coefficient) {
            note(*coefficient);
            coefficients_[row] = *coefficient;
            return;
        }
        expand();
    }
    decimals128_[row] = number;
}

std::optional<std::int64_t> Numbers::fit(Scaled number) {
    if (number.decimals > decimals_ && !grow(number.decimals)) return std::nullopt;
    return coefficient_with(number, decimals_);
}

bool Numbers::grow(int decimals) {
    // Checked first, so that a column that cannot grow is left as it was.
    for (const auto coefficient : coefficients_)
        if (!coefficient_with({coefficient, decimals_}, decimals)) return false;
    low_ = std::numeric_limits<std::int64_t>::max();
    high_ = std::numeric_limits<std::int64_t>::min();
    least_ = std::numeric_limits<std::int64_t>::max();
    for (auto& coefficient : coefficients_) {
        coefficient = *coefficient_with({coefficient, decimals_}, decimals);
        note(coefficient);
    }
    decimals_ = decimals;
    return true;
}

void Numbers::expand() {
    decimals128_.reserve(coefficients_.size() + 1);
    for (const auto coefficient : coefficients_) decimals128_.push_back(decimal({coefficient, decimals_}));
    coefficients_ = {};
    compact_ = false;
}

}  // namespace zoneval
