#include "engine/table/numbers.hpp"

namespace zoneval {

void Coefficients::append(std::span<const std::int64_t> others, std::int64_t low, std::int64_t high) {
    if (others.empty()) return;
    if (is_narrow_ && !(fits(low) && fits(high))) widen();
    if (!is_narrow_) {
        wide_.insert(wide_.end(), others.begin(), others.end());
        return;
    }
    const auto before = narrow_.size();
    narrow_.resize(before + others.size());
    std::transform(others.begin(), others.end(), narrow_.begin() + static_cast<std::ptrdiff_t>(before),
                   [](std::int64_t k) { return static_cast<std::int32_t>(k); });
}

void Coefficients::append(const Coefficients& others) {
    if (is_narrow_ && !others.is_narrow_) widen();
    if (is_narrow_)
        narrow_.insert(narrow_.end(), others.narrow_.begin(), others.narrow_.end());
    else if (others.is_narrow_)
        wide_.insert(wide_.end(), others.narrow_.begin(), others.narrow_.end());
    else
        wide_.insert(wide_.end(), others.wide_.begin(), others.wide_.end());
}

void Coefficients::widen() {
    wide_.reserve(narrow_.capacity());
    wide_.assign(narrow_.begin(), narrow_.end());
    narrow_ = {};
    is_narrow_ = false;
}

feel::Decimal Numbers::at(std::size_t row) const {
    return compact_ ? decimal({coefficients_[row], decimals_}) : decimals128_[row];
}

void Numbers::reserve(std::size_t rows) {
    if (compact_)
        coefficients_.reserve(rows);
    else
        decimals128_.reserve(rows);
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
    if (!others.compact_) {
        for (const auto& number : others.decimals128_) append(number);
        return;
    }
    if (compact_ && others.decimals_ > decimals_) grow(others.decimals_);
    if (compact_ && others.decimals_ == decimals_) {
        bounds_.note(others.bounds_);
        coefficients_.append(others.coefficients_);
        return;
    }
    for (std::size_t i = 0; i < others.size(); ++i) append(Scaled{others.coefficients_[i], others.decimals_});
}

void Numbers::append(int decimals, std::span<const std::int64_t> coefficients) {
    if (compact_ && decimals > decimals_) grow(decimals);
    if (!compact_ || decimals != decimals_) {
        for (const auto coefficient : coefficients) append(Scaled{coefficient, decimals});
        return;
    }
    Bounds found;  // not *this: the loop would keep it in memory
    for (const auto coefficient : coefficients) found.note(coefficient);
    bounds_.note(found);
    coefficients_.append(coefficients, found.low, found.high);
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
            coefficients_.set(row, *coefficient);
            return;
        }
        expand();
    }
    decimals128_[row] = decimal(number);
}

std::optional<std::int64_t> Numbers::fit(Scaled number) {
    if (number.coefficient == 0) return 0;  // 0.00 needs no decimals
    if (number.decimals > decimals_ && !grow(number.decimals)) return std::nullopt;
    return coefficient_with(number, decimals_);
}

bool Numbers::grow(int decimals) {
    // Checked first, so that a column that cannot grow is left as it was.
    for (std::size_t i = 0; i < coefficients_.size(); ++i)
        if (!coefficient_with({coefficients_[i], decimals_}, decimals)) return false;
    const auto zeros = bounds_.zeros;
    bounds_ = {};
    for (std::size_t i = 0; i < coefficients_.size(); ++i) {
        const auto coefficient = *coefficient_with({coefficients_[i], decimals_}, decimals);
        note(coefficient);
        coefficients_.set(i, coefficient);
    }
    bounds_.zeros = zeros;  // as many as were ever entered
    decimals_ = decimals;
    return true;
}

void Numbers::expand() {
    decimals128_.reserve(coefficients_.size() + 1);
    for (std::size_t i = 0; i < coefficients_.size(); ++i)
        decimals128_.push_back(decimal({coefficients_[i], decimals_}));
    coefficients_ = {};
    compact_ = false;
}

}  // namespace zoneval
