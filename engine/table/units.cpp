#include "engine/table/units.hpp"

#include <fmt/format.h>

#include <vector>

namespace zoneval {

using feel::Decimal;

namespace {

struct Word {
    std::string_view text;
    std::string_view base;
    int power_of_ten;
};

/// Spellings of one thing, and what they count. An empty base is a plain number.
constexpr Word words[] = {
    {"yuan", "CNY", 0},
    {"RMB", "CNY", 0},
    {"元", "CNY", 0},
    {"人民币", "CNY", 0},
    {"US$", "USD", 0},
    {"dollar", "USD", 0},
    {"dollars", "USD", 0},
    {"美元", "USD", 0},
    {"persons", "person", 0},
    {"people", "person", 0},
    {"人", "person", 0},
    {"employee", "person", 0},
    {"employees", "person", 0},
    {"firms", "firm", 0},
    {"company", "firm", 0},
    {"companies", "firm", 0},
    {"enterprise", "firm", 0},
    {"enterprises", "firm", 0},
    {"家", "firm", 0},
    {"社", "firm", 0},
    {"zones", "zone", 0},
    {"points", "point", 0},
    {"years", "year", 0},
    {"年", "year", 0},
    {"months", "month", 0},
    {"月", "month", 0},
    {"人年", "person-year", 0},
    {"person-years", "person-year", 0},
    {"person years", "person-year", 0},
    {"square kilometre", "km2", 0},
    {"square kilometres", "km2", 0},
    {"km²", "km2", 0},
    {"平方公里", "km2", 0},
    {"hectare", "ha", 0},
    {"hectares", "ha", 0},
    {"公顷", "ha", 0},
    {"tonne of coal equivalent", "tce", 0},
    {"tonnes of coal equivalent", "tce", 0},
    {"吨标煤", "tce", 0},
    {"吨标准煤", "tce", 0},
    {"%", "", -2},
    {"percent", "", -2},
    {"per cent", "", -2},
    {"‰", "", -3},
    {"fraction", "", 0},
    {"share", "", 0},
    {"ratio", "", 0},
};

constexpr Word multipliers[] = {
    {"hundred", "", 2},   {"thousand", "", 3}, {"million", "", 6}, {"billion", "", 9},
    {"trillion", "", 12}, {"百", "", 2},       {"千", "", 3},      {"万", "", 4},
    {"百万", "", 6},      {"千万", "", 7},     {"亿", "", 8},
};

Decimal ten_to(int power) { return Decimal::scaled(1, power); }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// Takes a number or a multiplying word off the front.
bool take_multiplier(std::string_view& text, Decimal& scale) {
    std::string digits;
    std::size_t length = 0;
    while (length < text.size() &&
           ((text[length] >= '0' && text[length] <= '9') || text[length] == ',' || text[length] == '.')) {
        if (text[length] != ',') digits += text[length];
        ++length;
    }
    if (const auto number = Decimal::parse(digits); number && !number->is_zero()) {
        scale = scale * *number;
        text = trimmed(text.substr(length));
        return true;
    }
    const Word* longest = nullptr;
    for (const auto& m : multipliers) {
        const bool ends = text.size() == m.text.size() || static_cast<unsigned char>(m.text.front()) >= 0x80 ||
                          (text.size() > m.text.size() && text[m.text.size()] == ' ');
        if (text.starts_with(m.text) && ends && (!longest || m.text.size() > longest->text.size())) longest = &m;
    }
    if (!longest) return false;
    scale = scale * ten_to(longest->power_of_ten);
    text = trimmed(text.substr(longest->text.size()));
    return true;
}

std::optional<Unit> parse_factor(std::string_view text) {
    text = trimmed(text);
    if (text.empty()) return std::nullopt;
    Unit out;
    for (const auto& w : words)
        if (w.text == text) {  // before multipliers: 百 must not eat into a known word
            if (!w.base.empty()) out.dimensions[std::string(w.base)] = 1;
            out.scale = ten_to(w.power_of_ten);
            return out;
        }
    while (!text.empty() && take_multiplier(text, out.scale)) {
    }
    if (text.empty()) return out;
    for (const auto& w : words)
        if (w.text == text) {
            if (!w.base.empty()) out.dimensions[std::string(w.base)] = 1;
            out.scale = out.scale * ten_to(w.power_of_ten);
            return out;
        }
    out.dimensions[std::string(text)] = 1;
    return out;
}

}  // namespace

Unit Unit::inverse() const {
    Unit out;
    for (const auto& [base, power] : dimensions) out.dimensions[base] = -power;
    out.scale = Decimal(1) / scale;
    return out;
}

Unit operator*(const Unit& a, const Unit& b) {
    Unit out = a;
    for (const auto& [base, power] : b.dimensions)
        if ((out.dimensions[base] += power) == 0) out.dimensions.erase(base);
    out.scale = a.scale * b.scale;
    return out;
}

std::string Unit::to_string() const {
    std::string over, under;
    for (const auto& [base, power] : dimensions) {
        auto& side = power > 0 ? over : under;
        if (!side.empty()) side += " · ";
        side += power == 1 || power == -1 ? base : fmt::format("{}^{}", base, power > 0 ? power : -power);
    }
    if (dimensions.empty() && scale == Decimal(1)) return "a plain number";
    if (dimensions.empty() && scale == ten_to(-2)) return "%";
    std::string out = scale == Decimal(1) ? "" : scale.to_string() + (over.empty() ? "" : " ");
    out += over.empty() && out.empty() ? "1" : over;
    return under.empty() ? out : out + " / " + under;
}

std::optional<Unit> parse_unit(std::string_view text) {
    text = trimmed(text);
    if (text.empty()) return std::nullopt;
    std::string flat(text);
    if (flat.starts_with("per ") && !flat.starts_with("per cent")) flat = "1/" + flat.substr(4);
    for (auto at = flat.find(" per "); at != std::string::npos; at = flat.find(" per "))
        if (flat.compare(at, 9, " per cent") == 0)
            break;
        else
            flat.replace(at, 5, "/");
    Unit out;
    bool dividing = false;
    std::string_view rest = flat;
    while (true) {
        std::size_t at = 0;
        std::size_t width = 1;
        for (; at < rest.size(); ++at) {
            if (rest[at] == '/' || rest[at] == '*') break;
            if (rest.substr(at).starts_with("·")) {
                width = std::string_view("·").size();
                break;
            }
        }
        const auto factor = parse_factor(rest.substr(0, at));
        if (!factor) return std::nullopt;
        out = out * (dividing ? factor->inverse() : *factor);
        if (at >= rest.size()) return out;
        dividing = rest[at] == '/';
        rest = rest.substr(at + width);
    }
}

}  // namespace zoneval
