#include <fmt/format.h>

#include <stdexcept>

#include "engine/feel/value/reason.hpp"
#include "engine/table/table.hpp"

namespace zoneval {

using feel::Missing;
using feel::Type;
using feel::Value;

std::uint32_t Strings::code(std::string_view text) {
    if (const auto found = index_.find(text); found != index_.end()) return found->second;
    const auto code = static_cast<std::uint32_t>(dictionary_.size());
    dictionary_.emplace_back(text);
    index_.emplace(dictionary_.back(), code);
    return code;
}

void Strings::append(const Strings& others) {
    std::vector<std::uint32_t> mine;
    for (const auto& text : others.dictionary_) mine.push_back(code(text));
    for (const auto other : others.codes_) codes_.push_back(mine[other]);
}

namespace {

std::variant<Numbers, Strings, Column::Booleans, Column::Dates> data_of(Type::Kind type) {
    switch (type) {
        case Type::Kind::number: return Numbers{};
        case Type::Kind::string: return Strings{};
        case Type::Kind::boolean: return Column::Booleans{};
        case Type::Kind::date: return Column::Dates{};
        default: throw std::invalid_argument("a column holds numbers, strings, booleans or dates");
    }
}

}  // namespace

Column::Column(std::string name, Type::Kind type) : name_(std::move(name)), type_(type), data_(data_of(type)) {}

template <class T>
T& Column::data() {
    auto* data = std::get_if<T>(&data_);
    if (!data) refuse_type();
    return *data;
}

void Column::refuse_type() const {
    throw std::invalid_argument(fmt::format("column `{}` holds values of another type", name_));
}

void Column::reserve(std::size_t rows) {
    std::visit([rows](auto& data) { data.reserve(rows); }, data_);
    state_.reserve(rows);
}

void Column::append_number(feel::Decimal number) {
    data<Numbers>().append(number);
    state_.push_back(0);
}

void Column::append_string(std::string_view text) { append_string_code(string_code(text)); }

std::uint32_t Column::string_code(std::string_view text) { return data<Strings>().code(text); }

void Column::append_boolean(bool value) {
    data<Booleans>().push_back(value ? 1 : 0);
    state_.push_back(0);
}

void Column::append_date(feel::Date date) {
    data<Dates>().push_back(date);
    state_.push_back(0);
}

void Column::append(const Value& value) {
    if (const auto* number = value.number()) return append_number(*number);
    if (const auto* text = value.string()) return append_string(*text);
    if (const auto* truth = value.boolean()) return append_boolean(*truth);
    if (const auto* date = value.date()) return append_date(*date);
    throw std::invalid_argument(fmt::format("column `{}` cannot hold {}", name_, value.to_feel()));
}

void Column::append(const Column& others) {
    if (others.type_ != type_)
        throw std::invalid_argument(fmt::format("column `{}` cannot hold the cells of `{}`", name_, others.name_));
    std::visit(
        [&](auto& mine) {
            const auto& added = std::get<std::decay_t<decltype(mine)>>(others.data_);
            if constexpr (requires { mine.append(added); })
                mine.append(added);
            else
                mine.insert(mine.end(), added.begin(), added.end());
        },
        data_);
    state_.insert(state_.end(), others.state_.begin(), others.state_.end());
    kinds_ = static_cast<std::uint8_t>(kinds_ | others.kinds_);
    missing_entered_ += others.missing_entered_;
}

void Column::append_numbers(int decimals, std::span<const std::int64_t> coefficients,
                            std::span<const std::uint8_t> states) {
    data<Numbers>().append(decimals, coefficients);
    append_states(states);
}

void Column::append_string_codes(std::span<const std::uint32_t> codes, std::span<const std::uint8_t> states) {
    data<Strings>().append(codes);
    append_states(states);
}

void Column::append_states(std::span<const std::uint8_t> states) {
    unsigned kinds = 0;
    for (const auto state : states)
        if (state != 0) kinds |= 1u << (state & ~blank_flag), ++missing_entered_;
    kinds_ = static_cast<std::uint8_t>(kinds_ | kinds);
    state_.insert(state_.end(), states.begin(), states.end());
}

void Column::append_missing(Missing kind) { append_state(kind, 0); }
void Column::append_blank(Missing kind) { append_state(kind, blank_flag); }

void Column::append_state(Missing kind, std::uint8_t flag) {
    if (kind == Missing::none) throw std::invalid_argument("a missing cell needs a kind of missing");
    switch (type_) {
        case Type::Kind::number: append_number(Scaled{}); break;
        case Type::Kind::string: append_string({}); break;
        case Type::Kind::boolean: append_boolean(false); break;
        default: append_date({}); break;
    }
    state_.back() = static_cast<std::uint8_t>(static_cast<std::uint8_t>(kind) | flag);
    note(kind);
}

void Column::set(std::size_t row, const Value& value) {
    if (const auto* number = value.number()) {
        data<Numbers>().set(row, *number);
    } else if (const auto* text = value.string()) {
        auto& strings = data<Strings>();
        strings.set(row, strings.code(*text));
    } else if (const auto* truth = value.boolean()) {
        data<Booleans>()[row] = *truth ? 1 : 0;
    } else if (const auto* date = value.date()) {
        data<Dates>()[row] = *date;
    } else {
        throw std::invalid_argument(fmt::format("column `{}` cannot hold {}", name_, value.to_feel()));
    }
    state_[row] = 0;
}

void Column::set_number(std::size_t row, Scaled number) {
    data<Numbers>().set(row, number);
    state_[row] = 0;
}

void Column::set_missing(std::size_t row, Missing kind) {
    if (kind == Missing::none) throw std::invalid_argument("a missing cell needs a kind of missing");
    switch (type_) {
        case Type::Kind::number: data<Numbers>().set(row, Scaled{}); break;
        case Type::Kind::string: data<Strings>().set(row, data<Strings>().code({})); break;
        case Type::Kind::boolean: data<Booleans>()[row] = 0; break;
        default: data<Dates>()[row] = {}; break;
    }
    state_[row] = static_cast<std::uint8_t>(kind);
    note(kind);
}

Value Column::at(std::size_t row) const {
    if (const auto kind = missing(row); kind != Missing::none)
        return Value::missing(kind, feel::reasons::missing_value(name_));
    switch (type_) {
        case Type::Kind::number: return std::get<Numbers>(data_).at(row);
        case Type::Kind::string: return std::string_view(std::get<Strings>(data_).at(row));
        case Type::Kind::boolean: return std::get<Booleans>(data_)[row] != 0;
        default: return std::get<Dates>(data_)[row];
    }
}

}  // namespace zoneval
