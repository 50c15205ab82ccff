#include "engine/wording/show.hpp"

#include "engine/wording/say.hpp"

namespace zoneval::wording {

namespace {

std::string number_text(const feel::Decimal& number, const std::optional<int>& decimals) {
    constexpr int shown_places = 6;  // where nobody said how many
    if (decimals) return number.to_fixed(*decimals);
    const auto rounded = number.rounded(shown_places, feel::Rounding::half_even);
    return rounded == number ? number.to_string() : rounded.to_string() + "…";
}

}  // namespace

std::string show(const feel::Value& value, const Format& format, Language language) {
    if (value.is_null()) return say(Phrase::null, language);
    if (const auto* truth = value.boolean()) return say(*truth ? Phrase::true_ : Phrase::false_, language);
    const auto* number = value.number();
    if (number == nullptr) return value.to_string();
    auto out = number_text(*number, format.decimals);
    if (!format.unit.empty()) out.append(" ").append(format.unit);
    return out;
}

}  // namespace zoneval::wording
