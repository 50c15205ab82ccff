// Many short texts, end to end in one buffer: about a third of what as many strings take.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace zoneval {

/// An order that is quickly told. Of a list that ascends in it no text can be there twice: none need be looked up.
inline bool ascends(std::string_view before, std::string_view after) {
    return before.size() != after.size() ? before.size() < after.size() : before < after;
}

/// A list of texts that only grows. At most 4 GB in all; beyond it throws std::length_error.
class Texts {
  public:
    Texts() = default;
    Texts(std::initializer_list<std::string_view> texts) {
        for (const auto text : texts) push_back(text);
    }

    std::size_t size() const { return ends_.size(); }
    bool empty() const { return ends_.empty(); }
    /// Until the next change.
    std::string_view operator[](std::size_t i) const {
        const auto begin = i == 0 ? 0 : ends_[i - 1];
        return std::string_view(bytes_).substr(begin, ends_[i] - begin);
    }
    void push_back(std::string_view text) {
        if (text.size() > most - bytes_.size()) throw std::length_error("more than 4 GB of names");
        bytes_ += text;
        ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
    }
    void append(const Texts& others) {
        if (others.bytes_.size() > most - bytes_.size()) throw std::length_error("more than 4 GB of names");
        const auto before = static_cast<std::uint32_t>(bytes_.size());
        bytes_ += others.bytes_;
        for (const auto end : others.ends_) ends_.push_back(before + end);
    }
    void reserve(std::size_t count, std::size_t bytes) {
        ends_.reserve(count);
        bytes_.reserve(bytes);
    }
    std::size_t bytes() const { return bytes_.size(); }
    friend bool operator==(const Texts&, const Texts&) = default;

    class Iterator {
      public:
        using value_type = std::string_view;
        using reference = std::string_view;
        using pointer = void;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;
        Iterator() = default;
        Iterator(const Texts* of, std::size_t at) : of_(of), at_(at) {}
        std::string_view operator*() const { return (*of_)[at_]; }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        Iterator operator++(int) {
            auto before = *this;
            ++at_;
            return before;
        }
        std::size_t index() const { return at_; }
        friend bool operator==(const Iterator& a, const Iterator& b) { return a.at_ == b.at_; }

      private:
        const Texts* of_ = nullptr;
        std::size_t at_ = 0;
    };
    Iterator begin() const { return {this, 0}; }
    Iterator end() const { return {this, size()}; }

  private:
    static constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
    std::string bytes_;
    std::vector<std::uint32_t> ends_;
};

}  // namespace zoneval
