// The locals of one evaluation: a stack whose elements never move, so that references into it stay good while it grows.
// The first few lie inside, for most evaluations need no more. Private to the evaluator.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <vector>

#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

class Locals {
  public:
    Locals() = default;
    Locals(const Locals&) = delete;
    Locals& operator=(const Locals&) = delete;
    ~Locals() { shrink(0); }

    std::size_t size() const { return size_; }
    /// Grows to hold it; what is new is null.
    Value& at(std::size_t index) {
        if (index >= size_) grow(index + 1);
        return (*this)[index];
    }
    Value& operator[](std::size_t index) {
        return index < inside ? *std::launder(reinterpret_cast<Value*>(first_) + index)
                              : (*more_[(index - inside) / chunk])[(index - inside) % chunk];
    }
    void resize(std::size_t size) { size < size_ ? shrink(size) : grow(size); }

  private:
    static constexpr std::size_t inside = 8, chunk = 64;

    void grow(std::size_t size) {
        for (; size_ < size; ++size_) {
            if (size_ < inside)
                new (reinterpret_cast<Value*>(first_) + size_) Value();
            else if ((size_ - inside) / chunk == more_.size())
                more_.push_back(std::make_unique<std::array<Value, chunk>>());
        }
    }
    void shrink(std::size_t size) {
        for (; size_ > size; --size_) {
            auto& last = (*this)[size_ - 1];
            if (size_ <= inside)
                last.~Value();
            else
                last = Value();
        }
    }

    std::size_t size_ = 0;
    alignas(Value) std::byte first_[inside * sizeof(Value)];
    std::vector<std::unique_ptr<std::array<Value, chunk>>> more_;
};

}  // namespace zoneval::feel
