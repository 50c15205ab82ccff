// The JSON that the store writes, read front to back without copying.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zoneval::store {

/// What is not of the form expected (a store altered by hand) throws std::runtime_error.
class JsonReader {
  public:
    explicit JsonReader(std::string_view json) : json_(json) {}

    bool accept(char c) {
        if (position_ >= json_.size() || json_[position_] != c) return false;
        ++position_;
        return true;
    }
    bool accept(std::string_view text) {
        if (!json_.substr(position_).starts_with(text)) return false;
        position_ += text.size();
        return true;
    }
    void expect(char c) {
        if (!accept(c)) fail();
    }
    void expect(std::string_view text) {
        if (!accept(text)) fail();
    }
    std::string_view string();  ///< until the next call
    std::int64_t integer();
    /// Nothing may follow.
    void expect_end() const {
        if (position_ != json_.size()) fail();
    }
    [[noreturn]] void fail() const;

    // For those who read on by themselves.
    const char* at() const { return json_.data() + position_; }
    const char* end() const { return json_.data() + json_.size(); }
    void go_to(const char* at) { position_ = static_cast<std::size_t>(at - json_.data()); }

  private:
    std::string_view json_;
    std::size_t position_ = 0;
    std::string unescaped_;
};

/// An array, item by item.
class ArrayReader {
  public:
    explicit ArrayReader(std::string_view json) : json_(json) { json_.expect('['); }

    struct Cell {
        enum class Kind { text, blank, missing } kind = Kind::blank;
        std::string_view text;       ///< or the name of the kind of missing; until the next call
        std::string_view more = {};  ///< the second text of a list of two
    };
    std::optional<Cell> next_cell();

    struct Row {
        std::string_view record;  ///< until the next call
        std::int32_t year = 0;
        std::uint32_t line = 0;
    };
    std::optional<Row> next_row();
    std::optional<std::string_view> next_string();  ///< until the next call
    std::optional<std::uint32_t> next_code();
    /// The strings of an item that is a list of `least` to `most` of them.
    std::optional<std::vector<std::string>> next_list(std::size_t least, std::size_t most);

  private:
    bool next_item();

    JsonReader json_;
    bool first_ = true;
    std::string first_of_two_;
};

}  // namespace zoneval::store
