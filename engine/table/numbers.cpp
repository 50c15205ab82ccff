#include "engine/table/numbers.hpp"

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
    if (others.compact_) return append(others.decimals_, others.coefficients_, &others.bounds_);
    for (const auto& number : others.decimals128_) append(number);
}

void Numbers::append(int decimals, std::span<const std::int64_t> coefficients) { append(decimals, coefficients, nullptr); }

/// Of coefficients whose bounds are known, these need not be sought again.
void Numbers::append(int decimals, std::span<const std::int64_t> coefficients, const Bounds* bounds) {
    if (compact_ && decimals > decimals_) grow(decimals);
    if (!compact_ || decimals != decimals_) {
        for (const auto coefficient : coefficients) append(Scaled{coefficient, decimals});
        return;
    }
    auto found = bounds ? *bounds : Bounds();  // not *this: the loop would keep it in memory
    if (!bounds)
        for (const auto coefficient : coefficients) found.note(coefficient);
    bounds_.note(found);
    coefficients_.insert(coefficients_.end(), coefficients.begin(), coefficients.end());
}

void Numbers::set(std::size_t row, feel::Decimal number) {
    if (const auto small = compact_ ? scaled(number) : std::nullopt) return set(row, *small);
    if (compact_) expand();
    decimals128_[row] = number;
}

void Numbers::set(std::size_t row, Scaled number) {
    if (compact_) {
        if (const auto coefficient = fit(number)) {
            note(*coefficient);
            coefficients_[row] = *coefficient;
            return;
        }
        expand();
    }
    decimals128_[row] = decimal(number);
}

std::optional<std::int64_t> Numbers::fit(Scaled number) {
    if (number.coefficient == 0) return 0;     // 0.00 needs no decimals
    if (number.decimals > decimals_ && !grow(number.decimals)) return std::nullopt;
    return coefficient_with(number, decimals_);
}

bool Numbers::grow(int decimals) {
    // Checked first, so that a column that cannot grow is left as it was.
    for (const auto coefficient : coefficients_)
        if (!coefficient_with({coefficient, decimals_}, decimals)) return false;
    bounds_ = {};
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
